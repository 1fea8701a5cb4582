extension RecordBatch {
  /// Appends UTF-16 text, least significant octets first, as harmless UTF-8: what is no character, or a
  /// control character, becomes U+FFFD; what is longer than is kept is cut.
  ///
  /// - Parameter range: Its octets; a last one alone is none of the text.
  mutating func append(utf16 octets: RawSpan, _ range: Range<Int>) -> TextRange {
    let start = text.count
    let upper = min(range.upperBound, octets.byteCount)
    var index = max(0, range.lowerBound)
    while index <= upper - 2, let unit = octets.littleEndian(at: index, as: UInt16.self) {
      guard text.count - start < Self.longestText else {
        text.append(contentsOf: "…".utf8)
        break
      }
      index += 2
      var value = UInt32(unit)
      if unit & 0xfc00 == 0xd800, index <= upper - 2,
        let low = octets.littleEndian(at: index, as: UInt16.self), low & 0xfc00 == 0xdc00
      {
        value = 0x1_0000 + (UInt32(unit & 0x3ff) << 10 | UInt32(low & 0x3ff))
        index += 2
      }
      let isControl = value < 0x20 || 0x7f..<0xa0 ~= value
      let scalar = isControl ? nil : Unicode.Scalar(value)
      text.append(contentsOf: UTF8.encode(scalar ?? "\u{fffd}") ?? UTF8.EncodedScalar())
    }
    return TextRange(start: start, count: text.count - start)
  }
}
