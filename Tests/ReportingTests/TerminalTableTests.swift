import CaseStore
import Testing

@testable import Reporting

@Suite("Tables on a terminal")
struct TerminalTableTests {
  private func printed(
    _ layout: TerminalLayout, _ columns: [String], _ rows: [[SQLValue]]
  ) throws -> String {
    var text = ""
    var output = TabularOutput(format: .table, layout: layout) { text += $0 }
    try output.begin(columns: columns)
    for row in rows { try output.add(row) }
    try output.end()
    return text
  }

  private let rows: [[SQLValue]] = [
    [.text("dns-unanswered"), .text("client 192.0.2.10, server 198.51.100.53"), .integer(12)],
    [.text("arp-conflict"), .text("two"), .integer(7)],
  ]

  @Test("A table that fits is as wide as it needs to be")
  func fits() throws {
    let text = try printed(TerminalLayout(width: 80), ["name", "summary", "n"], rows)
    #expect(
      text == """
        name            summary                                   n
        --------------  ---------------------------------------  --
        dns-unanswered  client 192.0.2.10, server 198.51.100.53  12
        arp-conflict    two                                       7

        """)
  }

  @Test("What does not fit goes on below, broken at blanks, and no line is wider than the terminal")
  func folds() throws {
    let text = try printed(TerminalLayout(width: 45), ["name", "summary", "n"], rows)
    #expect(
      text == """
        name            summary                     n
        --------------  -------------------------  --
        dns-unanswered  client 192.0.2.10, server  12
                        198.51.100.53                
        arp-conflict    two                         7

        """)
  }

  @Test("Where columns would be too narrow, each row is told in lines of its own")
  func records() throws {
    let text = try printed(TerminalLayout(width: 24), ["name", "summary", "n"], rows)
    #expect(
      text == """
        -- row 1
        name     dns-unanswered
        summary  client
                 192.0.2.10,
                 server
                 198.51.100.53
        n        12
        -- row 2
        name     arp-conflict
        summary  two
        n        7

        """)
  }

  // Widths: Unicode Standard Annex #11, East Asian Width: 网 and 站 are W, U+0301 is combining.
  @Test("Wide characters take two columns, combining ones none")
  func wideCharacters() throws {
    let text = try printed(
      TerminalLayout(width: 40), ["s", "t"],
      [[.text("网站"), .text("a")], [.text("e\u{301}"), .text("b")]])
    #expect(text == "s     t\n----  -\n网站  a\ne\u{301}     b\n")
  }

  @Test("Severities stand out in colour, and only where colour is wanted")
  func colour() throws {
    let rows: [[SQLValue]] = [[.text("critical"), .text("high")]]
    let plain = try printed(TerminalLayout(width: 80), ["severity", "name"], rows)
    #expect(!plain.contains("\u{1b}"))
    let coloured = try printed(
      TerminalLayout(width: 80, hasColour: true), ["severity", "name"], rows)
    #expect(coloured.contains("\u{1b}[1;31mcritical\u{1b}[0m  high\n"))
  }

  @Test("An escape sequence out of a capture is shown, never sent")
  func hostileCells() throws {
    let text = try printed(TerminalLayout(width: 80), ["s"], [[.text("a\u{1b}[2Jb")]])
    #expect(text == "s\n-----------\na\\u{1b}[2Jb\n")
  }

  @Test("A word longer than its column is broken, and nothing of it is lost")
  func longWords() throws {
    let lines = TextWidth.lines(String(repeating: "x", count: 25) + " end", width: 10)
    #expect(lines == ["xxxxxxxxxx", "xxxxxxxxxx", "xxxxx end"])
  }
}

@Suite("Rows of bars")
struct SparklineTests {
  @Test("Each part of the time has a bar as high as its share of the fullest part")
  func bars() {
    // Parts of 25: 4, 0, 1 and 2 times.
    let times: [Int64] = [0, 1, 2, 24, 50, 75, 100]
    #expect(Sparkline.of(times, from: 0, to: 100, count: 4) == "█ ▂▄")
  }

  @Test("Times outside are not counted, and a time without length is one bar")
  func edges() {
    #expect(Sparkline.of([-1, 5, 11], from: 0, to: 10, count: 2) == " █")
    #expect(Sparkline.of([7, 7], from: 7, to: 7, count: 3) == "█  ")
    #expect(Sparkline.of([.min, 0, .max], from: .min, to: .max, count: 3) == "███")
    #expect(Sparkline.of([], from: 0, to: 1, count: 2) == "  ")
    #expect(Sparkline.of([1], from: 2, to: 1, count: 2) == "")
  }
}
