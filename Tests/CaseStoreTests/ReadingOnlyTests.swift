import CaseFixtures
import Foundation
import GRDB
import Testing

@testable import CaseStore

@Suite("A case that is read is not changed")
struct ReadingOnlyTests {
  let folder: CaseFolder
  let path: String

  init() throws {
    folder = try CaseFolder()
    path = folder.file("a.case")
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
    try FileManager.default.removeItem(atPath: folder.file("a.pcap"))
  }

  /// Every file in the folder, with its bytes.
  private func files() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(filePath: folder.file($0))))
      })
  }

  private func reason(_ sql: String) throws -> String? {
    do {
      _ = try folder.read().rows(sql)
      return nil
    } catch let fault as SQLFault {
      return fault.reason
    }
  }

  @Test("Reading leaves the file and its folder as they were, by the byte")
  func unchanged() throws {
    let before = try files()
    #expect(before.keys.sorted() == ["a.case"])
    let reader = try CaseReader(path: path, scope: CaseScope(since: 0))
    #expect(try reader.value("SELECT count(*) FROM packets") == "1")
    #expect(reader.notice == nil)
    #expect(try files() == before)
  }

  @Test("A -wal file beside a case at rest is left alone, not read, and told of")
  func bogusLog() throws {
    let log = try folder.write(Array(repeating: 7, count: 5000), "a.case-wal")
    let before = try files()
    let reader = try folder.read()
    #expect(try reader.value("SELECT count(*) FROM packets") == "1")
    #expect(
      reader.notice
        == "\(log), left by an interrupted ingest or another program, is not read; ingest the "
        + "sources again to have what it holds")
    #expect(try files() == before)
  }

  @Test("A case whose writer was killed is read with its log, and left as it is by the byte")
  func interrupted() throws {
    // What a kill leaves: a change that is committed in the log, and a page of the case that was
    // being overwritten.
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { database in
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE other (x)")
    }
    var octets = Array(try Data(contentsOf: URL(filePath: path)))
    let log = Array(try Data(contentsOf: URL(filePath: path + "-wal")))
    // The schema's page stands in the log: of the case's own, all behind the header is lost.
    for index in 100..<4096 { octets[index] = 0xff }
    _ = try folder.write(octets, "killed.case")
    _ = try folder.write(log, "killed.case-wal")
    let before = try files().filter { $0.key.hasPrefix("killed") }
    let reader = try folder.read("killed.case")
    #expect(try reader.value("SELECT count(*) FROM packets") == "1")
    #expect(try reader.value("SELECT count(*) FROM sqlite_schema WHERE name = 'other'") == "1")
    #expect(reader.notice?.contains("was interrupted") == true && !reader.hasUnreadChanges)
    #expect(try files().filter { $0.key.hasPrefix("killed") } == before)
    try queue.close()
  }

  @Test("A rollback journal of another program stops reading, since the file may be half changed")
  func journal() throws {
    _ = try folder.write([1], "a.case-journal")
    let before = try files()
    #expect(throws: CaseError.unfinishedChange(path: path)) { try folder.read() }
    #expect(try files() == before)
  }

  @Test(
    "Whatever does not read is refused, in words of our own",
    arguments: [
      "INSERT INTO fact_comment VALUES (NULL, 1, NULL, 'x')", "UPDATE fact_packet SET ttl = 1",
      "DELETE FROM fact_packet", "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)",
      "DROP VIEW packets",
      "ATTACH ':memory:' AS other", "ATTACH 'file:/etc/hostname' AS other", "VACUUM INTO 'copy'",
      "PRAGMA user_version = 2", "PRAGMA application_id = 2", "PRAGMA query_only = OFF",
      "PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "PRAGMA writable_schema = ON",
      "PRAGMA trusted_schema = ON", "PRAGMA wal_checkpoint", "BEGIN", "SAVEPOINT s",
      "SELECT load_extension('x')", "SELECT fts3_tokenizer('simple')", "REINDEX", "ANALYZE",
    ])
  func refused(sql: String) throws {
    #expect(try reason(sql) == "only reading is allowed here")
    #expect(try files().keys.sorted() == ["a.case"])
  }

  @Test(
    "What only looks is allowed",
    arguments: [
      "SELECT 1", "SELECT value FROM json_each('[1, 2]')",
      "SELECT * FROM pragma_table_info('packets')",
      "WITH t AS (SELECT 1 AS x) SELECT * FROM t", "VALUES (1)",
      "PRAGMA table_info(packets)", "PRAGMA user_version", "PRAGMA integrity_check",
      "EXPLAIN QUERY PLAN SELECT * FROM packets", "SELECT count(*) FROM sqlite_schema",
    ])
  func allowed(sql: String) throws {
    #expect(try !folder.read().rows(sql).isEmpty)
  }

  @Test("After a refusal the reader reads on")
  func afterRefusal() throws {
    let reader = try folder.read()
    #expect(throws: SQLFault.self) { try reader.rows("DELETE FROM fact_packet") }
    #expect(try reader.value("SELECT count(*) FROM packets") == "1")
  }
}

@Suite("Statements of users")
struct StatementTests {
  let folder: CaseFolder
  let reader: CaseReader

  init() throws {
    folder = try CaseFolder()
    reader = try folder.read(CaseCreationTests.capture())
  }

  private func fault(
    _ sql: String, _ parameters: [String: SQLValue] = [:], timeout: Double? = nil
  ) -> SQLFault? {
    do {
      _ = try reader.rows(sql, parameters: parameters, limits: QueryLimits(timeout: timeout))
      return nil
    } catch {
      return error as? SQLFault
    }
  }

  @Test("Named parameters take values of each kind; what nobody asks for is no error")
  func parameters() throws {
    let row = try reader.firstRow(
      "SELECT :i AS i, $r AS r, @t AS t, :b AS b, :n AS n, :i + 1 AS again",
      parameters: [
        "i": .integer(.min), "r": .real(0.5), "t": .text("é'\u{0}x"), "b": .blob([0, 255]),
        "n": .null, "unused": .integer(1),
      ])
    #expect(
      row?.values == [
        .integer(.min), .real(0.5), .text("é'\u{0}x"), .blob([0, 255]), .null,
        .integer(.min + 1),
      ])
    #expect(row?.columns == ["i", "r", "t", "b", "n", "again"])
  }

  @Test("A parameter without a value, or without a name, is told how to be given")
  func missingParameters() {
    #expect(
      fault("SELECT :id")?.description == "no value for parameter :id; give --param id=VALUE")
    #expect(
      fault("SELECT ?")?.description
        == "a parameter without a name; write :name and give --param name=value")
  }

  @Test("A fault points at the token, by line and column")
  func place() {
    #expect(
      fault("SELECT 1\nFROM packets\n  WHRE x")?.description
        == #"near "x": syntax error (line 3, column 8, at 'x')"#)
    #expect(
      fault("SELECT 'ä',\n  absent FROM packets")?.description
        == "no such column: absent (line 2, column 3, at 'absent')")
    #expect(fault("SELECT (")?.description.hasPrefix("incomplete input") == true)
  }

  @Test("A fault of a later statement is placed in the whole text")
  func laterStatement() {
    #expect(
      fault("SELECT 1; -- one\nSELECT bad")?.description
        == "no such column: bad (line 2, column 8, at 'bad')")
  }

  @Test("Statements run one after the other, each with its own columns; comments alone are none")
  func several() throws {
    var seen: [String] = []
    try reader.run(
      "SELECT 1 AS a; ; -- nothing\nSELECT 2 AS b, 3 AS c;",
      begin: { seen.append($0.joined(separator: " ")) },
      body: {
        seen.append($0.map(\.description).joined(separator: " "))
        return true
      })
    #expect(seen == ["a", "1", "b c", "2 3"])
  }

  @Test("A body that has seen enough stops the statement")
  func enough() throws {
    var rows = 0
    try reader.run(
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    ) {
      _ in
      rows += 1
      return rows < 3
    }
    #expect(rows == 3)
  }

  @Test(
    "A statement that never ends is stopped after its time, and says so", .timeLimit(.minutes(1)))
  func timeout() {
    let endless =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    #expect(
      fault(endless, timeout: 0.2)?.description == "stopped after 0.2 s; --timeout allows more")
  }

  @Test("A fault while rows are read is told in SQLite's words")
  func runtimeFault() {
    #expect(fault("SELECT abs(-9223372036854775808)")?.description == "integer overflow")
  }

  @Test("A prepared query runs again with other values")
  func prepared() throws {
    let query = try reader.prepare("SELECT :x * 2")
    var doubled: [SQLValue] = []
    for x in [1, 2, 3] as [Int64] {
      try query.run(["x": .integer(x)]) {
        doubled += $0
        return true
      }
    }
    #expect(doubled == [.integer(2), .integer(4), .integer(6)])
    #expect(throws: SQLFault.self) { try reader.prepare("-- nothing") }
  }

  @Test("A case that is damaged where a statement reads is told as damaged, with its path")
  func damaged() throws {
    var capture = CaptureFile()
    for id in 0..<2000 {
      capture.add(
        Int64(id),
        .query(
          Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53), id: UInt16(id), "a.example"
        ))
    }
    try folder.ingest([folder.write(capture, "a.pcap")])
    let path = folder.file("a.case")
    let reader = try folder.read()
    let root = try #require(
      Int(reader.value("SELECT rootpage FROM sqlite_schema WHERE name = 'fact_packet'")))
    let pageSize = try #require(Int(reader.value("PRAGMA page_size")))
    var octets = Array(try Data(contentsOf: URL(filePath: path)))
    for index in (root - 1) * pageSize..<root * pageSize { octets[index] = 0xff }
    try Data(octets).write(to: URL(filePath: path))
    let error = #expect(throws: CaseError.self) {
      try folder.read().lines("SELECT max(ttl) FROM packets")
    }
    #expect(error == .damaged(path: path, reason: "database disk image is malformed"))
  }
}
