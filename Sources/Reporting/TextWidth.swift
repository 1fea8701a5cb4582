/// How much room text takes on a terminal.
enum TextWidth {
  /// Columns of a terminal that `text` takes: two for each wide character, none for a mark that is
  /// put over the one before. Source: Unicode Standard Annex #11.
  static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  /// The lines of `text` at a width of at least 2, broken behind blanks where it has some, else
  /// anywhere. Nothing but blanks at a break is left out.
  static func lines(_ text: String, width: Int) -> [String] {
    guard of(text) > width else { return [text] }
    var lines: [String] = []
    var (line, taken) = ("", 0)
    for word in words(of: text) {
      let needed = of(word)
      if taken > 0, taken + needed - (word.hasSuffix(" ") ? 1 : 0) > width {
        lines.append(line)
        (line, taken) = ("", 0)
      }
      if needed <= width + (word.hasSuffix(" ") ? 1 : 0) {
        line += word
        taken += needed
        continue
      }
      for character in word {
        let more = of(String(character))
        if taken + more > width {
          lines.append(line)
          (line, taken) = ("", 0)
        }
        line.append(character)
        taken += more
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
  }

  /// The words of a text, each with the blank behind it.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text {
      word.append(character)
      if character == " " {
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff,
      0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x2_0000...0x3_fffd:
      return 2
    default: return 1
    }
  }
}
