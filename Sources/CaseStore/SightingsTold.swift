import GRDB

/// What is told of sightings while a capture is read, and what it leaves to be derived.
///
/// Temporary tables hold that until the capture is whole: conversations of which every packet was seen
/// before (`echo`), and keys of conversations that are to be looked at once more (`sighted_key`).
struct SightingsTold {
  private let duplicates, echoes, keys: InsertStatement
  private let database: Database

  /// Makes the tables, which are empty then.
  static func begin(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TEMP TABLE IF NOT EXISTS echo (
          conversation_id INTEGER PRIMARY KEY, shown_by INTEGER NOT NULL);
        CREATE TEMP TABLE IF NOT EXISTS sighted_key (
          conversation_key INTEGER PRIMARY KEY, is_untold INTEGER NOT NULL);
        DELETE FROM echo; DELETE FROM sighted_key
        """)
  }

  init(_ database: Database) throws {
    self.database = database
    duplicates = try InsertStatement(
      database, into: "derived_duplicate", columns: 2,
      onConflict: "(packet_id) DO UPDATE SET first_packet_id = excluded.first_packet_id")
    echoes = try InsertStatement(database, into: "echo", columns: 2)
    keys = try InsertStatement(
      database, into: "sighted_key", columns: 2,
      onConflict: "(conversation_key) DO UPDATE SET is_untold = max(is_untold, excluded.is_untold)")
  }

  func write(_ batch: FactBatch) throws {
    for packetID in batch.firstSightings {
      try database.execute(
        sql: "DELETE FROM derived_duplicate WHERE packet_id = ?", arguments: [packetID])
    }
    try duplicates.insert(count: batch.duplicates.count) { row, index in
      row.bind(1, batch.duplicates[index].packetID)
      row.bind(2, batch.duplicates[index].firstPacketID)
    }
    for (found, isUntold) in [(batch.touchedKeys, false), (batch.untoldKeys, true)] {
      try keys.insert(count: found.count) { row, index in
        row.bind(1, found[index])
        row.bind(2, isUntold)
      }
    }
  }

  /// Writes those of `conversations` that are echoes.
  func write(echoesOf conversations: [ConversationFact]) throws {
    for conversation in conversations {
      guard let shownBy = conversation.shownBy else { continue }
      try echoes.insert { row in
        row.bind(1, conversation.conversation.id)
        row.bind(2, shownBy)
      }
    }
  }
}
