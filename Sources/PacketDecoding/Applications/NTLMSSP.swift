/// Who logs in by NTLM, as its AUTHENTICATE_MESSAGE says: [MS-NLMP], 2.2.1.3. Responses and keys in it are
/// not looked at.
struct NTLMSSPAuthentication {
  var domain: TextRange
  /// Empty for an anonymous session.
  var userName: TextRange
  var workstation: TextRange

  /// `NTLMSSP` and NUL: section 2.2.1.
  private static let signature: UInt64 = 0x4e54_4c4d_5353_5000
  private static let authenticate: UInt32 = 3

  /// Finds such a message in `range`, whatever wraps it (SPNEGO, RFC 4178, mostly).
  ///
  /// - Returns: `nil`, and `batch` as it was, where none is there whole.
  init?(_ octets: RawSpan, _ range: Range<Int>, into batch: inout RecordBatch) {
    guard let start = Self.message(octets, range),
      let flags = octets.littleEndian(at: start + 60, as: UInt32.self),
      let domain = Self.field(octets, start, 28, range.upperBound),
      let userName = Self.field(octets, start, 36, range.upperBound),
      let workstation = Self.field(octets, start, 44, range.upperBound)
    else { return nil }
    // NTLMSSP_NEGOTIATE_UNICODE; else the characters are those of some code page.
    let isUnicode = flags & 1 != 0
    func append(_ range: Range<Int>) -> TextRange {
      isUnicode ? batch.append(utf16: octets, range) : batch.append(octets, range)
    }
    (self.domain, self.userName, self.workstation) =
      (append(domain), append(userName), append(workstation))
  }

  private static func message(_ octets: RawSpan, _ range: Range<Int>) -> Int? {
    var index = max(0, range.lowerBound)
    let end = min(octets.byteCount, range.upperBound)
    while index <= end - 12 {
      if octets.octet(at: index) == 0x4e, octets.bigEndian(at: index, as: UInt64.self) == signature,
        octets.littleEndian(at: index + 8, as: UInt32.self) == authenticate
      {
        return index
      }
      index += 1
    }
    return nil
  }

  /// A field of the message's payload: its octets, twice, and its place from the beginning of the message.
  private static func field(
    _ octets: RawSpan, _ start: Int, _ place: Int, _ end: Int
  ) -> Range<Int>? {
    guard let length = octets.littleEndian(at: start + place, as: UInt16.self),
      let offset = octets.littleEndian(at: start + place + 4, as: UInt32.self)
    else { return nil }
    if length == 0 { return start..<start }
    let lower = start + Int(offset)
    let upper = lower + Int(length)
    guard upper <= end else { return nil }
    return lower..<upper
  }
}
