extension PacketDecoder {
  /// ARP for IPv4 over a link with six-octet addresses; any other is left at `arp`.
  ///
  /// Source: RFC 826. Hardware type 0..<2, protocol type 2..<4, lengths 4 and 5, operation 6..<8,
  /// then sender hardware and protocol address, target hardware and protocol address.
  mutating func decodeARP(_ bytes: RawSpan, at start: Int, _ batch: inout RecordBatch) {
    guard let protocolType = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let hardwareLength = bytes.octet(at: start + 4),
      let protocolLength = bytes.octet(at: start + 5),
      let operation = bytes.bigEndian(at: start + 6, as: UInt16.self)
    else {
      return missing(
        .arp, at: start, "octets of the ARP header", found: bytes.byteCount - start,
        expected: 8,
        &batch)
    }
    record.protocolReached = .arp
    guard protocolType == EtherType.ipv4, hardwareLength == 6, protocolLength == 4 else { return }
    var packet = ARPRecord(packetNumber: record.number, operation: operation)
    packet.senderHardware = bytes.eui48(at: start + 8)
    packet.senderAddress = bytes.ipv4Address(at: start + 14)
    packet.targetHardware = bytes.eui48(at: start + 18)
    packet.targetAddress = bytes.ipv4Address(at: start + 24)
    if packet.targetAddress == nil {
      missing(
        .arp, at: start, "octets of the ARP packet", found: bytes.byteCount - start,
        expected: 28,
        &batch)
    }
    batch.arp.append(packet)
  }
}
