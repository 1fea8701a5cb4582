/// The datagram that a printed ICMP error quotes.
extension PrintedPacketDecoder {
  /// Fills in what the line says of the quoted datagram, and what follows from its being quoted.
  ///
  /// With `-v` tcpdump prints the quoted datagram behind the message like any other, with its
  /// own header, ports and, for DNS, question. Without `-v` the line names at most its destination,
  /// protocol and destination port. Its source follows all the same: an ICMP error is sent to the
  /// source of the datagram that caused it (RFC 792, "Message Formats"; RFC 4443, 2.2), so it is
  /// the error's own destination.
  ///
  /// - Parameter text: What follows the message's phrase.
  mutating func completeQuote(
    _ message: inout ICMPRecord, _ text: PrintedText, of datagram: PrintedDatagram,
    _ batch: inout RecordBatch
  ) {
    if message.version == 4, let printed = printedQuote(text, &batch) {
      message.quoted = printed
    } else if var quoted = message.quoted {
      quoted.source = quoted.source ?? datagram.network.destination
      message.quoted = quoted
    }
  }

  /// The quoted datagram that `-v` prints, or `nil` when none is printed, as always with ICMPv6.
  private mutating func printedQuote(
    _ text: PrintedText, _ batch: inout RecordBatch
  ) -> QuotedDatagram? {
    var text = text
    guard let start = text.firstIndex(of: "(tos ") else { return nil }
    text.move(to: start)
    // The layers that the packet itself reached are not those of what it quotes.
    let reached = record.protocolReached
    defer { record.protocolReached = reached }
    guard let datagram = readDatagram(&text, version: 4, &batch) else { return nil }
    var quoted = QuotedDatagram()
    (quoted.source, quoted.destination) = (datagram.network.source, datagram.network.destination)
    quoted.protocolNumber = datagram.network.protocolNumber
    quoted.identification = datagram.network.identification
    quoted.length = datagram.totalLength
    (quoted.sourcePort, quoted.destinationPort) = (datagram.sourcePort, datagram.destinationPort)
    switch PrintedContent(text) {
    case .tcp: quoted.tcpSequence = quotedSequence(text)
    case .unnamed where datagram.network.protocolNumber == IPProtocol.udp:
      if quoted.sourcePort == DNSMessage.port || quoted.destinationPort == DNSMessage.port,
        let message = PrintedDNSMessage(&text, isResponsePort: quoted.sourcePort == DNSMessage.port)
      {
        quoted.dnsIdentifier = message.identifier
        quoted.dnsQuestionName = message.questionName.map {
          PrintedDNSName.append(text, $0, to: &batch.text)
        }
        quoted.dnsQuestionType = message.questionType
      }
    default: break
    }
    return quoted
  }

  /// The sequence number of a quoted segment, where tcpdump prints it as it is: with SYN or
  /// without ACK.
  private func quotedSequence(_ text: PrintedText) -> UInt32? {
    var text = text
    guard text.take("Flags [") else { return nil }
    let flags = text.takeWord()
    let has = { (letter: UInt8) in flags.contains { text.octet(at: $0) == letter } }
    guard has(UInt8(ascii: "S")) || !has(UInt8(ascii: ".")),
      let sequence = text.firstIndex(of: "seq ", before: text.position + 64)
    else { return nil }
    text.move(to: sequence + 4)
    return text.takeNumber(as: UInt32.self)
  }
}
