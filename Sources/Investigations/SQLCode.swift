/// A statement without its comments and what stands in quotes, each octet at the place that it has in
/// the text: words can be looked for in it.
struct SQLCode {
  /// In ASCII and lower case.
  let text: String
  private let original: String

  init(_ sql: String) {
    original = sql
    var octets = Array(sql.utf8)
    var index = 0
    func blank() {
      guard index < octets.count else { return }
      if octets[index] != Self.lineFeed { octets[index] = 0x20 }
      index += 1
    }
    while index < octets.count {
      let octet = octets[index]
      switch octet {
      case Self.dash where octets.dropFirst(index + 1).first == Self.dash:
        while index < octets.count, octets[index] != Self.lineFeed { blank() }
      case Self.slash where octets.dropFirst(index + 1).first == Self.star:
        blank()
        blank()
        while index < octets.count {
          let ends = octets[index] == Self.star && octets.dropFirst(index + 1).first == Self.slash
          blank()
          if ends {
            blank()
            break
          }
        }
      case Self.quote, Self.doubleQuote, Self.backtick:
        // The quotes stay. A doubled one ends a text and begins the next: that comes to the same.
        index += 1
        while index < octets.count, octets[index] != octet { blank() }
        index += 1
      default:
        if octet >= 0x80 { octets[index] = 0x3f }
        index += 1
      }
    }
    text = String(decoding: octets, as: UTF8.self).lowercased()
  }

  private static let lineFeed: UInt8 = 0x0a
  private static let doubleQuote: UInt8 = 0x22
  private static let quote: UInt8 = 0x27
  private static let star: UInt8 = 0x2a
  private static let dash: UInt8 = 0x2d
  private static let slash: UInt8 = 0x2f
  private static let backtick: UInt8 = 0x60

  /// Something that was found.
  struct Match {
    /// In octets.
    var offset: Int
    /// As it stands in the statement, blanks at its ends left out.
    var text: String
  }

  /// Where `pattern` matches, in the order of the text.
  func matches(_ pattern: String) -> [Match] {
    guard let expression = try? Regex(pattern) else { return [] }
    return text.matches(of: expression).map { match in
      let start = text.utf8.distance(from: text.startIndex, to: match.range.lowerBound)
      let length = text[match.range].utf8.count
      return Match(
        offset: start,
        text: String(decoding: original.utf8.dropFirst(start).prefix(length), as: UTF8.self).trimmed
      )
    }
  }

  /// The named parameters that the statement asks for, each where it does so first.
  var parameters: [Match] {
    var names: Set<String> = []
    return matches(#"[:@$][a-z_][a-z0-9_]*"#).compactMap { match in
      let name = String(match.text.dropFirst())
      return names.insert(name).inserted ? Match(offset: match.offset, text: name) : nil
    }
  }

  /// Whether the statement itself, not a part of it in brackets, says in which order its rows come.
  var isOrdered: Bool {
    matches(#"\border\s+by\b"#).contains { match in
      let before = text.utf8.prefix(match.offset)
      return before.count { $0 == 0x28 } == before.count { $0 == 0x29 }
    }
  }

  /// Where the first octet stands, behind `offset`, that is neither blank nor a semicolon.
  func firstWord(behind offset: Int) -> Int? {
    text.utf8.enumerated().dropFirst(offset).first {
      ![0x20, 0x0a, 0x0d, 0x09, 0x3b].contains($0.element)
    }?
    .offset
  }
}
