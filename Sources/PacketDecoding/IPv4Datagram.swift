/// Protocol numbers that are decoded further: IANA, Assigned Internet Protocol Numbers.
enum IPProtocol {
  static let icmp: UInt8 = 1
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  static let icmpv6: UInt8 = 58
}

/// The header of an IPv4 datagram, and where its payload stands.
///
/// Source: RFC 791, section 3.1.
struct IPv4Header {
  var headerLength: Int
  /// Octets of header and payload, as the sender wrote it; 0 where the sending host left it to
  /// its network card (segmentation offload).
  var totalLength: Int
  var identification: UInt16
  var fragmentOffset: Int
  var moreFragments: Bool
  var timeToLive: UInt8
  var protocolNumber: UInt8
  var source: NetworkAddress
  var destination: NetworkAddress

  /// Octets from the start of the header.
  private enum Offset {
    static let totalLength = 2, identification = 4, fragment = 6, timeToLive = 8
    static let protocolNumber = 9, source = 12, destination = 16, options = 20
  }

  static let shortest = Offset.options

  /// - Returns: `nil` when fewer than 20 octets are there.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let first = bytes.octet(at: start),
      let total = bytes.bigEndian(at: start + Offset.totalLength, as: UInt16.self),
      let identification = bytes.bigEndian(at: start + Offset.identification, as: UInt16.self),
      let fragment = bytes.bigEndian(at: start + Offset.fragment, as: UInt16.self),
      let timeToLive = bytes.octet(at: start + Offset.timeToLive),
      let number = bytes.octet(at: start + Offset.protocolNumber),
      let source = bytes.ipv4Address(at: start + Offset.source),
      let destination = bytes.ipv4Address(at: start + Offset.destination)
    else { return nil }
    headerLength = Int(first & 0x0f) * 4
    totalLength = Int(total)
    self.identification = identification
    fragmentOffset = Int(fragment & 0x1fff) * 8
    moreFragments = fragment & 0x2000 != 0
    (self.timeToLive, protocolNumber) = (timeToLive, number)
    (self.source, self.destination) = (source, destination)
  }
}

extension PacketDecoder {
  mutating func decodeIPv4(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let header = IPv4Header(bytes, at: start) else {
      return missing(
        .ip, at: start, "octets of the IPv4 header", found: bytes.byteCount - start,
        expected: IPv4Header.shortest, &batch)
    }
    if let first = bytes.octet(at: start), first >> 4 != 4 {
      return fault(
        .malformed, .ip, at: start, "IP version", found: Int(first >> 4), expected: 4, &batch)
    }
    record.protocolReached = .ip
    record.network.source = header.source
    record.network.destination = header.destination
    record.network.protocolNumber = header.protocolNumber
    record.network.timeToLive = header.timeToLive
    record.network.identification = UInt32(header.identification)
    guard header.headerLength >= IPv4Header.shortest else {
      return fault(
        .malformed, .ip, at: start, "octets of the IPv4 header, by its own count",
        found: header.headerLength, expected: IPv4Header.shortest, &batch)
    }
    let totalLength =
      header.totalLength == 0 ? lengthOnWire(from: start, bytes) : header.totalLength
    guard header.totalLength == 0 || totalLength >= header.headerLength else {
      return fault(
        .malformed, .ip, at: start + 2, "total length below the header length",
        found: totalLength, expected: header.headerLength, &batch)
    }
    guard bytes.byteCount - start >= header.headerLength else {
      return missing(
        .ip, at: start, "octets of the IPv4 header and options", found: bytes.byteCount - start,
        expected: header.headerLength, &batch)
    }
    let captured = bytes.byteCount - start
    if totalLength <= captured {
      isCut = false
    } else if !isCut {
      fault(
        .malformed, .ip, at: start + 2, "total length beyond the end of the frame",
        found: captured, expected: totalLength, &batch)
    }
    let payload = start + header.headerLength
    let length = totalLength - header.headerLength
    if header.moreFragments || header.fragmentOffset > 0 {
      record.network.fragment = .init(
        offset: Int32(header.fragmentOffset), moreFragments: header.moreFragments)
      return decodeFragment(
        Fragment(
          start: payload, count: length, captured: min(totalLength, captured) - header.headerLength,
          offset: header.fragmentOffset, isLast: !header.moreFragments,
          protocolNumber: header.protocolNumber),
        identification: UInt32(header.identification), bytes, &batch)
    }
    decodeTransport(
      header.protocolNumber, bytes, payload, start + min(totalLength, captured),
      payloadLength: length, isWhole: true, &batch)
  }

  /// What IP carries: `bytes[start..<end]`, of `payloadLength` octets by IP's own count.
  ///
  /// - Parameter isWhole: false for the first of several fragments, whose application data waits until
  ///   the datagram is put together.
  mutating func decodeTransport(
    _ number: UInt8, _ bytes: RawSpan, _ start: Int, _ end: Int, payloadLength: Int, isWhole: Bool,
    _ batch: inout RecordBatch
  ) {
    let tunnel = record.link.tunnelDirection
    switch number {
    case IPProtocol.tcp:
      decodeTCP(bytes, start, end, segmentLength: payloadLength, &batch)
    case IPProtocol.udp:
      decodeUDP(bytes, start, end, datagramLength: payloadLength, isWhole: isWhole, &batch)
    case IPProtocol.icmp where record.protocolReached == .ip:
      decodeICMP(bytes, start, end, version: 4, &batch)
    case IPProtocol.icmpv6 where record.protocolReached == .ipv6:
      decodeICMP(bytes, start, end, version: 6, &batch)
    case IPProtocol.ipv4 where isWhole, IPProtocol.ipv6 where isWhole:
      let outer = record.protocolReached
      decode(
        Encapsulation(kind: outer),
        holding: .etherType(number == IPProtocol.ipv4 ? EtherType.ipv4 : EtherType.ipv6),
        bytes.extracting(first: end), at: start, &batch)
    case IPProtocol.gre where isWhole: decodeGRE(bytes.extracting(first: end), at: start, &batch)
    case IPProtocol.mpls where isWhole:
      decodeMPLS(bytes.extracting(first: end), at: start, &batch)
    default: break
    }
    // Where a datagram was inside, the record is that one's by now.
    guard record.link.tunnelDirection == tunnel else { return }
    if record.transport.tcp == nil, record.protocolReached != .dns {
      let header = number == IPProtocol.udp ? UDPHeader.size : ICMPLayout.fixedLength
      record.transport.payloadHash = payloadHash(
        bytes, start + header, end, length: payloadLength - header)
    }
  }
}
