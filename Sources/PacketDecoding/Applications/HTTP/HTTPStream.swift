/// HTTP/1 over TCP: heads are read, bodies are passed over. RFC 9112.
struct HTTPStream: StreamReader {
  /// Octets of a head that is read.
  static let longestHead = 64 << 10
  /// Octets of a line before a chunk, with its extensions.
  private static let longestChunkLine = 4096

  /// Where in its messages an end is.
  private enum Place {
    /// Before a start line.
    case head
    /// Somewhere: a segment that begins with a message ends that.
    case lost
    case chunkSize
    /// Behind a chunk's data, before the end of its line.
    case chunkEnd
    case trailers
    /// In a body that the connection's end ends.
    case toEnd
    /// Before a body, `nil` for one to the end, of a response whose request is not known: there is none
    /// when that was HEAD.
    case perhapsBody(length: Int?)
  }

  private var place = BothSides(Place.head)
  private var exchanges = HTTPExchanges()
  /// Whether it was told that what follows a message is none.
  private var hasToldDisorder = BothSides(false)
  private var credentials = HTTPCredentials()

  var name: ProtocolName { .http }

  static func begins(_ octets: RawSpan) -> Bool { HTTPHead.begins(octets) }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    switch place[side] {
    case .head: return readHead(octets, side, context, &batch)
    case .lost:
      guard HTTPHead.begins(octets) else { return StreamReading(consumed: octets.byteCount) }
      place[side] = .head
      return readHead(octets, side, context, &batch)
    case .chunkSize: return readChunkSize(octets, side, context, &batch)
    case .chunkEnd: return readChunkEnd(octets, side, context, &batch)
    case .trailers:
      guard let line = octets.line(at: 0, longest: Self.longestHead) else {
        return more(octets, within: Self.longestHead, side)
      }
      if line.end == 0 { place[side] = .head }
      return StreamReading(consumed: line.next)
    case .toEnd: return StreamReading(consumed: octets.byteCount)
    case .perhapsBody(let length):
      if HTTPHead.isVersion(octets, at: 0) {
        place[side] = .head
        return readHead(octets, side, context, &batch)
      }
      guard let length else { return StreamReading(consumed: octets.byteCount) }
      place[side] = .head
      // The body is here: its octets are passed over in one go.
      let here = min(length, octets.byteCount)
      return StreamReading(consumed: here, skipped: length - here)
    }
  }

  mutating func lose(from side: StreamSide) {
    exchanges.lose(from: side)
    if case .toEnd = place[side] { return }
    place[side] = .lost
  }

  private mutating func readHead(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    // RFC 9112, 2.2: empty lines before a start line are passed over.
    var start = 0
    while let octet = octets.octet(at: start), octet == 0x0d || octet == 0x0a { start += 1 }
    if start > 0 { return StreamReading(consumed: start) }
    guard let line = octets.line(at: 0, longest: Self.longestHead) else {
      guard HTTPHead.couldBegin(octets) else { return disorder(octets, side, context, &batch) }
      return moreOfHead(octets, side, context, &batch)
    }
    guard var head = HTTPHead(octets, startLine: 0..<line.end) else {
      return disorder(octets, side, context, &batch)
    }
    var isFolded = false
    var next = line.next
    while true {
      guard next <= Self.longestHead else { break }
      guard let field = octets.line(at: next, longest: Self.longestHead) else {
        return moreOfHead(octets, side, context, &batch)
      }
      if field.end == next {
        next = field.next
        break
      }
      if let octet = octets.octet(at: next), octet == 0x20 || octet == 0x09 { isFolded = true }
      head.add(octets, line: next..<field.end)
      next = field.next
    }
    guard next <= Self.longestHead else { return moreOfHead(octets, side, context, &batch) }
    if isFolded {
      let unfolded = Self.unfold(octets, next)
      return reading(unfolded) { unfolded in
        guard var head = HTTPHead(unfolded, startLine: 0..<line.end) else { return .more() }
        var start = line.next
        while let field = unfolded.line(at: start, longest: Self.longestHead), field.end > start {
          head.add(unfolded, line: start..<field.end)
          start = field.next
        }
        return finish(head, of: unfolded, next, side, context, &batch)
      }
    }
    return finish(head, of: octets, next, side, context, &batch)
  }

  /// RFC 9112, 5.2: a line that begins with a space goes on with the one before, as if there were spaces
  /// in place of its end.
  private static func unfold(_ octets: RawSpan, _ end: Int) -> [UInt8] {
    var head: [UInt8] = []
    head.append(contentsOf: octets.extracting(..<end))
    for index in head.indices.dropLast()
    where head[index] == 0x0a && (head[index + 1] == 0x20 || head[index + 1] == 0x09) {
      (head[index], head[index + 1]) = (0x20, 0x20)
      if index > 0, head[index - 1] == 0x0d { head[index - 1] = 0x20 }
    }
    return head
  }

  /// Keeps a message whose head is whole, and finds where the next one is.
  ///
  /// - Parameter octets: What the head refers to.
  private mutating func finish(
    _ head: HTTPHead, of octets: RawSpan, _ end: Int, _ side: StreamSide,
    _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    var answered: HTTPExchanges.Request?
    var elapsed: Int64?
    if let status = head.status {
      let isInterim = status < 200 && status != 101
      answered = exchanges.answer(from: side, isInterim: isInterim)
      if !isInterim, let sent = answered?.time, let time = context.time {
        let difference = time.subtractingReportingOverflow(sent)
        elapsed = difference.overflow || difference.partialValue < 0 ? nil : difference.partialValue
      }
      if !isInterim, let login = answered?.login {
        HTTPCredentials.tell(status, of: login, context, &batch)
      }
    } else {
      exchanges.add(
        HTTPExchanges.Request(
          message: MessagePlace(ofPacket: context.packetNumber, behind: batch.http) {
            $0.packetNumber
          },
          time: context.time,
          isHead: head.method.map { octets.equals($0, ignoringCase: "head") } ?? false,
          isConnect: head.method.map { octets.equals($0, ignoringCase: "connect") } ?? false,
          login: credentials.read(head, octets, context, &batch)),
        from: side)
    }
    batch.append(
      head, of: octets, request: answered?.message, responseTime: elapsed, context)
    tell(head, context, &batch)
    var result = StreamReading(consumed: end, foundMessage: true)
    switch HTTPBody(head, answered) {
    case .none: place[side] = .head
    case .octets(let count):
      if head.status != nil, answered == nil, count > 0 {
        place[side] = .perhapsBody(length: count)
      } else {
        place[side] = .head
        result.skipped = count
      }
    case .chunks: place[side] = .chunkSize
    case .toEnd:
      place[side] = answered == nil ? .perhapsBody(length: nil) : .toEnd
    case .unknown: place[side] = .lost
    case .tunnel: result.next = .identify
    }
    return result
  }

  /// What is wrong in a head that could be read.
  private func tell(_ head: HTTPHead, _ context: PayloadContext, _ batch: inout RecordBatch) {
    if head.coding != nil, head.contentLength != nil || head.isLengthWrong {
      context.fault(
        .malformed, .http, at: -context.offset,
        "Transfer-Encoding and Content-Length together: two ends of one body", &batch)
    } else if head.isLengthWrong {
      context.fault(
        .malformed, .http, at: -context.offset, "a Content-Length that is not one number", &batch)
    }
    if head.coding == .other, head.status == nil {
      context.fault(
        .malformed, .http, at: -context.offset,
        "a request's last transfer coding is not chunked: its body has no end", &batch)
    }
    if head.hasStrangeLine {
      context.fault(
        .malformed, .http, at: -context.offset,
        "a line of a head without a colon behind a name", &batch)
    }
  }

  private mutating func readChunkSize(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    guard let line = octets.line(at: 0, longest: Self.longestChunkLine) else {
      return more(octets, within: Self.longestChunkLine, side)
    }
    let end = octets.firstIndex(of: UInt8(ascii: ";"), in: 0..<line.end) ?? line.end
    guard let size = octets.hexadecimal(octets.trimmed(0..<end)) else {
      place[side] = .lost
      context.fault(
        .malformed, .http, at: -context.offset, "a chunk's size is no hexadecimal number", &batch)
      return StreamReading(consumed: octets.byteCount)
    }
    place[side] = size == 0 ? .trailers : .chunkEnd
    return StreamReading(consumed: line.next, skipped: size)
  }

  private mutating func readChunkEnd(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    let first = octets.octet(at: 0)
    if first == 0x0d, octets.byteCount == 1 { return .more(wanted: 2) }
    guard first == 0x0a || first == 0x0d && octets.octet(at: 1) == 0x0a else {
      place[side] = .lost
      context.fault(
        .malformed, .http, at: -context.offset, "a chunk's data do not end with its size", &batch)
      return StreamReading(consumed: octets.byteCount)
    }
    place[side] = .chunkSize
    return StreamReading(consumed: first == 0x0a ? 1 : 2)
  }

  /// Waits for more, or gives up what is longer than anything that is read.
  private mutating func more(
    _ octets: RawSpan, within longest: Int, _ side: StreamSide
  ) -> StreamReading {
    guard octets.byteCount >= longest else { return .more() }
    place[side] = .lost
    return StreamReading(consumed: octets.byteCount)
  }

  /// Waits for the rest of a head, unless that is too long.
  private mutating func moreOfHead(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    let reading = more(octets, within: Self.longestHead, side)
    if reading.consumed > 0 {
      context.fault(
        .malformed, .http, at: -context.offset, "octets of a head are more than are read",
        found: octets.byteCount, expected: Self.longestHead, &batch)
    }
    return reading
  }

  /// Something where a message should begin.
  private mutating func disorder(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    if exchanges.hasConnect(from: side) {
      // The client goes on in a tunnel whose opening was not captured.
      return StreamReading(consumed: 0, next: .identify)
    }
    place[side] = .lost
    if !hasToldDisorder[side], exchanges.hasBegun(side) {
      hasToldDisorder[side] = true
      context.fault(
        .malformed, .http, at: -context.offset, "what follows a message does not begin one", &batch)
    }
    return StreamReading(consumed: octets.byteCount)
  }
}
