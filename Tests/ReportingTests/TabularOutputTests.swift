import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Reporting

@Suite("Tables")
struct TabularOutputTests {
  private func printed(
    _ columns: [String], _ rows: [[SQLValue]], as format: TableFormat = .markdown
  ) throws -> String {
    var text = ""
    var output = TabularOutput(format: format) { text += $0 }
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
        | &lt;b> | count(\*) | x&#124;y |
        | --- | --- | --- |
        | &lt;img src=x onerror=alert(1)> | a\\&#124;b | \[x\](http\://evil) |

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
    #expect(text == "| s |\n| --- |\n| a\\u{a}b\\u{1b}c |\n")
  }

  // Expected: OWASP, "CSV Injection"; RFC 4180, 2.
  @Test("CSV runs nothing in a spreadsheet or a terminal, and its numbers stay numbers")
  func csv() throws {
    let text = try printed(
      ["=a", "b"],
      [
        [.text("=1+1"), .integer(-5)], [.text("\tx,\"y"), .real(-0.5)],
        [.text("-5"), .text("+12.5 s")], [.text("a\nb\u{1b}c"), .text("-1-1")],
      ], as: .csv)
    #expect(
      text == """
        '=a,b
        '=1+1,-5
        "'\tx,""y",-0.5
        -5,+12.5 s
        "a
        b\\u{1b}c",'-1-1

        """)
  }

  @Test("A long text makes no column of a table wide without end, and says how much it lacks")
  func longCell() throws {
    let text = try printed(["\u{1b}s"], [[.text(HostileText.long)]], as: .table)
    let lines = text.split(separator: "\n")
    #expect(lines.first == "\\u{1b}s")
    #expect(lines.last?.hasSuffix("… (9000 more characters)") == true)
    #expect(lines.allSatisfy { $0.count < 1100 })
  }

  @Test("JSON escapes what would do something, and loses nothing")
  func json() throws {
    for text in HostileText.texts(1000) {
      let line = try printed(["s"], [[.text(text)]], as: .ndjson)
      #expect(HostileText.harmful(in: line).isEmpty)
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      #expect(object?["s"]?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    }
  }
}
