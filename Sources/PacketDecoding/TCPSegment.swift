/// The header of a TCP segment: RFC 9293, section 3.1.
struct TCPHeader {
  var sourcePort: UInt16
  var destinationPort: UInt16
  /// Octets of header and options, as the sender wrote it.
  var headerLength: Int
  var fields: TCPFields

  static let shortest = 20

  /// - Returns: `nil` when fewer than 20 octets are there.
  init?(_ bytes: RawSpan, at start: Int) {
    guard let source = bytes.bigEndian(at: start, as: UInt16.self),
      let destination = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let sequence = bytes.bigEndian(at: start + 4, as: UInt32.self),
      let acknowledgment = bytes.bigEndian(at: start + 8, as: UInt32.self),
      let length = bytes.octet(at: start + 12), let flags = bytes.octet(at: start + 13),
      let window = bytes.bigEndian(at: start + 14, as: UInt16.self),
      bytes.octet(at: start + 19) != nil
    else { return nil }
    (sourcePort, destinationPort) = (source, destination)
    headerLength = Int(length >> 4) * 4
    fields = TCPFields(
      flags: TCPFlags(rawValue: flags), sequence: sequence, acknowledgment: acknowledgment,
      window: window)
  }

  /// Reads the options in `start..<end`: RFC 9293, 3.2; window scale RFC 7323, 2.2; SACK
  /// permitted RFC 2018, 2. Ends at the first option that does not fit.
  ///
  /// - Returns: The offset of an option whose length is wrong, or `nil`.
  mutating func readOptions(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Int? {
    var offset = start
    while offset < end, let kind = bytes.octet(at: offset), kind != 0 {
      if kind == 1 {
        offset += 1
        continue
      }
      guard let length = bytes.octet(at: offset + 1), length >= 2, offset + Int(length) <= end
      else { return offset }
      switch (kind, length) {
      case (2, 4): fields.maximumSegmentSize = bytes.bigEndian(at: offset + 2, as: UInt16.self)
      case (3, 3): fields.windowScale = bytes.octet(at: offset + 2)
      case (4, 2): fields.selectiveAcknowledgmentPermitted = true
      default: break
      }
      offset += Int(length)
    }
    return nil
  }
}

extension PacketDecoder {
  /// - Parameter segmentLength: Octets of header and data by IP's count.
  mutating func decodeTCP(
    _ bytes: RawSpan, _ start: Int, _ end: Int, segmentLength: Int,
    _ batch: inout RecordBatch
  ) {
    guard end - start >= TCPHeader.shortest, var header = TCPHeader(bytes, at: start) else {
      keepPorts(bytes, start, end)
      return missing(
        .tcp, at: start, "octets of the TCP header", found: end - start,
        expected: TCPHeader.shortest, &batch)
    }
    record.protocolReached = .tcp
    record.transport.sourcePort = header.sourcePort
    record.transport.destinationPort = header.destinationPort
    record.transport.tcp = header.fields
    guard header.headerLength >= TCPHeader.shortest else {
      return fault(
        .malformed, .tcp, at: start + 12, "octets of the TCP header, by its own count",
        found: header.headerLength, expected: TCPHeader.shortest, &batch)
    }
    let data = start + header.headerLength
    if header.headerLength <= segmentLength {
      record.transport.payloadLength = Int32(clamping: segmentLength - header.headerLength)
    }
    if header.headerLength > TCPHeader.shortest {
      let wrong = header.readOptions(bytes, start + TCPHeader.shortest, min(data, end))
      if let wrong, data <= end {
        fault(
          .malformed, .tcp, at: wrong, "a TCP option whose length does not fit the options", &batch)
      }
      record.transport.tcp = header.fields
    }
    guard data <= end else {
      return missing(
        .tcp, at: start + 12, "octets of the TCP header and options", found: end - start,
        expected: header.headerLength, &batch)
    }
    guard depth == .applications else {
      if data < end && PayloadContext(record).isAt(DNSMessage.port) {
        decodeDNSOverTCP(bytes, data, end, &batch)
      }
      return
    }
    if isRepetition { return }
    let segment = StreamSegment(
      sequence: header.fields.sequence ?? 0,
      acknowledgment: header.fields.flags.contains(.ack) ? header.fields.acknowledgment : nil,
      flags: header.fields.flags, length: max(0, segmentLength - header.headerLength))
    let reached = streams.add(
      segment, bytes.extracting(data..<end), of: record, payloadContext(at: data), into: &batch)
    if let reached { record.protocolReached = reached }
    if reached == .sip { rtpStreams.announce(batch.sip, ofPacket: record.number) }
  }

  /// Keeps the ports of a TCP or UDP header whose rest is not there: both begin with them.
  mutating func keepPorts(_ bytes: RawSpan, _ start: Int, _ end: Int) {
    guard end - start >= 4 else { return }
    record.transport.sourcePort = bytes.bigEndian(at: start, as: UInt16.self)
    record.transport.destinationPort = bytes.bigEndian(at: start + 2, as: UInt16.self)
  }
}
