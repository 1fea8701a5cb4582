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
  private var places: StreamPlaces
  private let duplicates: InsertStatement

  init(_ database: Database) throws {
    self.database = database
    try database.execute(sql: Schema.deriving(.sightedPackets))
    places = try StreamPlaces(
      database,
      """
      SELECT stream_id, conversation_key, is_from_lower, place, is_printed FROM spread_stream
      WHERE stream_id BETWEEN ? AND ?
      """)
    duplicates = try InsertStatement(database, into: "derived_duplicate", columns: 2)
  }

  /// Tells the duplicates among the packets of `spread_stream`, into `derived_duplicate`.
  mutating func run() throws {
    // In the order of their next packets.
    var captures = try openCaptures().sorted { $0.order < $1.order }
    while !captures.isEmpty {
      matcher.add(captures[0].packet.sighting, of: captures[0].packet.identity)
      if matcher.duplicates.count >= 4096 { try store() }
      guard try captures[0].advance(&places) else {
        captures.removeFirst()
        continue
      }
      var place = 0
      while place + 1 < captures.count, captures[place + 1].order < captures[place].order {
        captures.swapAt(place, place + 1)
        place += 1
      }
    }
    matcher.finish()
    try store()
  }

  private mutating func openCaptures() throws -> [CaptureSightings] {
    var captures: [CaptureSightings] = []
    for row in try Row.fetchAll(database, sql: Schema.deriving(.spreadCaptures)) {
      let (id, spread, packets): (Int64, Int64, Int64) = (row[0], row[1], row[2])
      let isInOrder: Bool = row[3]
      let isReadWhole = isInOrder && spread >= packets / Self.share
      var capture = try CaptureSightings(
        database, Schema.deriving(isReadWhole ? .sightingsInOrder : .sightings), id)
      if try capture.advance(&places) { captures.append(capture) }
    }
    return captures
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
