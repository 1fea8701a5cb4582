/// SMB1's negotiation of a dialect, by which newer ones are asked for as well: [MS-CIFS], 2.2.4.52, and
/// [MS-SMB2], 3.3.5.3.
struct SMB1Negotiation {
  static let signature: UInt32 = 0xff53_4d42
  static let command: UInt8 = 0x72
  private static let headerSize = 32

  var isResponse: Bool
  var status: UInt32
  var messageID: UInt16
  /// Of a request: the octets of its dialects.
  var dialects: Range<Int>
  /// Of a response: which of them, from 0; 0xffff for none.
  var chosen: UInt16?

  /// - Returns: `nil` where the message is another.
  init?(_ octets: RawSpan) {
    guard octets.octet(at: 4) == Self.command,
      let status = octets.littleEndian(at: 5, as: UInt32.self),
      let flags = octets.octet(at: 9),
      let messageID = octets.littleEndian(at: 30, as: UInt16.self),
      let words = octets.octet(at: Self.headerSize)
    else { return nil }
    (self.status, self.messageID, isResponse) = (status, messageID, flags & 0x80 != 0)
    if isResponse {
      chosen = words == 0 ? nil : octets.littleEndian(at: Self.headerSize + 1, as: UInt16.self)
      dialects = 0..<0
    } else {
      let start = Self.headerSize + 1 + 2 * Int(words) + 2
      guard let count = octets.littleEndian(at: start - 2, as: UInt16.self) else { return nil }
      dialects = start..<max(start, min(octets.byteCount, start + Int(count)))
    }
  }

  /// Calls `body` with each dialect's octets: each stands between 2 and NUL.
  static func forEachDialect(
    _ octets: RawSpan, _ range: Range<Int>, _ body: (Int, Range<Int>) -> Void
  ) {
    var start = range.lowerBound
    var index = 0
    while octets.octet(at: start) == 2,
      let end = octets.firstIndex(of: 0, in: start + 1..<max(start + 1, range.upperBound))
    {
      body(index, start + 1..<end)
      (start, index) = (end + 1, index + 1)
    }
  }
}
