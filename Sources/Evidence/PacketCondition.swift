/// A condition in SQL that a user wrote, made sure to be one expression: so that what stands around
/// it in a statement means what it says.
///
/// Source of the tokens: https://www.sqlite.org/lang_expr.html, https://www.sqlite.org/lang_comment.html
struct PacketCondition {
  let text: String

  /// - Throws: `EvidenceError.condition`, which points at what is wrong.
  init(_ text: String) throws(EvidenceError) {
    self.text = text
    let octets = Array(text.utf8)
    var (depth, place, isBlank) = (0, 0, true)
    func fail(_ reason: String, at place: Int?) -> EvidenceError {
      .condition(text, reason: reason, place: place)
    }
    while place < octets.count {
      let octet = octets[place]
      if let end = Self.endOfComment(octets, place) {
        place = end
        continue
      }
      if let close = Self.closingQuote(octet) {
        guard let end = Self.endOfQuote(octets, place, close) else {
          throw fail("a quote that is not closed", at: place)
        }
        (place, isBlank) = (end, false)
        continue
      }
      switch octet {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"):
        depth -= 1
        if depth < 0 { throw fail("a parenthesis too many", at: place) }
      case UInt8(ascii: ";"): throw fail("one condition alone, not several statements", at: place)
      case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"):
        throw fail("write values, not parameters", at: place)
      case 0: throw fail("a character that is none", at: place)
      default: break
      }
      if ![0x09, 0x0a, 0x0c, 0x0d, 0x20].contains(octet) { isBlank = false }
      place += 1
    }
    if depth > 0 { throw fail("a parenthesis that is not closed", at: nil) }
    if isBlank { throw fail("no condition; write one such as \"dst_port = 53\"", at: nil) }
  }

  /// Behind the comment that begins at `place`; `nil` when none does.
  private static func endOfComment(_ octets: [UInt8], _ place: Int) -> Int? {
    guard place + 1 < octets.count else { return nil }
    switch (octets[place], octets[place + 1]) {
    case (UInt8(ascii: "-"), UInt8(ascii: "-")):
      return octets[place...].firstIndex(of: 0x0a) ?? octets.count
    case (UInt8(ascii: "/"), UInt8(ascii: "*")):
      var end = place + 2
      while end + 1 < octets.count {
        if octets[end] == UInt8(ascii: "*") && octets[end + 1] == UInt8(ascii: "/") {
          return end + 2
        }
        end += 1
      }
      return octets.count
    default: return nil
    }
  }

  private static func closingQuote(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): octet
    case UInt8(ascii: "["): UInt8(ascii: "]")
    default: nil
    }
  }

  /// Behind the quote that begins at `place`. A quote that is doubled inside begins another one.
  private static func endOfQuote(_ octets: [UInt8], _ place: Int, _ close: UInt8) -> Int? {
    octets[(place + 1)...].firstIndex(of: close).map { $0 + 1 }
  }
}
