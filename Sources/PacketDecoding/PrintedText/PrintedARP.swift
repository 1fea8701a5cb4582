extension PrintedPacketDecoder {
  /// ARP as tcpdump prints it: RFC 826; for the reverse and inverse forms RFC 903 and RFC 2390,
  /// of which only the operation is kept.
  ///
  /// `Request who-has 192.0.2.1 tell 192.0.2.10`, `Reply 192.0.2.1 is-at 16:47:eb:ab:aa:87`, with
  /// `-v` behind `Ethernet (len 6), IPv4 (len 4), `. A reply is printed without its target and a
  /// request without its sender's hardware address.
  mutating func decodeARP(_ text: inout PrintedText, _ batch: inout RecordBatch) {
    record.protocolReached = .arp
    text.skipBlanks()
    if text.starts(with: "Ethernet (len "), let comma = text.firstIndex(of: ", IPv4 (len ") {
      text.move(to: comma + 2)
      text.take("IPv4 ")
      _ = text.takeParenthesized()
      text.take(", ")
    }
    if let operation = takeReverseOperation(&text) {
      batch.arp.append(ARPRecord(packetNumber: record.number, operation: operation))
      return
    }
    if text.take("Request ") || text.starts(with: "who-has ") {
      decodeRequest(&text, &batch)
    } else if text.take("Reply ") || text.take("reply ") {
      var packet = ARPRecord(packetNumber: record.number, operation: 2)
      packet.senderAddress = takeHost(&text)
      text.skipBlanks()
      if text.take("is-at ") { packet.senderHardware = takeHardware(&text) }
      batch.arp.append(packet)
    } else if text.take("Announcement ") || text.take("Probe ") {
      var packet = ARPRecord(packetNumber: record.number, operation: 1)
      packet.targetAddress = takeHost(&text)
      batch.arp.append(packet)
    } else if text.take("[|") {
      fault(.cut, .arp, at: text.position, "the ARP packet is cut, on line", &batch)
    } else {
      fault(
        .notUnderstood, .arp, at: text.position, "the ARP operation is not understood, on line",
        &batch)
    }
  }

  private mutating func decodeRequest(_ text: inout PrintedText, _ batch: inout RecordBatch) {
    var packet = ARPRecord(packetNumber: record.number, operation: 1)
    text.take("who-has ")
    packet.targetAddress = takeHost(&text)
    text.skipBlanks()
    if text.starts(with: "("), let inside = text.takeParenthesized() {
      var address = text.part(inside)
      packet.targetHardware = takeHardware(&address)
      text.skipBlanks()
    }
    if text.take("tell ") { packet.senderAddress = takeHost(&text) }
    batch.arp.append(packet)
  }

  /// The operations whose addresses are not kept, under IANA's numbers (ARP Parameters).
  private func takeReverseOperation(_ text: inout PrintedText) -> UInt16? {
    let operations: [(String, UInt16)] = [
      ("Reverse Request", 3), ("Reverse Reply", 4), ("Inverse Request", 8), ("Inverse Reply", 9),
      ("NACK Reply", 10),
    ]
    if let known = operations.first(where: { text.take($0.0) }) { return known.1 }
    let start = text.position
    if text.take("Unknown ("), let number = text.takeNumber(as: UInt16.self) { return number }
    text.move(to: start)
    return nil
  }

  /// A host up to the blank or comma behind it.
  private mutating func takeHost(_ text: inout PrintedText) -> NetworkAddress? {
    var word = text.takeWord()
    if text.octet(at: word.upperBound - 1) == UInt8(ascii: ",") {
      word = word.lowerBound..<max(word.lowerBound, word.upperBound - 1)
    }
    return host(text, word)
  }

  private func takeHardware(_ text: inout PrintedText) -> UInt64? {
    text.eui48(text.position..<min(text.position + 17, text.end))
  }
}
