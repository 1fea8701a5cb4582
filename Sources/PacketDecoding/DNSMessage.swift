/// A DNS message: RFC 1035, section 4.
enum DNSMessage {
  /// The port that tells DNS, over UDP and TCP: RFC 1035, 4.2.
  static let port: UInt16 = 53
  static let headerLength = 12
}

extension PacketDecoder {
  /// Decodes the message in `bytes[start..<end]`, which is all of a datagram's data.
  mutating func decodeDNSOverUDP(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ batch: inout RecordBatch
  ) {
    guard end - start >= DNSMessage.headerLength else {
      return missing(
        .dns, at: start, "octets of the DNS header", found: end - start,
        expected: DNSMessage.headerLength, &batch)
    }
    record.protocolReached = .dns
    _ = DNSMessage.decode(bytes, start, end, overTCP: false, payloadContext(at: 0), into: &batch)
  }

  /// Messages that stand whole in one segment, each behind its length (RFC 1035, 4.2.2), where streams are
  /// not put together. Segments in the middle of a longer message look like anything; they stay TCP,
  /// without a fault.
  mutating func decodeDNSOverTCP(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ batch: inout RecordBatch
  ) {
    var start = start
    while let length = bytes.bigEndian(at: start, as: UInt16.self), start + 2 + Int(length) <= end,
      DNSMessage.looksLikeOne(bytes, at: start + 2, length: Int(length))
    {
      let kept = (batch.dns.count, batch.faults.count, batch.text.count)
      let next = start + 2 + Int(length)
      guard
        DNSMessage.decode(
          bytes, start + 2, next, overTCP: true, payloadContext(at: 0), into: &batch)
      else {
        batch.dns.removeSubrange(kept.0...)
        batch.faults.removeSubrange(kept.1...)
        batch.text.removeSubrange(kept.2...)
        return
      }
      record.protocolReached = .dns
      start = next
    }
  }
}

extension DNSMessage {
  /// Whether the header at `start` can be that of a message of `length` octets: the reserved bit is zero,
  /// and nobody asks two questions.
  static func looksLikeOne(_ bytes: RawSpan, at start: Int, length: Int) -> Bool {
    guard length >= headerLength, let flags = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let questions = bytes.bigEndian(at: start + 4, as: UInt16.self),
      bytes.octet(at: start + headerLength - 1) != nil
    else { return false }
    return flags & 0x0040 == 0 && questions <= 1
  }

  /// Appends the record of a message, and a fault where not all of it can be read.
  ///
  /// - Parameter context: Its offset is that of `bytes` in the packet.
  /// - Returns: Whether every section was read to its end.
  static func decode(
    _ bytes: RawSpan, _ start: Int, _ end: Int, overTCP: Bool, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> Bool {
    guard
      let read = read(
        bytes, start, end, overTCP: overTCP, packetNumber: context.packetNumber, &batch.text)
    else { return false }
    batch.dns.append(read.message)
    read.tell(.dns, context, &batch)
    return read.isWhole
  }

  /// What could be read of a message.
  struct Reading {
    var message: DNSRecord
    /// Every question as text, parted by `; `, where a form of DNS has several.
    var questions: TextRange?
    /// Whether every section was read to its end.
    var isWhole: Bool
    /// Where reading stopped, and why.
    var offset: Int
    var problem: StaticString
    /// Whether the message says itself that it is not all there.
    var isExcused: Bool

    /// Appends a fault where not all of it could be read.
    func tell(_ name: ProtocolName, _ context: PayloadContext, _ batch: inout RecordBatch) {
      if isWhole || isExcused { return }
      context.fault(context.isCut ? .cut : .malformed, name, at: offset, problem, &batch)
    }
  }

  /// Header: identifier 0..<2, flags 2..<4 (QR, opcode, AA, TC, RD | RA, Z, AD, CD, rcode), then
  /// the counts of the four sections.
  ///
  /// - Returns: `nil` where the header is not there.
  static func read(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ dialect: DNSDialect = .domain, overTCP: Bool,
    packetNumber: Int64, _ text: inout [UInt8]
  ) -> Reading? {
    guard let identifier = bytes.bigEndian(at: start, as: UInt16.self),
      let flags = bytes.bigEndian(at: start + 2, as: UInt16.self),
      let questions = bytes.bigEndian(at: start + 4, as: UInt16.self),
      let answers = bytes.bigEndian(at: start + 6, as: UInt16.self),
      let authorities = bytes.bigEndian(at: start + 8, as: UInt16.self),
      let additionals = bytes.bigEndian(at: start + 10, as: UInt16.self)
    else { return nil }
    var message = DNSRecord(
      packetNumber: packetNumber, overTCP: overTCP, identifier: identifier,
      isResponse: flags & 0x8000 != 0)
    message.opcode = UInt8(flags >> 11 & 0x0f)
    message.authoritative = flags & 0x0400 != 0
    message.truncated = flags & 0x0200 != 0
    message.recursionDesired = flags & 0x0100 != 0
    message.recursionAvailable = flags & 0x0080 != 0
    message.responseCode = flags & 0x000f
    (message.questionCount, message.answerCount) = (questions, answers)
    (message.authorityCount, message.additionalCount) = (authorities, additionals)
    var reader = DNSSectionReader(
      message: start, end: end, offset: start + DNSMessage.headerLength,
      textStart: text.count, dialect: dialect)
    let readWhole =
      reader.readQuestions(bytes, questions, into: &message, &text)
      && reader.readRecords(bytes, answers, into: &message, \.answers, &text)
      && reader.readRecords(bytes, authorities, into: &message, \.authority, &text)
      && reader.readRecords(bytes, additionals, into: &message, \.additional, &text)
    return Reading(
      message: message, questions: reader.questions, isWhole: readWhole, offset: reader.offset,
      problem: reader.problem, isExcused: message.truncated == true && reader.offset >= end)
  }
}
