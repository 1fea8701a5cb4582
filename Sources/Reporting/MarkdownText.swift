/// Text as it may stand anywhere in a Markdown document, on one line: harmless, and without a
/// character that Markdown, its tables or HTML would read. What none of these would read stays as
/// it is, so that the source can be read too.
///
/// Source: CommonMark 0.31, 2.4, 2.5, 6.2; GitHub Flavored Markdown, 4.10 (tables), 6.5
/// (strikethrough), 6.9 (extended autolinks).
///
/// - Parameter beginsLine: Whether the text may stand at the beginning of a line, where more
///   characters have a meaning than within one.
public func markdownText(_ text: String, beginsLine: Bool = true) -> String {
  // Blanks at the beginning of a line would make code of it.
  let scalars = Array(
    TabularOutput.harmless(text).unicodeScalars.drop { beginsLine && $0 == " " })
  var result = String.UnicodeScalarView()
  func scalar(_ index: Int) -> Unicode.Scalar? {
    scalars.indices.contains(index) ? scalars[index] : nil
  }
  func isWord(_ index: Int) -> Bool {
    scalar(index)?.properties.isAlphabetic == true || isDigit(index)
  }
  func isDigit(_ index: Int) -> Bool { scalar(index).map { ("0"..."9").contains($0) } ?? false }
  for (index, current) in scalars.enumerated() {
    let isFirst = beginsLine && index == 0
    let mustEscape =
      switch current {
      case "`", "*", "[", "]", "~": true
      // Before a letter or a digit a backslash is itself.
      case "\\": !isWord(index + 1)
      // Within a word an underline is itself.
      case "_": !(isWord(index - 1) && isWord(index + 1))
      case "#": isFirst && [nil, " ", "#"].contains(scalar(index + 1))
      case "+": isFirst && [nil, " "].contains(scalar(index + 1))
      case "-": isFirst && [nil, " ", "-"].contains(scalar(index + 1))
      case "=": isFirst
      // A number and a point at the beginning would be a list.
      case ".", ")":
        endsListMark(scalars, index, beginsLine)
          || current == "." && endsAutolinkMark(scalars, index)
      // `http://` would be a link.
      case ":": scalar(index + 1) == "/" && scalar(index + 2) == "/"
      default: false
      }
    switch current {
    case "|": result.append(contentsOf: "&#124;".unicodeScalars)
    case "<": result.append(contentsOf: "&lt;".unicodeScalars)
    case ">": result.append(contentsOf: (isFirst ? "&gt;" : ">").unicodeScalars)
    case "&" where isWord(index + 1) || scalar(index + 1) == "#":
      result.append(contentsOf: "&amp;".unicodeScalars)
    // An address of mail would be a link, whatever is escaped in it; a comment parts it.
    case "@" where scalar(index - 1)?.properties.isWhitespace == false && isWord(index + 1):
      result.append(contentsOf: "<!-- -->@".unicodeScalars)
    default:
      if mustEscape { result.append("\\") }
      result.append(current)
    }
  }
  return String(result)
}

/// Whether the point or bracket at `index` ends a number that begins the line, as in `1. one`.
private func endsListMark(
  _ scalars: [Unicode.Scalar], _ index: Int, _ beginsLine: Bool
) -> Bool {
  guard beginsLine, (1...9).contains(index),
    scalars[..<index].allSatisfy({ ("0"..."9").contains($0) })
  else { return false }
  return index + 1 == scalars.count || scalars[index + 1].properties.isWhitespace
}

/// Whether the point at `index` ends a `www.` that would begin a link.
private func endsAutolinkMark(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
  index >= 3 && scalars[(index - 3)..<index].allSatisfy { $0 == "w" || $0 == "W" }
}
