/// A TCP segment as tcpdump prints it.
///
/// `Flags [S.], seq 5, ack 6, win 64, options [mss 1460], length 0`; before version 4
/// `S 5:5(0) ack 6 win 64 <mss 1460>`; with `-q` only `tcp 0`.
enum PrintedTCP {
  /// Whether the text begins with the flags of old versions: `S 1:1(0)`, `. ack 1`, `FP 1:2(1)`.
  static func hasOldFlags(_ text: PrintedText) -> Bool {
    var text = text
    guard text.next == UInt8(ascii: ".") || text.next.map(isFlagLetter) == true else {
      return false
    }
    let word = text.takeWord()
    guard word.count <= 8, word.allSatisfy({ text.octet(at: $0).map(isFlagLetter) == true }),
      text.take(" ")
    else { return false }
    if text.starts(with: "ack ") || text.starts(with: "win ") { return true }
    return text.takeNumber() != nil && text.starts(with: ":")
  }

  private static func isFlagLetter(_ octet: UInt8) -> Bool { flag(octet) != nil }

  /// The control bit that a letter stands for.
  static func flag(_ octet: UInt8) -> TCPFlags? {
    switch octet {
    case UInt8(ascii: "F"): .fin
    case UInt8(ascii: "S"): .syn
    case UInt8(ascii: "R"): .rst
    case UInt8(ascii: "P"): .psh
    case UInt8(ascii: "."): .ack
    case UInt8(ascii: "U"): .urg
    case UInt8(ascii: "E"): .ece
    case UInt8(ascii: "W"): .cwr
    default: nil
    }
  }
}

extension PrintedPacketDecoder {
  mutating func decodeTCP(
    _ text: inout PrintedText, of datagram: PrintedDatagram, _ batch: inout RecordBatch
  ) {
    if text.starts(with: "[|tcp]") {
      return fault(.cut, .tcp, at: text.position, "the TCP header is cut, on line", &batch)
    }
    record.protocolReached = .tcp
    if text.take("tcp ") {
      record.transport.payloadLength = text.takeNumber(as: Int32.self)
      return
    }
    let isOld = !text.take("Flags [")
    let flags = takeFlags(&text)
    if !isOld { text.take("]") }
    var fields = TCPFields(flags: flags)
    // Each round takes something away, or ends.
    var isReading = true
    while isReading {
      let start = text.position
      text.take(",")
      text.skipBlanks()
      if text.take("cksum ") {
        _ = text.takeWord()
        text.skipBlanks()
        _ = text.takeParenthesized()
      } else if text.take("seq ") || isOld && text.next.map(PrintedText.isDigit) == true {
        takeSequence(&text, into: &fields)
      } else if text.take("ack ") {
        let number = text.takeNumber(as: UInt32.self)
        fields.acknowledgment = flags.contains(.syn) ? number : nil
      } else if text.take("win ") {
        fields.window = text.takeNumber(as: UInt16.self)
      } else if text.take("urg ") {
        _ = text.takeNumber()
      } else if text.take("options ") {
        takeOptions(&text, UInt8(ascii: "["), UInt8(ascii: "]"), into: &fields)
      } else if text.starts(with: "<") {
        takeOptions(&text, UInt8(ascii: "<"), UInt8(ascii: ">"), into: &fields)
      } else if text.take("length ") {
        record.transport.payloadLength = text.takeNumber(as: Int32.self)
        isReading = false
      } else {
        isReading = false
      }
      isReading = isReading && text.position > start
    }
    record.transport.tcp = fields
    if text.starts(with: "[|tcp") {
      fault(.cut, .tcp, at: text.position, "the TCP header is cut, on line", &batch)
    }
    text.take(":")
    text.skipBlanks()
    if !datagram.isFragment, let length = record.transport.payloadLength, length > 2,
      text.next.map(PrintedText.isDigit) == true, PrintedDNS.isExpected(record.transport)
    {
      decodeDNS(&text, overTCP: true, &batch)
    }
  }

  /// `S.`, `none`; the letters of bits that are not kept are passed over.
  private func takeFlags(_ text: inout PrintedText) -> TCPFlags {
    var flags: TCPFlags = []
    if text.take("none") { return flags }
    while let octet = text.next, octet != UInt8(ascii: "]"), !PrintedText.isBlank(octet) {
      if let flag = PrintedTCP.flag(octet) { flags.insert(flag) }
      text.move(to: text.position + 1)
    }
    return flags
  }

  /// `444006330`, `1:74`, and `1:74(73)` of old versions, which has the length, too.
  ///
  /// tcpdump prints numbers as they are in segments with SYN or without ACK. In all others they
  /// count from the conversation's first, unless it printed with `-S` or saw the conversation for
  /// the first time; the line does not say, so nothing is kept of them.
  private mutating func takeSequence(_ text: inout PrintedText, into fields: inout TCPFields) {
    let number = text.takeNumber(as: UInt32.self)
    if fields.flags.contains(.syn) || !fields.flags.contains(.ack) { fields.sequence = number }
    guard text.take(":") else { return }
    _ = text.takeNumber()
    if text.take("(") {
      record.transport.payloadLength = text.takeNumber(as: Int32.self)
      text.take(")")
    }
  }

  /// `mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 10`
  private func takeOptions(
    _ text: inout PrintedText, _ opening: UInt8, _ closing: UInt8, into fields: inout TCPFields
  ) {
    guard let range = text.takeBracketed(opening, closing) else { return }
    var options = text.part(range)
    while !options.isAtEnd {
      if options.take("mss ") {
        fields.maximumSegmentSize = options.takeNumber(as: UInt16.self)
      } else if options.take("wscale ") {
        fields.windowScale = options.takeNumber(as: UInt8.self)
      } else if options.take("sackOK") {
        fields.selectiveAcknowledgmentPermitted = true
      }
      guard let comma = options.firstIndex(of: ",") else { return }
      options.move(to: comma + 1)
    }
  }
}
