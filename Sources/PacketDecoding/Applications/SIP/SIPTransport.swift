/// SIP over UDP, at whatever port: RFC 3261, 18.
enum SIPDatagram: DatagramApplication {
  static let name = ProtocolName.sip

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    guard let head = SIPHead(payload) else { return false }
    // Some leave out the empty line where no body follows.
    if !head.isWhole, head.end < payload.byteCount {
      context.fault(
        context.isCut ? .cut : .malformed, .sip, at: 0, "a SIP message's header has no end", &batch)
    }
    head.append(payload, context, to: &batch)
    return true
  }
}

/// SIP over TCP, at whatever port.
struct SIPStream: StreamReader {
  /// Octets of a session description that are waited for.
  private static let mostBody = 16 << 10

  var name: ProtocolName { .sip }

  /// An empty line or two may come first.
  static func begins(_ octets: RawSpan) -> Bool {
    var start = 0
    while start < 4, let octet = octets.octet(at: start), octet == 0x0d || octet == 0x0a {
      start += 1
    }
    return SIPHead.begins(octets.extracting(start...))
  }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    // Empty lines keep a connection alive: RFC 5626, 3.5.1.
    if let first = octets.octet(at: 0), first == 0x0d || first == 0x0a {
      return StreamReading(consumed: 1)
    }
    guard octets.byteCount >= StreamIdentification.telling else {
      return .more(wanted: StreamIdentification.telling)
    }
    // The middle of a message whose beginning is not there.
    guard SIPHead.begins(octets) else { return StreamReading(consumed: octets.byteCount) }
    var context = context
    // A message may have begun in an earlier packet: its faults have no place in this one.
    (context.offset, context.isCut) = (0, false)
    guard let head = SIPHead(octets), head.isWhole else {
      guard octets.byteCount > SIPHead.longest else { return .more() }
      context.fault(
        .malformed, .sip, at: 0, "a SIP message's header is longer than is read; octets",
        found: octets.byteCount, expected: SIPHead.longest, &batch)
      return StreamReading(consumed: octets.byteCount)
    }
    let length = head.contentLength ?? 0
    let isRead = head.hasSessionDescription(octets) && length <= Self.mostBody
    guard !isRead || octets.byteCount >= head.end + length else {
      return .more(wanted: head.end + length)
    }
    head.append(octets.extracting(0..<head.end + (isRead ? length : 0)), context, to: &batch)
    return isRead
      ? StreamReading(consumed: head.end + length, foundMessage: true)
      : StreamReading(consumed: head.end, skipped: length, foundMessage: true)
  }
}
