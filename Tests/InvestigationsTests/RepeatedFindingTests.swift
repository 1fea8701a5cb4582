import CaseFixtures
import CaseStore
import GRDB
import Testing

@testable import Investigations

/// The case is that of `Incident`: `dns-unanswered` has two rows there, client A with packets 3, 4, 7,
/// 8, 9 and 12, client B with 5 and 6.
@Suite("A finding looked for again")
struct RepeatedFindingTests {
  let folder: CaseFolder

  init() throws {
    folder = try CaseFolder()
    try folder.ingest([folder.write(Incident().capture, "1.pcap")])
  }

  /// Runs `dns-unanswered` and keeps what it finds, as `change` would have it.
  private func keep(
    _ scope: CaseScope = CaseScope(), given: [String: SQLValue] = [:], version: String = "test"
  ) throws {
    let investigation = try InvestigationLibrary().investigation(named: "dns-unanswered")
    let reader = try CaseReader(path: folder.file("a.case"), scope: scope)
    let result = try InvestigationRunner(reader).run(investigation, given: given)
    let names = result.parameters.keys.sorted()
    let run = StoredRun(
      investigation: investigation.name, title: investigation.title, severity: "high",
      sql: investigation.sql, evidenceSQL: investigation.evidence,
      parameters: JSONText.object(names, names.map { result.parameters[$0] ?? .null }),
      findings: result.findings.map {
        StoredFinding(
          firstTime: $0.firstTime, lastTime: $0.lastTime, timeBasis: $0.timeBasis,
          summary: $0.summary, details: JSONText.object($0.row.columns, $0.row.values),
          evidence: $0.evidence)
      })
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: version)) {
      _ in
    }
    try writer.save([run], of: scope)
    try writer.finish()
  }

  /// Changes what the case keeps, as no command does.
  private func tamper(_ sql: String) throws {
    let queue = try DatabaseQueue(path: folder.file("a.case"))
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  private func again(_ id: Int64 = 1) throws -> RepeatedFinding {
    try #require(try RepeatedFinding(id, in: folder.read(), programVersion: "test"))
  }

  @Test("What nobody changed is found as it was, with its packets")
  func unchanged() throws {
    try keep()
    for id: Int64 in [1, 2] {
      let found = try again(id)
      #expect(found.isSame && found.state == .unchanged && found.remarks == [])
      #expect(found.columns.allSatisfy { $0.state == .unchanged && $0.then == $0.now })
    }
    let numbers = try [again(1), again(2)].map { $0.packetsNow.map { $0 & 0xffff_ffff } }
    #expect(numbers.contains([5, 6]) && numbers.contains([3, 4, 7, 8, 9, 12]))
    #expect(try RepeatedFinding(3, in: folder.read(), programVersion: "test") == nil)
  }

  @Test("Parameters and part of the case are those that it was found with")
  func parametersAndPart() throws {
    // Until 2.5 s after noon, A has one open question, B one; with a time-out of 10 s none is late.
    try keep(
      CaseScope(until: CaptureFile.noon + 2_500_000_000), given: ["timeout_ms": .integer(10_000)])
    let found = try [again(1), again(2)]
    #expect(found.allSatisfy { $0.isSame })
    #expect(
      found.flatMap { $0.columns.filter { $0.name == "unanswered" }.map(\.now) }
        == [.integer(1), .integer(1)])
  }

  @Test("A capture that came later is left out, and that is said")
  func laterCapture() throws {
    try keep()
    var more = CaptureFile()
    more.add(20_000, .query(Incident.a, Incident.server, id: 99, "z.example", identification: 99))
    more.add(40_000, .tcp(Incident.server, Incident.a, flags: 2))
    try folder.ingest([folder.write(more, "2.pcap")])
    let found = try again()
    #expect(found.isSame)
    #expect(
      found.remarks == ["captures that it did not look at are left out again: 1 of 2"])
  }

  @Test("A value that is another now is named; so are packets that are others")
  func changed() throws {
    try keep()
    let id = try #require(
      try folder.read().firstRow(
        "SELECT finding_id FROM findings WHERE details LIKE '%192.0.2.10%'")?["finding_id"].integer)
    try tamper(
      """
      UPDATE derived_finding SET details = json_set(details, '$.unanswered', 7)
      WHERE finding_id = \(id)
      """)
    var found = try again(id)
    #expect(found.state == .changed && !found.isSame)
    #expect(found.packetsNow == found.packetsThen)
    let changed = found.columns.filter { $0.state == .changed }
    #expect(changed.map(\.name) == ["unanswered"])
    // A: b.example, c.example, d.example and e.example.
    #expect(changed.map(\.then) == [.integer(7)] && changed.map(\.now) == [.integer(4)])
    try tamper(
      """
      UPDATE derived_finding SET details = json_set(details, '$.unanswered', 4)
      WHERE finding_id = \(id);
      DELETE FROM derived_finding_evidence WHERE packet_id = \(1 << 32 | 9)
      """)
    found = try again(id)
    #expect(found.state == .unchanged && !found.isSame)
    #expect(found.packetsNow.filter { !found.packetsThen.contains($0) } == [1 << 32 | 9])
  }

  @Test("A finding about what is not there any more is gone, and no other stands in for it")
  func gone() throws {
    try keep()
    try tamper("UPDATE derived_finding SET details = replace(details, '192.0.2.11', '192.0.2.99')")
    let found = try [again(1), again(2)]
    #expect(found.map(\.state.rawValue).sorted() == ["gone", "unchanged"])
    let lost = try #require(found.first { $0.state == .gone })
    #expect(
      lost.packetsNow == [] && lost.columns.allSatisfy { $0.now == .null && $0.state == .gone })
  }

  @Test("What is not as it was around it is said: captures, the program, clocks")
  func remarks() throws {
    try keep(version: "0.0.9")
    let digest = String(repeating: "ab", count: 32)
    try tamper("UPDATE derived_run SET captures = captures || ' \(digest)'")
    let found = try again()
    #expect(found.state == .unchanged)
    #expect(
      found.remarks == [
        "of the 2 captures that it was found in, the case holds 1; not there any more, by SHA-256: "
          + digest,
        "wirecase 0.0.9 found it; this is test, which may derive otherwise",
      ])
  }
}
