/// A TCP connection whose octets are read.
struct StreamConnection: Sendable {
  /// Segments that are looked at before a connection is taken for one of no known protocol: those of a
  /// capture that begins in the middle of it may be parts of anything.
  private static let mostLooks = 8
  /// Octets of a message that goes on, from which on it is read again only with an eighth more.
  private static let manyPending = 16 << 10

  private var directions = BothSides(StreamDirection())
  private var application = Application.undecided(looks: 0)

  private enum Application: Sendable {
    case undecided(looks: Int)
    case read(any StreamReader)
    /// A protocol that is known but not read.
    case known(ProtocolName)
    /// Nothing that is known, or nothing more.
    case unread
  }

  private var isUnread: Bool {
    switch application {
    case .undecided, .read: false
    case .known, .unread: true
    }
  }

  var held: Int { directions[.lower].held + directions[.upper].held }
  var hasGap: Bool { directions[.lower].hasGap || directions[.upper].hasGap }

  /// Takes a segment.
  ///
  /// - Parameter payload: Its octets, as far as they were captured.
  /// - Returns: The protocol that it was read as, if it was.
  mutating func add(
    _ segment: StreamSegment, _ payload: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> ProtocolName? {
    var sequence = segment.sequence
    if segment.flags.contains(.syn) {
      sequence &+= 1
      if directions[side].next != sequence {
        // Ports that are used again: the other direction's SYN came before only in answer to it.
        if directions[side].next != nil, !segment.flags.contains(.ack) { self = StreamConnection() }
        directions[side].begin(at: sequence)
      }
    }
    if case .known(let name) = application { return segment.length > 0 ? name : nil }
    if isUnread { return nil }
    for late in [side, side.other] where directions[late].isOverdue(at: context.time) {
      passGap(of: late, context, &batch)
    }
    if let acknowledgment = segment.acknowledgment, directions[side.other].hasGap,
      directions[side.other].isGivenUp(by: acknowledgment)
    {
      passGap(of: side.other, context, &batch)
    }
    var reached: ProtocolName?
    if segment.length > 0 {
      var turn = directions[side].take(payload, length: segment.length, at: sequence, context)
      if case .giveUp = turn {
        passGap(of: side, context, &batch)
        turn = directions[side].take(payload, length: segment.length, at: sequence, context)
        if case .giveUp = turn {
          context.fault(
            .incomplete, .tcp, at: 0, "a segment is not read, for want of room; octets",
            found: segment.length, &batch)
        }
      }
      if case .read(let start) = turn {
        let name = read(payload, segment.length, from: start, side, context, &batch)
        reached = drain(side, context, &batch) ?? name
      }
    }
    if segment.flags.contains(.fin) {
      directions[side].close(at: sequence &+ UInt32(truncatingIfNeeded: segment.length))
    }
    directions[side].noteEnd()
    if segment.flags.contains(.rst), case .read(let reader) = application {
      application = .known(reader.name)
    }
    if isUnread || directions[.lower].hasEnded && directions[.upper].hasEnded {
      directions[.lower].release()
      directions[.upper].release()
    }
    return reached
  }

  /// Tells of segments that wait for others at the end of a capture.
  func finish(into batch: inout RecordBatch) {
    guard case .read(let reader) = application else { return }
    for side in [StreamSide.lower, .upper] {
      guard let waiting = directions[side].waiting else { continue }
      batch.faults.append(
        DecodingFault(
          packetNumber: waiting.packet, kind: .incomplete, layer: reader.name, offset: 0,
          reason: "octets before it were not captured; it and what follows is not read",
          found: Int64(waiting.missing)))
    }
  }

  /// Reads segments whose turn has come by the packet of `context`, whose messages they complete.
  private mutating func drain(
    _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> ProtocolName? {
    var reached: ProtocolName?
    while let (octets, length, start, _) = directions[side].takeNext() {
      reached =
        reading(octets) { read($0, length, from: start, side, context, &batch) } ?? reached
    }
    return reached
  }

  /// Gives up what is missing before the segments that wait, and reads these: messages in them are those of
  /// their own packets, which the other end may have acknowledged meanwhile.
  private mutating func passGap(
    of side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    guard let missing = directions[side].missing else { return }
    lose(missing, of: side, context, &batch)
    while let (octets, length, start, context) = directions[side].takeNext() {
      let reached = reading(octets) { read($0, length, from: start, side, context, &batch) }
      if let reached { batch.note(reached, ofPacket: context.packetNumber) }
    }
  }

  /// Goes on behind octets that were not captured.
  private mutating func lose(
    _ count: Int, of side: StreamSide, isTold: Bool = false, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) {
    directions[side].advance(by: count)
    if directions[side].skip >= count {
      directions[side].skip -= count
      return
    }
    (directions[side].skip, directions[side].pending, directions[side].wanted) = (0, [], 0)
    guard let name = tellLoss(of: side), !isTold, !directions[side].hasToldGap else { return }
    directions[side].hasToldGap = true
    context.fault(
      .incomplete, name, at: -context.offset,
      "octets of the stream were not captured; messages in them are not read", found: count, &batch)
  }

  /// Lets the reader hear that octets of that end are lost to it.
  ///
  /// - Returns: The reader's protocol; `nil` where there is none.
  @discardableResult
  private mutating func tellLoss(of side: StreamSide) -> ProtocolName? {
    guard case .read(var reader) = application else { return nil }
    // Taken out, so that it is changed in place.
    application = .unread
    reader.lose(from: side)
    application = .read(reader)
    return reader.name
  }

  /// Reads a segment that is next, from its octet `start` on.
  private mutating func read(
    _ octets: RawSpan, _ length: Int, from start: Int, _ side: StreamSide,
    _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> ProtocolName? {
    directions[side].advance(by: length - start)
    var reached: ProtocolName?
    if start < octets.byteCount {
      let new = octets.extracting(start...)
      if directions[side].pending.isEmpty {
        reached = readInOrder(new, side, context, &batch)
      } else {
        directions[side].pending.append(contentsOf: new)
        if directions[side].pending.count >= directions[side].wanted {
          var pending: [UInt8] = []
          swap(&pending, &directions[side].pending)
          reached = reading(pending) { readInOrder($0, side, context, &batch) }
        }
      }
    }
    let missing = length - max(start, octets.byteCount)
    if missing > 0 {
      directions[side].advance(by: -missing)
      // That the packet is shorter than it was is known.
      lose(missing, of: side, isTold: true, context, &batch)
    }
    return reached
  }

  /// Reads octets in order, and keeps those that are to be read again.
  private mutating func readInOrder(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> ProtocolName? {
    var reached: ProtocolName?
    var start = 0
    while start < octets.byteCount {
      let passed = min(directions[side].skip, octets.byteCount - start)
      if passed > 0 {
        directions[side].skip -= passed
        start += passed
        continue
      }
      let rest = octets.extracting(start...)
      identify(rest, context)
      switch application {
      case .known(let name): return name
      case .unread: return reached
      case .undecided:
        // A segment that tells nothing is not kept: what follows it is looked at by itself. Some send the
        // first octets of a message alone.
        if rest.byteCount < StreamIdentification.telling {
          directions[side].pending.append(contentsOf: rest)
        }
        return nil
      case .read(var reader):
        application = .unread
        let reading = reader.read(rest, from: side, context, into: &batch)
        application = .read(reader)
        let consumed = min(max(0, reading.consumed), rest.byteCount)
        start += consumed
        directions[side].skip = max(0, reading.skipped)
        if reading.foundMessage { reached = reader.name }
        switch reading.next {
        case .readOn: break
        case .stop: application = .known(reader.name)
        case .become(let other): application = .read(other)
        case .identify: application = .undecided(looks: 0)
        }
        if case .readOn = reading.next, consumed == 0, reading.skipped <= 0 {
          keep(rest, wanted: reading.wanted, side, reader.name, context, &batch)
          return reached
        }
      }
    }
    return reached
  }

  private mutating func identify(_ octets: RawSpan, _ context: PayloadContext) {
    guard case .undecided(let looks) = application else { return }
    switch StreamIdentification.identify(octets, context) {
    case .read(let reader): application = .read(reader)
    case .known(let name): application = .known(name)
    case nil:
      application = looks + 1 < Self.mostLooks ? .undecided(looks: looks + 1) : .unread
    }
  }

  /// Keeps octets that are to be read again with more; too many are given up.
  private mutating func keep(
    _ octets: RawSpan, wanted: Int, _ side: StreamSide, _ name: ProtocolName,
    _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    let count = octets.byteCount
    guard count < StreamDirection.mostPending, wanted <= StreamDirection.mostPending else {
      context.fault(
        .incomplete, name, at: -context.offset, "a message is longer than is kept; octets",
        found: max(count, wanted), expected: StreamDirection.mostPending, &batch)
      directions[side].wanted = 0
      tellLoss(of: side)
      return
    }
    directions[side].pending.reserveCapacity(count)
    directions[side].pending.append(contentsOf: octets)
    directions[side].wanted = max(wanted, count < Self.manyPending ? 0 : count + count / 8)
  }
}

/// The TCP header of a segment, as far as streams need it.
struct StreamSegment {
  var sequence: UInt32
  /// `nil` without the ACK bit.
  var acknowledgment: UInt32?
  var flags: TCPFlags
  /// Octets of payload on the wire.
  var length: Int
}
