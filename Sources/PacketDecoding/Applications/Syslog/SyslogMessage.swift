/// A message of syslog: RFC 5424, section 6, or what many send in the way of RFC 3164, section 4.
public struct SyslogMessage: Equatable, Sendable {
  /// The packet that completes it.
  public var packetNumber: Int64
  /// 0 to 23.
  public var facility: UInt8
  /// 0, an emergency, to 7.
  public var severity: UInt8
  /// 1 for RFC 5424, `nil` for RFC 3164.
  public var version: UInt8?
  /// As it was sent; the year is missing in RFC 3164.
  public var timestamp: TextRange?
  /// HOSTNAME, as it was sent; `nil` for none, as below.
  public var host: TextRange?
  /// APP-NAME, what wrote it; of RFC 3164 the TAG.
  public var app: TextRange?
  /// PROCID, as it was sent; of RFC 3164 what stands in brackets behind the TAG.
  public var process: TextRange?
  /// MSGID, what kind of message it is; of RFC 5424 alone.
  public var messageID: TextRange?
  /// RFC 5424, 6.3, as it was sent.
  public var structuredData: TextRange?
  /// MSG, without what ends a line; of a cut packet what is there.
  public var message: TextRange?
}

extension SyslogMessage: DatagramApplication {
  static let port: UInt16 = 514
  static var name: ProtocolName { .syslog }

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    guard
      let message = SyslogMessage(payload, 0..<payload.byteCount, context.packetNumber, &batch)
    else { return false }
    if context.isCut {
      context.fault(
        .cut, .syslog, at: payload.byteCount, "the syslog message's end was not captured", &batch)
    }
    batch.syslog.append(message)
    return true
  }

  /// `<`, facility * 8 + severity in at most three digits, `>`: RFC 5424, 6.2.1.
  ///
  /// - Returns: The number, and where the message goes on.
  static func priority(_ octets: RawSpan, at offset: Int) -> (value: UInt8, next: Int)? {
    guard octets.octet(at: offset) == UInt8(ascii: "<") else { return nil }
    var (value, index) = (0, offset + 1)
    while index <= offset + 3, let digit = octets.digit(at: index) {
      value = value * 10 + Int(digit)
      index += 1
    }
    guard index > offset + 1, value <= 191, octets.octet(at: index) == UInt8(ascii: ">") else {
      return nil
    }
    return (UInt8(value), index + 1)
  }

  /// - Returns: `nil` where no priority begins the range.
  init?(_ octets: RawSpan, _ range: Range<Int>, _ packet: Int64, _ batch: inout RecordBatch) {
    guard let (priority, next) = SyslogMessage.priority(octets, at: range.lowerBound),
      next <= range.upperBound
    else { return nil }
    packetNumber = packet
    (facility, severity) = (priority >> 3, priority & 7)
    // What ends a line, or a text in C, is none of the message.
    var end = range.upperBound
    while end > next, let last = octets.octet(at: end - 1), last == 0 || last == 10 || last == 13 {
      end -= 1
    }
    var index = next
    if octets.starts(with: "1 ", at: next) {
      version = 1
      index += 2
      readFields(octets, &index, end, &batch)
    } else {
      readHeader(octets, &index, end, &batch)
    }
    // RFC 5424, 6.4: what tells that UTF-8 follows.
    if octets.starts(with: "\u{feff}", at: index) { index += 3 }
    if index < end { message = batch.append(octets, index..<end) }
  }

  /// RFC 5424: each field is a word, or `-` for none.
  private mutating func readFields(
    _ octets: RawSpan, _ index: inout Int, _ end: Int, _ batch: inout RecordBatch
  ) {
    timestamp = Self.field(octets, octets.word(at: &index, end), &batch)
    host = Self.field(octets, octets.word(at: &index, end), &batch)
    app = Self.field(octets, octets.word(at: &index, end), &batch)
    process = Self.field(octets, octets.word(at: &index, end), &batch)
    messageID = Self.field(octets, octets.word(at: &index, end), &batch)
    structuredData = Self.field(octets, octets.structuredData(at: &index, end), &batch)
  }

  private static func field(
    _ octets: RawSpan, _ range: Range<Int>, _ batch: inout RecordBatch
  ) -> TextRange? {
    let isNil = range.count == 1 && octets.octet(at: range.lowerBound) == UInt8(ascii: "-")
    return range.isEmpty || isNil ? nil : batch.append(octets, range)
  }

  /// RFC 3164: a time, a host, and the message, which mostly begins with who wrote it, `name[number]:`.
  private mutating func readHeader(
    _ octets: RawSpan, _ index: inout Int, _ end: Int, _ batch: inout RecordBatch
  ) {
    guard let time = octets.syslogTime(at: index, end) else { return }
    timestamp = batch.append(octets, time)
    index = time.upperBound + 1
    // What was not passed on names no host.
    if octets.syslogTag(at: index, end) == nil {
      host = Self.field(octets, octets.word(at: &index, end), &batch)
    }
    guard let tag = octets.syslogTag(at: index, end) else { return }
    app = batch.append(octets, tag.name)
    process = tag.process.flatMap { Self.field(octets, $0, &batch) }
    index = tag.next
  }
}
