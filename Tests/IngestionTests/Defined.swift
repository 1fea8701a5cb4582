import CaseFixtures
import CaseStore
import GRDB
import Schema

/// Holds what a case stores against the definitions in `Schema/definitions`.
enum Defined {
  /// The stored rows that a definition yields.
  static func stored(_ definition: Schema.Definition) -> String {
    switch definition {
    case .duplicates: "SELECT packet_id, first_packet_id FROM derived_duplicate"
    case .icmpLinks: "SELECT icmp_packet_id, original_packet_id FROM derived_icmp_link"
    case .flowMembers: "SELECT conversation_id, flow_id FROM derived_flow_member"
    case .flows: "SELECT * FROM derived_flow"
    case .dnsMatches:
      """
      SELECT query_packet_id, query_position, query_packet_id, query_position, 'asks'
      FROM derived_dns_transaction
      UNION ALL SELECT packet_id, position, query_packet_id, query_position, 'asks again'
      FROM derived_dns_retry
      UNION ALL SELECT response_packet_id, response_position, query_packet_id, query_position, 'answers'
      FROM derived_dns_transaction WHERE response_packet_id IS NOT NULL
      UNION ALL SELECT icmp_packet_id, 0, query_packet_id, query_position, 'refuses'
      FROM derived_dns_transaction WHERE icmp_packet_id IS NOT NULL
      """
    case .dnsTransactions: "SELECT * FROM derived_dns_transaction"
    }
  }

  /// How many rows of a definition a case stores.
  static func count(_ definition: Schema.Definition, in reader: CaseReader) throws -> Int {
    try reader.rows(stored(definition)).count
  }

  /// Where what the case stores and what definitions yield are not the same; a line for each
  /// definition, with the first rows that differ.
  static func differences(in reader: CaseReader) throws -> [String] {
    try Schema.Definition.allCases.compactMap { definition in
      let columns = try reader.firstRow(Schema.definition(definition))?.columns ?? []
      return difference(
        definition, columns, stored: try reader.lines(stored(definition)),
        defined: try reader.lines(Schema.definition(definition)))
    }
  }

  private static func difference(
    _ definition: Schema.Definition, _ columns: [String], stored: [String], defined: [String]
  ) -> String? {
    guard stored.sorted() != defined.sorted() else { return nil }
    let (kept, told) = (Set(stored), Set(defined))
    let (extra, missing) = (kept.subtracting(told), told.subtracting(kept))
    return """
      \(definition.rawValue): \(stored.count) rows stored, \(defined.count) defined
        \(columns.joined(separator: "|"))
        stored alone, \(extra.count): \(extra.sorted().prefix(3).joined(separator: "  "))
        defined alone, \(missing.count): \(missing.sorted().prefix(3).joined(separator: "  "))
      """
  }

  /// Empties the tables that are defined, and stores what the definitions yield, each until that
  /// changes nothing.
  ///
  /// - Returns: Whether that came to an end.
  static func deriveFromNothing(_ database: Database) throws -> Bool {
    for table in [
      "derived_duplicate", "derived_icmp_link", "derived_flow", "derived_flow_member",
      "derived_dns_transaction", "derived_dns_retry",
    ] { try database.execute(sql: "DELETE FROM \(table)") }
    return try settle(.duplicates, into: "derived_duplicate", database)
      && settle(.icmpLinks, into: "derived_icmp_link", database)
      && settle(.flowMembers, into: "derived_flow_member", database)
      && settle(.flows, into: "derived_flow", database)
      && settle(.dnsMatches, into: nil, database)
      && settle(.dnsTransactions, into: "derived_dns_transaction", database)
  }

  /// - Parameter table: `nil` for both tables of DNS questions.
  private static func settle(
    _ definition: Schema.Definition, into table: String?, _ database: Database
  ) throws -> Bool {
    var last: [Row]?
    for _ in 0..<100 {
      let rows = try Row.fetchAll(database, sql: Schema.definition(definition))
      // The definition of questions yields their parts; the row of each stays to be filled.
      guard definition != .dnsMatches else {
        if rows == last { return true }
        try store(matches: rows, database)
        last = rows
        continue
      }
      guard let table else { return false }
      let before = try Row.fetchAll(database, sql: "SELECT * FROM \(table)")
      try database.execute(sql: "DELETE FROM \(table)")
      for row in rows {
        let places = Array(repeating: "?", count: row.count).joined(separator: ", ")
        try database.execute(
          sql: "INSERT INTO \(table) VALUES (\(places))",
          arguments: StatementArguments(row.map { $0.1 }))
      }
      if try Row.fetchAll(database, sql: "SELECT * FROM \(table)") == before { return true }
    }
    return false
  }

  private static func store(matches: [Row], _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM derived_dns_transaction; DELETE FROM derived_dns_retry")
    for match in matches {
      let numbers: [Int64] = [match[0], match[1], match[2], match[3]]
      switch match[4] as String {
      case "asks":
        try database.execute(
          sql: """
            INSERT INTO derived_dns_transaction (
              query_packet_id, query_position, stream_id, attempts, outcome)
            VALUES (?, ?, 0, 0, 0) ON CONFLICT DO NOTHING
            """, arguments: StatementArguments(numbers.suffix(2)))
      case "asks again":
        try database.execute(
          sql: "INSERT INTO derived_dns_retry VALUES (?, ?, ?, ?)",
          arguments: StatementArguments(numbers))
      default: break
      }
    }
    for match in matches where ["answers", "refuses"].contains(match[4] as String) {
      let isAnswer = match[4] == "answers"
      let numbers: [Int64] = [match[0], match[1], match[2], match[3]]
      try database.execute(
        sql: """
          UPDATE derived_dns_transaction
          SET \(isAnswer ? "response_packet_id = ?, response_position = ?" : "icmp_packet_id = ?")
          WHERE query_packet_id = ? AND query_position = ?
          """, arguments: StatementArguments(isAnswer ? numbers : [numbers[0]] + numbers.suffix(2)))
    }
  }
}
