/// A stream of RTP, RFC 3550: told by the first of its packets that is surely one.
public struct RTPStream: Equatable, Sendable {
  /// The first packet that is surely one of the stream.
  public var packetNumber: Int64
  /// The first packet of it that was seen.
  public var firstPacketNumber: Int64
  /// That of the packet: RFC 3551, 6.
  public var payloadType: UInt8
  /// The number that its source chose: RFC 3550, 8.
  public var ssrc: UInt32
  /// The SIP message that says that media go there; `nil` where the packets' numbers tell.
  public var announcedBy: Int64?
}

/// The fixed header of an RTP packet: RFC 3550, 5.1.
struct RTPHeader {
  var payloadType: UInt8
  var sequence: UInt16
  var timestamp: UInt32
  var ssrc: UInt32

  /// - Returns: `nil` for what cannot be one, RTCP among it (RFC 5761, 4).
  init?(_ octets: RawSpan) {
    guard let first = octets.octet(at: 0), first & 0xc0 == 0x80,
      let second = octets.octet(at: 1), !(192...223 ~= second),
      let sequence = octets.bigEndian(at: 2, as: UInt16.self),
      let timestamp = octets.bigEndian(at: 4, as: UInt32.self),
      let ssrc = octets.bigEndian(at: 8, as: UInt32.self)
    else { return nil }
    var end = 12 + 4 * Int(first & 0x0f)
    if first & 0x10 != 0 {
      guard let words = octets.bigEndian(at: end + 2, as: UInt16.self) else { return nil }
      end += 4 + 4 * Int(words)
    }
    guard end <= octets.byteCount else { return nil }
    payloadType = second & 0x7f
    (self.sequence, self.timestamp, self.ssrc) = (sequence, timestamp, ssrc)
  }
}

/// The RTP streams of a capture, and what may become one; bounded.
struct RTPStreams: Sendable {
  /// Packets that must follow each other before nothing else can be meant, and how far apart their numbers
  /// may be.
  private static let sure = 4
  private static let mostApart: UInt16 = 3
  /// Below are the ports of known services.
  private static let firstPort: UInt16 = 1024

  private struct Key: Hashable {
    var ends: StreamKey
    var side: StreamSide
    var ssrc: UInt32
  }

  private struct Candidate {
    var first: Int64
    var last: RTPHeader
    var count: Int
  }

  private struct End: Hashable {
    var address: NetworkAddress
    var port: UInt16
  }

  private var known = BoundedTable<Key, Bool>(limit: 16_384)
  private var candidates = BoundedTable<Key, Candidate>(limit: 1024)
  private var announced = BoundedTable<End, Int64>(limit: 4096)

  /// Hears where the SIP messages of a packet say that media go.
  mutating func announce(_ messages: [SIPMessage], ofPacket number: Int64) {
    for message in messages.reversed() {
      guard message.packetNumber == number else { return }
      guard let media = message.media, let host = media.host, media.port > 0 else { continue }
      announced[End(address: host, port: media.port)] = number
    }
  }

  /// Looks at a datagram.
  ///
  /// - Returns: Whether it is surely RTP.
  mutating func read(
    _ payload: RawSpan, of record: PacketRecord, into batch: inout RecordBatch
  ) -> Bool {
    guard let first = payload.octet(at: 0), first & 0xc0 == 0x80,
      let source = record.transport.sourcePort, source >= Self.firstPort,
      let destination = record.transport.destinationPort, destination >= Self.firstPort,
      let header = RTPHeader(payload), let (ends, side) = StreamKey.of(record)
    else { return false }
    let key = Key(ends: ends, side: side, ssrc: header.ssrc)
    if known[key] != nil { return true }
    let announcement = announcement(record)
    guard announcement != nil || follows(header, key, record.number) else { return false }
    let candidate = candidates.remove(key)
    known[key] = true
    batch.rtp.append(
      RTPStream(
        packetNumber: record.number,
        firstPacketNumber: candidate?.first ?? record.number,
        payloadType: header.payloadType, ssrc: header.ssrc, announcedBy: announcement))
    return true
  }

  private mutating func announcement(_ record: PacketRecord) -> Int64? {
    guard let source = record.network.source, let destination = record.network.destination,
      let sourcePort = record.transport.sourcePort,
      let destinationPort = record.transport.destinationPort
    else { return nil }
    return announced[End(address: destination, port: destinationPort)]
      ?? announced[End(address: source, port: sourcePort)]
  }

  /// Whether enough packets came one after the other.
  private mutating func follows(_ header: RTPHeader, _ key: Key, _ number: Int64) -> Bool {
    guard var candidate = candidates[key] else {
      candidates[key] = Candidate(first: number, last: header, count: 1)
      return false
    }
    let step = header.sequence &- candidate.last.sequence
    // The same packet, seen again.
    if step == 0 { return false }
    let isNext =
      step <= Self.mostApart && header.payloadType == candidate.last.payloadType
      && Int32(bitPattern: header.timestamp &- candidate.last.timestamp) >= 0
    candidate = Candidate(
      first: isNext ? candidate.first : number, last: header,
      count: isNext ? candidate.count + 1 : 1)
    candidates[key] = candidate
    return candidate.count >= Self.sure
  }
}
