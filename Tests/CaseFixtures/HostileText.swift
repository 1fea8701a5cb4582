/// Texts as somebody writes them into a capture to be run, read as markup, or misread by whoever
/// looks at the report of it.
public enum HostileText {
  /// What texts are made of: escape sequences, overrides of direction, what nobody sees, markup of
  /// Markdown and HTML, links, ends of cells and lines, formulas, quotes.
  private static let pieces = [
    "\u{1b}[31m", "\u{1b}]0;title\u{7}", "\u{9b}2J", "\r", "\n", "\u{0}", "\u{7f}", "\u{85}",
    "\u{202e}", "\u{202a}", "\u{2066}", "\u{2069}", "\u{200e}", "\u{200f}", "\u{200b}", "\u{2028}",
    "\u{feff}", "\u{2060}", "\u{ad}", "\u{34f}", "\u{3164}", "\u{e0041}", "\u{e000}",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "-->", "&lt;", "&#60;",
    "&",
    "[x](javascript:alert(1))", "![x](http://192.0.2.1/p.png)", "<http://a.example>",
    "http://a.example/x", "https://b.example", "www.evil.example", "WWW.evil.example",
    "mail@evil.example", "[r]: http://a.example", "`", "```", "~~~", "~~x~~", "*", "**x**", "_x_",
    "__x__", "a_b", "\\", "\\|", "|", "| a | b |", "# h", "- i", "+ i", "1. i", "2) i", "> q",
    "===",
    "---", "    code", "\tcode", "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1-1", "@SUM(A1)", "\"",
    "'",
    ",", ";", " ", "www", ".", ":", "//", "example", "ü", "漢", "0", "7",
  ]

  /// Texts of one to six pieces, always the same ones.
  public static func texts(_ count: Int) -> [String] {
    var state: UInt32 = 1
    func next(_ bound: Int) -> Int {
      // Numerical Recipes' generator.
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % bound
    }
    return (0..<count).map { _ in
      (0...next(6)).map { _ in pieces[next(pieces.count)] }.joined()
    }
  }

  /// A text of ten thousand characters.
  public static let long = String(repeating: "a<b>|", count: 2000)

  /// The characters of a text that do something on a terminal, turn the direction of writing, or
  /// are not seen. Line ends are none of these.
  ///
  /// Source: UAX 9, 2; UAX 44, general categories and Default_Ignorable_Code_Point.
  public static func harmful(in text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0a: false
      case 0...0x1f, 0x7f...0x9f, 0xad, 0x34f, 0x61c, 0x115f...0x1160, 0x17b4...0x17b5,
        0x180b...0x180f, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0x3164, 0xfe00...0xfe0f,
        0xfeff, 0xffa0, 0xfff0...0xfffb, 0xe000...0xf8ff, 0xe0000...0xe0fff:
        true
      default: false
      }
    }
  }
}
