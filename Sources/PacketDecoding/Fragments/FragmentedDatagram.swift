/// What tells the fragments of one datagram from others: RFC 791, 3.2; RFC 8200, 4.5; and where they
/// were seen, since each place shows a datagram's fragments once.
struct DatagramKey: Hashable, Sendable {
  var source: NetworkAddress
  var destination: NetworkAddress
  var identification: UInt32
  /// IPv4's protocol; `nil` for IPv6, which tells datagrams apart without it.
  var protocolNumber: UInt8?
  var interface: Int32
  var link: LinkHeader
}

/// A piece of a datagram's payload, in the octets of a packet.
struct Fragment {
  /// Where it starts in the packet, and how many octets it has by IP's count.
  var start: Int
  var count: Int
  /// How many of these the capture holds.
  var captured: Int
  /// Where it stands in the payload.
  var offset: Int
  var isLast: Bool
  /// What the payload is; only that of the fragment at offset 0 counts.
  var protocolNumber: UInt8
}

/// A datagram of which fragments are missing yet.
struct FragmentedDatagram: Sendable {
  /// What became of a fragment.
  enum Outcome {
    case kept
    /// It repeats another to the octet, and is left.
    case repetition
    /// From it on, the datagram is refused.
    case refused(Refusal)
  }

  /// Why a datagram will not be put together.
  enum Refusal: Sendable {
    /// A fragment covers what another covers: RFC 5722 has the datagram thrown away.
    case overlap
    /// The capture holds fewer octets of a fragment than were on the wire.
    case cut
    /// A fragment reaches beyond the largest datagram or beyond the last fragment, or there are more
    /// pieces than anybody needs.
    case tooLong
  }

  /// A stretch of the payload that is there, and where it stands among the octets.
  private struct Piece {
    var offset: Int
    var end: Int
    var position: Int
  }

  /// The packet that showed the first of its fragments, and when.
  let firstPacket: Int64
  let firstTime: Int64?
  /// Tells it from others of the same key.
  let serial: Int
  /// `.ip` or `.ipv6`.
  let layer: ProtocolName
  private(set) var protocolNumber: UInt8?
  /// The pieces one behind the other, as they came: what a fragment far behind costs is its own.
  private var octets: [UInt8] = []
  private var pieces: [Piece] = []
  /// Octets of the payload, known from the last fragment.
  private(set) var length: Int?
  private(set) var refusal: Refusal?
  /// The ports, once the fragment that holds them was seen.
  var sourcePort: UInt16?
  var destinationPort: UInt16?

  init(_ layer: ProtocolName, serial: Int, firstPacket: Int64, time: Int64?) {
    (self.layer, self.serial, self.firstPacket, firstTime) = (layer, serial, firstPacket, time)
  }

  /// Octets of the payload that are there.
  var held: Int { octets.count }

  /// Whether nothing is missing.
  var isWhole: Bool { refusal == nil && length != nil && held == length }

  /// The largest payload of an IP datagram, octets.
  static let longest = 65_535
  /// A datagram cut into more pieces is hostile: the smallest usual packets carry it in 128.
  static let mostPieces = 512

  /// Adds a fragment. One of a datagram that was refused before is not looked at any more.
  mutating func add(_ fragment: Fragment, _ bytes: RawSpan) -> Outcome {
    let end = fragment.offset + fragment.count
    if fragment.captured >= fragment.count, repeats(fragment, bytes) { return .repetition }
    if refusal != nil { return .kept }
    if fragment.captured < fragment.count { return refuse(.cut) }
    let fits =
      fragment.isLast
      ? (length ?? end) == end && !pieces.contains { $0.end > end } : end <= length ?? end
    guard end <= Self.longest, pieces.count < Self.mostPieces, fits else { return refuse(.tooLong) }
    guard !pieces.contains(where: { $0.offset < end && fragment.offset < $0.end }) else {
      return refuse(.overlap)
    }
    if fragment.isLast { length = end }
    if fragment.offset == 0 { protocolNumber = fragment.protocolNumber }
    pieces.append(Piece(offset: fragment.offset, end: end, position: octets.count))
    octets.reserveCapacity(octets.count + fragment.count)
    for index in 0..<fragment.count {
      octets.append(bytes.octet(at: fragment.start + index) ?? 0)
    }
    return .kept
  }

  /// The payload, of a datagram that is whole.
  var payload: [UInt8] {
    pieces.sorted { $0.offset < $1.offset }.flatMap {
      octets[$0.position..<$0.position + ($0.end - $0.offset)]
    }
  }

  /// Gives the octets back: what is refused is only remembered.
  private mutating func refuse(_ why: Refusal) -> Outcome {
    refusal = why
    octets = []
    return .refused(why)
  }

  private func repeats(_ fragment: Fragment, _ bytes: RawSpan) -> Bool {
    let end = fragment.offset + fragment.count
    guard let piece = pieces.first(where: { $0.offset == fragment.offset && $0.end == end }),
      piece.position + fragment.count <= octets.count
    else { return false }
    for index in 0..<fragment.count
    where bytes.octet(at: fragment.start + index) != octets[piece.position + index] {
      return false
    }
    return true
  }
}
