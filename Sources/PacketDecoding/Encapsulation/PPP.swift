extension PacketDecoder {
  /// PPP's protocol numbers that are decoded further: IANA, Point-to-Point Protocol Numbers.
  private enum PPPProtocol {
    static let ipv4: UInt16 = 0x0021
    static let ipv6: UInt16 = 0x0057
    static let mpls: UInt16 = 0x0281
  }

  /// A PPP frame: address and control (0xff 0x03), which may be left out, and the protocol, whose first
  /// octet may be left out where it is zero.
  ///
  /// Source: RFC 1661, 2 and 6.5; RFC 1662, 3.1.
  mutating func decodePPP(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    let offset = bytes.bigEndian(at: start, as: UInt16.self) == 0xff03 ? start + 2 : start
    guard let first = bytes.octet(at: offset) else {
      return missing(
        .ppp, at: start, "octets of the PPP header", found: bytes.byteCount - start,
        expected: 2, &batch)
    }
    record.protocolReached = .ppp
    // The last bit of a protocol number is 1, that of the first of its two octets 0.
    let isShort = first & 1 == 1
    guard let number = isShort ? UInt16(first) : bytes.bigEndian(at: offset, as: UInt16.self)
    else { return }
    let content = offset + (isShort ? 1 : 2)
    switch number {
    case PPPProtocol.ipv4: decodeIPv4(bytes, at: content, &batch)
    case PPPProtocol.ipv6: decodeIPv6(bytes, at: content, &batch)
    case PPPProtocol.mpls: decodeMPLS(bytes, at: content, &batch)
    default: break
    }
  }

  /// A PPPoE session's frame: version and type (0x11), code 0, session (16 bits), length of what
  /// follows (16 bits), then PPP without address and control.
  ///
  /// Source: RFC 2516, 4.
  mutating func decodePPPoE(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let kind = bytes.bigEndian(at: start, as: UInt16.self),
      let session = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let length = bytes.bigEndian(at: start + 4, as: UInt16.self)
    else {
      return missing(
        .pppoes, at: start, "octets of the PPPoE header", found: bytes.byteCount - start,
        expected: 6, &batch)
    }
    record.protocolReached = kind == 0x1100 ? .pppoes : .pppoed
    guard kind == 0x1100 else { return }
    let end = min(bytes.byteCount, start + 6 + Int(length))
    decode(
      Encapsulation(kind: .pppoes, identifier: UInt32(session)), holding: .ppp,
      bytes.extracting(first: end), at: start + 6, &batch)
  }
}
