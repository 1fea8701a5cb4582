/// The fixed header of an IPv6 datagram: RFC 8200, section 3.
struct IPv6Header {
  /// Octets after the fixed header, as the sender wrote it; 0 in a jumbogram (RFC 2675) and
  /// where segmentation is left to the network card.
  var payloadLength: Int
  var nextHeader: UInt8
  var hopLimit: UInt8
  var source: NetworkAddress
  var destination: NetworkAddress

  static let length = 40

  /// - Returns: `nil` when fewer than 40 octets are there.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let payloadLength = bytes.bigEndian(at: start + 4, as: UInt16.self),
      let nextHeader = bytes.octet(at: start + 6), let hopLimit = bytes.octet(at: start + 7),
      let source = bytes.ipv6Address(at: start + 8),
      let destination = bytes.ipv6Address(at: start + 24)
    else { return nil }
    self.payloadLength = Int(payloadLength)
    (self.nextHeader, self.hopLimit) = (nextHeader, hopLimit)
    (self.source, self.destination) = (source, destination)
  }
}

/// The extension headers between IPv6's fixed header and the upper layer: RFC 8200, section 4.
struct IPv6ExtensionHeaders {
  /// The upper layer's protocol, and where it starts.
  var protocolNumber: UInt8
  var end: Int
  var fragment: NetworkHeader.Fragment?
  var identification: UInt32?
  /// Where the part that is cut into fragments starts, behind the fragment header, and its protocol.
  var fragmentStart = 0
  var fragmentProtocol: UInt8 = 0
  /// Octets of the extension header at `end` that was not all there: the chain then ends with it,
  /// before the upper layer.
  var incompleteLength: Int?

  private enum Number {
    static let hopByHop: UInt8 = 0, routing: UInt8 = 43, fragment: UInt8 = 44
    static let authentication: UInt8 = 51, destination: UInt8 = 60
    static let mobility: UInt8 = 135, hostIdentity: UInt8 = 139, shim6: UInt8 = 140
  }

  /// Walks the chain in `bytes[start..<limit]`, whose first header is `first`.
  ///
  /// Ends because each header has at least eight octets, and the span has an end.
  init(_ bytes: RawSpan, first: UInt8, at start: Int, limit: Int) {
    (protocolNumber, end) = (first, start)
    while true {
      let length: Int
      switch protocolNumber {
      case Number.hopByHop, Number.routing, Number.destination, Number.mobility,
        Number.hostIdentity, Number.shim6:
        length = (Int(bytes.octet(at: end + 1) ?? 0) + 1) * 8
      case Number.authentication:
        // RFC 4302, 2.2: in 32-bit words, minus two.
        length = (Int(bytes.octet(at: end + 1) ?? 0) + 2) * 4
      case Number.fragment:
        length = 8
        if end + length <= limit, let field = bytes.bigEndian(at: end + 2, as: UInt16.self) {
          fragment = .init(offset: Int32(field & 0xfff8), moreFragments: field & 1 != 0)
          identification = bytes.bigEndian(at: end + 4, as: UInt32.self)
        }
      default: return
      }
      guard end + length <= limit, let next = bytes.octet(at: end) else {
        incompleteLength = length
        return
      }
      if protocolNumber == Number.fragment {
        (fragmentProtocol, fragmentStart) = (next, end + length)
      }
      // Behind a fragment that is not the first stands no header, but a piece of payload.
      if let fragment, fragment.offset > 0, protocolNumber == Number.fragment {
        (protocolNumber, end) = (next, end + length)
        return
      }
      (protocolNumber, end) = (next, end + length)
    }
  }
}

extension PacketDecoder {
  mutating func decodeIPv6(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let header = IPv6Header(bytes, at: start) else {
      return missing(
        .ipv6, at: start, "octets of the IPv6 header", found: bytes.byteCount - start,
        expected: IPv6Header.length, &batch)
    }
    if let first = bytes.octet(at: start), first >> 4 != 6 {
      return fault(
        .malformed, .ipv6, at: start, "IP version", found: Int(first >> 4), expected: 6, &batch)
    }
    record.protocolReached = .ipv6
    record.network.source = header.source
    record.network.destination = header.destination
    record.network.timeToLive = header.hopLimit
    let payload = start + IPv6Header.length
    let payloadLength =
      header.payloadLength == 0 ? lengthOnWire(from: payload, bytes) : header.payloadLength
    let captured = bytes.byteCount - payload
    if payloadLength <= captured {
      isCut = false
    } else if !isCut {
      fault(
        .malformed, .ipv6, at: start + 4, "payload length beyond the end of the frame",
        found: captured, expected: payloadLength, &batch)
    }
    let end = payload + min(payloadLength, captured)
    let chain = IPv6ExtensionHeaders(bytes, first: header.nextHeader, at: payload, limit: end)
    record.network.protocolNumber = chain.protocolNumber
    record.network.fragment = chain.fragment
    record.network.identification = chain.identification
    if let fragment = chain.fragment, fragment.offset > 0 || fragment.moreFragments,
      chain.fragmentStart > 0
    {
      return decodeFragment(
        Fragment(
          start: chain.fragmentStart, count: payloadLength - (chain.fragmentStart - payload),
          captured: end - chain.fragmentStart, offset: Int(fragment.offset),
          isLast: !fragment.moreFragments, protocolNumber: chain.fragmentProtocol),
        identification: chain.identification ?? 0, bytes, &batch)
    }
    if let length = chain.incompleteLength {
      return missing(
        .ipv6, at: chain.end, "octets of the extension header", found: end - chain.end,
        expected: length, &batch)
    }
    decodeTransport(
      chain.protocolNumber, bytes, chain.end, end,
      payloadLength: payloadLength - (chain.end - payload), isWhole: true, &batch)
  }
}
