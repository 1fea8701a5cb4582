import CaseFixtures
import CaseStore
import Testing

@Suite("Findings in a case")
struct FindingStoreTests {
  let folder: CaseFolder

  init() throws {
    folder = try CaseFolder()
    for (index, name) in ["a.pcap", "b.pcap"].enumerated() {
      var capture = CaptureFile()
      capture.add(
        Int64(index), .tcp(Endpoint("192.0.2.1", 1), Endpoint("192.0.2.2", 2), flags: 2))
      try folder.ingest([folder.write(capture, name)])
    }
  }

  /// Keeps a run of one finding, which cites a packet.
  private func save(_ summary: String, _ scope: CaseScope = CaseScope()) throws {
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    let finding = StoredFinding(
      firstTime: CaptureFile.noon, lastTime: nil, timeBasis: .utc, summary: summary,
      details: "{}", evidence: [1 << 32 | 1])
    let run = StoredRun(
      investigation: "mine", title: "Mine", severity: "low", sql: "SELECT 1",
      evidenceSQL: "SELECT 1", parameters: "{}", findings: [finding])
    try writer.save([run], of: scope)
    try writer.finish()
  }

  private func summaries() throws -> [String] {
    try folder.read().lines("SELECT summary FROM findings ORDER BY finding_id")
  }

  @Test("A run takes the place of an earlier one of the same part of the case, and of no other")
  func parts() throws {
    try save("whole")
    try save("since", CaseScope(since: CaptureFile.noon))
    try save("first", CaseScope(captures: [1]))
    try save("second", CaseScope(captures: [2]))
    #expect(try summaries() == ["whole", "since", "first", "second"])
    try save("whole again", CaseScope(captures: [1, 2]))
    try save("since again", CaseScope(since: CaptureFile.noon))
    try save("first again", CaseScope(captures: [1]))
    // Each has the number of the finding whose place it took, since it says the same.
    #expect(try summaries() == ["whole again", "since again", "first again", "second"])
  }

  @Test("A finding says which part of the case it looked at, by time and by digest")
  func scope() throws {
    try save("one", CaseScope(since: 5, until: 9, captures: [2]))
    let reader = try folder.read()
    let digest = try reader.value("SELECT sha256 FROM captures WHERE capture_id = 2")
    #expect(
      try reader.lines("SELECT since, until, captures, is_stale FROM findings")
        == ["5|9|\(digest)|0"])
  }

  @Test("A finding is stale once a further capture is in the case")
  func stale() throws {
    try save("one")
    var capture = CaptureFile()
    capture.add(9, .tcp(Endpoint("192.0.2.3", 1), Endpoint("192.0.2.4", 2), flags: 2))
    try folder.ingest([folder.write(capture, "c.pcap")])
    #expect(try folder.read().lines("SELECT is_stale FROM findings") == ["1"])
  }
}
