import CaseStore
import Foundation

/// How tables are printed.
public enum TableFormat: String, CaseIterable, Sendable {
  case table, csv, json, ndjson, markdown
}

/// Prints rows, one after the other, in one of the formats.
///
/// Texts out of captures are harmless in each: JSON escapes, and loses nothing; the others show what
/// would do something (see `HarmlessText`), and CSV runs nothing in a spreadsheet. `csv`, `json` and `ndjson` print as
/// rows come, so that memory does not grow with them; `table`
/// and `markdown` need all rows first, to know how wide the columns are.
public struct TabularOutput {
  private let format: TableFormat
  private let layout: TerminalLayout
  private let print: (String) throws -> Void
  private var columns: [String] = []
  private var kept: [[String]] = []
  private var numeric: [Bool] = []
  private var rowCount = 0

  /// Characters of a cell that a table shows, since all cells of a column are made as wide.
  private static let widestCell = 1000

  /// - Parameters:
  ///   - layout: What `table` may use of the terminal.
  ///   - print: Gets the text piece by piece, line ends included.
  public init(
    format: TableFormat, layout: TerminalLayout = .plain, print: @escaping (String) throws -> Void
  ) {
    (self.format, self.layout, self.print) = (format, layout, print)
  }

  /// Begins a table; one that was begun is ended first.
  public mutating func begin(columns: [String]) throws {
    if !self.columns.isEmpty {
      try end()
      if format != .ndjson { try print("\n") }
    }
    self.columns = format == .table || format == .markdown ? columns.map(Self.cell) : columns
    (kept, rowCount) = ([], 0)
    numeric = columns.map { _ in true }
    switch format {
    case .csv: try print(Self.csvLine(columns.map(SQLValue.text)))
    case .json: try print("[")
    case .table, .ndjson, .markdown: break
    }
  }

  /// Adds a row.
  public mutating func add(_ values: [SQLValue]) throws {
    switch format {
    case .csv: try print(Self.csvLine(values))
    case .json:
      try print((rowCount == 0 ? "\n  " : ",\n  ") + Self.jsonObject(columns, values))
    case .ndjson: try print(Self.jsonObject(columns, values) + "\n")
    case .table, .markdown:
      for (index, value) in values.enumerated() where value.number == nil && value != .null {
        numeric[index] = false
      }
      kept.append(values.map { Self.cell($0.description) })
    }
    rowCount += 1
  }

  /// Ends the table.
  public mutating func end() throws {
    guard !columns.isEmpty else { return }
    switch format {
    case .csv, .ndjson: break
    case .json: try print(rowCount == 0 ? "]\n" : "\n]\n")
    case .table:
      try TerminalTable(columns: columns, rows: kept, numeric: numeric, layout: layout).print(print)
    case .markdown: try print(Self.markdownTable(columns, kept, numeric))
    }
    columns = []
  }

  /// A table in Markdown, in which nothing is read into a cell: see `markdownText`.
  ///
  /// - Parameter numeric: Which columns are aligned to the right.
  public static func markdownTable(
    _ columns: [String], _ rows: [[String]], _ numeric: [Bool]
  ) -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { markdownText($0, beginsLine: false) }.joined(separator: " | ") + " |\n"
    }
    let rule = "| " + numeric.map { $0 ? "---:" : "---" }.joined(separator: " | ") + " |\n"
    return line(columns) + rule + rows.map(line).joined()
  }

  private static func cell(_ text: String) -> String {
    shortened(harmless(text), to: widestCell)
  }

  /// RFC 4180, with the line end of the system.
  private static func csvLine(_ values: [SQLValue]) -> String {
    values.map { value in
      // Line ends and tabs belong to the format; what is printed may reach a terminal (`| head`).
      let cell = HarmlessText.of(value.harmlessInSpreadsheet.description, keeping: ["\n", "\t"])
      let mustQuote = cell.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
      guard mustQuote else { return cell }
      let inner = cell.utf8.contains(0x22) ? cell.replacing("\"", with: "\"\"") : cell
      return "\"" + inner + "\""
    }.joined(separator: ",") + "\n"
  }

  /// A row as a JSON object, in the order of the columns.
  public static func jsonObject(_ columns: [String], _ values: [SQLValue]) -> String {
    JSONText.object(columns, values)
  }

  /// Text from a capture as it may stand on a terminal or in a document: see `HarmlessText`.
  public static func harmless(_ text: String) -> String { HarmlessText.of(text) }
}
