// Words and numbers within lines of text.

extension UInt8 {
  /// The small letter of a capital one of ASCII.
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5a ? self | 0x20 : self }
  /// The capital letter of a small one of ASCII.
  var uppercased: UInt8 { self >= 0x61 && self <= 0x7a ? self & 0xdf : self }
}

extension RawSpan {
  /// Where the first octet stands that is no part of a word: a space, or a control character.
  func endOfWord(_ range: Range<Int>) -> Int {
    range.first { (octet(at: $0) ?? 0) <= 0x20 } ?? range.upperBound
  }

  /// The range without spaces and tabs at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, let octet = octet(at: start), octet == 0x20 || octet == 0x09 { start += 1 }
    while start < end, let octet = octet(at: end - 1), octet == 0x20 || octet == 0x09 { end -= 1 }
    return start..<end
  }

  /// The value of the decimal digit at `offset`.
  func digit(at offset: Int) -> UInt8? {
    guard let octet = octet(at: offset), octet >= 0x30, octet <= 0x39 else { return nil }
    return octet - 0x30
  }

  /// The number that the digits of `range` write; `nil` for none, and for one that 63 bits do not hold.
  func decimal(_ range: Range<Int>) -> Int64? {
    number(range, base: 10).map(Int64.init)
  }

  /// Likewise for hexadecimal digits.
  func hexadecimal(_ range: Range<Int>) -> Int? { number(range, base: 16) }

  private func number(_ range: Range<Int>, base: Int) -> Int? {
    guard !range.isEmpty else { return nil }
    var number = 0
    for offset in range {
      let digit: Int
      switch octet(at: offset)?.lowercased {
      case let octet? where octet >= 0x30 && octet <= 0x39: digit = Int(octet) - 0x30
      case let octet? where base == 16 && octet >= 0x61 && octet <= 0x66: digit = Int(octet) - 0x57
      default: return nil
      }
      let (product, tooLarge) = number.multipliedReportingOverflow(by: base)
      let (sum, overflow) = product.addingReportingOverflow(digit)
      guard !tooLarge, !overflow else { return nil }
      number = sum
    }
    return number
  }
}
