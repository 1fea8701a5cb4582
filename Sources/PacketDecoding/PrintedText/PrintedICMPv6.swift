/// ICMPv6 as tcpdump prints it: a type's phrase, then what the type has.
///
/// Types and codes: RFC 4443, RFC 2710, RFC 3810, RFC 4861, RFC 6275, RFC 6550, RFC 7112. The
/// phrases are from prints of tcpdump 4.99. A phrase that another one begins with comes after it.
enum PrintedICMPv6 {
  static let types: [(phrase: String, type: UInt8)] = [
    ("destination unreachable", 1), ("packet too big", 2), ("time exceeded in-transit", 3),
    ("parameter problem", 4), ("echo request", 128), ("echo reply", 129),
    ("multicast listener query", 130), ("multicast listener report v2", 143),
    ("multicast listener report", 131), ("multicast listener done", 132),
    ("router solicitation", 133), ("router advertisement", 134),
    ("neighbor solicitation", 135), ("neighbor advertisement", 136), ("redirect", 137),
    ("router renumbering", 138), ("who-are-you request", 139), ("node information query", 139),
    ("who-are-you reply", 140), ("node information reply", 140),
    ("inverse neighbor solicitation", 141), ("inverse neighbor advertisement", 142),
    ("ha discovery request", 144), ("ha discovery reply", 145),
    ("mobile router solicitation", 146), ("mobile router advertisement", 147), ("RPL", 155),
    ("mtrace message", 200), ("mtrace response", 201),
  ]

  /// RFC 6550, section 6: the code is the kind of RPL message.
  static let routing: [(phrase: String, code: UInt8)] = [
    ("DODAG Information Solicitation", 0), ("DODAG Information Object", 1),
    ("Destination Advertisement Object Ack", 3), ("Destination Advertisement Object", 2),
  ]
}

extension PrintedPacketDecoder {
  mutating func decodeICMPv6(
    _ text: inout PrintedText, of datagram: PrintedDatagram, _ batch: inout RecordBatch
  ) {
    if text.starts(with: "[|icmp6]") {
      return fault(.cut, .icmpv6, at: text.position, "the ICMPv6 header is cut, on line", &batch)
    }
    if !text.take("ICMP6, ") { text.take("icmp6: ") }
    let start = text.position
    if text.starts(with: "length 0 (invalid)") {
      return fault(
        .malformed, .icmpv6, at: start, "the ICMPv6 message has no header, on line", &batch)
    }
    guard let type = takeICMPv6Type(&text), let code = takeICMPv6Code(&text, type) else {
      return fault(
        .notUnderstood, .icmpv6, at: start, "the ICMPv6 message is not understood, on line",
        &batch)
    }
    var message = ICMPRecord(packetNumber: record.number, version: 6, type: type, code: code)
    record.protocolReached = .icmpv6
    switch type {
    case 1: readUnreachableDestination(&text, into: &message, &batch)
    case 2:
      text.take(", mtu ")
      message.nextHopMTU = text.takeNumber(as: UInt32.self)
    case 3 where text.take(" for "):
      var quoted = QuotedDatagram()
      quoted.destination = takeNamedHost(&text)
      message.quoted = quoted
    case 128, 129: readIdentifiers(&text, into: &message)
    case 137: readICMPv6Redirect(&text, into: &message)
    default: break
    }
    if ICMPLayout.quotes(version: 6, type: type) {
      completeQuote(&message, text, of: datagram, &batch)
    }
    batch.icmp.append(message)
  }

  private func takeICMPv6Type(_ text: inout PrintedText) -> UInt8? {
    if text.take("unknown icmp6 type (") { return text.takeNumber(as: UInt8.self) }
    return PrintedICMPv6.types.first { text.take($0.phrase) }?.type
  }

  /// The code, as far as the phrase behind the type tells; other types have only code 0.
  ///
  /// `nil` when a phrase stands there that is not known.
  private func takeICMPv6Code(_ text: inout PrintedText, _ type: UInt8) -> UInt8? {
    switch type {
    case 1:
      text.take(",")
      text.skipBlanks()
      let codes: [(String, UInt8)] = [
        ("unreachable route", 0), ("unreachable prohibited", 1), ("beyond scope", 2),
        ("unreachable address", 3), ("unreachable port", 4),
      ]
      if let known = codes.first(where: { text.take($0.0) }) { return known.1 }
      return text.take("unknown unreach code (") ? text.takeNumber(as: UInt8.self) : nil
    case 3:
      if text.starts(with: " (reassembly)") { return 1 }
      return text.take(", unknown code (") ? text.takeNumber(as: UInt8.self) : 0
    case 4:
      let codes: [(String, UInt8)] = [
        (", erroneous", 0), (", next header", 1), (", option", 2),
        (", incomplete header chain", 3),
      ]
      if let known = codes.first(where: { text.take($0.0) }) { return known.1 }
      return text.take(", code-#") ? text.takeNumber(as: UInt8.self) : nil
    case 138: return text.starts(with: ", result") ? 1 : 0
    case 155:
      guard text.take(", (CLR)") else { return 0 }
      if let known = PrintedICMPv6.routing.first(where: { text.take($0.phrase) }) {
        return known.code
      }
      return text.take("RPL message, unknown code ") ? text.takeNumber(as: UInt8.self) : nil
    default: return 0
    }
  }

  /// ` 2001:db8:3::2`, ` 2001:db8:3::2, source address 2001:db8::1`, `, 2001:db8:3::2 udp port 53`
  private mutating func readUnreachableDestination(
    _ text: inout PrintedText, into message: inout ICMPRecord, _ batch: inout RecordBatch
  ) {
    guard message.code <= 4 else { return }
    text.take(",")
    text.skipBlanks()
    guard !text.starts(with: "[|") else { return }
    var quoted = QuotedDatagram()
    quoted.destination = takeNamedHost(&text)
    text.skipBlanks()
    if message.code == 2, text.take("source address ") { quoted.source = takeNamedHost(&text) }
    if message.code == 4, !takeQuotedPort(&text, into: &quoted, &batch), text.take("protocol ") {
      quoted.protocolNumber = text.takeNumber(as: UInt8.self)
      if text.take(" port ") { quoted.destinationPort = text.takeNumber(as: UInt16.self) }
    }
    message.quoted = quoted.destination == nil ? nil : quoted
  }

  /// `, 2001:db8::2 to 2001:db8::1`: the destination, and the better next hop to it. With `-v`
  /// the length stands before them.
  private mutating func readICMPv6Redirect(
    _ text: inout PrintedText, into message: inout ICMPRecord
  ) {
    if text.take(", length ") { _ = text.takeNumber() }
    text.take(",")
    text.skipBlanks()
    _ = text.takeWord()
    if text.take(" to ") { message.gateway = takeNamedHost(&text) }
  }
}
