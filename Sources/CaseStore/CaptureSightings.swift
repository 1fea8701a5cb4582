import Correlation
import GRDB

/// The packets of one capture that may be one of several sightings, in the order of time.
struct CaptureSightings {
  private let rows: SelectStatement
  private(set) var packet: (identity: PacketIdentity, sighting: Sighting)

  /// By what captures are merged: the time, then the place, whatever the order of ingesting.
  var order: (Int64, Int64, Int64) { packet.sighting.order }

  /// - Parameters:
  ///   - sql: Yields the columns of `deriving/sightings-in-order.sql`.
  ///   - first: Where it begins, by the file that it is of.
  init(
    _ database: Database, _ sql: String, _ captureID: Int64, from first: Int64? = nil
  ) throws {
    rows = try SelectStatement(database, sql)
    if let first { rows.begin(captureID, first) } else { rows.begin(captureID) }
    packet = (
      PacketIdentity(
        conversation: 0, isFromLower: false,
        marks: .init(segment: 0, message: 0, datagram: 0, content: 0)),
      Sighting(packetID: 0, time: 0, place: 0)
    )
  }

  /// Goes to the next packet of a stream that has a place; `false` behind the last.
  mutating func advance(_ places: inout StreamPlaces) throws -> Bool {
    while try rows.next() {
      let streamID = rows.number(2)
      guard let place = try places.place(of: streamID) else { continue }
      packet.identity.conversation = place.conversation
      packet.identity.isFromLower = place.isFromLower
      // What is never printed tells nothing apart where one of the captures is printed.
      packet.identity.marks = PacketIdentity.Marks(
        segment: rows.number(3), message: rows.number(4),
        datagram: place.isPrinted ? 0 : rows.number(5),
        content: place.isPrinted ? 0 : rows.number(6))
      packet.sighting = Sighting(
        packetID: rows.number(0), time: rows.number(1), place: place.number, streamID: streamID)
      return true
    }
    return false
  }
}

/// The packets of several captures, in the order of time.
struct MergedSightings {
  private var places: StreamPlaces
  /// In the order of their next packets.
  private var captures: [CaptureSightings]

  init(_ opened: [CaptureSightings], places: StreamPlaces) throws {
    self.places = places
    captures = []
    for var capture in opened where try capture.advance(&self.places) { captures.append(capture) }
    captures.sort { $0.order < $1.order }
  }

  /// The next packet; `nil` behind the last.
  mutating func next() throws -> (identity: PacketIdentity, sighting: Sighting)? {
    guard let packet = captures.first?.packet else { return nil }
    guard try captures[0].advance(&places) else {
      captures.removeFirst()
      return packet
    }
    var place = 0
    while place + 1 < captures.count, captures[place + 1].order < captures[place].order {
      captures.swapAt(place, place + 1)
      place += 1
    }
    return packet
  }
}

/// Where streams were seen, read as they are asked for: packets that follow each other are mostly of
/// streams with close numbers.
struct StreamPlaces {
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
  private static let keptBlocks: Int64 = 8192

  private let rows: SelectStatement
  /// The block with each remainder that was read last.
  private var blocks: [(number: Int64, places: [Place?])]

  /// - Parameter sql: Yields the columns of `spread_stream` but the capture, of the streams from its
  ///   first to its second parameter.
  init(_ database: Database, _ sql: String) throws {
    rows = try SelectStatement(database, sql)
    blocks = Array(repeating: (-1, []), count: Int(Self.keptBlocks))
  }

  /// `nil` for a stream that is not among them.
  mutating func place(of streamID: Int64) throws -> Place? {
    guard streamID >= 0 else { return nil }
    let number = streamID / Self.blockLength
    let kept = Int(number % Self.keptBlocks)
    if blocks[kept].number != number { blocks[kept] = (number, try read(number)) }
    return blocks[kept].places[Int(streamID % Self.blockLength)]
  }

  private func read(_ number: Int64) throws -> [Place?] {
    var block = [Place?](repeating: nil, count: Int(Self.blockLength))
    let first = number * Self.blockLength
    rows.begin(first, first + Self.blockLength - 1)
    while try rows.next() {
      let index = Int(rows.number(0) - first)
      // Where a row has no key, that of the conversation's first stream stands before it.
      let key = rows.number(1) == 0 && index % 2 == 1 ? block[index - 1]?.conversation : nil
      block[index] = Place(
        conversation: key ?? rows.number(1), isFromLower: rows.number(2) != 0,
        number: rows.number(3),
        isPrinted: rows.number(4) != 0)
    }
    return block
  }
}
