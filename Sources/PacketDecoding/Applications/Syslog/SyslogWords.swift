// The words that syslog's headers are made of.

extension RawSpan {
  /// What stands before the next space, which is left behind.
  func word(at index: inout Int, _ end: Int) -> Range<Int> {
    let start = min(index, end)
    let space = firstIndex(of: UInt8(ascii: " "), in: start..<end)
    index = space.map { $0 + 1 } ?? end
    return start..<(space ?? end)
  }

  /// `-`, or elements in brackets; a quote inside of them may hold brackets, RFC 5424, 6.3.
  func structuredData(at index: inout Int, _ end: Int) -> Range<Int> {
    guard octet(at: index) == UInt8(ascii: "[") else { return word(at: &index, end) }
    let start = min(index, end)
    var (position, isQuoted) = (start, false)
    while position < end, let octet = octet(at: position) {
      switch octet {
      case UInt8(ascii: "\\") where isQuoted: position += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: " ") where !isQuoted && self.octet(at: position - 1) == UInt8(ascii: "]"):
        index = position + 1
        return start..<position
      default: break
      }
      position += 1
    }
    index = end
    return start..<end
  }

  /// A time in the way of RFC 3164, 4.1.2, `Oct 11 22:14:15`, also with a year behind the day or a fraction, or of
  /// RFC 3339; what follows is a space or the end.
  func syslogTime(at start: Int, _ end: Int) -> Range<Int>? {
    var index = start
    let first = word(at: &index, end)
    if octet(at: start + 10) == UInt8(ascii: "T"), digit(at: start) != nil,
      octet(at: start + 4) == UInt8(ascii: "-"), octet(at: start + 13) == UInt8(ascii: ":")
    {
      return first
    }
    guard first.count == 3, isLetter(start), isLetter(start + 1), isLetter(start + 2) else {
      return nil
    }
    // A day of one digit stands behind two spaces.
    if octet(at: index) == UInt8(ascii: " ") { index += 1 }
    guard word(at: &index, end).count <= 2, digit(at: index - 2) != nil else { return nil }
    var time = word(at: &index, end)
    if time.count == 4, digit(at: time.lowerBound) != nil { time = word(at: &index, end) }
    guard time.count >= 8, octet(at: time.lowerBound + 2) == UInt8(ascii: ":"),
      octet(at: time.lowerBound + 5) == UInt8(ascii: ":")
    else { return nil }
    return start..<time.upperBound
  }

  /// Who wrote a message: a name of at most 48 octets, its process in brackets, and a colon.
  func syslogTag(
    at start: Int, _ end: Int
  ) -> (name: Range<Int>, process: Range<Int>?, next: Int)? {
    var index = start
    while index < end, index - start <= 48, let octet = octet(at: index) {
      switch octet {
      // An address of IPv6 has colons too.
      case UInt8(ascii: ":") where index > start && (index + 1 == end || isSpace(index + 1)):
        return (start..<index, nil, behindSpace(index + 1))
      case UInt8(ascii: "[") where index > start:
        guard let close = firstIndex(of: UInt8(ascii: "]"), in: index..<end) else { return nil }
        let colon = self.octet(at: close + 1) == UInt8(ascii: ":") ? 1 : 0
        return (start..<index, index + 1..<close, behindSpace(close + 1 + colon))
      case 0x21...0x7e: index += 1
      default: return nil
      }
    }
    return nil
  }

  private func behindSpace(_ index: Int) -> Int {
    isSpace(index) ? index + 1 : index
  }

  private func isSpace(_ index: Int) -> Bool { octet(at: index) == UInt8(ascii: " ") }

  private func isLetter(_ index: Int) -> Bool {
    octet(at: index).map { (0x41...0x5a).contains($0 & 0xdf) } ?? false
  }
}
