import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

@Suite("Running investigations")
struct RunningTests {
  let folder: CaseFolder
  let reader: CaseReader

  init() throws {
    folder = try CaseFolder()
    reader = try folder.read(Incident().capture)
  }

  @Test("A parameter that is not declared, and a value of the wrong kind, are refused")
  func wrongParameters() throws {
    #expect(
      throws: InvestigationError.unknownParameter(
        investigation: "dns-unanswered", name: "timeout",
        known: ["timeout_ms", "min_questions"])
    ) { try Told("dns-unanswered", reader, given: ["timeout": .integer(1)]) }
    #expect(
      throws: InvestigationError.wrongValue(
        investigation: "dns-unanswered", parameter: "timeout_ms", value: "soon",
        type: "a whole number")
    ) { try Told("dns-unanswered", reader, given: ["timeout_ms": .text("soon")]) }
    #expect(
      throws: InvestigationError.wrongValue(
        investigation: "dns-error-rates", parameter: "min_share", value: "inf", type: "a number")
    ) { try Told("dns-error-rates", reader, given: ["min_share": .text("inf")]) }
  }

  @Test("A finding has its times, its summary without them, and its parameters")
  func finding() throws {
    let investigation = try InvestigationLibrary().investigation(named: "dns-refused-by-icmp")
    let result = try InvestigationRunner(reader).run(investigation)
    let finding = try #require(result.findings.first)
    #expect(finding.firstTime == CaptureFile.noon + 1_000_000_000)
    #expect(finding.lastTime == CaptureFile.noon + 1_001_000_000)
    #expect(finding.timeBasis == .utc && finding.severity == .high)
    #expect(finding.summary.hasPrefix("client 192.0.2.10, server 198.51.100.53, qname b.example"))
    #expect(finding.summary.contains("delay_ms 1 ms") && !finding.summary.contains("_ts"))
    #expect(result.parameters == ["min_delay_ms": .integer(0)])
  }

  @Test("A statement that fails is told with the investigation's name")
  func failing() throws {
    let text = HeaderTests.good.replacingOccurrences(of: "SELECT 1 AS name", with: "SELECT nope")
    let broken = try Investigation(name: "mine", origin: "mine.sql", text: text)
    let error = #expect(throws: InvestigationError.self) {
      try InvestigationRunner(reader).run(broken)
    }
    #expect(error?.description.hasPrefix("mine: no such column: nope") == true)
  }

  @Test(
    "Several that run at once come to what each comes to alone, in their order, whichever fails")
  func several() throws {
    let text = HeaderTests.good.replacingOccurrences(of: "SELECT 1 AS name", with: "SELECT nope")
    var investigations = try InvestigationLibrary().all
    try investigations.insert(Investigation(name: "mine", origin: "mine.sql", text: text), at: 3)
    let given: [String: [String: SQLValue]] = [
      "icmp-port-unreachable-burst": ["min_errors": .integer(1)]
    ]
    func told(_ run: () throws -> InvestigationResult) -> String {
      do {
        let result = try run()
        let findings = result.findings.map { "\($0.row.values) \($0.evidence)" }
        return "\(result.investigation.name) \(result.outcome.rawValue) \(findings)"
      } catch { return "\(error)" }
    }
    let part = try CaseReader(
      path: folder.file("a.case"), scope: CaseScope(until: CaptureFile.noon + 2_500_000_000))
    for reader in [reader, part] {
      let runner = InvestigationRunner(reader)
      let atOnce = runner.run(investigations, given: given).map { outcome in
        told { try outcome.get() }
      }
      let alone = investigations.map { investigation in
        told { try runner.run(investigation, given: given[investigation.name] ?? [:]) }
      }
      #expect(atOnce == alone)
      #expect(atOnce.count { $0.contains(" found ") } > 3)
      #expect(atOnce[3].hasPrefix("mine: no such column: nope"))
    }
  }

  @Test("An investigation of the user's cannot write")
  func writing() throws {
    let text = HeaderTests.good.replacingOccurrences(
      of: "SELECT 1 AS name, 2 AS count;", with: "DELETE FROM fact_packet;")
    let hostile = try Investigation(name: "mine", origin: "mine.sql", text: text)
    #expect(
      throws: InvestigationError.failed(
        investigation: "mine", reason: "only reading is allowed here")
    ) { try InvestigationRunner(reader).run(hostile) }
  }

  @Test("Under a scope an investigation sees the part alone")
  func scope() throws {
    let until = CaptureFile.noon + 2_500_000_000
    let part = try CaseReader(path: folder.file("a.case"), scope: CaseScope(until: until))
    let told = try Told("icmp-port-unreachable-burst", part, given: ["min_errors": .integer(1)])
    #expect(told.rows.first?.hasPrefix("198.51.100.53|17|53|2|") == true)
    #expect(told.evidence == [[4, 6]])
  }

  /// What tcpdump prints of three refused questions; each line begins with `clock` of the second.
  private static func printedRefusals(_ clock: (Int) -> String) -> String {
    (1...3).map { second in
      """
      \(clock(second))IP 192.0.2.10.40000 > 198.51.100.53.53: \(second)+ A? b.example. (27)
      \(clock(second))IP 198.51.100.53 > 192.0.2.10: ICMP 198.51.100.53 udp port 53 unreachable, length 63

      """
    }.joined()
  }

  @Test(
    "Findings of logs without a date cite the packets of their own log",
    arguments: ["dns-unanswered", "dns-resolver-down", "icmp-port-unreachable-burst"])
  func clocks(name: String) throws {
    let folder = try CaseFolder()
    let log = Self.printedRefusals { "10:00:0\($0).000000 " }
    try folder.ingest([
      folder.write(Array(log.utf8), "a.txt"), folder.write(Array((log + "\n").utf8), "b.txt"),
    ])
    let investigation = try InvestigationLibrary().investigation(named: name)
    let result = try InvestigationRunner(folder.read()).run(investigation)
    #expect(result.findings.map { Set($0.evidence.map { $0 >> 32 }) } == [[1], [2]])
    #expect(result.findings.map { $0.row["clock"].integer } == [1, 2])
  }

  @Test("A log without times has unanswered questions with their packets, and no bursts or outages")
  func noTimes() throws {
    let folder = try CaseFolder()
    let log = Self.printedRefusals { _ in "" }
    try folder.ingest([folder.write(Array(log.utf8), "a.txt")])
    let reader = try folder.read()
    let told = try Told("dns-unanswered", reader)
    #expect(told.rows.count == 1 && told.evidence == [[1, 2, 3, 4, 5, 6]])
    for name in ["dns-resolver-down", "icmp-port-unreachable-burst"] {
      #expect(try Told(name, reader).outcome == .nothingToLookAt)
    }
  }
}
