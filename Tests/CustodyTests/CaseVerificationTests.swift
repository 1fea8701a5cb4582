import CaseFixtures
import CaseStore
import Custody
import Foundation
import GRDB
import Testing

/// A case of two captures, of which one is removed from the log, changed on the disk, and so on:
/// whatever is not as it was is named.
@Suite("Verifying a case")
struct CaseVerificationTests {
  let folder: CaseFolder
  let sources: [String]

  init() throws {
    let folder = try CaseFolder()
    self.folder = folder
    let client = Endpoint("192.0.2.10", 40_000)
    sources = try ["first.pcap", "second.pcap"].enumerated().map { index, name in
      var capture = CaptureFile()
      capture.add(
        0, .query(client, Endpoint("198.51.100.53", 53), id: UInt16(index), "a.example"))
      return try folder.write(capture, name)
    }
    try folder.ingest(sources)
  }

  /// What is not unchanged: what, name, state.
  private func faults() throws -> [String] {
    try CaseVerification(folder.read()).checks().filter { $0.state != .unchanged }
      .map { "\($0.what) \($0.name) \($0.state.rawValue)" }
  }

  /// Changes the case as somebody would who has SQLite and no scruple.
  private func tamper(_ sql: String) throws {
    let queue = try DatabaseQueue(path: folder.file("a.case"))
    try queue.inDatabase { database in
      try database.execute(
        sql: "DROP TRIGGER custody_event_stays; DROP TRIGGER custody_event_stays_as_it_is")
      try database.execute(sql: sql)
    }
    try queue.close()
  }

  @Test("A case that nobody touched is unchanged, with a check for each part")
  func untouched() throws {
    let checks = try CaseVerification(folder.read()).checks()
    #expect(checks.map(\.what) == ["case", "source", "source", "log"])
    #expect(checks.allSatisfy { $0.state == .unchanged })
    #expect(checks.last?.name == "1 to 2")
  }

  // Expected: https://cr.yp.to/proto/netstrings.txt, and sha256sum of the text.
  @Test("A row's digest is that of its columns as netstrings, the digest before it last")
  func digest() throws {
    let row = try #require(
      try folder.read().firstRow("SELECT * FROM audit_log WHERE event_id = 2"))
    var event = CustodyEvent(row)
    #expect(event.sha256 == event.expectedSHA256)
    (event.id, event.time, event.user, event.host) = (1, 2, "ana", "höst")
    (event.programVersion, event.action, event.details) = ("0", "run", "{}")
    event.previousSHA256 = CustodyEvent.noSHA256
    // printf '1:1,1:2,3:ana,5:höst,1:0,3:run,2:{},64:%064d,' 0 | sha256sum
    #expect(
      event.expectedSHA256
        == "ac34c943b65e864cb651bc0ffaab2e2dfc33ba49294a189963a69dd844604745")
  }

  @Test("One bit of a source that was turned is found")
  func changedSource() throws {
    var octets = Array(try Data(contentsOf: URL(filePath: sources[1])))
    octets[octets.count - 1] ^= 1
    _ = try folder.write(octets, "second.pcap")
    #expect(try faults() == ["source second.pcap changed"])
  }

  @Test("A source that is gone is missing, not changed")
  func missingSource() throws {
    try FileManager.default.removeItem(atPath: sources[0])
    #expect(try faults() == ["source first.pcap missing"])
  }

  @Test("A row of the log that was changed is found, also where its digest was made anew")
  func changedRow() throws {
    try tamper("UPDATE custody_event SET who = 'nobody' WHERE event_id = 1")
    #expect(try faults() == ["log 1 changed"])
    let row = try #require(
      try folder.read().firstRow("SELECT * FROM audit_log WHERE event_id = 1"))
    let forged = CustodyEvent(row).expectedSHA256
    let queue = try DatabaseQueue(path: folder.file("a.case"))
    try queue.inDatabase { database in
      try database.execute(
        sql: "UPDATE custody_event SET sha256 = ? WHERE event_id = 1", arguments: [forged])
    }
    try queue.close()
    #expect(try faults() == ["log 2 changed"])
  }

  @Test("A row that was taken out of the log is found, at its beginning and at its end")
  func deletedRow() throws {
    try tamper("DELETE FROM custody_event WHERE event_id = 1")
    #expect(try faults() == ["log 1 changed", "log first.pcap changed"])
  }

  @Test("A log that was cut at its end is found")
  func truncatedLog() throws {
    try tamper("DELETE FROM custody_event WHERE event_id = 2")
    #expect(try faults() == ["log 2 changed", "log second.pcap changed"])
  }

  @Test("A capture that was taken out behind the log's back is found")
  func stolenCapture() throws {
    try tamper("DELETE FROM fact_capture WHERE capture_id = 2")
    #expect(try faults() == ["log second.pcap changed"])
  }

  @Test("The log is only ever added to")
  func appendOnly() throws {
    let queue = try DatabaseQueue(path: folder.file("a.case"))
    for sql in ["UPDATE custody_event SET who = 'x'", "DELETE FROM custody_event"] {
      #expect(throws: DatabaseError.self) { try queue.inDatabase { try $0.execute(sql: sql) } }
    }
    try queue.close()
  }

  @Test(
    "A note that was changed, taken out or put in behind the log's back is found",
    arguments: [
      ("UPDATE custody_note SET text = 'forged'", ["note 1 changed"]),
      ("DELETE FROM custody_note", ["note 1 changed"]),
      ("UPDATE custody_note SET note_id = 2", ["note 2 changed", "note 1 changed"]),
    ])
  func changedNote(sql: String, found: [String]) throws {
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    try writer.addNote("seen", about: .wholeCase)
    try writer.finish()
    #expect(try faults() == [])
    try tamper(sql)
    #expect(try faults() == found)
  }
}
