import Correlation
import GRDB
import Schema

/// Reads the packets of touched keys that were seen at several places in the order of time, all
/// captures at once, and tells which of them are one event.
///
/// Captures are merged as they are read: what would have to be sorted by everything that tells
/// packets apart is only looked at for as long as sightings of one packet may lie apart.
struct SightingSearch {
  /// Of a capture, packets are read in their order where at least one in so many was seen at several
  /// places; else they are looked up, which costs more for each.
  private static let share: Int64 = 8

  private let database: Database
  private var matcher = SightingMatcher()
  private let duplicates: InsertStatement

  init(_ database: Database) throws {
    self.database = database
    try database.execute(sql: Schema.deriving(.sightedPackets))
    duplicates = try InsertStatement(database, into: "derived_duplicate", columns: 2)
  }

  /// Tells the duplicates among the packets of `spread_stream`, into `derived_duplicate`.
  mutating func run() throws {
    let places = try StreamPlaces(
      database,
      """
      SELECT stream_id, conversation_key, is_from_lower, place, is_printed FROM spread_stream
      WHERE stream_id BETWEEN ? AND ?
      """)
    var packets = try MergedSightings(openCaptures(), places: places)
    while let (identity, sighting) = try packets.next() {
      matcher.add(sighting, of: identity)
      if matcher.duplicates.count >= 4096 { try store() }
    }
    matcher.finish()
    try store()
  }

  private func openCaptures() throws -> [CaptureSightings] {
    try Row.fetchAll(database, sql: Schema.deriving(.spreadCaptures)).map { row in
      let (id, spread, packets): (Int64, Int64, Int64) = (row[0], row[1], row[2])
      let isInOrder: Bool = row[3]
      let isReadWhole = isInOrder && spread >= packets / Self.share
      return try CaptureSightings(
        database, Schema.deriving(isReadWhole ? .sightingsInOrder : .sightings), id)
    }
  }

  private mutating func store() throws {
    let told = matcher.duplicates
    matcher.duplicates.removeAll(keepingCapacity: true)
    try duplicates.insert(count: told.count) { row, index in
      row.bind(1, told[index].packetID)
      row.bind(2, told[index].firstPacketID)
    }
  }
}
