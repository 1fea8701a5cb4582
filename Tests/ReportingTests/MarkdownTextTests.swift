import CaseFixtures
import Testing

@testable import Reporting

@Suite("A value in a Markdown document")
struct MarkdownTextTests {
  // Expected: CommonMark 0.31, 2.4 (backslash escapes), 2.5 (references); GFM, 4.10 (tables), 6.9.
  @Test("is read as it is")
  func markdown() {
    #expect(markdownText("a|b") == "a&#124;b" && markdownText("<b>&amp;") == "&lt;b>&amp;amp;")
    #expect(markdownText("`x` *y* _z_ [l](u)") == "\\`x\\` \\*y\\* \\_z\\_ \\[l\\](u)")
    #expect(markdownText("# no heading") == "\\# no heading" && markdownText("C#") == "C#")
    #expect(
      markdownText("- no list") == "\\- no list" && markdownText("1. no list") == "1\\. no list")
    #expect(markdownText("  # x") == "\\# x" && markdownText("---") == "\\---")
    #expect(markdownText("www.a.example http://b") == "www\\.a.example http\\://b")
  }

  @Test(
    "stays as it is where nothing would be read into it",
    arguments: [
      "dns_unanswered, server_port 53", "192.0.2.1 > 192.0.2.2: a.b", "-5", "+0.5 s", "#5", "A & B",
      "3.906 s", "2001:db8::1", "a\\032b", "12. 5"[...].dropLast(2) + "5", "(x)", "a = b",
    ] as [String])
  func plain(text: String) {
    #expect(markdownText(text) == text)
  }

  /// What a reader of CommonMark shows of a line without markup; `nil` where something is markup, a
  /// link, or the end of a cell.
  ///
  /// Source: CommonMark 0.31, 2.4, 2.5, 4, 6; GFM, 4.10, 6.5, 6.9.
  private func shown(_ line: String) -> String? {
    guard
      line.firstMatch(of: /^ *([#>]|[-+*]( |$)|[0-9]{1,9}[.)]( |$)|(---|===|~~~|```|\t))/) == nil,
      line.firstMatch(of: /(^|[\s*_~(])[wW]{3}\.|(^|[^\\]):\/\/|[^\s>]@[0-9A-Za-z]/) == nil
    else { return nil }
    var result = String.UnicodeScalarView()
    var rest = line.replacing("<!-- -->", with: "").unicodeScalars[...]
    var last: Unicode.Scalar = " "
    let marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars
    while let scalar = rest.popFirst() {
      var meant = scalar
      switch scalar {
      case "\\":
        if let next = rest.first, marks.contains(next) {
          meant = next
          rest.removeFirst()
        }
      case "&":
        let reference = String(rest.prefix { $0 != ";" })
        if let known = ["lt": "<", "gt": ">", "amp": "&", "#124": "|"][reference] {
          meant = Unicode.Scalar(known) ?? " "
          rest = rest.dropFirst(reference.unicodeScalars.count + 1)
        } else if let next = rest.first, next.properties.isAlphabetic || next == "#" {
          return nil
        }
      case "`", "*", "[", "]", "~", "<", "|": return nil
      case "_":
        let isWithin = [last, rest.first ?? " "].allSatisfy {
          $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        if !isWithin { return nil }
      default: break
      }
      result.append(meant)
      last = meant
    }
    return String(result)
  }

  @Test("comes back from Markdown unchanged and without markup, whatever is in it")
  func hostile() {
    for text in HostileText.texts(1000) + [HostileText.long] {
      let harmless = TabularOutput.harmless(text)
      let written = markdownText(text)
      #expect(HostileText.harmful(in: written).isEmpty && !written.contains("\n"))
      #expect(shown(written) == String(harmless.drop { $0 == " " }), "\(written)")
      let cell = TabularOutput.markdownTable(["x"], [[text]], [false])
      #expect(cell.split(separator: "\n").last?.filter { $0 == "|" }.count == 2)
    }
  }
}
