import GRDB
import Schema

/// A part of a case to look at: what views show when a case is read under it.
public struct CaseScope: Equatable, Sendable {
  /// Nanoseconds, inclusive, as the captures count them.
  public var since: Int64?
  public var until: Int64?
  /// The only captures that count, as if the case held no other; `nil` for all.
  public var captures: Set<Int64>?

  public init(since: Int64? = nil, until: Int64? = nil, captures: Set<Int64>? = nil) {
    (self.since, self.until, self.captures) = (since, until, captures)
  }

  /// Puts temporary views of the contract's names before those of the case, which show the part
  /// alone. Nothing is written to the case.
  func apply(to database: Database) throws {
    let all = try Set(Int64.fetchAll(database, sql: "SELECT capture_id FROM fact_capture"))
    let leavesOut = captures.map { !$0.isSuperset(of: all) } ?? false
    guard leavesOut || since != nil || until != nil else { return }
    if leavesOut, let captures { try isolate(captures, in: database) }
    for view in try Row.fetchAll(
      database, sql: "SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'")
    {
      let (name, sql): (String, String) = (view["name"], view["sql"])
      let condition = try window(of: name, in: database)
      guard leavesOut || condition != nil, let body = sql.firstRange(of: " AS\n") else { continue }
      // The names in it are now those of the part, where there are such.
      try database.execute(
        sql: """
          CREATE TEMP VIEW \(name.quotedDatabaseIdentifier) AS SELECT * FROM (\(sql[body.upperBound...]))
          WHERE \(condition ?? "TRUE")
          """)
    }
  }

  /// What a row of a view must fulfil to lie in the time asked for; `nil` for a view without times.
  private func window(of view: String, in database: Database) throws -> String? {
    guard since != nil || until != nil else { return nil }
    let columns = try database.columns(in: view, in: "main").map(\.name)
    let (last, first): (String, String)
    if columns.contains("ts"), columns.contains("clock") {
      (last, first) = ("ts", "ts")
    } else if view == "flows" {
      (last, first) = ("last_ts", "first_ts")
    } else {
      return nil
    }
    return [since.map { "\(last) >= \($0)" }, until.map { "\(first) <= \($0)" }]
      .compactMap { $0 }.joined(separator: " AND ")
  }

  /// Puts temporary tables and views before those of the case: the facts of some captures, and
  /// what follows from these alone.
  private func isolate(_ captures: Set<Int64>, in database: Database) throws {
    try database.execute(sql: "CREATE TEMP TABLE part (capture_id INTEGER PRIMARY KEY)")
    for capture in captures {
      try database.execute(sql: "INSERT INTO part VALUES (?)", arguments: [capture])
    }
    // The identifiers of a capture's packets are one range.
    let ranges = captures.sorted().map {
      "packet_id BETWEEN \($0 << 32) AND \($0 << 32 | 0xffff_ffff)"
    }
    let packets = ranges.isEmpty ? "FALSE" : ranges.joined(separator: " OR ")
    let tables = try Row.fetchAll(
      database,
      sql: """
        SELECT t.name, t.sql, EXISTS (
            SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'capture_id') AS has_capture,
          EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'packet_id') AS has_packet
        FROM main.sqlite_schema AS t
        WHERE t.type = 'table'
        """)
    for table in tables {
      let (name, sql): (String, String) = (table["name"], table["sql"])
      if name.hasPrefix("fact_") {
        let condition =
          if table["has_capture"] {
            "capture_id IN (SELECT capture_id FROM part)"
          } else if table["has_packet"] {
            packets
          } else { "TRUE" }
        try database.execute(
          sql: """
            CREATE TEMP VIEW \(name.quotedDatabaseIdentifier) AS
            SELECT * FROM main.\(name.quotedDatabaseIdentifier) WHERE \(condition)
            """)
      } else if Deriving.tables.contains(name) {
        let temporary = sql.replacing("CREATE TABLE", with: "CREATE TEMP TABLE", maxReplacements: 1)
        try database.execute(sql: temporary)
      }
    }
    try database.execute(
      sql: """
        CREATE INDEX temp.dns_transaction_by_stream ON derived_dns_transaction (stream_id)
        """)
    try Deriving(database).derivePart()
  }
}
