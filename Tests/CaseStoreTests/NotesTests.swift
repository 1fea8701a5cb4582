import CaseFixtures
import CaseStore
import Testing

@Suite("Notes of analysts")
struct NotesTests {
  let folder: CaseFolder

  init() throws {
    folder = try CaseFolder()
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
  }

  private func add(_ text: String, _ subject: NoteSubject) throws -> Int64? {
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    defer { try? writer.finish() }
    return try writer.addNote(text, about: subject)
  }

  @Test("A note is kept with what it is about, and in the log")
  func kept() throws {
    #expect(try add("whole", .wholeCase) == 1)
    #expect(try add("packet", .packet(1 << 32 | 1)) == 2)
    #expect(try add("flow", .flow(1)) == 3)
    #expect(try add("time", .time(CaptureFile.noon)) == 4)
    let reader = try folder.read()
    #expect(
      try reader.lines("SELECT text, packet_id, flow_id, finding_id, ts FROM notes ORDER BY 1")
        == [
          "flow|4294967297|1||", "packet|4294967297|||", "time||||\(CaptureFile.noon)", "whole||||",
        ])
    #expect(
      try reader.lines("SELECT details FROM audit_log WHERE action = 'note' ORDER BY event_id")
        .first == #"{"note":"1","text":"whole"}"#)
  }

  @Test(
    "What the case does not hold has no note",
    arguments: [
      NoteSubject.packet(1 << 32 | 9), .packet(0), .flow(9), .finding(1),
    ])
  func nothing(_ subject: NoteSubject) throws {
    #expect(try add("x", subject) == nil)
    #expect(try folder.read().lines("SELECT action FROM audit_log") == ["ingest"])
  }
}
