extension PacketDecoder {
  /// Labels of one stack that are walked; hostile ones have no bottom.
  private static let longestStack = 16

  /// A stack of MPLS labels: each is a label (20 bits), traffic class (3), whether it is the bottom (1)
  /// and a time to live (8).
  ///
  /// What follows is nowhere said: an IP datagram begins with its version, and a pseudowire's control
  /// word, before an Ethernet frame, with 0.
  ///
  /// Source: RFC 3032, 2.1; RFC 4385, 3; RFC 4928, 3.
  mutating func decodeMPLS(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    var offset = start
    for _ in 0..<Self.longestStack {
      guard let entry = bytes.bigEndian(at: offset, as: UInt32.self) else {
        return missing(
          .mpls, at: offset, "octets of the MPLS label", found: bytes.byteCount - offset,
          expected: 4, &batch)
      }
      record.protocolReached = .mpls
      offset += 4
      guard entry & 0x100 != 0 else { continue }
      let stack = Encapsulation(kind: .mpls, identifier: entry >> 12, isIdentifierShared: false)
      switch bytes.octet(at: offset).map({ $0 >> 4 }) {
      case 4, 6: decode(stack, holding: .ip, bytes, at: offset, &batch)
      case 0: decode(stack, holding: .ethernet, bytes, at: offset + 4, &batch)
      default: break
      }
      return
    }
    fault(.malformed, .mpls, at: offset, "more than 16 MPLS labels without a bottom", &batch)
  }
}
