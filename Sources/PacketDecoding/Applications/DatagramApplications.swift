/// A protocol of which each UDP datagram is a message.
protocol DatagramApplication {
  static var name: ProtocolName { get }

  /// Reads a datagram's data and appends its records to `batch`.
  ///
  /// - Returns: Whether it is a message of this protocol. Where it is not, `batch` is as it was: anything may
  ///   use a port.
  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool
}

extension PacketDecoder {
  /// Reads a UDP datagram's data in `bytes[start..<end]`, by its ports first, then by what it looks like.
  ///
  /// - Returns: Whether it is a message of a protocol that is read.
  mutating func decodeDatagramApplication(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ batch: inout RecordBatch
  ) -> Bool {
    let context = payloadContext(at: start)
    let payload = bytes.extracting(start..<end)
    if let application = Self.application(of: context),
      application.read(payload, context, into: &batch)
    {
      record.protocolReached = application.name
      return true
    }
    if SIPHead.begins(payload), SIPDatagram.read(payload, context, into: &batch) {
      record.protocolReached = .sip
      rtpStreams.announce(batch.sip, ofPacket: record.number)
      return true
    }
    if rtpStreams.read(payload, of: record, into: &batch) {
      record.protocolReached = .rtp
      return true
    }
    if decodeQUIC(payload, context, &batch) {
      record.protocolReached = .quic
      return true
    }
    if DNSElsewhere.read(payload, context, into: &batch) {
      record.protocolReached = DNSElsewhere.name
      return true
    }
    return false
  }

  /// The protocol that the ports tell.
  private static func application(
    of context: PayloadContext
  ) -> (any DatagramApplication.Type)? {
    switch (context.destinationPort, context.sourcePort) {
    // 4011 is that of servers for booting, which answer beside a DHCP server.
    case (67...68, _), (_, 67...68), (4011, _), (_, 4011): DHCPMessage.self
    case (546...547, _), (_, 546...547): DHCPv6Message.self
    case (NTPMessage.port, _), (_, NTPMessage.port): NTPMessage.self
    case (SyslogMessage.port, _), (_, SyslogMessage.port): SyslogMessage.self
    case (MulticastDNS.port, _), (_, MulticastDNS.port): MulticastDNS.self
    case (LinkLocalNameResolution.port, _), (_, LinkLocalNameResolution.port):
      LinkLocalNameResolution.self
    case (NetBIOSNameService.port, _), (_, NetBIOSNameService.port): NetBIOSNameService.self
    case (KerberosDatagram.port, _), (_, KerberosDatagram.port): KerberosDatagram.self
    case (SNMPMessage.ports, _), (_, SNMPMessage.ports): SNMPMessage.self
    default: nil
    }
  }
}
