import GRDB
import Schema

/// What a statement is, as SQLite reads it: nothing is run.
public struct StatementOutline: Equatable, Sendable {
  /// The names of the result's columns.
  public var columns: [String]
  /// Octets of the text that the statement takes, its semicolon included; what follows is another.
  public var length: Int
  /// Tables of the case that it reads from the first row to the last, or may: one that stops early
  /// (`LIMIT 1`) is among them.
  public var scannedTables: Set<String>
}

/// A case of this version that holds nothing, in memory: statements are checked against it where no
/// case is at hand.
public final class EmptyCase {
  private let queue: DatabaseQueue
  /// The table that the pages of a table or of an index belong to, by their first page.
  private let tables: [Int64: String]

  /// - Throws: `CaseError`.
  public init() throws {
    SQLiteLibrary.configure()
    do {
      queue = try DatabaseQueue()
      tables = try queue.inDatabase { database in
        for part in [
          Schema.facts, Schema.derivations, Schema.custody, Schema.lookups, Schema.views,
          Schema.indexes,
        ] {
          try database.execute(sql: part)
        }
        let rows = try Row.fetchAll(
          database, sql: "SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0")
        try database.refuseWrites()
        return Dictionary(rows.map { ($0["rootpage"], $0["tbl_name"]) }) { first, _ in first }
      }
    } catch {
      throw CaseError.from(error, path: "an empty case in memory")
    }
  }

  /// What the first statement of `sql` is; `nil` where there are blanks and comments alone.
  ///
  /// - Throws: `SQLFault`.
  public func outline(of sql: String) throws -> StatementOutline? {
    try queue.inDatabase { database in
      let prepared = try GuardedStatement.prepare(database, sql, in: sql, at: 0)
      guard let statement = prepared.statement else { return nil }
      return StatementOutline(
        columns: statement.columns, length: prepared.length,
        scannedTables: statement.parameters.contains("?")
          ? [] : try scannedTables(sql, statement.parameters, in: database))
    }
  }

  /// The tables on which SQLite's program for a statement stands at the first or the last row
  /// without having looked for it.
  ///
  /// `EXPLAIN QUERY PLAN` would tell as much of what it calls a scan, but by aliases, of which one
  /// may stand for a table here and for a result there, and not of what it reads to index it for the
  /// statement alone.
  private func scannedTables(
    _ sql: String, _ parameters: [String], in database: Database
  ) throws -> Set<String> {
    guard
      let program = try GuardedStatement.prepare(database, "EXPLAIN " + sql, in: sql, at: 0)
        .statement
    else { return [] }
    let names = program.columns
    var cursors: [Int64: String] = [:]
    var scanned: Set<String> = []
    _ = try program.run(
      Dictionary(parameters.map { (String($0.dropFirst()), .null) }) { first, _ in first }
    ) { values in
      let row = SQLRow(columns: names, values: values)
      guard let cursor = row["p1"].integer else { return true }
      switch row["opcode"].text {
      // P2 is the first page, P3 the database: 0 is the case itself.
      case "OpenRead" where row["p3"].integer == 0:
        cursors[cursor] = row["p2"].integer.flatMap { tables[$0] }
      case "Rewind", "Last": if let table = cursors[cursor] { scanned.insert(table) }
      default: break
      }
      return true
    }
    return scanned
  }
}
