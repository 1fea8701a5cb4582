/// DNS over TCP: messages behind their lengths, RFC 1035, 4.2.2 and RFC 7766.
struct DNSStream: StreamReader {
  /// Whether a message was read whole, and nothing lost since: then what comes next is one, whatever is
  /// wrong in it.
  private var isInStep = BothSides(false)

  var name: ProtocolName { .dns }

  static func begins(_ octets: RawSpan, _ context: PayloadContext) -> Bool {
    context.isAt(DNSMessage.port)
      && DNSMessage.looksLikeOne(
        octets, at: 2, length: Int(octets.bigEndian(at: 0, as: UInt16.self) ?? 0))
  }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    guard let length = octets.bigEndian(at: 0, as: UInt16.self) else { return .more() }
    guard octets.byteCount >= 2 + DNSMessage.headerLength || length < DNSMessage.headerLength
    else { return .more(wanted: 2 + DNSMessage.headerLength) }
    // What does not look like a message is the middle of one whose beginning is not there.
    guard DNSMessage.looksLikeOne(octets, at: 2, length: Int(length)) else {
      return StreamReading(consumed: octets.byteCount)
    }
    let end = 2 + Int(length)
    guard octets.byteCount >= end else { return .more(wanted: end) }
    var context = context
    // A message may have begun in an earlier packet: its faults have no place in this one.
    (context.offset, context.isCut) = (0, false)
    let kept = (batch.dns.count, batch.faults.count, batch.text.count)
    let isWhole = DNSMessage.decode(octets, 2, end, overTCP: true, context, into: &batch)
    if isWhole { isInStep[side] = true }
    if !isInStep[side] {
      batch.dns.removeSubrange(kept.0...)
      batch.faults.removeSubrange(kept.1...)
      batch.text.removeSubrange(kept.2...)
    }
    return StreamReading(consumed: end, foundMessage: isInStep[side])
  }

  mutating func lose(from side: StreamSide) { isInStep[side] = false }
}
