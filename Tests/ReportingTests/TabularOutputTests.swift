import CaseStore
import Testing

@testable import Reporting

@Suite("Tables in Markdown")
struct TabularOutputTests {
  private func printed(_ columns: [String], _ rows: [[SQLValue]]) throws -> String {
    var text = ""
    var output = TabularOutput(format: .markdown) { text += $0 }
    try output.begin(columns: columns)
    for row in rows { try output.add(row) }
    try output.end()
    return text
  }

  // Expected: CommonMark 0.31, 2.4 (backslash escapes), 2.5 (references), 6.6 (raw HTML); GFM, 4.10.
  @Test("Nothing in a cell is read as markup, and no cell ends early")
  func hostileCells() throws {
    let text = try printed(
      ["<b>", "count(*)", "x|y"],
      [
        [
          .text("<img src=x onerror=alert(1)>"), .text(#"a\|b"#), .text("[x](http://evil)"),
        ]
      ])
    #expect(
      text == #"""
        | &lt;b&gt; | count(\*) | x&#124;y |
        | --- | --- | --- |
        | &lt;img src=x onerror=alert(1)&gt; | a\\&#124;b | \[x\](http://evil) |

        """#)
  }

  @Test("Numbers, signs and points stay as they are, for no cell begins a line")
  func plainCells() throws {
    let text = try printed(
      ["n", "s"], [[.integer(-5), .text("1. one")], [.real(-0.5), .text("# two")]])
    #expect(text == "| n | s |\n| ---: | --- |\n| -5 | 1. one |\n| -0.5 | # two |\n")
  }

  @Test("A line end and an escape sequence are shown, once")
  func controlCharacters() throws {
    let text = try printed(["s"], [[.text("a\nb\u{1b}c")]])
    #expect(text == "| s |\n| --- |\n| a\\\\u{a}b\\\\u{1b}c |\n")
  }
}
