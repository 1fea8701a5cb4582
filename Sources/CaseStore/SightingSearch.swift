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
  /// Streams whose repeated packets are summed up in memory.
  private static let summedStreams = 65_536

  private let database: Database
  private var matcher = SightingMatcher()
  private var places: StreamPlaces
  private let duplicates: InsertStatement
  /// What of each stream was seen before, not yet in `repeated_stream`.
  private var repeated: [Int64: (packets: Int64, octets: Int64, payloadOctets: Int64)] = [:]

  init(_ database: Database) throws {
    self.database = database
    try database.execute(sql: Schema.deriving(.sightedPackets))
    places = try StreamPlaces(database)
    duplicates = try InsertStatement(database, into: "derived_duplicate", columns: 2)
  }

  /// Tells the duplicates among the packets of `spread_stream`, into `derived_duplicate`, and what
  /// they come to for each stream, into `repeated_stream`.
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
    try flushRepeated()
  }

  private mutating func openCaptures() throws -> [CaptureSightings] {
    var captures: [CaptureSightings] = []
    for row in try Row.fetchAll(database, sql: Schema.deriving(.spreadCaptures)) {
      let (id, spread, packets): (Int64, Int64, Int64) = (row[0], row[1], row[2])
      let isInOrder: Bool = row[3]
      var capture = try CaptureSightings(
        database, captureID: id,
        isReadWhole: isInOrder && spread >= packets / Self.share)
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
    for duplicate in told {
      let sighting = duplicate.sighting
      var sum = repeated[sighting.streamID] ?? (0, 0, 0)
      sum.packets += 1
      sum.octets &+= sighting.octets
      sum.payloadOctets &+= sighting.payloadOctets
      repeated[sighting.streamID] = sum
    }
    if repeated.count > Self.summedStreams { try flushRepeated() }
  }

  private mutating func flushRepeated() throws {
    let statement = try InsertStatement(
      database, into: "repeated_stream", columns: 4,
      onConflict: """
        (stream_id) DO UPDATE SET packets = packets + excluded.packets,
        bytes = bytes + excluded.bytes, payload_bytes = payload_bytes + excluded.payload_bytes
        """)
    let rows = repeated.sorted { $0.key < $1.key }
    try statement.insert(count: rows.count) { row, index in
      row.bind(1, rows[index].key)
      row.bind(2, rows[index].value.packets)
      row.bind(3, rows[index].value.octets)
      row.bind(4, rows[index].value.payloadOctets)
    }
    repeated.removeAll(keepingCapacity: true)
  }
}

/// The packets of one capture that were seen at several places, in the order of time.
private struct CaptureSightings {
  private let rows: SelectStatement
  private(set) var packet: (identity: PacketIdentity, sighting: Sighting)

  /// By what captures are merged: the time, then the place, whatever the order of ingesting.
  var order: (Int64, Int64, Int64) {
    (packet.sighting.time, packet.sighting.place, packet.sighting.packetID)
  }

  /// - Parameter isReadWhole: Whether its packets are in the order of time, and worth reading all.
  init(_ database: Database, captureID: Int64, isReadWhole: Bool) throws {
    rows = try SelectStatement(
      database, Schema.deriving(isReadWhole ? .sightingsInOrder : .sightings))
    rows.begin(captureID)
    packet = (
      PacketIdentity(
        conversation: 0, isFromLower: false,
        marks: .init(segment: 0, message: 0, datagram: 0, content: 0)),
      Sighting(packetID: 0, time: 0, place: 0)
    )
  }

  /// Goes to the next packet; `false` behind the last.
  mutating func advance(_ places: inout StreamPlaces) throws -> Bool {
    while try rows.next() {
      let streamID = rows.number(2)
      guard let place = try places.place(of: streamID) else { continue }
      packet.identity.conversation = place.conversation
      packet.identity.isFromLower = place.isFromLower
      // What is never printed tells nothing apart where one of the captures is printed.
      packet.identity.marks = PacketIdentity.Marks(
        segment: rows.number(5), message: rows.number(6),
        datagram: place.isPrinted ? 0 : rows.number(7),
        content: place.isPrinted ? 0 : rows.number(8))
      packet.sighting = Sighting(
        packetID: rows.number(0), time: rows.number(1), place: place.number, streamID: streamID,
        octets: rows.number(3), payloadOctets: rows.number(4))
      return true
    }
    return false
  }
}

/// Where the streams of `spread_stream` were seen, read as they are asked for: packets that follow
/// each other are mostly of streams with close numbers.
private struct StreamPlaces {
  struct Place {
    var conversation: Int64
    var isFromLower: Bool
    /// Of the link, among all links.
    var number: Int64
    /// Whether its conversation was also printed.
    var isPrinted: Bool
  }

  /// Streams of a block, and blocks that are kept: about 24 MiB.
  private static let blockLength: Int64 = 64
  private static let keptBlocks = 8192

  private let rows: SelectStatement
  /// By number; those that were used lately, and those before.
  private var young: [Int64: [Place?]] = [:]
  private var old: [Int64: [Place?]] = [:]

  init(_ database: Database) throws {
    rows = try SelectStatement(
      database,
      """
      SELECT stream_id, conversation_key, is_from_lower, place, is_printed FROM spread_stream
      WHERE stream_id BETWEEN ? AND ?
      """)
  }

  /// `nil` for a stream that is not among them.
  mutating func place(of streamID: Int64) throws -> Place? {
    guard streamID >= 0 else { return nil }
    let number = streamID / Self.blockLength
    let index = Int(streamID % Self.blockLength)
    if let block = young[number] { return block[index] }
    let block = try old.removeValue(forKey: number) ?? read(number)
    if young.count >= Self.keptBlocks {
      old = young
      young.removeAll(keepingCapacity: true)
    }
    young[number] = block
    return block[index]
  }

  private func read(_ number: Int64) throws -> [Place?] {
    var block = [Place?](repeating: nil, count: Int(Self.blockLength))
    let first = number * Self.blockLength
    rows.begin(first, first + Self.blockLength - 1)
    while try rows.next() {
      block[Int(rows.number(0) - first)] = Place(
        conversation: rows.number(1), isFromLower: rows.number(2) != 0, number: rows.number(3),
        isPrinted: rows.number(4) != 0)
    }
    return block
  }
}
