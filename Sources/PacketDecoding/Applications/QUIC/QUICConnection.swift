/// What is known of a connection while its Initial packets pass: who is the client, what they are protected
/// with, and what their CRYPTO frames carry.
struct QUICConnection: Sendable {
  /// Octets of CRYPTO frames that are kept, of both ends.
  static let mostOctets = 32 << 10

  private var client: StreamSide?
  /// The identifier from which the keys follow, once a packet of the client was opened.
  private var firstID: [UInt8]?
  private var version = QUICVersion.negotiation
  private var keys = BothSides<QUICInitialKeys?>(nil)
  private var largest = BothSides<UInt64?>(nil)
  private var crypto = BothSides(QUICCryptoStream())
  /// Whether what CRYPTO frames carry is no longer looked at.
  private var isGivenUp = BothSides(false)
  private var hasRetry = false
  private var hasHandshake = BothSides(false)

  var held: Int { crypto[.lower].held + crypto[.upper].held }

  /// Reads a datagram that looks like QUIC.
  ///
  /// - Returns: Whether it is.
  mutating func read(
    _ datagram: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> Bool {
    var offset = 0
    // RFC 9000, 12.2. What is no packet behind the last one is padding, or has a short header.
    while let header = QUICLongHeader(datagram, at: offset),
      offset == 0 || header.version.isKnown
    {
      if header.end > datagram.byteCount, !context.isCut {
        // Anything may look like a header; once a packet was opened it is none of that.
        guard firstID != nil else { break }
        context.fault(
          .malformed, .quic, at: offset, "a QUIC packet's length beyond the end of the datagram",
          found: datagram.byteCount - offset, expected: header.end - offset, &batch)
        return true
      }
      if add(header, from: side) {
        var packet = QUICPacket(header, datagram, context, into: &batch)
        if header.kind == .initial {
          packet.isDecrypted = read(header, datagram, side, context, &packet, &batch)
        }
        packet.isClient = client.map { $0 == side }
        batch.quic.append(packet)
      }
      offset = header.end
    }
    return offset > 0
  }

  /// Learns from a header.
  ///
  /// - Returns: Whether the packet has a record: of those of a handshake the first of each end has one, since
  ///   the others tell no more.
  private mutating func add(_ header: QUICLongHeader, from side: StreamSide) -> Bool {
    switch header.kind {
    case .handshake:
      defer { hasHandshake[side] = true }
      return !hasHandshake[side]
    case .versionNegotiation:
      // What follows is another connection.
      self = QUICConnection()
      client = side.other
    case .retry:
      if client == nil { client = side.other }
      hasRetry = client == side.other
    case .zeroRTT:
      if client == nil { client = side }
    case .initial, nil: break
    }
    return true
  }

  /// Reads an Initial packet.
  ///
  /// - Returns: Whether its protection could be taken off.
  private mutating func read(
    _ header: QUICLongHeader, _ datagram: RawSpan, _ side: StreamSide, _ context: PayloadContext,
    _ packet: inout QUICPacket, _ batch: inout RecordBatch
  ) -> Bool {
    guard let numberOffset = header.numberOffset, header.end <= datagram.byteCount,
      header.version.initialSalt != nil
    else { return false }
    var octets: [UInt8] = []
    octets.append(contentsOf: datagram.extracting(header.start..<header.end))
    guard
      let opened = open(octets, numberOffset: numberOffset - header.start, header, datagram, side)
    else {
      // Servers give no token: RFC 9000, 17.2.2.
      if client == nil, header.token?.isEmpty == false { client = side }
      return false
    }
    largest[side] = max(largest[side] ?? 0, opened.number)
    let framesOffset = header.start + opened.framesOffset
    reading(opened.frames) {
      read(frames: $0, at: framesOffset, side, context, &packet, &batch)
    }
    return true
  }

  /// Opens a packet with the connection's keys, or else as the first of a client.
  private mutating func open(
    _ octets: [UInt8], numberOffset: Int, _ header: QUICLongHeader, _ datagram: RawSpan,
    _ side: StreamSide
  ) -> QUICOpenedPacket? {
    if firstID != nil {
      setKeys(header.version, side)
      if let opened = keys[side]?.open(
        octets, numberOffset: numberOffset, largest: largest[side])
      {
        return opened
      }
    }
    var id: [UInt8] = []
    id.append(contentsOf: datagram.extracting(header.destinationID))
    // RFC 9000, 7.2: the client's first choice is of eight octets or more; a Retry's may be shorter.
    guard id.count >= 8 || hasRetry, id != firstID || client != side,
      let own = QUICInitialKeys(header.version, destinationID: id, isClient: true),
      let opened = own.open(octets, numberOffset: numberOffset, largest: nil)
    else { return nil }
    // After a Retry the client says the same again, under new keys: RFC 9000, 17.2.5.2. Else the ends were
    // used before.
    if !hasRetry || client != side { self = QUICConnection() }
    (client, firstID, version) = (side, id, header.version)
    keys[side] = own
    keys[side.other] = nil
    largest[side.other] = nil
    hasRetry = false
    return opened
  }

  /// Makes the keys of one end; a server may have changed the version: RFC 9368, 2.3.
  private mutating func setKeys(_ version: QUICVersion, _ side: StreamSide) {
    if self.version != version {
      self.version = version
      keys = BothSides(nil)
    }
    guard keys[side] == nil, let firstID else { return }
    keys[side] = QUICInitialKeys(version, destinationID: firstID, isClient: client == side)
  }

  private mutating func read(
    frames: RawSpan, at start: Int, _ side: StreamSide, _ context: PayloadContext,
    _ packet: inout QUICPacket, _ batch: inout RecordBatch
  ) {
    var offset = 0
    while offset < frames.byteCount {
      let frameStart = offset
      switch QUICFrame.next(frames, at: &offset) {
      case .other: break
      case .crypto(let position, let data):
        let room = Self.mostOctets - crypto[side.other].held
        if !isGivenUp[side],
          !crypto[side].add(frames.extracting(data), at: position, room: room)
        {
          context.fault(
            .incomplete, .quic, at: start + frameStart,
            "a handshake is longer than is kept; octets", found: position + data.count,
            expected: Self.mostOctets, &batch)
          giveUp(side)
        }
      case .close(let error, let reason):
        packet.closeError = Int64(error)
        packet.closeReason = batch.append(frames, reason)
      case nil:
        context.fault(
          .malformed, .quic, at: start + frameStart, "a frame that no Initial packet holds",
          &batch)
        offset = frames.byteCount
      }
    }
    readHellos(from: side, context, &packet, &batch)
  }

  /// Reads the handshake messages that are whole now.
  private mutating func readHellos(
    from side: StreamSide, _ context: PayloadContext, _ packet: inout QUICPacket,
    _ batch: inout RecordBatch
  ) {
    let headerLength = TLSHello.headerLength
    while let head = crypto[side].inOrder(0..<headerLength) {
      let length = headerLength + head[1...].reduce(0) { $0 << 8 | Int($1) }
      guard let message = crypto[side].inOrder(0..<length) else { return }
      crypto[side].consume(length)
      let isHello = reading(message) {
        TLSHello.read($0, transport: .quic, context, into: &batch)
      }
      // RFC 9001, 4: nothing else is in Initial packets.
      guard isHello, let hello = batch.tlsHandshakes.last else { return giveUp(side) }
      if !hello.isServer { packet.serverName = hello.serverName }
    }
  }

  private mutating func giveUp(_ side: StreamSide) {
    isGivenUp[side] = true
    crypto[side].release()
  }
}
