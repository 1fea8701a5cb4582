/// ICMP (RFC 792) and ICMPv6 (RFC 4443): the message, and what an error quotes.
enum ICMPLayout {
  /// Type, code and checksum.
  static let fixedLength = 4
  /// Those, and four octets whose meaning depends on the type.
  static let headerLength = 8

  /// Whether a message quotes the datagram that caused it behind its header.
  static func quotes(version: UInt8, type: UInt8) -> Bool {
    version == 4
      ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12 : (1...4).contains(type)
  }

  /// Octets of the quote, padding included, where the message counts them because extensions
  /// follow; else 0.
  ///
  /// Source: RFC 4884, section 4. ICMP counts words of 32 bits in octet 5, ICMPv6 words of 64
  /// bits in octet 4; no other types count.
  static func quoteLength(_ bytes: RawSpan, at start: Int, version: UInt8, type: UInt8) -> Int {
    switch (version, type) {
    case (4, 3), (4, 11), (4, 12): Int(bytes.octet(at: start + 5) ?? 0) * 4
    case (6, 1), (6, 3): Int(bytes.octet(at: start + 4) ?? 0) * 8
    default: 0
    }
  }
}

extension PacketDecoder {
  mutating func decodeICMP(
    _ bytes: RawSpan, _ start: Int, _ end: Int, version: UInt8, _ batch: inout RecordBatch
  ) {
    let layer = version == 4 ? ProtocolName.icmp : .icmpv6
    guard end - start >= 4, let type = bytes.octet(at: start),
      let code = bytes.octet(at: start + 1)
    else {
      return missing(
        layer, at: start, "octets of the ICMP header", found: end - start,
        expected: ICMPLayout.headerLength, &batch)
    }
    record.protocolReached = layer
    var message = ICMPRecord(
      packetNumber: record.number, version: version, type: type, code: code)
    defer { batch.icmp.append(message) }
    guard end - start >= ICMPLayout.headerLength else {
      return missing(
        layer, at: start, "octets of the ICMP header", found: end - start,
        expected: ICMPLayout.headerLength, &batch)
    }
    switch (version, type, code) {
    case (4, 0, _), (4, 8, _), (6, 128, _), (6, 129, _):
      message.identifier = bytes.bigEndian(at: start + 4, as: UInt16.self)
      message.sequence = bytes.bigEndian(at: start + 6, as: UInt16.self)
    case (4, 3, 4):  // RFC 1191, section 4
      message.nextHopMTU = bytes.bigEndian(at: start + 6, as: UInt16.self).map(UInt32.init)
    case (6, 2, _):  // RFC 4443, 3.2
      message.nextHopMTU = bytes.bigEndian(at: start + 4, as: UInt32.self)
    case (4, 5, _):  // RFC 792, "Redirect Message"
      message.gateway = bytes.ipv4Address(at: start + 4)
    case (6, 137, _) where end - start >= 24:  // RFC 4861, 4.5: the better next hop
      message.gateway = bytes.ipv6Address(at: start + 8)
    default: break
    }
    if ICMPLayout.quotes(version: version, type: type) {
      let quote = start + ICMPLayout.headerLength
      let length = ICMPLayout.quoteLength(bytes, at: start, version: version, type: type)
      message.quoted = quotedDatagram(
        bytes, quote, length == 0 ? end : min(end, quote + length), version: version, &batch)
    }
  }

  /// The datagram quoted in `bytes[start..<end]`, as far as the quote reaches; `nil` when not even
  /// its IP header does. RFC 792 asks for eight octets behind the IP header, RFC 1812 (4.3.2.3)
  /// and RFC 4443 (2.4) for as many as fit.
  private func quotedDatagram(
    _ bytes: RawSpan, _ start: Int, _ end: Int, version: UInt8, _ batch: inout RecordBatch
  ) -> QuotedDatagram? {
    var quoted = QuotedDatagram()
    let payload: Int
    if version == 4 {
      guard end - start >= IPv4Header.shortest, let header = IPv4Header(bytes, at: start),
        let first = bytes.octet(at: start), first >> 4 == 4,
        header.headerLength >= IPv4Header.shortest
      else { return nil }
      (quoted.source, quoted.destination) = (header.source, header.destination)
      quoted.protocolNumber = header.protocolNumber
      quoted.identification = UInt32(header.identification)
      quoted.length = Int32(header.totalLength)
      guard header.fragmentOffset == 0 else { return quoted }
      payload = start + header.headerLength
    } else {
      guard end - start >= IPv6Header.length, let header = IPv6Header(bytes, at: start),
        let first = bytes.octet(at: start), first >> 4 == 6
      else { return nil }
      (quoted.source, quoted.destination) = (header.source, header.destination)
      quoted.length = Int32(IPv6Header.length + header.payloadLength)
      let chain = IPv6ExtensionHeaders(
        bytes, first: header.nextHeader, at: start + IPv6Header.length, limit: end)
      quoted.protocolNumber = chain.protocolNumber
      quoted.identification = chain.identification
      guard chain.incompleteLength == nil, chain.fragment.map({ $0.offset == 0 }) ?? true
      else { return quoted }
      payload = chain.end
    }
    guard quoted.protocolNumber == IPProtocol.udp || quoted.protocolNumber == IPProtocol.tcp,
      end - payload >= 4
    else { return quoted }
    quoted.sourcePort = bytes.bigEndian(at: payload, as: UInt16.self)
    quoted.destinationPort = bytes.bigEndian(at: payload + 2, as: UInt16.self)
    if quoted.protocolNumber == IPProtocol.tcp {
      if end - payload >= 8 {
        quoted.tcpSequence = bytes.bigEndian(at: payload + 4, as: UInt32.self)
      }
    } else if quoted.sourcePort == DNSMessage.port || quoted.destinationPort == DNSMessage.port {
      // What stands behind the quoted datagram, such as padding or extensions, is none of it.
      let length = bytes.bigEndian(at: payload + 4, as: UInt16.self).map(Int.init) ?? 0
      readQuotedQuestion(
        bytes, payload + UDPHeader.size, min(end, payload + length), into: &quoted, &batch)
    }
    return quoted
  }

  /// The identifier and the question of the quoted DNS message, where the quote reaches them; a
  /// quote that ends before is no fault, since whoever quotes may cut.
  private func readQuotedQuestion(
    _ bytes: RawSpan, _ start: Int, _ end: Int, into quoted: inout QuotedDatagram,
    _ batch: inout RecordBatch
  ) {
    guard end - start >= 2 else { return }
    quoted.dnsIdentifier = bytes.bigEndian(at: start, as: UInt16.self)
    guard end - start > DNSMessage.headerLength,
      let questions = bytes.bigEndian(at: start + 4, as: UInt16.self), questions > 0,
      let name = DNSName.read(
        bytes, message: start, end: end, at: start + DNSMessage.headerLength, into: &batch.text)
    else { return }
    quoted.dnsQuestionName = name.text
    if name.end + 2 <= end {
      quoted.dnsQuestionType = bytes.bigEndian(at: name.end, as: UInt16.self)
    }
  }
}
