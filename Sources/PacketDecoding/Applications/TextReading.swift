// Protocols whose messages are lines of text.

extension RawSpan {
  /// The line that begins at `offset`: where its text ends, and where the next line begins. LF ends a line,
  /// and CR before it is none of its text.
  ///
  /// - Returns: `nil` where no line ends within the span, or within `longest` octets.
  func line(at offset: Int, longest: Int) -> (end: Int, next: Int)? {
    let limit = min(byteCount, longest < byteCount - offset ? offset + longest : byteCount)
    guard offset >= 0, offset < limit,
      let feed = firstIndex(of: UInt8(ascii: "\n"), in: offset..<limit)
    else { return nil }
    let hasReturn = feed > offset && octet(at: feed - 1) == UInt8(ascii: "\r")
    return (hasReturn ? feed - 1 : feed, feed + 1)
  }

  /// Where `wanted` stands first in `range`.
  func firstIndex(of wanted: UInt8, in range: Range<Int>) -> Int? {
    var index = max(0, range.lowerBound)
    let end = min(byteCount, range.upperBound)
    while index < end {
      if octet(at: index) == wanted { return index }
      index += 1
    }
    return nil
  }
}

extension RecordBatch {
  /// Octets of a text that are kept; what is longer is cut, and ends in `…`.
  static let longestText = 4096

  /// Appends the octets of `range` to the batch's text. What is no UTF-8 and no printable character becomes
  /// U+FFFD; what is too long is cut.
  mutating func append(_ octets: RawSpan, _ range: Range<Int>) -> TextRange {
    let start = text.count
    let lower = min(max(0, range.lowerBound), octets.byteCount)
    let upper = max(lower, min(range.upperBound, octets.byteCount))
    let end = min(upper, lower + Self.longestText)
    var index = lower
    while index < end, let octet = octets.octet(at: index) {
      if octet >= 0x20 && octet < 0x7f {
        text.append(octet)
        index += 1
      } else {
        index += appendScalar(octets, at: index, octet, end)
      }
    }
    if end < upper { text.append(contentsOf: "…".utf8) }
    return TextRange(start: start, count: text.count - start)
  }

  /// Appends a character of several octets, or U+FFFD for what is none or is a control character.
  ///
  /// - Returns: Octets that it stands for.
  private mutating func appendScalar(
    _ octets: RawSpan, at index: Int, _ first: UInt8, _ end: Int
  ) -> Int {
    let length =
      switch first {
      case 0xc2...0xdf: 2
      case 0xe0...0xef: 3
      case 0xf0...0xf4: 4
      default: 1
      }
    var value = UInt32(first) & (length == 1 ? 0 : 0x7f >> UInt32(length))
    var isWhole = length > 1 && index + length <= end
    for position in 1..<max(1, length) where isWhole {
      let octet = octets.octet(at: index + position) ?? 0
      isWhole = octet & 0xc0 == 0x80
      value = value << 6 | UInt32(octet & 0x3f)
    }
    // Neither longer than need be, nor half of a pair, nor a control character of ISO 6429.
    let least: [UInt32] = [0, 0, 0xa0, 0x800, 0x1_0000]
    guard isWhole, value >= least[length], let scalar = Unicode.Scalar(value) else {
      text.append(contentsOf: "\u{fffd}".utf8)
      return 1
    }
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.EncodedScalar())
    return length
  }
}
