/// The link types that are decoded, by LINKTYPE_ value.
///
/// Source: https://www.tcpdump.org/linktypes.html
enum LinkType: Int32 {
  case null = 0
  case ethernet = 1
  case raw = 101
  /// What LINKTYPE_RAW is called in files that some BSDs wrote with their own DLT_ value.
  case rawBSD = 12
  case rawOpenBSD = 14
  case loop = 108
  case linuxCooked = 113
  case ipv4 = 228
  case ipv6 = 229
  case linuxCooked2 = 276
}

/// EtherTypes that are decoded further: IEEE 802 Numbers, IANA.
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806
  static let vlan: UInt16 = 0x8100
  static let ipv6: UInt16 = 0x86dd
  static let serviceVLAN: UInt16 = 0x88a8
  /// Used for outer tags before 802.1ad gave 0x88a8.
  static let oldServiceVLAN: UInt16 = 0x9100
  /// Smaller values in the type field are an IEEE 802.3 length.
  static let lowest: UInt16 = 0x0600
}

extension PacketDecoder {
  mutating func decodeLink(_ bytes: RawSpan, _ type: LinkType?, _ batch: inout RecordBatch) {
    switch type {
    case .ethernet: decodeEthernet(bytes, &batch)
    case .linuxCooked: decodeLinuxCooked(bytes, &batch)
    case .linuxCooked2: decodeLinuxCooked2(bytes, &batch)
    case .null, .loop: decodeLoopback(bytes, bigEndianOnly: type == .loop, &batch)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6: decodeRaw(bytes, &batch)
    case nil: break
    }
  }

  /// Source: IEEE 802.3, clause 3; RFC 894. Destination 0..<6, source 6..<12, type 12..<14.
  private mutating func decodeEthernet(_ bytes: RawSpan, _ batch: inout RecordBatch) {
    guard let destination = bytes.eui48(at: 0), let source = bytes.eui48(at: 6),
      let type = bytes.bigEndian(at: 12, as: UInt16.self)
    else {
      return missing(
        .eth, at: 0, "octets of the Ethernet header", found: bytes.byteCount, expected: 14, &batch)
    }
    record.protocolReached = .eth
    (record.link.source, record.link.destination) = (source, destination)
    decodeEtherType(type, bytes, at: 14, &batch)
  }

  /// What follows an EtherType, VLAN tags included.
  ///
  /// A tag is the identifier (12 bits of the first two octets) and the next EtherType:
  /// IEEE 802.1Q, 9.6.
  mutating func decodeEtherType(
    _ first: UInt16, _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    var (type, offset) = (first, start)
    var areAllKept = true
    while type == EtherType.vlan || type == EtherType.serviceVLAN
      || type == EtherType.oldServiceVLAN
    {
      guard let tag = bytes.bigEndian(at: offset, as: UInt16.self),
        let next = bytes.bigEndian(at: offset + 2, as: UInt16.self)
      else {
        return missing(
          .vlan, at: offset, "octets of the VLAN tag", found: bytes.byteCount - offset,
          expected: 4, &batch)
      }
      record.protocolReached = .vlan
      if !record.link.appendVLAN(tag & 0x0fff) && areAllKept {
        areAllKept = false
        fault(
          .malformed, .vlan, at: offset, "more than 4 VLAN tags; the inner are not kept", &batch)
      }
      (type, offset) = (next, offset + 4)
    }
    record.link.etherType = type < EtherType.lowest ? nil : type
    switch type {
    case EtherType.ipv4: decodeIPv4(bytes, at: offset, &batch)
    case EtherType.ipv6: decodeIPv6(bytes, at: offset, &batch)
    case EtherType.arp: decodeARP(bytes, at: offset, &batch)
    default: break
    }
  }

  /// LINKTYPE_LINUX_SLL: packet type 0..<2, ARPHRD_ type 2..<4, address length 4..<6,
  /// address 6..<14, protocol 14..<16; all in network order.
  private mutating func decodeLinuxCooked(_ bytes: RawSpan, _ batch: inout RecordBatch) {
    guard let addressLength = bytes.bigEndian(at: 4, as: UInt16.self),
      let type = bytes.bigEndian(at: 14, as: UInt16.self)
    else {
      return missing(
        .sll, at: 0, "octets of the Linux cooked header", found: bytes.byteCount, expected: 16,
        &batch)
    }
    record.protocolReached = .sll
    if addressLength == 6 { record.link.source = bytes.eui48(at: 6) }
    decodeEtherType(type, bytes, at: 16, &batch)
  }

  /// LINKTYPE_LINUX_SLL2: protocol 0..<2, interface index 4..<8, ARPHRD_ type 8..<10,
  /// packet type 10, address length 11, address 12..<20; all in network order.
  private mutating func decodeLinuxCooked2(_ bytes: RawSpan, _ batch: inout RecordBatch) {
    guard let type = bytes.bigEndian(at: 0, as: UInt16.self),
      let addressLength = bytes.octet(at: 11), bytes.byteCount >= 20
    else {
      return missing(
        .sll, at: 0, "octets of the Linux cooked header, version 2", found: bytes.byteCount,
        expected: 20, &batch)
    }
    record.protocolReached = .sll
    if addressLength == 6 { record.link.source = bytes.eui48(at: 12) }
    record.link.interfaceIndex = bytes.bigEndian(at: 4, as: UInt32.self)
    decodeEtherType(type, bytes, at: 20, &batch)
  }

  /// LINKTYPE_NULL and LINKTYPE_LOOP: four octets with the address family, in the order of the
  /// host that captured (NULL) or in network order (LOOP). The families differ between systems.
  private mutating func decodeLoopback(
    _ bytes: RawSpan, bigEndianOnly: Bool, _ batch: inout RecordBatch
  ) {
    guard let family = bytes.bigEndian(at: 0, as: UInt32.self) else {
      return missing(
        .null, at: 0, "octets of the loopback header", found: bytes.byteCount, expected: 4, &batch)
    }
    record.protocolReached = .null
    // A family is a small number: where the upper half is set, the order is the other one.
    switch !bigEndianOnly && family > 0xffff ? family.byteSwapped : family {
    case 2: decodeIPv4(bytes, at: 4, &batch)
    case 10, 24, 28, 30: decodeIPv6(bytes, at: 4, &batch)
    default: break
    }
  }

  /// LINKTYPE_RAW, _IPV4 and _IPV6: an IP datagram with nothing before it.
  private mutating func decodeRaw(_ bytes: RawSpan, _ batch: inout RecordBatch) {
    guard let first = bytes.octet(at: 0) else {
      return missing(.raw, at: 0, "octets of the IP header", found: 0, expected: 1, &batch)
    }
    record.protocolReached = .raw
    switch first >> 4 {
    case 4: decodeIPv4(bytes, at: 0, &batch)
    case 6: decodeIPv6(bytes, at: 0, &batch)
    default:
      fault(
        .malformed, .raw, at: 0, "IP version", found: Int(first >> 4), expected: nil, &batch)
    }
  }
}
