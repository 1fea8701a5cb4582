import CaseFixtures
import Foundation
import Testing

@Suite("Hostile texts out of captures, on every way out")
struct HostileTextTests {
  /// A name that a shell, a spreadsheet, a terminal and a document would each like to read.
  private static let fileName = "=1+1|<b>`[x](y)\u{202e}\u{1b}[31m.pcapng"
  private static let names = HostileText.texts(1000)

  private let folder: Folder

  init() throws {
    folder = try Folder()
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "eth\u{1b}[0m|`")
    // Labels that DNS takes, refused one by one; comments take all.
    for (index, text) in Self.names.prefix(60).enumerated() {
      let client = Endpoint("10.0.0.1", UInt16(40_000 + index))
      let label = text.utf8.filter { $0 != UInt8(ascii: ".") }.prefix(40)
      let name = String(
        decoding: Array(label.filter { $0 < 0x80 }) + Array("x.test".utf8), as: UTF8.self)
      let query = Frame.query(client, Endpoint("10.0.0.2", 53), id: UInt16(index), name)
      let time = CaptureFile.noon + Int64(index) * 100_000_000
      file.packet(interface: 0, time: time, query.octets, comment: text)
      file.packet(
        interface: 0, time: time + 1_000_000,
        Frame.unreachable("10.0.0.2", code: 3, quoting: query).octets)
    }
    file.names(Self.names.map { $0.replacing("\0", with: "") })
    try folder.write(Data(file.octets), to: Self.fileName)
    #expect(try run("ingest", "a.db", Self.fileName).status == 0)
    for text in Self.names.prefix(20) + [HostileText.long, "=1+1"] {
      let note = text.replacing("\0", with: "")
      if note.contains(where: { !$0.isWhitespace }), !note.hasPrefix("-") {
        #expect(try run("note", "a.db", note, "--packet", "1:1").status == 0)
      }
    }
  }

  private func run(_ arguments: String...) throws -> Program.Output {
    try Program.run(arguments, in: folder.url)
  }

  private static let statements = [
    "SELECT name, address FROM names ORDER BY address",
    "SELECT text FROM comments", "SELECT name, -5 AS n FROM captures", "SELECT text FROM notes",
    "SELECT qname FROM dns_messages", "SELECT message FROM faults",
  ]

  @Test("Nothing reaches a terminal that would do something there, or hide")
  func terminal() throws {
    var outputs: [(what: String, output: Program.Output)] = []
    for format in ["table", "csv", "json", "ndjson", "markdown"] {
      for arguments in [["run", "a.db"], ["captures", "a.db"], ["note", "a.db"]] {
        let words = arguments + ["--format", format]
        outputs.append((words.joined(separator: " "), try Program.run(words, in: folder.url)))
      }
      for statement in Self.statements {
        outputs.append((statement + format, try run("sql", "a.db", statement, "--format", format)))
      }
    }
    outputs.append(("packet", try run("packet", "a.db", "1:1")))
    outputs.append(("packet 2", try run("packet", "a.db", "1:2")))
    for table in ["names", "comments", "captures", "notes"] {
      outputs.append((table, try run("export", "a.db", "--table", table)))
    }
    outputs.append(("timeline", try run("export", "a.db", "--timeline")))
    outputs.append(("report", try run("report", "a.db")))
    outputs.append(("report as JSON", try run("report", "a.db", "--format", "json")))
    outputs.append(("unknown capture", try run("run", "a.db", "--capture", "\u{1b}[31m\u{202e}")))
    outputs.append(("verify", try run("verify", "a.db")))
    for (what, output) in outputs {
      // Tabs and line ends are CSV's own.
      let text = output.text.replacing("\t", with: " ") + output.errors
      #expect(HostileText.harmful(in: text).isEmpty, "\(what)")
      // There are no faults, and no rows are no lines of JSON.
      #expect(!text.isEmpty || what == "SELECT message FROM faultsndjson", "\(what)")
    }
  }

  /// The cells of a CSV text: RFC 4180, 2.
  private func cells(_ text: String) -> [String] {
    var (cells, cell, isQuoted) = ([String](), "", false)
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if isQuoted, scalar == "\"", index + 1 < scalars.count, scalars[index + 1] == "\"" {
        cell.unicodeScalars.append(scalar)
        index += 1
      } else if scalar == "\"" {
        isQuoted.toggle()
      } else if !isQuoted, scalar == "," || scalar == "\n" {
        cells.append(cell)
        cell = ""
      } else {
        cell.unicodeScalars.append(scalar)
      }
      index += 1
    }
    return cells
  }

  @Test("No cell of CSV is a formula, and numbers are numbers")
  func spreadsheet() throws {
    var texts = try Self.statements.map { try run("sql", "a.db", $0, "--format", "csv").text }
    for table in ["names", "comments", "captures", "notes", "findings"] {
      texts.append(try run("export", "a.db", "--table", table).text)
    }
    texts.append(try run("run", "a.db", "--format", "csv").text)
    for text in texts {
      for cell in cells(text) where cell.contains(/^[=+\-@\t\r]/) {
        #expect(cell == "-5")
      }
    }
    #expect(texts[2].hasSuffix(",-5\n") && texts[2].contains("\n'=1+1|"))
  }

  @Test("JSON is valid, and loses nothing")
  func json() throws {
    let text = try run("sql", "a.db", Self.statements[0], "--format", "json").text
    let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: String]]
    let written = Set(try #require(rows).compactMap { $0["name"].map { Array($0.utf8) } })
    let expected = Set(Self.names.map { Array($0.replacing("\0", with: "").utf8) })
    #expect(written.subtracting(expected).isEmpty && written.count > 900)
    _ = try JSONSerialization.jsonObject(
      with: Data(try run("report", "a.db", "--format", "json").text.utf8))
    for line in try run("export", "a.db", "--timeline").text.split(separator: "\n") {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
  }

  @Test("A Markdown table has as many cells in each row, and no row is parted")
  func markdown() throws {
    let text = try run("sql", "a.db", Self.statements[0], "--format", "markdown").text
    let lines = text.split(separator: "\n")
    #expect(lines.count > 900 && lines.allSatisfy { $0.filter { $0 == "|" }.count == 3 })
    let report = try run("report", "a.db").text
    let prose = report.split(separator: "\n").filter { !$0.hasPrefix("    ") }
    for line in prose where !line.hasPrefix("<!-- wirecase-report -->") {
      #expect(
        !line.replacing("<!-- -->", with: "").contains(/<[a-zA-Z!\/]|(^|[^\\])\[|(^|\s)www\./))
    }
    // Ten thousand characters of a note are shown, and cut where a line would be too long.
    #expect(prose.allSatisfy { $0.count < 30_000 })
  }
}
