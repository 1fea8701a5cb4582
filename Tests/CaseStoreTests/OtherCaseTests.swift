import CaseFixtures
import Foundation
import GRDB
import Schema
import Testing

@testable import CaseStore

@Suite("Cases to merge that are not what one would wish")
struct OtherCaseTests {
  let folder: CaseFolder

  /// A case to merge into, and another of two captures.
  init() throws {
    folder = try CaseFolder()
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")], into: "here.case")
    let paths = try (1...2).map { number in
      var capture = CaptureFile()
      capture.add(
        0, .query(Endpoint("192.0.2.\(number)", 9), Endpoint("192.0.2.9", 53), id: 7, "b.example"))
      return try folder.write(capture, "\(number).pcap")
    }
    try folder.ingest(paths, into: "other.case")
  }

  /// Changes the other case as somebody would who has SQLite and no scruple.
  private func change(_ sql: String) throws {
    let queue = try DatabaseQueue(path: folder.file("other.case"))
    try queue.inDatabase { try $0.execute(sql: sql) }
    try queue.close()
  }

  private func octets(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder.file(name)))
  }

  @Test("One of an older version is merged from a copy, and stays what it is")
  func older() throws {
    // What versions from 4 on brought is taken out again.
    let views = try folder.read("other.case").lines(
      "SELECT name FROM sqlite_schema WHERE type = 'view'")
    try change(
      views.map { "DROP VIEW \($0); " }.joined()
        + Schema.applicationTables.map { "DROP TABLE \($0); " }.joined() + """
          ALTER TABLE fact_stream DROP COLUMN application;
          DROP TABLE fact_tcp_event; DROP TABLE fact_encapsulation;
          PRAGMA legacy_alter_table = ON;
          CREATE TABLE link AS
          SELECT link_id, capture_id, interface, eth_src, eth_dst, ethertype, vlan, if_index FROM fact_link;
          DROP TABLE fact_link; ALTER TABLE link RENAME TO fact_link;
          ALTER TABLE fact_capture DROP COLUMN tcp_analysed;
          DROP TABLE fact_source_block; DROP TABLE fact_repetition; DROP TABLE custody_location;
          DROP TABLE custody_alignment;
          PRAGMA user_version = 3
          """)
    let digest = try folder.read("other.case").value(
      "SELECT sha256 FROM custody_event ORDER BY event_id DESC LIMIT 1")
    // Not even to be written.
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o444], ofItemAtPath: folder.file("other.case"))
    let before = try octets("other.case")
    #expect(
      try folder.merge(["other.case"], into: "here.case")
        == [.added(name: "1.pcap"), .added(name: "2.pcap")])
    #expect(try octets("other.case") == before)
    let reader = try folder.read("here.case")
    // An earlier version did not follow TCP, and no other capture has any.
    #expect(try reader.lines("SELECT tcp_analysed FROM captures ORDER BY name") == ["", "", "0"])
    #expect(try reader.value("SELECT count(*) FROM packets") == "3")
    #expect(
      try reader.lines(
        """
        SELECT DISTINCT json_extract(details, '$.case'), json_extract(details, '$.case_log_sha256')
        FROM audit_log WHERE action = 'merge'
        """) == ["\(folder.file("other.case"))|\(digest)"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 5)
  }

  @Test("An older one that is being written is left alone until that has ended")
  func olderInUse() throws {
    try change("PRAGMA user_version = 3")
    let lock = try CaseLock(casePath: folder.file("other.case")) { _ in }
    defer { lock.release() }
    let error = #expect(throws: CaseError.self) {
      try folder.merge(["other.case"], into: "here.case")
    }
    #expect(error?.description.contains("is in use by process") == true)
  }

  @Test("One that is being written is merged as it was before")
  func inUse() throws {
    let writer = try CaseWriter(
      path: folder.file("other.case"), by: Actor(programVersion: "test")
    ) { _ in }
    try writer.addCapture { session in
      var batch = FactBatch()
      batch.links.append(LinkFact(id: 99, interface: 0, header: .init()))
      try session.write(batch)
      #expect(try folder.merge(["other.case"], into: "here.case").count == 2)
      return nil
    }
    try writer.finish()
    #expect(try folder.read("here.case").value("SELECT count(*) FROM fact_link") == "3")
  }

  @Test(
    "Rows that no ingest writes are refused, and nothing of their capture is added",
    arguments: [
      ("UPDATE fact_packet SET stream_id = 4 WHERE packet_id >> 32 = 1", "NOT NULL constraint"),
      ("UPDATE fact_stream SET packets = 'many'", "a row of fact_stream is of another type"),
      ("UPDATE fact_packet SET ts = 0.5", "a row of fact_packet is of another type"),
      ("DROP TABLE fact_arp_message", "it has no table fact_arp_message"),
      (
        "DROP TABLE fact_name; CREATE VIEW fact_name AS SELECT 1 AS capture_id, 'x' AS a, 'y' AS b",
        "it has no table fact_name"
      ),
      ("ALTER TABLE fact_packet RENAME COLUMN ttl TO x", "no such column: ttl"),
      (
        "UPDATE fact_stream SET stream_id = 9223372036854775000 WHERE stream_id = 2",
        "NOT NULL constraint"
      ),
    ])
  func unfit(sql: String, reason: String) throws {
    try change(sql)
    let outcomes = try folder.merge(["other.case"], into: "here.case")
    guard case .failed(let error) = try #require(outcomes.first) else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(error.description.contains("other.case: the case is damaged: \(reason)"), "\(error)")
    let reader = try folder.read("here.case")
    #expect(try reader.value("SELECT count(*) FROM fact_packet WHERE packet_id >> 32 > 2") == "0")
    #expect(
      try reader.value(
        """
        SELECT (SELECT count(*) FROM fact_packet)
             = (SELECT count(*) FROM packets JOIN captures USING (capture_id))
        """) == "1")
    #expect(try reader.value("PRAGMA integrity_check") == "ok")
    // Neither is a case made of nothing.
    if outcomes.allSatisfy({ if case .failed = $0 { true } else { false } }) {
      try folder.merge(["other.case"], into: "new.case")
      #expect(!FileManager.default.fileExists(atPath: folder.file("new.case")))
    }
  }

  @Test(
    "What is no capture is refused before anything is copied",
    arguments: [
      "UPDATE fact_capture SET name = x'00' WHERE capture_id = 2",
      "UPDATE fact_capture SET capture_id = 4294967296 WHERE capture_id = 2",
    ])
  func noCapture(sql: String) throws {
    try change(sql)
    let before = try octets("here.case")
    #expect(
      throws: CaseError.damaged(
        path: folder.file("other.case"), reason: "a row of fact_capture is no capture")
    ) { _ = try OtherCase(path: folder.file("other.case"), by: Actor(programVersion: "test")) }
    #expect(try octets("here.case") == before)
  }
}
