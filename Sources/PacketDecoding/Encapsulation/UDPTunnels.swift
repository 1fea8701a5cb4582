/// Tunnels that are known by their UDP port: IANA, Service Name and Transport Protocol Port Number
/// Registry.
enum TunnelPort {
  static let gtp: UInt16 = 2152
  static let teredo: UInt16 = 3544
  static let vxlan: UInt16 = 4789
  static let geneve: UInt16 = 6081
  static let mpls: UInt16 = 6635
  /// What Linux took before VXLAN had a port of its own.
  static let oldVXLAN: UInt16 = 8472
}

extension PacketDecoder {
  /// What a UDP datagram to a tunnel's port wraps, in `bytes[start..<end]`. Data that does not have the
  /// tunnel's shape is left, without a fault: anything may use a port.
  mutating func decodeUDPTunnel(
    _ header: UDPHeader, _ bytes: RawSpan, _ start: Int, _ end: Int, _ batch: inout RecordBatch
  ) {
    let (outside, faults) = (record.link.tunnelDirection, batch.faults.count)
    defer {
      if record.link.tunnelDirection == outside, record.protocolReached != .arp {
        record.protocolReached = .udp
        batch.faults.removeSubrange(faults...)
      }
    }
    switch (header.sourcePort, header.destinationPort) {
    case (_, TunnelPort.vxlan), (_, TunnelPort.oldVXLAN):
      decodeVXLAN(bytes.extracting(first: end), at: start, &batch)
    case (_, TunnelPort.geneve): decodeGENEVE(bytes.extracting(first: end), at: start, &batch)
    case (_, TunnelPort.gtp): decodeGTP(bytes.extracting(first: end), at: start, &batch)
    case (_, TunnelPort.mpls): decodeMPLS(bytes.extracting(first: end), at: start, &batch)
    case (_, TunnelPort.teredo), (TunnelPort.teredo, _):
      decodeTeredo(bytes.extracting(first: end), at: start, &batch)
    default: break
    }
  }

  /// Flags (8 bits, of which 0x08 says that the identifier is valid), reserved (24), network identifier
  /// (24), reserved (8), then an Ethernet frame: RFC 7348, 5.
  private mutating func decodeVXLAN(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let words = bytes.bigEndian(at: start, as: UInt64.self), words >> 56 & 0x08 != 0
    else { return }
    decode(
      Encapsulation(kind: .vxlan, identifier: UInt32(truncatingIfNeeded: words) >> 8),
      holding: .ethernet, bytes, at: start + 8, &batch)
  }

  /// Version (2 bits, 0), length of the options in words of 4 octets (6), flags (8), an EtherType (16),
  /// network identifier (24), reserved (8), options: RFC 8926, 3.4.
  private mutating func decodeGENEVE(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    guard let words = bytes.bigEndian(at: start, as: UInt64.self), words >> 62 == 0 else { return }
    let type = UInt16(truncatingIfNeeded: words >> 32)
    guard type >= EtherType.lowest else { return }
    decode(
      Encapsulation(kind: .geneve, identifier: UInt32(truncatingIfNeeded: words) >> 8),
      holding: type == EtherType.transparentEthernet ? .ethernet : .etherType(type), bytes,
      at: start + 8 + Int(words >> 56 & 0x3f) * 4, &batch)
  }

  /// GTP-U: version (3 bits, 1), protocol type (1 bit, 1), three flags in the last three bits, message
  /// type (8, of which 255 carries a datagram), length (16), tunnel endpoint identifier (32). With any
  /// flag, sequence number (16), N-PDU number (8) and the type of the first extension header (8)
  /// follow. An extension header begins with its length in words of 4 octets and ends with the type of
  /// the next; type 0 is none.
  ///
  /// Source: 3GPP TS 29.281, 5.1 and 5.2.
  private mutating func decodeGTP(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let flags = bytes.octet(at: start), flags >> 4 == 0b0011,
      bytes.octet(at: start + 1) == 255,
      let identifier = bytes.bigEndian(at: start + 4, as: UInt32.self)
    else { return }
    record.protocolReached = .gtp
    var offset = start + 8
    if flags & 0x07 != 0 {
      var next = flags & 0x04 == 0 ? 0 : bytes.octet(at: start + 11)
      offset += 4
      while next != 0 {
        guard next != nil, let words = bytes.octet(at: offset), words > 0 else { return }
        offset += Int(words) * 4
        next = bytes.octet(at: offset - 1)
      }
    }
    decode(
      Encapsulation(kind: .gtp, identifier: identifier, isIdentifierShared: false), holding: .ip,
      bytes, at: offset, &batch)
  }

  /// An IPv6 datagram, before which an authentication header (0x0001, lengths of identifier and value,
  /// these, nonce of 8 octets, confirmation) and an origin indication (0x0000, port, address) may
  /// stand: RFC 4380, 5.1.1.
  private mutating func decodeTeredo(
    _ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch
  ) {
    var offset = start
    if bytes.bigEndian(at: offset, as: UInt16.self) == 1 {
      guard let identifier = bytes.octet(at: offset + 2), let value = bytes.octet(at: offset + 3)
      else { return }
      offset += 4 + Int(identifier) + Int(value) + 9
    }
    if bytes.bigEndian(at: offset, as: UInt16.self) == 0 { offset += 8 }
    guard let first = bytes.octet(at: offset), first >> 4 == 6 else { return }
    decode(Encapsulation(kind: .teredo), holding: .ip, bytes, at: offset, &batch)
  }
}
