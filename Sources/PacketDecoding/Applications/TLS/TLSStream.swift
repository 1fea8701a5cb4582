/// TLS over TCP: hellos, certificates and alerts, as far as they are in clear. What is encrypted is passed over
/// unseen.
struct TLSStream: StreamReader {
  /// What is known of one end.
  struct End: Sendable {
    /// Whether a record is expected next; else what comes next may be the middle of one.
    var isInStep = false
    /// Whether that is sure, so that what does not fit is a fault of the sender's.
    var isSure = false
    /// Whether it said that what follows is encrypted, TLS 1.2 and before.
    var isEncrypted = false
    /// Whether it sent application data.
    var hasSentData = false
    /// Octets of the handshake records that are pending, their headers left out, which were read.
    var handled = 0
  }

  var ends = BothSides(End())
  var client: StreamSide?
  /// Whether the server chose TLS 1.3, in which encrypted records look like application data.
  var isVersion13 = false
  /// What the client's hello tells of a session to be resumed.
  var offered = Session()
  var awaitsVersion2 = false

  struct Session: Sendable {
    var id: [UInt8] = []
    var hasTicket = false
  }

  var name: ProtocolName { .tls }

  /// Whether octets begin what only TLS begins with: a hello, or an alert in clear; in the middle of a
  /// connection a record that another one follows.
  static func begins(_ octets: RawSpan, _ context: PayloadContext) -> Bool {
    guard let record = TLSRecord(octets) else { return isVersion2Hello(octets) }
    let first = octets.octet(at: TLSRecord.headerLength)
    switch record.kind {
    case .handshake:
      guard let first else { return true }
      if first == TLSHello.client || first == TLSHello.server { return true }
    case .alert where record.length == 2:
      return first.map { $0 == 1 || $0 == 2 } ?? true
    default: break
    }
    let end = record.end(from: 0)
    if end < octets.byteCount { return TLSRecord.begins(octets, at: end) }
    return end == octets.byteCount || context.isAt(443)
  }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    // What is read may have begun in earlier packets: its faults have no place in this one.
    var context = context
    (context.offset, context.isCut) = (0, false)
    guard octets.byteCount >= TLSRecord.headerLength else {
      return TLSRecord.begins(octets) || octets.byteCount < 3
        ? .more(wanted: TLSRecord.headerLength) : passOver(octets, side, context, &batch)
    }
    guard let record = TLSRecord(octets) else {
      return readVersion2(octets, side, context, &batch)
        ?? passOver(octets, side, context, &batch)
    }
    let end = record.end(from: 0)
    if !ends[side].isInStep {
      guard end >= octets.byteCount || TLSRecord.begins(octets, at: end) else {
        return passOver(octets, side, context, &batch)
      }
      ends[side].isInStep = true
    }
    let isOpaque =
      record.kind == .applicationData || record.kind == .heartbeat
      || record.kind == .handshake && ends[side].isEncrypted
    if isOpaque {
      if record.kind == .applicationData { ends[side].hasSentData = true }
      var reading = StreamReading(
        consumed: TLSRecord.headerLength, skipped: record.length, foundMessage: true)
      if isVersion13, ends[.lower].hasSentData, ends[.upper].hasSentData { reading.next = .stop }
      return reading
    }
    guard octets.byteCount >= end else { return .more(wanted: end) }
    switch record.kind {
    case .handshake: return readHandshake(octets, side, context, &batch)
    case .alert: readAlert(octets.extracting(TLSRecord.headerLength..<end), side, context, &batch)
    default: if !isVersion13 { ends[side].isEncrypted = true }
    }
    return StreamReading(consumed: end, foundMessage: true)
  }

  mutating func lose(from side: StreamSide) {
    ends[side].isInStep = false
    ends[side].isSure = false
    ends[side].handled = 0
  }

  /// Leaves octets alone that are no record.
  private mutating func passOver(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    if ends[side].isSure {
      context.fault(
        .malformed, .tls, at: 0, "what should be a TLS record is none; it is not read", &batch)
    }
    lose(from: side)
    return StreamReading(consumed: octets.byteCount)
  }

  /// Reads the content of an alert record: two octets, unless it is encrypted.
  private mutating func readAlert(
    _ content: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    let isServer = client.map { $0 != side }
    // Shorter than what any cipher adds.
    let isClear = content.byteCount == 2 || !ends[side].isEncrypted && content.byteCount < 16
    guard isClear else {
      batch.tlsAlerts.append(
        TLSAlert(packetNumber: context.packetNumber, isEncrypted: true, isServer: isServer))
      return
    }
    var offset = 0
    while let level = content.octet(at: offset), let description = content.octet(at: offset + 1),
      level == 1 || level == 2
    {
      batch.tlsAlerts.append(
        TLSAlert(
          packetNumber: context.packetNumber, level: level, description: description,
          isEncrypted: false, isServer: isServer))
      offset += 2
    }
    if offset < content.byteCount, ends[side].isSure {
      context.fault(.malformed, .tls, at: 0, "an alert of TLS that is none", &batch)
    }
  }
}
