/// The link types that are decoded, by LINKTYPE_ value.
///
/// Source: https://www.tcpdump.org/linktypes.html
enum LinkType: Int32 {
  case null = 0
  case ethernet = 1
  case ppp = 9
  case pppHDLC = 50
  case pppoe = 51
  case raw = 101
  /// What LINKTYPE_RAW is called in files that some BSDs wrote with their own DLT_ value.
  case rawBSD = 12
  case rawOpenBSD = 14
  case ieee80211 = 105
  case loop = 108
  case linuxCooked = 113
  case radiotap = 127
  /// DLT_USER2, which macOS wrote for PKTAP before it had a value of its own.
  case pktapAsUser = 149
  case pppWithDirection = 166
  case ipv4 = 228
  case ipv6 = 229
  case nflog = 239
  case pktap = 258
  case linuxCooked2 = 276
}

/// EtherTypes that are decoded further: IEEE 802 Numbers, IANA.
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806
  static let transparentEthernet: UInt16 = 0x6558
  static let vlan: UInt16 = 0x8100
  static let ipv6: UInt16 = 0x86dd
  static let mpls: UInt16 = 0x8847
  static let mplsMulticast: UInt16 = 0x8848
  static let pppoeDiscovery: UInt16 = 0x8863
  static let pppoeSession: UInt16 = 0x8864
  static let serviceVLAN: UInt16 = 0x88a8
  /// Used for outer tags before 802.1ad gave 0x88a8.
  static let oldServiceVLAN: UInt16 = 0x9100
  /// Arista Networks' own: https://standards-oui.ieee.org/ethertype/eth.txt
  static let arista: UInt16 = 0xd28b
  /// Smaller values in the type field are an IEEE 802.3 length.
  static let lowest: UInt16 = 0x0600
}

extension PacketDecoder {
  /// A packet of that link type, whose header starts at `start`.
  mutating func decodeLink(
    _ bytes: RawSpan, _ type: LinkType?, at start: Int, _ batch: inout RecordBatch
  ) {
    switch type {
    case .ethernet: decodeEthernet(bytes, at: start, &batch)
    case .linuxCooked: decodeLinuxCooked(bytes, at: start, &batch)
    case .linuxCooked2: decodeLinuxCooked2(bytes, at: start, &batch)
    case .null, .loop: decodeLoopback(bytes, bigEndianOnly: type == .loop, at: start, &batch)
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6: decodeRaw(bytes, at: start, &batch)
    case .ppp, .pppHDLC: decodePPP(bytes, at: start, &batch)
    case .pppWithDirection: decodePPP(bytes, at: start + 1, &batch)
    case .pppoe: decodePPPoE(bytes, at: start, &batch)
    case .ieee80211: decodeIEEE80211(bytes, at: start, isPadded: false, &batch)
    case .radiotap: decodeRadiotap(bytes, at: start, &batch)
    case .nflog: decodeNFLOG(bytes, at: start, &batch)
    case .pktap, .pktapAsUser: decodePKTAP(bytes, at: start, &batch)
    case nil: break
    }
  }

  /// Source: IEEE 802.3, clause 3; RFC 894. Destination 0..<6, source 6..<12, type 12..<14.
  mutating func decodeEthernet(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let destination = bytes.eui48(at: start), let source = bytes.eui48(at: start + 6),
      let type = bytes.bigEndian(at: start + 12, as: UInt16.self)
    else {
      return missing(
        .eth, at: start, "octets of the Ethernet header", found: bytes.byteCount - start,
        expected: 14, &batch)
    }
    record.protocolReached = .eth
    keepLinkAddresses(source, destination)
    decodeEtherType(type, bytes, at: start + 14, &batch)
  }

  /// Keeps link-layer addresses of the packet; those of a frame in a tunnel are none of the link's.
  mutating func keepLinkAddresses(_ source: UInt64?, _ destination: UInt64?) {
    guard encapsulationDepth == 0 else { return }
    (record.link.source, record.link.destination) = (source, destination)
  }

  /// What follows an EtherType, VLAN tags included; of a smaller value, an IEEE 802.3 length, the
  /// LLC header.
  ///
  /// A tag is the identifier (12 bits of the first two octets) and the next EtherType:
  /// IEEE 802.1Q, 9.6.
  mutating func decodeEtherType(
    _ first: UInt16, _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    var (type, offset) = (first, start)
    if type == EtherType.arista, let header = aristaTimeStamp(bytes, at: start) {
      (type, offset) = header
    }
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
      if encapsulationDepth == 0 && !record.link.appendVLAN(tag & 0x0fff) && areAllKept {
        areAllKept = false
        fault(
          .malformed, .vlan, at: offset, "more than 4 VLAN tags; the inner are not kept", &batch)
      }
      (type, offset) = (next, offset + 4)
    }
    if type < EtherType.lowest { return decodeLLC(bytes, at: offset, &batch) }
    decodeUntagged(type, bytes, at: offset, &batch)
  }

  /// The EtherType behind the header in which Arista's tap aggregators put the time of arrival before the
  /// tags that a frame came with, and where what it stands for begins; `nil` when the header is another
  /// or cut.
  ///
  /// Subtype 0..<2, of which 1 is a time stamp; version 2..<4: in its low octet 0x10 for 8 octets of time
  /// and 0x20 for 6, in its high one the time scale; the time; the EtherType.
  ///
  /// Source: tcpdump, print-arista.c, as the vendor describes it there.
  private func aristaTimeStamp(_ bytes: RawSpan, at start: Int) -> (type: UInt16, offset: Int)? {
    guard bytes.bigEndian(at: start, as: UInt16.self) == 1,
      let version = bytes.bigEndian(at: start + 2, as: UInt16.self)
    else { return nil }
    let length: Int
    switch version {
    case 0x0010, 0x0110: length = 8
    case 0x0020, 0x0120: length = 6
    default: return nil
    }
    return bytes.bigEndian(at: start + 4 + length, as: UInt16.self)
      .map { ($0, start + 4 + length + 2) }
  }

  /// What follows an EtherType behind which no tag may stand any more: so hostile packets nest tags and
  /// headers in each other no further.
  private mutating func decodeUntagged(
    _ type: UInt16, _ bytes: RawSpan, at offset: Int, _ batch: inout RecordBatch
  ) {
    if encapsulationDepth == 0 { record.link.etherType = type }
    switch type {
    case EtherType.ipv4: decodeIPv4(bytes, at: offset, &batch)
    case EtherType.ipv6: decodeIPv6(bytes, at: offset, &batch)
    case EtherType.arp: decodeARP(bytes, at: offset, &batch)
    case EtherType.mpls, EtherType.mplsMulticast: decodeMPLS(bytes, at: offset, &batch)
    case EtherType.pppoeSession: decodePPPoE(bytes, at: offset, &batch)
    case EtherType.pppoeDiscovery: record.protocolReached = .pppoed
    default: break
    }
  }

  /// The LLC header: destination and source service access points, control; with both 0xaa, SNAP's
  /// organisation (3 octets) and EtherType follow.
  ///
  /// Source: IEEE 802.2, clause 3; IEEE 802, clause 9; RFC 1042.
  mutating func decodeLLC(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    // An organisation of zero means an EtherType; 0x0000f8 means one that was bridged (802.1H).
    guard let points = bytes.bigEndian(at: start, as: UInt16.self),
      let control = bytes.octet(at: start + 2)
    else { return }
    record.protocolReached = .llc
    guard points == 0xaaaa, control == 0x03,
      let organisation = bytes.bigEndian(at: start + 2, as: UInt32.self),
      let type = bytes.bigEndian(at: start + 6, as: UInt16.self),
      organisation & 0xff_ffff == 0 || organisation & 0xff_ffff == 0xf8,
      type >= EtherType.lowest
    else { return }
    decodeUntagged(type, bytes, at: start + 8, &batch)
  }

  /// LINKTYPE_LINUX_SLL: packet type 0..<2, ARPHRD_ type 2..<4, address length 4..<6,
  /// address 6..<14, protocol 14..<16; all in network order.
  private mutating func decodeLinuxCooked(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let addressLength = bytes.bigEndian(at: start + 4, as: UInt16.self),
      let type = bytes.bigEndian(at: start + 14, as: UInt16.self)
    else {
      return missing(
        .sll, at: start, "octets of the Linux cooked header",
        found: bytes.byteCount - start, expected: 16, &batch)
    }
    record.protocolReached = .sll
    if addressLength == 6 { keepLinkAddresses(bytes.eui48(at: start + 6), nil) }
    decodeCookedProtocol(type, bytes, at: start + 16, &batch)
  }

  /// LINKTYPE_LINUX_SLL2: protocol 0..<2, interface index 4..<8, ARPHRD_ type 8..<10,
  /// packet type 10, address length 11, address 12..<20; all in network order.
  private mutating func decodeLinuxCooked2(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let type = bytes.bigEndian(at: start, as: UInt16.self),
      let addressLength = bytes.octet(at: start + 11), bytes.byteCount - start >= 20
    else {
      return missing(
        .sll, at: start, "octets of the Linux cooked header, version 2",
        found: bytes.byteCount - start, expected: 20, &batch)
    }
    record.protocolReached = .sll
    if addressLength == 6 { keepLinkAddresses(bytes.eui48(at: start + 12), nil) }
    record.link.interfaceIndex = bytes.bigEndian(at: start + 4, as: UInt32.self)
    decodeCookedProtocol(type, bytes, at: start + 20, &batch)
  }

  /// A cooked header's protocol: an EtherType, or a smaller number of Linux's own, of which 4 is an
  /// LLC header and 1 an IEEE 802.3 frame of a kind that is not decoded.
  private mutating func decodeCookedProtocol(
    _ type: UInt16, _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    if type >= EtherType.lowest {
      decodeEtherType(type, bytes, at: start, &batch)
    } else if type == 4 {
      decodeLLC(bytes, at: start, &batch)
    }
  }

  /// LINKTYPE_NULL and LINKTYPE_LOOP: four octets with the address family, in the order of the
  /// host that captured (NULL) or in network order (LOOP). The families differ between systems.
  private mutating func decodeLoopback(
    _ bytes: RawSpan, bigEndianOnly: Bool, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let family = bytes.bigEndian(at: start, as: UInt32.self) else {
      return missing(
        .null, at: start, "octets of the loopback header", found: bytes.byteCount - start,
        expected: 4, &batch)
    }
    record.protocolReached = .null
    // A family is a small number: where the upper half is set, the order is the other one.
    switch !bigEndianOnly && family > 0xffff ? family.byteSwapped : family {
    case 2: decodeIPv4(bytes, at: start + 4, &batch)
    case 10, 24, 28, 30: decodeIPv6(bytes, at: start + 4, &batch)
    default: break
    }
  }

  /// LINKTYPE_RAW, _IPV4 and _IPV6: an IP datagram with nothing before it.
  private mutating func decodeRaw(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let first = bytes.octet(at: start) else {
      return missing(.raw, at: start, "octets of the IP header", found: 0, expected: 1, &batch)
    }
    record.protocolReached = .raw
    guard !decodeIP(bytes, at: start, &batch) else { return }
    fault(.malformed, .raw, at: start, "IP version", found: Int(first >> 4), expected: nil, &batch)
  }

  /// An IP datagram of the version that its first four bits tell.
  ///
  /// - Returns: Whether there is such a version.
  mutating func decodeIP(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) -> Bool {
    switch (bytes.octet(at: start) ?? 0) >> 4 {
    case 4: decodeIPv4(bytes, at: start, &batch)
    case 6: decodeIPv6(bytes, at: start, &batch)
    default: return false
    }
    return true
  }
}
