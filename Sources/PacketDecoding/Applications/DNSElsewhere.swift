/// DNS at another port than its own: told by a header that fits, and sections that fill the message to its last
/// octet.
enum DNSElsewhere: DatagramApplication {
  static let name = ProtocolName.dns

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    isOne(payload, 0, payload.byteCount)
      && DNSMessage.decode(payload, 0, payload.byteCount, overTCP: false, context, into: &batch)
  }

  /// Whether `bytes[start..<end]` can hardly be anything else: one question of a known type and class, a
  /// standard query (opcode 0) without records that answer, or a response.
  static func isOne(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
    // Most of what is none ends here.
    guard bytes.bigEndian(at: start + 4, as: UInt16.self) == 1,
      let flags = bytes.bigEndian(at: start + 2, as: UInt16.self), flags & 0x7840 == 0,
      let answers = bytes.bigEndian(at: start + 6, as: UInt16.self),
      let authorities = bytes.bigEndian(at: start + 8, as: UInt16.self)
    else { return false }
    guard flags & 0x8000 != 0 || answers == 0 && authorities == 0 && flags & 0x068f == 0
    else { return false }
    var text: [UInt8] = []
    guard
      let read = DNSMessage.read(bytes, start, end, overTCP: false, packetNumber: 0, &text),
      read.isWhole, read.offset == end
    else { return false }
    return read.message.questionType.flatMap(DNSType.mnemonic) != nil
      && [1, 3, 4, 255].contains(read.message.questionClass)
  }
}
