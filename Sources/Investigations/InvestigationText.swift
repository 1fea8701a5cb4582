import CaseStore

// The header of an investigation: comment lines `-- key: value` at the top of the file, of which
// each key but `parameter`, `column` and `reference` stands once. A comment line without a key
// continues the line before it. `severity`, `parameter` and `column` are tables parted by blanks:
//
//   -- severity:   severity  why it is so
//   -- parameter:  name  type  unit  default  what
//   -- column:     name  type  unit  what

/// Something that is wrong with an investigation's file, and where.
public struct InvestigationFault: Equatable, Sendable, CustomStringConvertible {
  public var place: FilePlace
  public var reason: String
  /// Whether the investigation runs all the same, here and now.
  public var isWarning = false

  /// `line:column: reason`, a warning marked as such.
  public var description: String {
    "\(place.line):\(place.column): \(isWarning ? "warning: " : "")\(reason)"
  }
}

/// The file of an investigation, read as far as it can be, with all that is wrong with its header.
struct InvestigationText {
  /// A line of the header, with those that continue it.
  struct Field {
    var key: String
    /// Where the key stands.
    var place: FilePlace
    var value = PlacedText()
  }

  /// Keys that a header must have, each with something behind it.
  private static let mandatory = [
    "title", "severity", "meaning", "needs", "column", "evidence", "reference", "benign", "limits",
  ]
  private static let repeatable: Set<String> = ["parameter", "column", "reference"]

  private(set) var fields: [Field] = []
  /// The statement behind the header.
  private(set) var sql = PlacedText()
  private(set) var severity: (word: Severity, reason: String)?
  private(set) var parameters: [(place: FilePlace, value: Investigation.Parameter)] = []
  private(set) var columns: [(place: FilePlace, value: Investigation.Column)] = []
  /// Names that stand on lines `parameter` and `column`, those too that cannot be read to their end.
  private(set) var parameterNames: Set<String> = []
  private(set) var columnNames: Set<String> = []
  /// In the order of their places.
  private(set) var faults: [InvestigationFault] = []

  init(_ text: String) {
    // SQLite ends a comment at a line feed alone; some editors put a carriage return before it, and
    // a mark of the encoding before everything.
    let lines = (text.hasPrefix("\u{feff}") ? text.dropFirst() : Substring(text))
      .split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    var hasBody = false
    for (index, line) in lines.enumerated() {
      if !hasBody && line.hasPrefix("--") {
        addHeader(line.dropFirst(2), line: index + 1)
      } else if hasBody || !line.allSatisfy(\.isWhitespace) {
        let start =
          hasBody ? line.startIndex : line.firstIndex { !$0.isWhitespace } ?? line.endIndex
        sql.add(line[start...], at: Self.place(of: start, in: line, index + 1), joinedBy: "\n")
        hasBody = true
      }
    }
    checkKeys()
    readSeverity()
    for field in fields where field.key == "parameter" { readParameter(field) }
    for field in fields where field.key == "column" { readColumn(field) }
    if !hasBody {
      faults.append(
        InvestigationFault(
          place: FilePlace(line: lines.count, column: 1),
          reason: "no statement behind the header"))
    }
    faults.sort { $0.place < $1.place }
  }

  /// The first field of that key.
  func field(_ key: String) -> Field? { fields.first { $0.key == key } }

  /// What stands behind a key; empty when there is none.
  func value(_ key: String) -> String { field(key)?.value.text ?? "" }

  /// - Parameter content: The line behind its two dashes.
  private mutating func addHeader(_ content: Substring, line: Int) {
    var value = content
    if content.hasPrefix(" "), let colon = content.firstIndex(of: ":") {
      let key = content[..<colon].dropFirst()
      if !key.isEmpty, key.allSatisfy({ $0.isASCII && $0.isLetter }) {
        fields.append(Field(key: String(key), place: FilePlace(line: line, column: 4)))
        value = content[content.index(after: colon)...]
      }
    }
    let trimmed = value.trimmed
    guard !fields.isEmpty, !trimmed.isEmpty else { return }
    let start = value.firstIndex { !$0.isWhitespace } ?? value.startIndex
    var place = Self.place(of: start, in: content, line)
    place.column += 2
    fields[fields.count - 1].value.add(trimmed, at: place, joinedBy: " ")
  }

  private static func place(of index: String.Index, in line: Substring, _ number: Int) -> FilePlace
  {
    FilePlace(line: number, column: line[..<index].count + 1)
  }

  // MARK: - What is wrong

  private mutating func add(_ place: FilePlace, _ reason: String) {
    faults.append(InvestigationFault(place: place, reason: reason))
  }

  private mutating func checkKeys() {
    for key in Self.mandatory where field(key) == nil {
      add(FilePlace(line: 1, column: 1), "the header has no '\(key)'")
    }
    for (index, field) in fields.enumerated() {
      let known = Self.mandatory + ["parameter"]
      if !known.contains(field.key) {
        let nearest = NearestName.of(field.key, among: known)
        add(
          field.place,
          "unknown key '\(field.key)'"
            + NearestName.suggestion(
              nearest,
              otherwise: "; a line that goes on with the one above begins with two blanks"))
      } else if field.value.text.isEmpty {
        add(field.place, "'\(field.key)' is empty")
      } else if !Self.repeatable.contains(field.key),
        fields[..<index].contains(where: { $0.key == field.key })
      {
        add(field.place, "a second '\(field.key)'")
      }
    }
  }

  private mutating func readSeverity() {
    guard let field = field("severity"), !field.value.text.isEmpty else { return }
    let cells = Self.cells(field.value, count: 2)
    guard let word = Severity(rawValue: cells[0].text) else {
      let known = Severity.allCases.map(\.rawValue).joined(separator: ", ")
      add(cells[0].place, "severity is one of \(known), not '\(cells[0].text)'")
      return
    }
    guard cells.count == 2 else {
      add(cells[0].place, "severity: \(word.rawValue)  why it is so")
      return
    }
    severity = (word, cells[1].text)
  }

  private mutating func readParameter(_ field: Field) {
    let cells = Self.cells(field.value, count: 5)
    noteName(cells, in: \.parameterNames, "a second parameter")
    guard let (name, type) = nameAndType(cells, of: 5, "parameter: name  type  unit  default  what")
    else { return }
    guard let value = SQLValue(cells[3].text, as: type) else {
      add(
        cells[3].place,
        "the default of '\(name)' is no \(type == .integer ? "whole number" : "number"): "
          + "'\(cells[3].text)'")
      return
    }
    parameters.append(
      (
        cells[0].place,
        Investigation.Parameter(
          name: name, type: type, unit: cells[2].text, defaultValue: value, what: cells[4].text)
      ))
  }

  private mutating func readColumn(_ field: Field) {
    let cells = Self.cells(field.value, count: 4)
    noteName(cells, in: \.columnNames, "a second column")
    if let cell = cells.first, parameterNames.contains(cell.text) {
      add(cell.place, "'\(cell.text)' is a parameter too; evidence could ask for one alone")
    }
    guard let (name, type) = nameAndType(cells, of: 4, "column: name  type  unit  what") else {
      return
    }
    columns.append(
      (
        cells[0].place,
        Investigation.Column(name: name, type: type, unit: cells[2].text, what: cells[3].text)
      ))
  }

  private mutating func noteName(
    _ cells: [Cell], in names: WritableKeyPath<Self, Set<String>>, _ second: String
  ) {
    guard let cell = cells.first else { return }
    if !self[keyPath: names].insert(cell.text).inserted {
      add(cell.place, "\(second) '\(cell.text)'")
    }
  }

  /// What a line of `count` cells begins with; `nil`, after saying why, where it is not that.
  private mutating func nameAndType(
    _ cells: [Cell], of count: Int, _ form: String
  ) -> (String, Investigation.ColumnType)? {
    guard let first = cells.first else { return nil }
    guard Self.isName(first.text) else {
      add(first.place, "'\(first.text)' is no name; write letters, digits and _ alone")
      return nil
    }
    guard cells.count == count else {
      add(first.place, form)
      return nil
    }
    guard let type = Investigation.ColumnType(rawValue: cells[1].text) else {
      let known = Investigation.ColumnType.allCases.map(\.rawValue).joined(separator: ", ")
      add(cells[1].place, "a type is one of \(known), not '\(cells[1].text)'")
      return nil
    }
    return (first.text, type)
  }

  /// Whether a text is what SQL reads as a name without quotes.
  private static func isName(_ text: String) -> Bool {
    let isWord = text.utf8.allSatisfy { octet in
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isWord && text.first.map { !$0.isNumber } ?? false
  }

  // MARK: - Cells

  private typealias Cell = (text: String, place: FilePlace)

  /// The first `count - 1` cells, each ended by a blank, and the rest.
  private static func cells(_ value: PlacedText, count: Int) -> [Cell] {
    var cells: [Cell] = []
    let text = value.text
    var rest = Substring(text)
    func add(_ cell: Substring) {
      let offset = text.utf8.distance(from: text.startIndex, to: cell.startIndex)
      cells.append((cell.trimmed, value.place(of: offset)))
    }
    while cells.count < count - 1, let end = rest.firstIndex(where: \.isWhitespace) {
      add(rest[..<end])
      rest = rest[end...].drop(while: \.isWhitespace)
    }
    if !rest.isEmpty { add(rest) }
    return cells
  }
}

extension SQLValue {
  /// The value that `text` means for a type; `nil` when it means none.
  init?(_ text: String, as type: Investigation.ColumnType) {
    switch type {
    case .integer:
      guard let value = Int64(text) else { return nil }
      self = .integer(value)
    case .real:
      guard let value = Double(text), value.isFinite else { return nil }
      self = .real(value)
    case .text: self = .text(text)
    }
  }
}
