import CaseFixtures
import Foundation
import GRDB
import Migrations
import Schema
import Testing

@testable import CaseStore

@Suite("A case as a file")
struct CaseCreationTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// A capture of one question.
  static func capture() -> CaptureFile {
    var capture = CaptureFile()
    capture.add(
      0, .query(Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53), id: 7, "a.example"))
    return capture
  }

  /// The error that opening the file `name` for reading, and for writing, gives.
  private func errors(_ name: String) -> [CaseError?] {
    [
      caseError { _ = try CaseReader(path: folder.file(name)) },
      caseError {
        try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
          .abandon()
      },
    ]
  }

  private func caseError(_ body: () throws -> Void) -> CaseError? {
    do {
      try body()
      return nil
    } catch {
      return error as? CaseError
    }
  }

  @Test("A new case is one file that says what it is, and of which version")
  func header() throws {
    try folder.ingest([folder.write(Self.capture(), "a.pcap")])
    let reader = try folder.read()
    // WCAS in ASCII.
    #expect(try reader.value("PRAGMA application_id") == String(0x5743_4153))
    #expect(try reader.value("PRAGMA user_version") == String(Schema.version))
    #expect(try reader.value("PRAGMA integrity_check") == "ok")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["a.case", "a.pcap"])
    // https://www.sqlite.org/fileformat.html, 1.3: 18 and 19 are 1 without a write-ahead log.
    let file = Array(try Data(contentsOf: URL(filePath: folder.file("a.case"))))
    #expect(file.starts(with: Array("SQLite format 3\0WCAS".utf8.prefix(16))))
    #expect(file[18] == 1 && file[19] == 1)
    #expect(Array(file[68..<72]) == Array("WCAS".utf8))
  }

  /// Every object of a case, blanks and comments in its declaration evened out.
  private static func objects(_ database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT type || ' ' || name || ' ' || tbl_name || ' ' || COALESCE(sql, '')
        FROM sqlite_schema ORDER BY type, name
        """
    ).map { declaration in
      declaration.split(separator: "\n").map { line in
        line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line[...]
      }.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }

  @Test("The migrations, from nothing, lead to the schema of a new case")
  func migrations() throws {
    let migrated = try DatabaseQueue()
    let fresh = try DatabaseQueue()
    let parts = [
      Schema.facts, Schema.derivations, Schema.custody, Schema.lookups, Schema.views,
      Schema.indexes,
    ]
    try fresh.write { database in
      for part in parts { try database.execute(sql: part) }
    }
    // Migrating opens its own transaction.
    try migrated.inDatabase { try CaseMigration.migrate($0, by: Actor(programVersion: "test")) }
    let (one, other) = (try migrated.read(Self.objects), try fresh.read(Self.objects))
    #expect(one == other)
    #expect(other.count > 40)
    let version = try migrated.read { try Int32.fetchOne($0, sql: "PRAGMA user_version") }
    #expect(version == Schema.version)
  }

  @Test("Migrations are numbered from 1 without a gap, and the last leads to today's version")
  func migrationNumbers() {
    #expect(Migrations.all.map(\.version) == Array(1...Schema.version))
  }

  @Test("A case of today's version is not touched by migrating")
  func upToDate() throws {
    let queue = try DatabaseQueue()
    try queue.inDatabase { database in
      try CaseMigration.migrate(database, by: Actor(programVersion: "test"))
      try database.execute(sql: "DROP VIEW packets")
      try CaseMigration.migrate(database, by: Actor(programVersion: "test"))
      #expect(try !database.viewExists("packets"))
    }
  }

  @Test("A case of a newer version is refused, by its header alone")
  func newer() throws {
    try folder.ingest([folder.write(Self.capture(), "a.pcap")])
    var file = Array(try Data(contentsOf: URL(filePath: folder.file("a.case"))))
    // https://www.sqlite.org/fileformat.html, 1.3: user_version is at 60, 4 octets.
    file[62] = 1
    file[63] = 2
    let path = try folder.write(file, "newer.case")
    let error = CaseError.newer(path: path, version: 258, supported: Int(Schema.version))
    #expect(errors("newer.case") == [error, error])
    #expect(
      error.description
        == "\(path): is a case of version 258, newer than this program, which knows up to "
        + "\(Schema.version); update wirecase")
  }

  @Test("Another program's database, text and a header alone are no cases, and stay as they are")
  func noCase() throws {
    let other = try DatabaseQueue(path: folder.file("other.db"))
    try other.write { try $0.execute(sql: "CREATE TABLE t (x)") }
    try other.close()
    let before = try Data(contentsOf: URL(filePath: folder.file("other.db")))
    let path = folder.file("other.db")
    #expect(errors("other.db") == [.notACase(path: path), .notACase(path: path)])
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    for (name, octets) in [
      ("notes.txt", Array(repeating: UInt8(ascii: "x"), count: 200)),
      ("short", Array("SQLite format 3\0".utf8)),
    ] {
      let path = try folder.write(octets, name)
      #expect(errors(name) == [.notADatabase(path: path), .notADatabase(path: path)])
      #expect(try Array(Data(contentsOf: URL(filePath: path))) == octets)
    }
  }

  @Test("A folder, a path without its folder, and a missing case each have an error of their own")
  func places() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("sub"), withIntermediateDirectories: true)
    let sub = folder.file("sub")
    #expect(errors("sub") == [.isFolder(path: sub), .isFolder(path: sub)])
    let missing = folder.file("no/a.case")
    #expect(errors("no/a.case") == [.missing(path: missing), .noFolder(path: missing)])
    // Writing to a case that is not there creates it; here nothing was written.
    #expect(errors("a.case") == [.missing(path: folder.file("a.case")), nil])
    #expect(
      CaseError.missing(path: "a.case").description
        == "a.case: no such case; 'wirecase ingest a.case SOURCE…' creates one")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sub"])
  }

  @Test("A damaged case is told from one of another program")
  func damaged() throws {
    var capture = CaptureFile()
    for number in 0..<2000 as Range<Int64> {
      let client = Endpoint("192.0.2.10", UInt16(30_000 + number))
      capture.add(number, .query(client, Endpoint("198.51.100.53", 53), id: 7, "a.example"))
    }
    try folder.ingest([folder.write(capture, "a.pcap")])
    var file = Array(try Data(contentsOf: URL(filePath: folder.file("a.case"))))
    for offset in stride(from: 16_384, to: file.count, by: 16_384) {
      for index in offset..<min(offset + 64, file.count) { file[index] = 0xff }
    }
    _ = try folder.write(file, "a.case")
    #expect(
      throws: CaseError.damaged(
        path: folder.file("a.case"), reason: "database disk image is malformed")
    ) { try folder.read() }
  }
}
