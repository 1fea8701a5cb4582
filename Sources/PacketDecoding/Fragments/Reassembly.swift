extension PacketDecoder {
  /// Keeps a fragment, and decodes the datagram that it completes: the packet of the last fragment that
  /// came is the one that holds what the datagram carries.
  ///
  /// What a transport header says stands with the packet that holds it, the fragment at offset 0, but for
  /// TCP's; the others get its ports, so that they belong to its flow. Faults of a datagram that was put together
  /// tell their place in its payload, not in the packet.
  mutating func decodeFragment(
    _ fragment: Fragment, identification: UInt32, _ bytes: RawSpan, _ batch: inout RecordBatch
  ) {
    while let datagram = fragments.takeOverdue(at: record.timestamp) {
      reportMissing(of: datagram, &batch)
    }
    let layer = record.protocolReached
    guard let source = record.network.source, let destination = record.network.destination
    else { return }
    let key = DatagramKey(
      source: source, destination: destination, identification: identification,
      protocolNumber: layer == .ip ? fragment.protocolNumber : nil, interface: record.interface,
      link: record.link)
    (record.transport.sourcePort, record.transport.destinationPort) = fragments.ports(of: key)
    let outcome =
      isRepetition
      ? .repetition
      : fragments.add(
        fragment, of: key, bytes, packetNumber: record.number, time: record.timestamp)
    if case .kept = outcome, let datagram = fragments.takeWhole(key) {
      guard let number = datagram.protocolNumber else { return }
      return reading(datagram.payload) { bytes in
        decodeWhole(bytes, number, layer, isHeaderTold: fragment.offset != 0, &batch)
      }
    }
    if fragment.offset == 0 {
      decodeHeader(fragment, layer, bytes, &batch)
      fragments.keepPorts(record.transport.sourcePort, record.transport.destinationPort, of: key)
    }
    if case .refused(let refusal) = outcome { report(refusal, fragment, layer, &batch) }
  }

  /// The transport header at the beginning of a fragment. A TCP segment is left until it is whole, since
  /// its length is nowhere said but in what is missing.
  private mutating func decodeHeader(
    _ fragment: Fragment, _ layer: ProtocolName, _ bytes: RawSpan, _ batch: inout RecordBatch
  ) {
    let end = fragment.start + min(fragment.count, fragment.captured)
    guard
      let (number, start) = upperLayer(
        fragment.protocolNumber, layer, bytes, fragment.start, end, &batch)
    else { return }
    guard number != IPProtocol.tcp else { return keepPorts(bytes, start, end) }
    decodeTransport(
      number, bytes, start, end, payloadLength: fragment.count - (start - fragment.start),
      isWhole: false, &batch)
  }

  /// The payload of a datagram that was put together.
  ///
  /// - Parameter isHeaderTold: Whether an earlier packet holds the transport header.
  private mutating func decodeWhole(
    _ bytes: RawSpan, _ first: UInt8, _ layer: ProtocolName, isHeaderTold: Bool,
    _ batch: inout RecordBatch
  ) {
    isCut = false
    let octetsOfPacket = octetsInView
    octetsInView = Int64(bytes.byteCount)
    defer { octetsInView = octetsOfPacket }
    guard
      let (number, start) = upperLayer(first, layer, bytes, 0, bytes.byteCount, &batch)
    else { return }
    let isTold = isHeaderTold && number != IPProtocol.tcp
    // Their message is all in their header.
    if isTold && (number == IPProtocol.icmp || number == IPProtocol.icmpv6) { return }
    let tunnel = record.link.tunnelDirection
    decodeTransport(
      number, bytes, start, bytes.byteCount, payloadLength: bytes.byteCount - start, isWhole: true,
      &batch)
    // Where a tunnel was inside, the record is the inner datagram's.
    guard isTold, record.link.tunnelDirection == tunnel else { return }
    let (source, destination) = (record.transport.sourcePort, record.transport.destinationPort)
    record.transport = TransportHeader()
    (record.transport.sourcePort, record.transport.destinationPort) = (source, destination)
  }

  /// What stands behind a fragment header, or IPv4's, and where: of IPv6, more extension headers may come
  /// first. `nil` after a fault.
  private mutating func upperLayer(
    _ number: UInt8, _ layer: ProtocolName, _ bytes: RawSpan, _ start: Int, _ end: Int,
    _ batch: inout RecordBatch
  ) -> (number: UInt8, start: Int)? {
    guard layer == .ipv6 else { return (number, start) }
    let chain = IPv6ExtensionHeaders(bytes, first: number, at: start, limit: end)
    record.network.protocolNumber = chain.protocolNumber
    guard let length = chain.incompleteLength else { return (chain.protocolNumber, chain.end) }
    missing(
      .ipv6, at: chain.end, "octets of the extension header", found: end - chain.end,
      expected: length, &batch)
    return nil
  }

  /// Reports what still waits at the end of a capture: datagrams for fragments, streams for segments.
  public mutating func finish(into batch: inout RecordBatch) {
    while let datagram = fragments.takeOldest() { reportMissing(of: datagram, &batch) }
    streams.finish(into: &batch)
  }

  private func reportMissing(of datagram: FragmentedDatagram, _ batch: inout RecordBatch) {
    guard datagram.refusal == nil else { return }
    batch.faults.append(
      DecodingFault(
        packetNumber: datagram.firstPacket, kind: .incomplete, layer: datagram.layer, offset: 0,
        reason: datagram.length == nil
          ? "fragments are missing, the last among them; octets of the datagram's payload"
          : "fragments are missing; octets of the datagram's payload",
        found: Int64(datagram.held), expected: datagram.length.map(Int64.init)))
  }

  private func report(
    _ refusal: FragmentedDatagram.Refusal, _ fragment: Fragment, _ layer: ProtocolName,
    _ batch: inout RecordBatch
  ) {
    switch refusal {
    // Nor is a fault told twice that IP or the transport header has already.
    case .cut where batch.faults.last?.packetNumber == record.number: break
    case .cut:
      missing(
        layer, at: fragment.start, "octets of the fragment; its datagram is not put together",
        found: fragment.captured, expected: fragment.count, &batch)
    case .overlap:
      fault(
        .malformed, layer, at: fragment.start,
        "a fragment overlaps another; their datagram is not put together", &batch)
    case .tooLong:
      fault(
        .malformed, layer, at: fragment.start,
        "a fragment does not fit into its datagram, which is not put together", &batch)
    }
  }
}
