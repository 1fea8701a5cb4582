/// A reader of what tcpdump printed of one packet: octets, and how far they have been read.
///
/// No function traps, whatever the octets and positions are: what does not fit is `nil` or `false`
/// and moves nothing.
struct PrintedText: Sendable {
  let octets: [UInt8]
  private(set) var position: Int
  /// Where reading ends, at most the number of octets.
  private(set) var end: Int

  init(_ octets: [UInt8], from start: Int = 0) {
    self.octets = octets
    end = octets.count
    position = min(max(0, start), octets.count)
  }

  /// The same octets, read from `range` alone.
  func part(_ range: Range<Int>) -> PrintedText {
    var part = self
    part.end = min(max(0, range.upperBound), octets.count)
    part.position = min(max(0, range.lowerBound), part.end)
    return part
  }

  var isAtEnd: Bool { position >= end }
  /// What has not been read.
  var rest: Range<Int> { min(position, end)..<end }
  var next: UInt8? { octet(at: position) }

  /// The octet at `index`, or `nil` outside what may be read.
  @inline(__always)
  func octet(at index: Int) -> UInt8? {
    index >= 0 && index < end ? octets[index] : nil
  }

  mutating func move(to index: Int) {
    position = min(max(0, index), end)
  }

  @inline(__always)
  static func isBlank(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\t")
  }

  @inline(__always)
  static func isDigit(_ octet: UInt8) -> Bool {
    octet >= UInt8(ascii: "0") && octet <= UInt8(ascii: "9")
  }

  static func hexadecimalValue(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Skips blanks and tabs.
  mutating func skipBlanks() {
    while let octet = next, Self.isBlank(octet) { position += 1 }
  }

  /// Whether `string` stands at `index`.
  @inline(__always)
  func has(_ string: String, at index: Int) -> Bool {
    var index = index
    for expected in string.utf8 {
      guard octet(at: index) == expected else { return false }
      index += 1
    }
    return true
  }

  /// Whether `string` comes next.
  func starts(with string: String) -> Bool { has(string, at: position) }

  /// Takes `string` away when it comes next.
  @discardableResult
  mutating func take(_ string: String) -> Bool {
    guard has(string, at: position) else { return false }
    position += string.utf8.count
    return true
  }

  /// Takes a decimal number away; `nil` when no digit comes next or 64 bits do not hold it.
  mutating func takeNumber() -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while let octet = next, Self.isDigit(octet) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(octet - UInt8(ascii: "0")))
      guard !overflow, !carry else {
        position = start
        return nil
      }
      value = sum
      position += 1
    }
    return position > start ? value : nil
  }

  /// Takes a decimal number away that `type` holds; `nil` otherwise.
  mutating func takeNumber<T: FixedWidthInteger>(as type: T.Type) -> T? {
    let start = position
    guard let value = takeNumber(), let number = T(exactly: value) else {
      position = start
      return nil
    }
    return number
  }

  /// Takes `0x` and hexadecimal digits away; `nil` when 32 bits do not hold them.
  mutating func takeHexadecimal() -> UInt32? {
    let start = position
    guard take("0x") else { return nil }
    var value: UInt32 = 0
    var digits = 0
    while let octet = next, let digit = Self.hexadecimalValue(octet) {
      value = value << 4 | UInt32(digit)
      digits += 1
      position += 1
    }
    guard (1...8).contains(digits) else {
      position = start
      return nil
    }
    return value
  }

  /// Takes everything up to the next blank away: the word's range, perhaps empty.
  mutating func takeWord() -> Range<Int> {
    let start = position
    while let octet = next, !Self.isBlank(octet) { position += 1 }
    return start..<position
  }

  /// Where `string` stands first at or behind the position.
  func firstIndex(of string: String, before limit: Int? = nil) -> Int? {
    guard let first = string.utf8.first else { return nil }
    var index = position
    let limit = min(limit ?? end, end)
    while index < limit {
      if octets[index] == first && has(string, at: index) { return index }
      index += 1
    }
    return nil
  }

  /// Takes a bracketed stretch away that comes next, with the brackets inside it: its range
  /// without the outermost. `nil` when none comes next or it does not end.
  mutating func takeBracketed(_ opening: UInt8, _ closing: UInt8) -> Range<Int>? {
    guard next == opening else { return nil }
    var (index, depth) = (position, 0)
    while let octet = octet(at: index) {
      if octet == opening { depth += 1 }
      if octet == closing { depth -= 1 }
      if depth == 0 {
        let inside = position + 1..<index
        position = index + 1
        return inside
      }
      index += 1
    }
    return nil
  }

  mutating func takeParenthesized() -> Range<Int>? {
    takeBracketed(UInt8(ascii: "("), UInt8(ascii: ")"))
  }

  /// Whether the octets of `range` are `string`.
  func equals(_ range: Range<Int>, _ string: String) -> Bool {
    range.count == string.utf8.count && has(string, at: range.lowerBound)
  }

  /// The number that the octets of `range` are, all of them digits.
  func number<T: FixedWidthInteger>(_ range: Range<Int>, as type: T.Type) -> T? {
    var part = part(range)
    guard let number = part.takeNumber(as: type), part.isAtEnd else { return nil }
    return number
  }

  /// The octets of `range` as text; octets that are not UTF-8 are replaced.
  func string(_ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<octets.count)
    return String(decoding: octets[range], as: UTF8.self)
  }
}
