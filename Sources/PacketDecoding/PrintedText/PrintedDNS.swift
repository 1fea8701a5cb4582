/// Printed DNS messages, to records.
enum PrintedDNS {
  /// Whether tcpdump prints a payload between these ports as DNS.
  static func isExpected(_ transport: TransportHeader) -> Bool {
    isPort(transport.sourcePort) || isPort(transport.destinationPort)
  }

  private static func isPort(_ port: UInt16?) -> Bool {
    port == DNSMessage.port || port == MulticastDNS.port
  }
}

extension PrintedPacketDecoder {
  /// Decodes the message that stands next and appends its record.
  ///
  /// Over TCP only a message that fills its segment is one: tcpdump prints the octets of any
  /// segment as DNS, also those in the middle of a long message.
  mutating func decodeDNS(
    _ text: inout PrintedText, overTCP: Bool, _ batch: inout RecordBatch
  ) {
    let start = text.position
    if text.take("[|") {
      if !overTCP { cutDNS(at: start, &batch) }
      return
    }
    let isResponsePort = record.transport.sourcePort == DNSMessage.port
    guard let message = PrintedDNSMessage(&text, isResponsePort: isResponsePort) else {
      if overTCP { return }
      if text.starts(with: "domain [") {
        return fault(
          .malformed, .dns, at: start, "the DNS message is shorter than its header, on line", &batch
        )
      }
      return fault(
        .notUnderstood, .dns, at: start, "the DNS message is not understood, on line", &batch)
    }
    if overTCP {
      guard !message.isCut, let length = message.length,
        let payload = record.transport.payloadLength,
        length == payload - 2
      else { return }
    } else if let length = message.length {
      record.transport.payloadLength = length
    }
    if message.isCut { cutDNS(at: start, &batch) }
    record.protocolReached = isMulticast ? .mdns : .dns
    appendRecord(message, text, overTCP: overTCP, &batch)
  }

  /// `[|domain]` does not say whether the capture or the message is short. It is called cut, as
  /// tcpdump's manual does ("truncated").
  private func cutDNS(at position: Int, _ batch: inout RecordBatch) {
    fault(.cut, .dns, at: position, "the DNS message is cut, on line", &batch)
  }

  private func appendRecord(
    _ message: PrintedDNSMessage, _ text: PrintedText, overTCP: Bool, _ batch: inout RecordBatch
  ) {
    var dns = DNSRecord(
      packetNumber: record.number, overTCP: overTCP, identifier: message.identifier,
      isResponse: message.isResponse)
    dns.opcode = message.opcode
    if message.isResponse {
      dns.responseCode = message.responseCode ?? 0
      dns.authoritative = message.has("*")
      dns.truncated = message.has("|")
      dns.recursionAvailable = !message.has("-")
    } else {
      dns.responseCode = (message.flags ?? 0) & 0x000f
      dns.authoritative = message.queryBit(0x0400)
      dns.truncated = message.queryBit(0x0200)
      dns.recursionDesired = message.has("+")
      dns.recursionAvailable = message.queryBit(0x0080)
    }
    if let name = message.questionName {
      dns.questionName = PrintedDNSName.append(text, name, to: &batch.text)
      (dns.questionType, dns.questionClass) = (message.questionType, message.questionClass)
    }
    (dns.questionCount, dns.answerCount) = (message.counts.questions, message.counts.answers)
    (dns.authorityCount, dns.additionalCount) = (
      message.counts.authority, message.counts.additional
    )
    dns.answers = append(message.answers, of: &dns, text, &batch)
    dns.authority = append(message.authority, of: &dns, text, &batch)
    dns.additional = append(message.additional, of: &dns, text, &batch)
    if isMulticast {
      batch.names.append(NameMessage(name: .mdns, message: dns))
    } else {
      batch.dns.append(dns)
    }
  }

  private var isMulticast: Bool {
    record.transport.sourcePort != DNSMessage.port
      && record.transport.destinationPort != DNSMessage.port
  }

  /// A section's records as text, parted by `; `; `nil` when none is printed. An OPT record is
  /// kept as the size that it gives.
  private func append(
    _ section: [Range<Int>], of dns: inout DNSRecord, _ text: PrintedText,
    _ batch: inout RecordBatch
  ) -> TextRange? {
    let start = batch.text.count
    for range in section {
      let kept = batch.text.count
      if kept > start { batch.text.append(contentsOf: "; ".utf8) }
      let printed = PrintedDNSRecord(text.part(range))
      if printed.type == DNSType.opt {
        dns.ednsPayloadSize = printed.payloadSize
        batch.text.removeSubrange(kept...)
      } else {
        let question = dns.questionName
        printed.append(to: &batch, unlessOwnedBy: question)
      }
    }
    return batch.text.count > start
      ? TextRange(start: start, count: batch.text.count - start) : nil
  }
}

/// A resource record as tcpdump prints it: `[owner] [class] [[TTL]] type data`; the owner with
/// `-v`, the TTL with `-vvv`, the class where it is not IN.
struct PrintedDNSRecord: Sendable {
  private var text: PrintedText
  private var owner: Range<Int>?
  private var recordClass: UInt16
  private var timeToLive: UInt64?
  /// `nil` when no known type stands where it should: then the record is kept as it is printed.
  private(set) var type: UInt16?
  private let whole: Range<Int>

  init(_ record: PrintedText) {
    text = record
    whole = record.rest
    var word = record
    let first = word.takeWord()
    if first.contains(where: { record.octet(at: $0) == UInt8(ascii: ".") }) {
      owner = PrintedDNSName.take(&text)
      text.skipBlanks()
    }
    recordClass = 1
    readClass()
    if text.starts(with: "["), let inside = text.takeBracketed(UInt8(ascii: "["), UInt8(ascii: "]"))
    {
      timeToLive = Self.seconds(text.part(inside))
      text.skipBlanks()
    }
    type = PrintedDNSType.number(text, text.takeWord())
    text.skipBlanks()
  }

  /// `ANY` is a class only where a type follows it.
  private mutating func readClass() {
    var word = text
    let first = word.takeWord()
    word.skipBlanks()
    if text.equals(first, "ANY"), PrintedDNSType.number(word, word.takeWord()) == nil { return }
    recordClass = PrintedDNSType.classNumber(&text) & 0x7fff
  }

  /// The size in an OPT record: `UDPsize=1232`.
  var payloadSize: UInt16? {
    var text = text
    return text.take("UDPsize=") ? text.takeNumber(as: UInt16.self) : nil
  }

  /// Seconds of `1w2d3h4m5s`, the form of times to live.
  private static func seconds(_ text: PrintedText) -> UInt64? {
    var (text, sum) = (text, UInt64(0))
    while !text.isAtEnd {
      guard let number = text.takeNumber(as: UInt32.self), let unit = text.next else { return nil }
      let factor: UInt64
      switch unit {
      case UInt8(ascii: "w"): factor = 604_800
      case UInt8(ascii: "d"): factor = 86_400
      case UInt8(ascii: "h"): factor = 3600
      case UInt8(ascii: "m"): factor = 60
      case UInt8(ascii: "s"): factor = 1
      default: return nil
      }
      text.move(to: text.position + 1)
      sum = sum &+ UInt64(number) &* factor
    }
    return sum
  }

  /// Appends the record in master-file form, `[owner] [TTL] [class] type data`; the owner where it
  /// is printed and is not the question's name.
  func append(to batch: inout RecordBatch, unlessOwnedBy question: TextRange?) {
    guard let type else {
      for index in whole {
        if let octet = text.octet(at: index) { batch.text.append(octet) }
      }
      return
    }
    if let owner {
      let kept = batch.text.count
      let name = PrintedDNSName.append(text, owner, to: &batch.text)
      if let question, batch.string(name) == batch.string(question) {
        batch.text.removeSubrange(kept...)
      } else {
        batch.text.append(UInt8(ascii: " "))
      }
    }
    if let timeToLive {
      batch.text.append(decimal: timeToLive)
      batch.text.append(UInt8(ascii: " "))
    }
    if recordClass != 1 {
      DNSType.appendClass(recordClass, to: &batch.text)
      batch.text.append(UInt8(ascii: " "))
    }
    DNSType.append(type, to: &batch.text)
    if !text.isAtEnd {
      batch.text.append(UInt8(ascii: " "))
      appendData(type, to: &batch.text)
    }
  }

  /// The data as RFC 1035 and RFC 2782 write them: an exchange's preference and a service's
  /// numbers stand before the name, where tcpdump has them behind it.
  private func appendData(_ type: UInt16, to octets: inout [UInt8]) {
    var data = text
    switch type {
    case 2, 5, 12, 39: PrintedDNSName.append(data, PrintedDNSName.take(&data), to: &octets)
    case 15:
      let exchange = PrintedDNSName.take(&data)
      data.skipBlanks()
      append(data.takeWord(), to: &octets)
      octets.append(UInt8(ascii: " "))
      PrintedDNSName.append(data, exchange, to: &octets)
    case 33: appendService(&data, to: &octets)
    case 6:
      for _ in 0..<2 {
        PrintedDNSName.append(data, PrintedDNSName.take(&data), to: &octets)
        data.skipBlanks()
        octets.append(UInt8(ascii: " "))
      }
      append(data.rest, to: &octets)
    default: append(data.rest, to: &octets)
    }
  }

  /// `target.:port priority weight`
  private func appendService(_ data: inout PrintedText, to octets: inout [UInt8]) {
    guard let colon = data.firstIndex(of: ".:") else { return append(data.rest, to: &octets) }
    let target = data.position..<colon
    data.move(to: colon + 2)
    let port = data.takeWord()
    for _ in 0..<2 {
      data.skipBlanks()
      append(data.takeWord(), to: &octets)
      octets.append(UInt8(ascii: " "))
    }
    append(port, to: &octets)
    octets.append(UInt8(ascii: " "))
    PrintedDNSName.append(data, target, to: &octets)
  }

  private func append(_ range: Range<Int>, to octets: inout [UInt8]) {
    for index in range {
      if let octet = text.octet(at: index) { octets.append(octet) }
    }
  }
}
