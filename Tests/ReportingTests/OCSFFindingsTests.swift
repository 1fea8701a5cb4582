import CaseStore
import Foundation
import Ingestion
import Investigations
import Testing

@testable import Reporting

@Suite("Findings as OCSF events")
struct OCSFFindingsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The events of a case with one finding, read back.
  private func event(
    severity: String = "high", details: String, first: Int64? = 1_795_521_600_123_999_999,
    last: Int64? = 1_795_521_601_000_000_000, basis: CaptureFacts.TimeBasis = .utc,
    evidence: [Int64] = [], library: InvestigationLibrary? = nil
  ) throws -> [String: Any] {
    let path = folder.url.appending(path: UUID().uuidString).path
    let log = folder.url.appending(path: "a.log")
    try Data("10:00:00.000000 IP 192.0.2.1.4000 > 192.0.2.2.80: Flags [S], seq 1, length 0\n".utf8)
      .write(to: log)
    let writer = try CaseWriter(path: path, by: Actor(programVersion: "9.8.7")) { _ in }
    _ = try Ingestion(into: writer, options: IngestOptions(programVersion: "9.8.7"))
      .ingest(.file(path: log.path)) { _, _ in }
    let finding = StoredFinding(
      firstTime: first, lastTime: last, timeBasis: basis, summary: "line\u{1b}[31m one",
      details: details, evidence: evidence)
    try writer.save(
      [
        StoredRun(
          investigation: "own", title: "What we look for", severity: severity, sql: "SELECT 1",
          evidenceSQL: "SELECT 1", parameters: #"{"gap_s": 5}"#, findings: [finding])
      ], of: CaseScope())
    try writer.finish()
    var lines: [String] = []
    let count = try OCSFFindings(CaseReader(path: path), library ?? InvestigationLibrary())
      .write { lines.append($0) }
    #expect(count == 1 && lines.count == 1 && lines[0].hasSuffix("}\n"))
    return try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
  }

  private func object(_ value: Any?) throws -> [String: Any] {
    try #require(value as? [String: Any])
  }

  // Expected: OCSF 1.3.0, events/findings/detection_finding.json with finding.json, base_event.json
  // and the includes classification.json and occurrence.json: attributes that are required; and
  // those of objects/metadata.json, product.json, finding_info.json, analytic.json.
  @Test("What OCSF requires of a Detection Finding is there, of the right type and value")
  func required() throws {
    let event = try event(details: "{}")
    for (name, number) in [
      ("activity_id", 1), ("category_uid", 2), ("class_uid", 2004), ("type_uid", 200_401),
      ("severity_id", 4),
    ] {
      #expect(event[name] as? Int == number, "\(name)")
    }
    let now = Int(Date().timeIntervalSince1970 * 1000)
    let time = try #require(event["time"] as? Int)
    #expect((now - 60_000...now).contains(time))
    let metadata = try object(event["metadata"])
    #expect(metadata["version"] as? String == "1.3.0")
    #expect(try object(metadata["product"])["vendor_name"] as? String == "Wirecase")
    #expect(try object(metadata["product"])["version"] as? String == "9.8.7")
    let information = try object(event["finding_info"])
    let uid = try #require(information["uid"] as? String)
    #expect(uid.wholeMatch(of: /[0-9a-f]{32}:1/) != nil)
    #expect(information["title"] as? String == "What we look for")
    #expect(try object(information["analytic"])["type_id"] as? Int == 1)
    #expect(try object(information["analytic"])["uid"] as? String == "own")
    #expect(event["message"] as? String == "line\\u{1b}[31m one")
  }

  // Expected: OCSF 1.3.0, dictionary.json, severity_id.
  @Test(
    "Severities are OCSF's",
    arguments: [("info", 1), ("low", 2), ("medium", 3), ("high", 4), ("critical", 5), ("odd", 0)])
  func severities(_ word: String, _ number: Int) throws {
    #expect(try event(severity: word, details: "{}")["severity_id"] as? Int == number)
  }

  @Test("Times in UTC are milliseconds, rounded down")
  func times() throws {
    let event = try event(details: "{}")
    #expect(event["start_time"] as? Int == 1_795_521_600_123)
    #expect(event["end_time"] as? Int == 1_795_521_601_000)
    let information = try object(event["finding_info"])
    #expect(information["first_seen_time"] as? Int == 1_795_521_600_123)
    #expect(information["last_seen_time"] as? Int == 1_795_521_601_000)
    #expect(event["unmapped"] == nil)
    let early = try self.event(details: "{}", first: -1, last: -1)
    #expect(early["start_time"] as? Int == -1)
  }

  @Test(
    "A clock without a date is no time: it stands as it was printed, and time is that of the run")
  func clocks() throws {
    let event = try event(
      details: "{}", first: 36_000_000_000_000, last: 36_001_500_000_000, basis: .clock)
    #expect(event["start_time"] == nil && event["end_time"] == nil)
    #expect(try object(event["finding_info"])["first_seen_time"] == nil)
    #expect(
      try object(event["unmapped"]) as? [String: String]
        == ["first_time": "10:00:00.000000", "last_time": "10:00:01.500000"])
    #expect(try object(event["metadata"])["original_time"] as? String == "10:00:00.000000")
    #expect(event["time"] is Int)
    let none = try self.event(details: "{}", first: nil, last: nil, basis: .none)
    #expect(none["start_time"] == nil && none["unmapped"] == nil)
  }

  @Test("Ends, question and packets are evidence; the server and the client are resources")
  func evidence() throws {
    let event = try event(
      details: """
        {"client": "192.0.2.1", "client_port": 4000, "server": "2001:db8::1", "port": 53, \
        "transport": "udp", "ip_proto": 17, "qname": "a.example", "qtype": "A", "delay_ms": 1.5}
        """, evidence: [1 << 32 | 1])
    let evidence = try #require((event["evidences"] as? [[String: Any]])?.first)
    #expect(evidence["src_endpoint"] as? NSDictionary == ["ip": "192.0.2.1", "port": 4000])
    #expect(evidence["dst_endpoint"] as? NSDictionary == ["ip": "2001:db8::1", "port": 53])
    #expect(evidence["query"] as? NSDictionary == ["hostname": "a.example", "type": "A"])
    let connection = try object(evidence["connection_info"])
    #expect(connection["protocol_num"] as? Int == 17 && connection["direction_id"] as? Int == 0)
    let data = try object(evidence["data"])
    #expect(try object(data["row"])["delay_ms"] as? Double == 1.5)
    #expect(data["packets"] as? [String] == ["1:1"] && data["packet_count"] as? Int == 1)
    #expect(data["captures"] as? [String: String] == ["1": "a.log"])
    #expect(data["parameters"] as? NSDictionary == ["gap_s": 5])
    let observables = try #require(event["observables"] as? [[String: Any]])
    #expect(
      observables.compactMap { $0["value"] as? String } == [
        "192.0.2.1", "2001:db8::1", "a.example",
      ]
    )
    #expect(observables.compactMap { $0["type_id"] as? Int } == [2, 2, 1])
    let resources = try #require(event["resources"] as? [[String: String]])
    #expect(resources.compactMap { $0["type"] } == ["server", "client"])
  }

  @Test("What no field of OCSF's takes is left in the row: names, ports and text out of captures")
  func hostile() throws {
    let event = try event(
      details: """
        {"client": "02:00:00:00:00:01", "server": "192.0.2.9", "server_port": 70000, \
        "qname": "a_b\\u0000.example", "note": "\\"}, {\\"x\\": 1"}
        """)
    let evidence = try #require((event["evidences"] as? [[String: Any]])?.first)
    #expect(
      evidence["src_endpoint"] as? NSDictionary
        == ["uid": "02:00:00:00:00:01", "mac": "02:00:00:00:00:01"])
    #expect(evidence["dst_endpoint"] as? NSDictionary == ["ip": "192.0.2.9"])
    #expect(evidence["query"] == nil)
    let row = try object(try object(evidence["data"])["row"])
    #expect(row["note"] as? String == "\"}, {\"x\": 1")
    #expect(row["server_port"] as? Int == 70_000)
    // A case that was tampered with.
    let broken = try self.event(details: "{\"a\": 1}, \"x\": {")
    let kept = try #require((broken["evidences"] as? [[String: Any]])?.first)
    #expect(try object(try object(kept["data"])["row"]).isEmpty)
  }

  @Test("The techniques of MITRE ATT&CK that an investigation refers to are the finding's attacks")
  func attacks() throws {
    let queries = folder.url.appending(path: "queries")
    try FileManager.default.createDirectory(at: queries, withIntermediateDirectories: true)
    let text = """
      -- title: x
      -- severity: info x
      -- meaning: What it means.
      -- needs: SELECT 1
      -- column: value integer - x
      -- evidence: SELECT 1
      -- reference: RFC 1035, T1234
      -- reference: MITRE ATT&CK T1046 (Network Service Discovery)
      -- reference: MITRE ATT&CK T1071.004 (Application Layer Protocol: DNS)
      -- benign: x
      -- limits: x
      SELECT 1 AS value;
      """
    try Data(text.utf8).write(to: queries.appending(path: "own.sql"))
    var library = try InvestigationLibrary()
    try library.add(folder: queries.path)
    let information = try object(try event(details: "{}", library: library)["finding_info"])
    #expect(information["desc"] as? String == "What it means.")
    #expect(
      information["attacks"] as? [NSDictionary] == [
        ["technique": ["uid": "T1046", "name": "Network Service Discovery"]],
        [
          "technique": ["uid": "T1071"],
          "sub_technique": ["uid": "T1071.004", "name": "Application Layer Protocol: DNS"],
        ],
      ])
  }
}
