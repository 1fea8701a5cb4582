extension PacketDecoder {
  /// Octets of payload that its hash looks at: captures that keep 68 octets of a packet, as tcpdump
  /// once did, hold as many of a UDP datagram, and protocols that number their messages do so there.
  private static let hashedOctets = 24

  /// A hash of the first octets of `bytes[start..<end]`, a payload of `length` octets on the wire:
  /// SipHash-2-4, cut to 32 bits, equal wherever the same packet is captured.
  ///
  /// - Returns: `nil` when the capture holds fewer of them than the packet had.
  func payloadHash(_ bytes: RawSpan, _ start: Int, _ end: Int, length: Int) -> UInt32? {
    let count = min(Self.hashedOctets, max(0, length))
    guard end - start >= count else { return nil }
    var hash = SipHash24()
    for word in stride(from: 0, to: count - count % 8, by: 8) {
      hash.add(bytes.bigEndian(at: start + word, as: UInt64.self) ?? 0)
    }
    var rest: UInt64 = 0
    for index in count - count % 8..<count {
      rest = rest << 8 | UInt64(bytes.octet(at: start + index) ?? 0)
    }
    return UInt32(truncatingIfNeeded: hash.finish(octetCount: count, rest: rest))
  }
}
