/// ICMP as tcpdump prints it: a phrase for type and code, with what the phrase names of the
/// message. Types and codes: RFC 792, RFC 950, RFC 1122, RFC 1256, RFC 1812, RFC 8335.
///
/// Every phrase is from prints of tcpdump 4.99 of each type and code; `icmp:` instead of `ICMP`
/// and a missing comma before `length` are from older versions and from text that people edited.
enum PrintedICMP {
  /// The phrases that name the type and nothing else, or code 0.
  static let plain: [(phrase: String, type: UInt8, code: UInt8)] = [
    ("source quench", 4, 0), ("router advertisement", 9, 0), ("router solicitation", 10, 0),
    ("time exceeded in-transit", 11, 0), ("ip reassembly time exceeded", 11, 1),
    ("time stamp query", 13, 0), ("time stamp request", 13, 0), ("time stamp reply", 14, 0),
    ("information request", 15, 0), ("information reply", 16, 0),
    ("address mask request", 17, 0), ("address mask is", 18, 0), ("extended echo request", 42, 0),
    ("extended echo reply", 43, 0), ("photuris", 40, 0),
  ]

  /// The codes of "destination unreachable", by what stands before the host and behind the dash.
  static let unreachable: [(subject: String, reason: String, code: UInt8)] = [
    ("net", "", 0), ("host", "", 1), ("", "need to frag", 4), ("", "source route failed", 5),
    ("net", "unknown", 6), ("host", "unknown", 7), ("", "source host isolated", 8),
    ("net", "admin prohibited", 9), ("host", "admin prohibited filter", 13),
    ("host", "admin prohibited", 10), ("net", "tos prohibited", 11),
    ("host", "tos prohibited", 12), ("host", "host precedence violation", 14),
    ("host", "precedence cutoff", 15),
  ]
}

extension PrintedPacketDecoder {
  mutating func decodeICMP(
    _ text: inout PrintedText, of datagram: PrintedDatagram, _ batch: inout RecordBatch
  ) {
    if text.starts(with: "[|icmp]") {
      return fault(.cut, .icmp, at: text.position, "the ICMP header is cut, on line", &batch)
    }
    if !text.take("ICMP ") { text.take("icmp: ") }
    text.skipBlanks()
    let start = text.position
    guard var message = readICMP(&text, &batch) else {
      return fault(
        .notUnderstood, .icmp, at: start, "the ICMP message is not understood, on line", &batch)
    }
    record.protocolReached = .icmp
    if ICMPLayout.quotes(version: 4, type: message.type) {
      completeQuote(&message, text, of: datagram, &batch)
    }
    batch.icmp.append(message)
  }

  private mutating func readICMP(
    _ text: inout PrintedText, _ batch: inout RecordBatch
  ) -> ICMPRecord? {
    func message(_ type: UInt8, _ code: UInt8) -> ICMPRecord {
      ICMPRecord(packetNumber: record.number, version: 4, type: type, code: code)
    }
    if text.starts(with: "echo re") {
      let isRequest = text.take("echo request")
      guard isRequest || text.take("echo reply") else { return nil }
      var echo = message(isRequest ? 8 : 0, 0)
      readIdentifiers(&text, into: &echo)
      return echo
    }
    if let plain = PrintedICMP.plain.first(where: { text.take($0.phrase) }) {
      var plainMessage = message(plain.type, plain.code)
      if plain.type == 13 || plain.type == 14 { readIdentifiers(&text, into: &plainMessage) }
      return plainMessage
    }
    if text.take("time exceeded-#") {
      return text.takeNumber(as: UInt8.self).map { message(11, $0) }
    }
    if text.take("parameter problem - octet ") { return message(12, 0) }
    if text.take("parameter problem - code ") {
      return text.takeNumber(as: UInt8.self).map { message(12, $0) }
    }
    if text.take("type-#") { return text.takeNumber(as: UInt8.self).map { message($0, 0) } }
    if text.take("redirect") { return readRedirect(&text) }
    return readUnreachable(&text, &batch)
  }

  /// `, id 11, seq 22`, `id 11 seq 22`, and `seq 22` of old versions.
  func readIdentifiers(_ text: inout PrintedText, into message: inout ICMPRecord) {
    text.take(",")
    text.skipBlanks()
    if text.take("id ") {
      message.identifier = text.takeNumber(as: UInt16.self)
      text.take(",")
      text.skipBlanks()
    }
    if text.take("seq ") { message.sequence = text.takeNumber(as: UInt16.self) }
  }

  /// `redirect 203.0.113.2 to net 192.0.2.1`, `redirect-tos … to host …`, `redirect-#4 … to …`
  private mutating func readRedirect(_ text: inout PrintedText) -> ICMPRecord? {
    let hasServiceType = text.take("-tos")
    var code: UInt8?
    if text.take("-#") { code = text.takeNumber(as: UInt8.self) }
    text.skipBlanks()
    let destination = text.takeWord()
    text.skipBlanks()
    guard text.take("to ") else { return nil }
    if text.take("net ") {
      code = code ?? (hasServiceType ? 2 : 0)
    } else if text.take("host ") {
      code = code ?? (hasServiceType ? 3 : 1)
    }
    guard let code else { return nil }
    var message = ICMPRecord(packetNumber: record.number, version: 4, type: 5, code: code)
    message.gateway = takeNamedHost(&text)
    var quoted = QuotedDatagram()
    quoted.destination = host(text, destination)
    message.quoted = quoted
    return message
  }

  /// A host with the comma that may stand behind it.
  mutating func takeNamedHost(_ text: inout PrintedText) -> NetworkAddress? {
    text.skipBlanks()
    var word = text.takeWord()
    if let last = text.octet(at: word.upperBound - 1), last == UInt8(ascii: ","), !word.isEmpty {
      word = word.lowerBound..<word.upperBound - 1
    }
    return host(text, word)
  }

  /// `203.0.113.2 udp port 53 unreachable`, `net 192.0.2.1 unreachable - unknown`, …
  private mutating func readUnreachable(
    _ text: inout PrintedText, _ batch: inout RecordBatch
  ) -> ICMPRecord? {
    var quoted = QuotedDatagram()
    // Old versions print an unknown code first: `#16 192.0.2.1 unreachable`.
    var unknown: UInt8?
    if text.take("#") {
      unknown = text.takeNumber(as: UInt8.self)
      text.skipBlanks()
    }
    let subject =
      if text.take("net ") { "net" } else if text.take("host ") { "host" } else { "" }
    text.skipBlanks()
    quoted.destination = host(text, text.takeWord())
    text.skipBlanks()
    let code = unknown ?? readUnreachableCode(&text, subject, into: &quoted, &batch)
    guard let code, quoted.destination != nil else { return nil }
    var message = ICMPRecord(packetNumber: record.number, version: 4, type: 3, code: code)
    if code == 4, text.take(" (mtu ") {
      message.nextHopMTU = text.takeNumber(as: UInt32.self)
      text.take(")")
    }
    message.quoted = quoted
    return message
  }

  /// What stands behind the host, up to the end of the phrase.
  private mutating func readUnreachableCode(
    _ text: inout PrintedText, _ subject: String, into quoted: inout QuotedDatagram,
    _ batch: inout RecordBatch
  ) -> UInt8? {
    if subject.isEmpty, takeQuotedPort(&text, into: &quoted, &batch) {
      return text.take("unreachable") ? 3 : nil
    }
    if subject.isEmpty, text.take("protocol ") {
      quoted.protocolNumber = text.takeNumber(as: UInt8.self)
      if text.take(" port ") {
        quoted.destinationPort = text.takeNumber(as: UInt16.self)
        return text.take(" unreachable") ? 3 : nil
      }
      return text.take(" unreachable") ? 2 : nil
    }
    guard text.take("unreachable") else { return nil }
    if text.take(" - #") { return text.takeNumber(as: UInt8.self) }
    let reasoned = text.take(" - ")
    return PrintedICMP.unreachable.first {
      $0.subject == subject && $0.reason.isEmpty != reasoned && text.take($0.reason)
    }?.code
  }

  /// `udp port 53 ` and `tcp port http `, by number or name.
  mutating func takeQuotedPort(
    _ text: inout PrintedText, into quoted: inout QuotedDatagram, _ batch: inout RecordBatch
  ) -> Bool {
    let isUDP = text.starts(with: "udp port ")
    guard text.take("udp port ") || text.take("tcp port ") else { return false }
    quoted.protocolNumber = isUDP ? IPProtocol.udp : IPProtocol.tcp
    var word = text.takeWord()
    if let last = text.octet(at: word.upperBound - 1), last == UInt8(ascii: ","), !word.isEmpty {
      word = word.lowerBound..<word.upperBound - 1
    }
    quoted.destinationPort = port(text, word, &batch)
    text.skipBlanks()
    return true
  }
}
