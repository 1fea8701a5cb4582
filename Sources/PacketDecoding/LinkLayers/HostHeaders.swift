// Link types whose header is not the network's but the capturing host's.

extension PacketDecoder {
  /// LINKTYPE_NFLOG: address family (8 bits), version (8, 0), resource (16), then fields of a length
  /// (16, itself and the type included), a type (16) and content, filled up to a multiple of 4 octets.
  /// Lengths and types are in the order of the host that captured.
  mutating func decodeNFLOG(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let family = bytes.octet(at: start), let version = bytes.octet(at: start + 1),
      bytes.byteCount - start >= 4
    else {
      return missing(
        .nflog, at: start, "octets of the NFLOG header", found: bytes.byteCount - start,
        expected: 4, &batch)
    }
    record.protocolReached = .nflog
    guard version == 0 else { return }
    var offset = start + 4
    while let first = bytes.bigEndian(at: offset, as: UInt16.self),
      let second = bytes.bigEndian(at: offset + 2, as: UInt16.self)
    {
      // Types are small numbers: where the upper octet is set, the order is the other one.
      let isSwapped = second > 0xff
      let length = Int(isSwapped ? first.byteSwapped : first)
      let type = (isSwapped ? second.byteSwapped : second) & 0x7fff
      guard length >= 4 else {
        return fault(
          .malformed, .nflog, at: offset, "length of an NFLOG field", found: length, expected: 4,
          &batch)
      }
      if type == Self.nflogPayload {
        switch family {
        case 2: decodeIPv4(bytes, at: offset + 4, &batch)
        case 10: decodeIPv6(bytes, at: offset + 4, &batch)
        default: break
        }
        return
      }
      offset += (length + 3) / 4 * 4
    }
  }

  private static let nflogPayload: UInt16 = 9

  /// LINKTYPE_PKTAP, of macOS: length of the header (32 bits), type of what follows (32, 1 for a
  /// packet), the packet's DLT_ value (32), and more; least significant octet first.
  mutating func decodePKTAP(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let length = bytes.bigEndian(at: start, as: UInt32.self)?.byteSwapped,
      let kind = bytes.bigEndian(at: start + 4, as: UInt32.self)?.byteSwapped,
      let type = bytes.bigEndian(at: start + 8, as: UInt32.self)?.byteSwapped
    else {
      return missing(
        .pktap, at: start, "octets of the PKTAP header", found: bytes.byteCount - start,
        expected: 12, &batch)
    }
    record.protocolReached = .pktap
    guard length >= 12 else {
      return fault(
        .malformed, .pktap, at: start, "length of the PKTAP header", found: Int(length),
        expected: 12, &batch)
    }
    guard kind == 1, let link = LinkType(rawValue: Int32(clamping: type)), link != .pktap,
      link != .pktapAsUser
    else { return }
    decodeLink(bytes, link, at: start + Int(length), &batch)
  }
}
