// Messages of the handshake: RFC 8446, 4; RFC 5246, 7.4. They run through records as if these were not there.

extension TLSStream {
  private static let certificate: UInt8 = 11
  /// Types that RFC 8446, RFC 5246 and those that add to them know.
  private static let types: Set<UInt8> = [
    0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 25, 67, 254,
  ]
  /// Octets of a message that is put together.
  private static let longest = 1 << 17

  /// Reads the messages of a handshake record that is all there, and of those behind it where one goes on in
  /// them.
  mutating func readHandshake(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    var body: [UInt8] = []
    var offset = ends[side].handled
    /// Where the last record begins, and where its content does in `body`.
    var last = (record: 0, content: 0)
    var end = 0
    var found = false
    while true {
      guard let record = TLSRecord(octets, at: end), record.kind == .handshake else {
        // Another kind of record before the message's end, or the end of what is there.
        if octets.byteCount - end >= TLSRecord.headerLength {
          return giveUp(end, side, context, &batch)
        }
        return StreamReading(consumed: 0, wanted: end + TLSRecord.headerLength, foundMessage: found)
      }
      let next = record.end(from: end)
      guard octets.byteCount >= next else {
        return StreamReading(consumed: 0, wanted: next, foundMessage: found)
      }
      last = (end, body.count)
      body.append(contentsOf: octets.extracting(end + TLSRecord.headerLength..<next))
      end = next
      while let type = body.octet(at: offset) {
        guard Self.types.contains(type) else { return giveUp(end, side, context, &batch) }
        guard let length = Self.messageLength(body, at: offset) else { break }
        guard length <= Self.longest else { return giveUp(end, side, context, &batch) }
        guard offset + length <= body.count else { break }
        reading(body) {
          take($0.extracting(offset..<offset + length), side, context, &batch)
        }
        offset += length
        found = true
      }
      if offset >= body.count {
        ends[side].handled = 0
        return StreamReading(consumed: end, foundMessage: true)
      }
      ends[side].handled = offset
      if last.record > 0, offset >= last.content {
        ends[side].handled = offset - last.content
        return StreamReading(consumed: last.record, foundMessage: true)
      }
    }
  }

  /// Leaves records alone whose content is no message; it is most likely encrypted.
  private mutating func giveUp(
    _ end: Int, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    if ends[side].isSure {
      context.fault(
        .malformed, .tls, at: 0, "what should be a message of the TLS handshake is none", &batch)
    }
    ends[side].handled = 0
    ends[side].isSure = false
    ends[side].isEncrypted = true
    return StreamReading(consumed: end, foundMessage: true)
  }

  /// Octets of the message at `offset`, its header included; `nil` where that is not all there.
  private static func messageLength(_ body: [UInt8], at offset: Int) -> Int? {
    reading(body) { $0.bigEndian(at: offset, as: UInt32.self) }.map {
      TLSHello.headerLength + Int($0 & 0xff_ffff)
    }
  }

  private mutating func take(
    _ message: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    switch message.octet(at: 0) {
    case TLSHello.client:
      guard TLSHello.read(message, transport: .tcp, context, into: &batch) else { return }
      client = side
      ends[side].isSure = true
      offered = Session(message)
    case TLSHello.server:
      guard TLSHello.read(message, transport: .tcp, context, into: &batch) else { return }
      client = side.other
      ends[side].isSure = true
      chooses(message, &batch)
    case Self.certificate where !isVersion13:
      X509Certificate.read(
        message, isServer: client.map { $0 != side }, isSure: ends[side].isSure, context,
        into: &batch)
    default: break
    }
  }

  /// Notes what the server chose, in its hello, the last row of `batch`.
  private mutating func chooses(_ message: RawSpan, _ batch: inout RecordBatch) {
    guard let index = batch.tlsHandshakes.indices.last else { return }
    let version = batch.tlsHandshakes[index].version
    isVersion13 = version >= 0x0304
    if isVersion13 {
      // The ChangeCipherSpec of a client that sends early data means nothing: RFC 8446, D.4.
      ends[.lower].isEncrypted = false
      ends[.upper].isEncrypted = false
    } else {
      batch.tlsHandshakes[index].isResumed = offered.isResumed(by: Session(message))
    }
  }
}

extension TLSStream.Session {
  /// What a hello says of a session.
  init(_ message: RawSpan) {
    guard let hello = TLSHello(message) else { return }
    id.append(contentsOf: message.extracting(hello.sessionID))
    hasTicket = hello.hasTicket
  }

  /// Whether a server's hello says that this session goes on: RFC 5246, 7.4.1.3. By RFC 5077, 3.4, a client
  /// with a ticket that sends no session either does not learn that before the server's next message.
  func isResumed(by answer: Self) -> Bool? {
    if !id.isEmpty { return answer.id == id }
    return hasTicket ? nil : false
  }
}

extension [UInt8] {
  /// The octet at `offset`, or `nil` outside the array.
  func octet(at offset: Int) -> UInt8? { indices.contains(offset) ? self[offset] : nil }
}
