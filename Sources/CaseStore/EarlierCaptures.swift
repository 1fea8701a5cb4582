import Correlation
import Foundation
import GRDB
import Schema

/// The captures that a case holds while another is read: what that one shows may have been seen in them.
public struct EarlierCaptures: Sendable {
  /// Of the case.
  private let path: String
  /// Packets of the capture that is read have this identifier, or a greater one.
  public let firstNew: Int64

  init(casePath path: String, captureID: Int64) {
    (self.path, firstNew) = (path, captureID << 32)
  }

  /// The sightings in those captures that may be of packets of one that begins now.
  ///
  /// - Parameters:
  ///   - begin: The capture's first packet, nanoseconds since 1970-01-01 UTC.
  ///   - size: Octets of its source, where they are known.
  ///   - sha256: Their digest, lower-case hexadecimal, likewise.
  /// - Returns: `nil` where there are none, or where they cannot be told while reading.
  public func sightings(from begin: Int64, size: Int64?, sha256: String?) -> EarlierSightings? {
    // Whatever is wrong with the case, who writes it finds out, and deriving tells sightings as well.
    try? EarlierSightings(
      path: path, beside: CaptureOrder.Beginning(time: begin, size: size, sha256: sha256))
  }
}

/// The packets of a case's captures, in the order of time, read by a connection of its own.
public final class EarlierSightings {
  public typealias Packet = (identity: PacketIdentity, sighting: Sighting)

  /// Links whose places are looked up, of all captures; 65,536 take about 4 MiB.
  private static let mostLinks: Int64 = 65_536

  /// Where the new capture comes among the others.
  public let order: CaptureOrder
  private let queue: DatabaseQueue
  private var packets: MergedSightings

  /// - Returns: `nil` where no capture goes on for as long, or one of them is of a kind that is only
  ///   told with all of its packets at hand: a print, or one that shows packets twice.
  init?(path: String, beside beginning: CaptureOrder.Beginning) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(30)
    queue = try DatabaseQueue(path: CaseFile.absolutePath(path), configuration: configuration)
    let found = try queue.inDatabase { database in
      try Row.fetchAll(database, sql: Schema.deriving(.earlierCaptures))
    }
    // A print tells nothing of identification and payload, in whatever capture, at whatever time.
    if found.contains(where: { $0["is_printed"] }) { return nil }
    let all = found.map(Capture.init)
    let from = beginning.time &- SightingMatcher.settling
    let beside = all.filter { $0.lastTime >= from }
    if beside.isEmpty || beside.contains(where: \.hasRepetitions) { return nil }
    let ordered = beside.sorted { $0.rank < $1.rank }
    let order = CaptureOrder(of: beginning, among: ordered.map { ($0.id, $0.rank) })
    self.order = order
    packets = try queue.inDatabase { database in
      try Self.number(ordered, leaving: order.rank, in: database)
      try database.execute(sql: Schema.deriving(.sightedPackets))
      return try MergedSightings(
        beside.map { try $0.sightings(database, from: from) },
        places: StreamPlaces(database, Schema.deriving(.earlierStreams)))
    }
  }

  /// Numbers the places of the captures, and leaves a rank out for the new one.
  private static func number(
    _ captures: [Capture], leaving rank: Int64, in database: Database
  ) throws {
    try database.execute(
      sql: """
        CREATE TEMP TABLE earlier_capture (capture_id INTEGER PRIMARY KEY, rank INTEGER NOT NULL);
        CREATE TEMP TABLE earlier_place (link_id INTEGER PRIMARY KEY, place INTEGER NOT NULL)
        """)
    for (index, capture) in captures.enumerated() {
      try database.execute(
        sql: "INSERT INTO earlier_capture VALUES (?, ?)",
        arguments: [capture.id, Int64(index) + (index < rank ? 0 : 1)])
    }
    let links = try Int64.fetchOne(
      database,
      sql: """
        SELECT count(*) FROM (
          SELECT 1 FROM fact_link AS l
          JOIN earlier_capture AS e ON e.capture_id = l.capture_id LIMIT ?)
        """, arguments: [mostLinks + 1])
    guard links ?? 0 <= mostLinks else { throw TooManyLinks() }
    try database.execute(sql: Schema.deriving(.earlierPlaces))
  }

  private struct TooManyLinks: Error {}

  /// Appends the next packets to `read`; none behind the last.
  public func read(_ count: Int, into read: inout [Packet]) throws {
    try queue.inDatabase { _ in
      for _ in 0..<count {
        guard let packet = try packets.next() else { return }
        read.append(packet)
      }
    }
  }
}

extension EarlierSightings {
  /// A capture that was ingested before: a row of `deriving/earlier-captures.sql`.
  private struct Capture {
    var id: Int64
    var rank: CaptureOrder.Rank
    var packets: Int64
    /// By the clock that it is compared by, and what that is ahead of its own.
    var lastTime: Int64
    var shift: Int64
    var isInOrder: Bool
    var hasRepetitions: Bool

    init(_ row: Row) {
      (id, packets) = (row["capture_id"], row["packets"])
      rank = CaptureOrder.Rank(
        firstTime: row["first_ts"], size: row["size"], sha256: row["sha256"])
      (lastTime, shift) = (row["last_ts"], row["shift_ns"])
      (isInOrder, hasRepetitions) = (row["is_in_order"], row["has_repetitions"])
    }

    /// Its packets from a time on.
    func sightings(_ database: Database, from time: Int64) throws -> CaptureSightings {
      let own = time &- shift
      guard isInOrder else {
        return try CaptureSightings(
          database, Schema.deriving(.earlierSightingsByTime), id, from: own)
      }
      return try CaptureSightings(
        database, Schema.deriving(.earlierSightings), id,
        from: try firstPacket(database, from: own))
    }

    /// The number of a packet before which all are earlier than `time`.
    private func firstPacket(_ database: Database, from time: Int64) throws -> Int64 {
      let statement = try SelectStatement(
        database,
        """
        SELECT ts FROM fact_packet
        WHERE packet_id >= (?1 << 32) + ?2 AND packet_id < ?1 + 1 << 32 AND ts IS NOT NULL
        ORDER BY packet_id LIMIT 1
        """)
      var (low, high): (Int64, Int64) = (0, packets)
      while low < high {
        let middle = low + (high - low) / 2
        statement.begin(id, middle)
        // Packets without a time, to the end, are no sightings anyway.
        let isEarlier = try statement.next() && statement.number(0) < time
        if isEarlier { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
