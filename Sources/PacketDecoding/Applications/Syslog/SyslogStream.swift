/// Syslog over TCP: RFC 6587, with messages behind their lengths, 3.4.1, or one a line, 3.4.2.
struct SyslogStream: StreamReader {
  /// Octets of a message; RFC 5424, 6.1, asks for 2048.
  private static let longest = 64 << 10
  private static let ports: [UInt16] = [514, 601]

  var name: ProtocolName { .syslog }

  static func begins(_ octets: RawSpan, _ context: PayloadContext) -> Bool {
    ports.contains { context.isAt($0) }
      && (SyslogMessage.priority(octets, at: 0) != nil || counted(octets) != nil)
  }

  /// A message behind its length in digits and a space.
  private static func counted(_ octets: RawSpan) -> Range<Int>? {
    var (length, index) = (0, 0)
    while index < 5, let digit = octets.digit(at: index) {
      length = length * 10 + Int(digit)
      index += 1
    }
    guard index > 0, length <= longest, octets.octet(at: index) == UInt8(ascii: " "),
      SyslogMessage.priority(octets, at: index + 1) != nil
    else { return nil }
    return index + 1..<index + 1 + length
  }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    let range: Range<Int>
    let consumed: Int
    if let counted = Self.counted(octets) {
      guard counted.upperBound <= octets.byteCount else { return .more(wanted: counted.upperBound) }
      (range, consumed) = (counted, counted.upperBound)
    } else if let line = octets.line(at: 0, longest: Self.longest) {
      (range, consumed) = (0..<line.end, line.next)
    } else {
      return octets.byteCount < Self.longest ? .more() : StreamReading(consumed: octets.byteCount)
    }
    guard let message = SyslogMessage(octets, range, context.packetNumber, &batch) else {
      return StreamReading(consumed: consumed)
    }
    batch.syslog.append(message)
    return StreamReading(consumed: consumed, foundMessage: true)
  }
}
