/// Protocol numbers of IP that wrap a packet: IANA, Assigned Internet Protocol Numbers.
extension IPProtocol {
  static let ipv4: UInt8 = 4
  static let ipv6: UInt8 = 41
  static let gre: UInt8 = 47
  static let mpls: UInt8 = 137
}

/// A header of Generic Routing Encapsulation, and where what it wraps starts.
///
/// Version 0: RFC 2784, with key and sequence number RFC 2890; with a routing field, RFC 1701, it is
/// not followed. Version 1 carries PPP: RFC 2637.
private struct GREHeader {
  var version: UInt16
  /// What is wrapped: an EtherType, or a number that was made up for GRE.
  var protocolType: UInt16
  var key: UInt32?
  var hasSequenceNumber: Bool
  var hasChecksum: Bool
  var isRouted: Bool
  var end: Int

  private enum Flag {
    static let checksum: UInt16 = 0x8000, routing: UInt16 = 0x4000, key: UInt16 = 0x2000
    static let sequence: UInt16 = 0x1000, acknowledgment: UInt16 = 0x0080, version: UInt16 = 7
  }

  /// - Returns: `nil` when the header is not all there.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let flags = bytes.bigEndian(at: start, as: UInt16.self),
      let type = bytes.bigEndian(at: start + 2, as: UInt16.self)
    else { return nil }
    version = flags & Flag.version
    protocolType = type
    hasChecksum = flags & Flag.checksum != 0
    isRouted = flags & Flag.routing != 0
    hasSequenceNumber = flags & Flag.sequence != 0
    end = start + 4
    if version == 0 && (hasChecksum || isRouted) { end += 4 }
    if flags & Flag.key != 0 {
      guard let key = bytes.bigEndian(at: end, as: UInt32.self) else { return nil }
      self.key = key
      end += 4
    }
    if hasSequenceNumber { end += 4 }
    if version == 1 && flags & Flag.acknowledgment != 0 { end += 4 }
    if end > bytes.byteCount { return nil }
  }

  /// Octets of the header, by its flags as far as they are there.
  static func length(_ bytes: RawSpan, at start: Int) -> Int {
    let flags = bytes.bigEndian(at: start, as: UInt16.self) ?? 0
    let isOfVersion1 = flags & Flag.version == 1
    let hasChecksum = !isOfVersion1 && flags & (Flag.checksum | Flag.routing) != 0
    return [
      hasChecksum, flags & Flag.key != 0, flags & Flag.sequence != 0,
      isOfVersion1 && flags & Flag.acknowledgment != 0,
    ].reduce(4) { $1 ? $0 + 4 : $0 }
  }
}

extension PacketDecoder {
  /// Protocol types that are no EtherTypes: RFC 2637; the ERSPAN draft, draft-foschiano-erspan-03.
  private enum GREType {
    static let ppp: UInt16 = 0x880b
    static let erspan: UInt16 = 0x88be
    static let erspanIII: UInt16 = 0x22eb
  }

  mutating func decodeGRE(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let header = GREHeader(bytes, at: start) else {
      return missing(
        .gre, at: start, "octets of the GRE header", found: bytes.byteCount - start,
        expected: GREHeader.length(bytes, at: start), &batch)
    }
    record.protocolReached = .gre
    switch (header.version, header.protocolType) {
    case (0, _) where header.isRouted: break
    case (0, GREType.erspan) where !header.hasSequenceNumber:
      // Type I has no header of its own.
      decode(Encapsulation(kind: .erspan), holding: .ethernet, bytes, at: header.end, &batch)
    case (0, GREType.erspan): decodeERSPANII(bytes, at: header.end, &batch)
    case (0, GREType.erspanIII): decodeERSPANIII(bytes, at: header.end, &batch)
    case (0, EtherType.transparentEthernet):
      decode(Self.network(header), holding: .ethernet, bytes, at: header.end, &batch)
    case (0, let type) where type >= EtherType.lowest:
      decode(
        Encapsulation(kind: .gre, identifier: header.key), holding: .etherType(type), bytes,
        at: header.end, &batch)
    case (1, GREType.ppp):
      // The key is the payload's length and the receiver's call identifier.
      decode(
        Encapsulation(
          kind: .gre, identifier: header.key.map { $0 & 0xffff }, isIdentifierShared: false),
        holding: .ppp, bytes, at: header.end, &batch)
    default: break
    }
  }

  /// Ethernet in GRE. It is NVGRE where the key alone is there and its upper 24 bits are a virtual
  /// subnet identifier, which are those from 0x1000 up: RFC 7637, 3.2 and 3.3. The lower 8 tell flows
  /// apart. Other keys are one number.
  private static func network(_ header: GREHeader) -> Encapsulation {
    guard let key = header.key, key >> 8 >= 0x1000, !header.hasChecksum, !header.hasSequenceNumber
    else { return Encapsulation(kind: .gre, identifier: header.key) }
    return Encapsulation(kind: .nvgre, identifier: key >> 8)
  }

  /// Type II: version (4 bits, 1), VLAN (12), priority and flags (6), session (10), reserved (12),
  /// port index (20).
  private mutating func decodeERSPANII(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let words = bytes.bigEndian(at: start, as: UInt64.self) else {
      return missing(
        .erspan, at: start, "octets of the ERSPAN header", found: bytes.byteCount - start,
        expected: 8, &batch)
    }
    record.protocolReached = .erspan
    guard words >> 60 == 1 else { return }
    decode(
      Encapsulation(kind: .erspan, identifier: UInt32(words >> 32 & 0x3ff)), holding: .ethernet,
      bytes, at: start + 8, &batch)
  }

  /// Type III: as type II to the session, then a time stamp (32), a security group tag (16), and
  /// 16 bits with the frame's type in bits 10 to 14 and whether 8 more octets follow in bit 0.
  private mutating func decodeERSPANIII(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let first = bytes.bigEndian(at: start, as: UInt32.self),
      let last = bytes.bigEndian(at: start + 10, as: UInt16.self)
    else {
      return missing(
        .erspan, at: start, "octets of the ERSPAN header", found: bytes.byteCount - start,
        expected: 12, &batch)
    }
    record.protocolReached = .erspan
    let content: Encapsulation.Content
    switch (first >> 28, last >> 10 & 0x1f) {
    case (2, 0): content = .ethernet
    case (2, 2): content = .ip
    default: return
    }
    decode(
      Encapsulation(kind: .erspan, identifier: first & 0x3ff), holding: content, bytes,
      at: start + (last & 1 == 0 ? 12 : 20), &batch)
  }
}
