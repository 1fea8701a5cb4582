import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

@Suite(
  "Each investigation yields the same rows, in the same order, on DuckDB",
  .enabled(if: OtherPrograms.areThere, Comment(rawValue: OtherPrograms.reason)))
struct PortabilityTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// A case of those captures, and what investigations come to on it.
  private func asked(
    _ captures: [CaptureFile], _ name: String, _ ask: (CaseReader) throws -> [Asked]
  ) throws -> (path: String, asked: [Asked]) {
    let paths = try captures.enumerated().map { index, capture in
      try folder.write(capture, "\(name)-\(index + 1).pcap")
    }
    try folder.ingest(paths, into: name)
    return (folder.file(name), try ask(folder.read(name)))
  }

  @Test("On the cases in which each fires and all but fires, and on one without packets")
  func trials() throws {
    let library = try InvestigationLibrary()
    var cases: [(path: String, asked: [Asked])] = []
    for (number, trial) in Trial.all.enumerated() {
      let investigation = try library.investigation(named: trial.name)
      for (label, captures) in [("fires", trial.fires), ("near miss", trial.nearMiss)] {
        cases.append(
          try asked(captures, "\(number) \(label)") { reader in
            [try Asked(label, investigation, given: trial.given, reader)]
          })
      }
    }
    cases.append(
      try asked([CaptureFile()], "empty") { reader in
        try library.all.map { try Asked("no packets", $0, reader) }
      })
    let fired = cases.flatMap(\.asked).count { !$0.result.findings.isEmpty }
    #expect(fired == Trial.all.count)
    #expect(try DuckDB.differences(cases, in: folder.path) == [])
  }

  @Test(
    "On the captures of the lab, from four places, and what tcpdump printed of them",
    .enabled(if: Places.shared("lab") != nil, "../shared/captures does not hold lab"))
  func lab() throws {
    let names = [
      "client1.pcap", "client2.pcap", "router.pcapng", "server-any.pcap", "client1-n.txt",
    ]
    let paths = names.compactMap { Places.shared("lab/\($0)") }
    try #require(paths.count == names.count)
    try folder.ingest(paths)
    let reader = try folder.read()
    let asked = try InvestigationLibrary().all.map { try Asked("lab", $0, reader) }
    #expect(asked.contains { $0.result.findings.count > 10 })
    #expect(try DuckDB.differences([(folder.file("a.case"), asked)], in: folder.path) == [])
  }

  @Test(
    "SQL that is not portable is told",
    arguments: [
      ("7 / 2", "integer", "value: '3.5', SQLite has '3'"),
      ("7 > 2", "integer", "value: 'bool True', SQLite has '1'"),
      ("COUNT(*) * 1.0", "real", "value: 'Decimal 13.0', SQLite has '13.0'"),
      ("total(packet_id)", "real", "total"),
      ("'x' LIKE 'X'", "integer", "'bool False'"),
    ])
  func notPortable(_ expression: String, _ type: String, _ says: String) throws {
    let investigation = try Investigation(
      name: "wrong", origin: "wrong.sql",
      text: """
        -- title: x
        -- severity: info x
        -- meaning: x
        -- needs: SELECT 1 FROM packets
        -- column: value \(type) - x
        -- evidence: SELECT packet_id FROM packets
        -- reference: x
        -- benign: x
        -- limits: x
        SELECT \(expression) AS value FROM packets
        \(expression.contains("(") ? "" : "LIMIT 1");
        """)
    let one = try asked([Incident().capture], "wrong") { reader in
      [try Asked("wrong", investigation, reader)]
    }
    let differences = try DuckDB.differences([one], in: folder.path)
    #expect(differences.count == 1 && differences.first?.contains(says) == true, "\(differences)")
  }
}
