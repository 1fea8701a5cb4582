extension RecordBatch {
  /// Appends a header field's value: what goes on in another line behind one space, and the password of an
  /// address (RFC 3261, 19.1.1) as `…`.
  mutating func append(sip octets: RawSpan, _ range: Range<Int>) -> TextRange {
    let start = text.count
    let end = min(range.upperBound, range.lowerBound + Self.longestText)
    var index = range.lowerBound
    // What is not appended yet.
    var piece = index
    while index < end, let octet = octets.octet(at: index) {
      if octet == 0x0d || octet == 0x0a {
        _ = append(octets, piece..<index)
        while index < end, let octet = octets.octet(at: index), octet <= 0x20 { index += 1 }
        text.append(UInt8(ascii: " "))
        piece = index
      } else if octet == UInt8(ascii: ":"),
        let secret = Self.password(octets, afterScheme: index, range)
      {
        _ = append(octets, piece..<min(end, secret.lowerBound))
        text.append(contentsOf: "…".utf8)
        (piece, index) = (secret.upperBound, secret.upperBound)
      } else {
        index += 1
      }
    }
    if piece < end { _ = append(octets, piece..<end) }
    if end < range.upperBound { text.append(contentsOf: "…".utf8) }
    return hideSecrets(
      in: TextRange(start: start, count: text.count - start), hasAuthority: false)
  }

  /// The password of the address whose scheme ends in the colon at `colon`.
  private static func password(
    _ octets: RawSpan, afterScheme colon: Int, _ range: Range<Int>
  ) -> Range<Int>? {
    func isScheme(_ name: StaticString) -> Bool {
      let start = colon - name.utf8CodeUnitCount
      return start >= range.lowerBound && octets.equals(start..<colon, ignoringCase: name)
    }
    guard isScheme("sip") || isScheme("sips") else { return nil }
    var password: Int?
    var index = colon + 1
    // Names and passwords are short; what repeats a scheme costs no more for it.
    let end = min(range.upperBound, colon + 256)
    while index < end, let octet = octets.octet(at: index), octet > 0x20 {
      switch octet {
      case UInt8(ascii: "@"): return password.map { $0..<index }
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): return nil
      case UInt8(ascii: ":"): password = password ?? index + 1
      default: break
      }
      index += 1
    }
    return nil
  }
}
