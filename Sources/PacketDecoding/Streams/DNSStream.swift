/// DNS over TCP, and LLMNR: messages behind their lengths, RFC 1035, 4.2.2, RFC 7766 and RFC 4795, 2.
struct DNSStream: StreamReader {
  /// `dns` or `llmnr`.
  let name: ProtocolName
  /// Whether a message was read whole, and nothing lost since: then what comes next is one, whatever is
  /// wrong in it.
  private var isInStep = BothSides(false)

  private init(_ name: ProtocolName) { self.name = name }

  /// The reader of a connection that begins as one of messages: at port 53 or 5355 one that may be, at another
  /// one that fills its segment and can be nothing else.
  static func beginning(_ octets: RawSpan, _ context: PayloadContext) -> DNSStream? {
    guard let length = octets.bigEndian(at: 0, as: UInt16.self).map(Int.init) else { return nil }
    let isDNS = context.isAt(DNSMessage.port)
    guard isDNS || context.isAt(LinkLocalNameResolution.port) else {
      let isOne = 2 + length == octets.byteCount && DNSElsewhere.isOne(octets, 2, 2 + length)
      return isOne ? DNSStream(.dns) : nil
    }
    guard DNSMessage.looksLikeOne(octets, at: 2, length: length) else { return nil }
    return DNSStream(isDNS ? .dns : .llmnr)
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
    guard name == .dns else {
      let isOne = NameMessage.read(name, octets, 2, end, overTCP: true, context, into: &batch)
      return StreamReading(consumed: end, foundMessage: isOne)
    }
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
