/// SMB over TCP, each message behind its length: [MS-SMB2], 2.1, and RFC 1002, 4.3. What SMB1 does behind its
/// negotiation, and what is encrypted or compressed, is known as SMB and passed over.
struct SMBStream: StreamReader {
  /// RFC 1002, 4.3.1: packets of a NetBIOS session, and the lengths that each may have.
  private static let sessionMessage: UInt8 = 0
  private static let control: [(type: UInt8, length: Int)] = [
    (0x81, 68), (0x82, 0), (0x83, 1), (0x84, 6), (0x85, 0),
  ]
  private static let port: UInt16 = 139
  private static let encrypted: UInt32 = 0xfd53_4d42
  private static let compressed: UInt32 = 0xfc53_4d42
  /// Octets of a message that are looked at; what stands behind them is passed over.
  private static let mostRead = 16 << 10

  private var isSMB1 = false
  /// Whether a message began where one was expected, and nothing was lost since.
  private var isInStep = BothSides(false)
  private var exchange = SMBExchange()

  var name: ProtocolName { isSMB1 ? .smb : .smb2 }

  static func identify(
    _ octets: RawSpan, _ context: PayloadContext
  ) -> StreamIdentification.Result? {
    guard let length = octets.bigEndian(at: 0, as: UInt32.self),
      let signature = octets.bigEndian(at: 4, as: UInt32.self)
    else { return nil }
    if length == 0x8100_0044, context.isAt(port), signature >> 24 == 0x20 {
      return .read(SMBStream())
    }
    guard length >> 24 == sessionMessage else { return nil }
    switch signature {
    case SMB2Header.signature, encrypted, compressed: return .read(SMBStream())
    case SMB1Negotiation.signature:
      return octets.octet(at: 8) == SMB1Negotiation.command ? .read(SMBStream()) : .known(.smb)
    default: return nil
    }
  }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    guard let word = octets.bigEndian(at: 0, as: UInt32.self) else { return .more(wanted: 4) }
    let (type, length) = (UInt8(word >> 24), Int(word & 0xff_ffff))
    var context = context
    // A message may have begun in an earlier packet: its faults have no place in this one.
    (context.offset, context.isCut) = (0, false)
    if Self.control.contains(where: { $0 == (type, length) }) || word == 0 {
      return StreamReading(consumed: 4, skipped: length, foundMessage: true)
    }
    guard type == Self.sessionMessage, length >= 4 else {
      return passOver(octets, side, context, &batch)
    }
    guard let signature = octets.bigEndian(at: 4, as: UInt32.self) else { return .more(wanted: 8) }
    switch signature {
    case SMB2Header.signature: return readSecond(octets, length, side, context, &batch)
    case SMB1Negotiation.signature: return readFirst(octets, length, side, context, &batch)
    case Self.encrypted, Self.compressed:
      (isSMB1, isInStep[side]) = (false, true)
      return StreamReading(consumed: 4, skipped: length, foundMessage: true)
    default: return passOver(octets, side, context, &batch)
    }
  }

  mutating func lose(from side: StreamSide) { isInStep[side] = false }

  /// Passes over what is no message: the middle of one whose beginning is not there, or nonsense.
  private mutating func passOver(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading {
    if isInStep[side] {
      context.fault(.malformed, name, at: 0, "no SMB message where one should begin", &batch)
    }
    isInStep[side] = false
    return StreamReading(consumed: octets.byteCount)
  }

  private mutating func readSecond(
    _ octets: RawSpan, _ length: Int, _ side: StreamSide, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) -> StreamReading {
    guard length >= SMB2Header.size else { return passOver(octets, side, context, &batch) }
    let headerEnd = 4 + SMB2Header.size
    guard octets.byteCount >= headerEnd else { return .more(wanted: headerEnd) }
    guard let header = SMB2Header(octets, at: 4) else {
      return passOver(octets, side, context, &batch)
    }
    (isSMB1, isInStep[side]) = (false, true)
    if header.next == 0, SMB2Command(rawValue: header.command) == nil {
      return StreamReading(
        consumed: headerEnd, skipped: length - SMB2Header.size, foundMessage: true)
    }
    let count = min(length, Self.mostRead)
    guard octets.byteCount >= 4 + count else { return .more(wanted: 4 + count) }
    exchange.read(
      octets.extracting(4..<4 + count), isWhole: count == length, context, into: &batch)
    return StreamReading(consumed: 4 + count, skipped: length - count, foundMessage: true)
  }

  private mutating func readFirst(
    _ octets: RawSpan, _ length: Int, _ side: StreamSide, _ context: PayloadContext,
    _ batch: inout RecordBatch
  ) -> StreamReading {
    let count = min(length, Self.mostRead)
    guard octets.byteCount >= 4 + count else { return .more(wanted: 4 + count) }
    (isSMB1, isInStep[side]) = (true, true)
    let message = octets.extracting(4..<4 + count)
    let negotiation = SMB1Negotiation(message)
    if let negotiation { exchange.read(negotiation, message, context, into: &batch) }
    return StreamReading(
      consumed: 4 + count, skipped: length - count, foundMessage: true,
      // A server that takes SMB 2 says so in a message of SMB 2.
      next: negotiation?.isResponse == false ? .readOn : .stop)
  }
}
