/// What a table may use of the terminal that it is printed on.
public struct TerminalLayout: Equatable, Sendable {
  /// Columns of the terminal; `nil` for as many as the table takes.
  public var width: Int?
  public var hasColour: Bool

  public init(width: Int? = nil, hasColour: Bool = false) {
    (self.width, self.hasColour) = (width, hasColour)
  }

  /// As wide as it takes, without colour: what a file gets.
  public static let plain = TerminalLayout()
}

/// A table laid out for a terminal.
///
/// Where it does not fit the width, the widest columns are narrowed and their text goes on below;
/// where they would become too narrow to read, each row is printed as lines of `column  value`.
struct TerminalTable {
  var columns: [String]
  /// Harmless texts.
  var rows: [[String]]
  /// Which columns stand to the right.
  var numeric: [Bool]
  var layout: TerminalLayout

  /// The least that a narrowed column has.
  private static let narrowest = 12
  private static let gap = "  "

  /// The table, line ends included, piece by piece.
  func print(_ print: (String) throws -> Void) throws {
    guard let widths = widths() else { return try printRecords(print) }
    try print(line(columns, widths) { _, text in styled(text, .bold) })
    try print(
      styled(
        widths.map { String(repeating: "-", count: $0) }.joined(separator: Self.gap), .faint)
        + "\n")
    for row in rows {
      let folded = zip(row, widths).map { TextWidth.lines($0, width: $1) }
      for number in 0..<(folded.map(\.count).max() ?? 0) {
        let cells = folded.map { number < $0.count ? $0[number] : "" }
        try print(
          line(cells, widths) { column, text in
            Style.of(row[column], in: columns[column]).map { styled(text, $0) } ?? text
          })
      }
    }
  }

  /// The width of each column; `nil` where they do not fit side by side.
  private func widths() -> [Int]? {
    let natural = columns.indices.map { column in
      rows.reduce(TextWidth.of(columns[column])) { max($0, TextWidth.of($1[column])) }
    }
    guard let width = layout.width else { return natural }
    let room = width - Self.gap.count * (columns.count - 1)
    if natural.reduce(0, +) <= room { return natural }
    // The highest width that no column may exceed.
    let fits = { (most: Int) in natural.reduce(0) { $0 + min($1, most) } <= room }
    guard fits(Self.narrowest) else { return nil }
    var most = Self.narrowest
    while fits(most + 1) { most += 1 }
    // What is left over goes to the first ones that can use it.
    var left = room - natural.reduce(0) { $0 + min($1, most) }
    return natural.map { natural in
      let more = natural > most && left > 0 ? 1 : 0
      left -= more
      return min(natural, most) + more
    }
  }

  private func line(
    _ cells: [String], _ widths: [Int], style: (Int, String) -> String
  ) -> String {
    let padded = cells.enumerated().map { index, cell in
      let padding = String(repeating: " ", count: max(0, widths[index] - TextWidth.of(cell)))
      let text = style(index, cell)
      if numeric[index] && !rows.isEmpty { return padding + text }
      return index == cells.count - 1 ? text : text + padding
    }
    return padded.joined(separator: Self.gap) + "\n"
  }

  /// Each row as lines of `column  value`.
  private func printRecords(_ print: (String) throws -> Void) throws {
    let names = columns.map(TextWidth.of).max() ?? 0
    let room = max(Self.narrowest, (layout.width ?? .max) - names - Self.gap.count)
    for (number, row) in rows.enumerated() {
      try print(styled("-- row \(number + 1)", .faint) + "\n")
      for (column, value) in zip(columns, row) {
        let padding = String(repeating: " ", count: names - TextWidth.of(column))
        let blank = String(repeating: " ", count: names)
        for (index, text) in TextWidth.lines(value, width: room).enumerated() {
          let name = index == 0 ? styled(column, .bold) + padding : blank
          let shown = Style.of(value, in: column).map { styled(text, $0) } ?? text
          try print(name + (text.isEmpty ? "" : Self.gap + shown) + "\n")
        }
      }
    }
  }

  /// How a text stands out: Select Graphic Rendition, ECMA-48, 8.3.117.
  private enum Style: String {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case boldRed = "1;31"
    case yellow = "33"

    /// What a severity, or the fate of a question, looks like.
    static func of(_ value: String, in column: String) -> Style? {
      switch (column, value) {
      case ("severity", "critical"): .boldRed
      case ("severity", "high"), ("outcome", "refused"), ("outcome", "timed-out"): .red
      case ("severity", "medium"), ("outcome", "late"): .yellow
      case ("severity", "info"), ("outcome", "unobserved"): .faint
      default: nil
      }
    }
  }

  private func styled(_ text: String, _ style: Style) -> String {
    layout.hasColour && !text.isEmpty ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
  }
}
