import CaseStore

// The header of an investigation: comment lines `-- key: value` at the top of the file, of which
// each key but `parameter`, `column` and `reference` stands once. A comment line without a key
// continues the line before it. `severity`, `parameter` and `column` are tables parted by blanks:
//
//   -- severity:   severity  why it is so
//   -- parameter:  name  type  unit  default  what
//   -- column:     name  type  unit  what

extension Investigation {
  /// Keys that a header must have, each with something behind it.
  private static let mandatory = [
    "title", "severity", "meaning", "needs", "column", "evidence", "reference", "benign", "limits",
  ]
  private static let repeatable: Set<String> = ["parameter", "column", "reference"]

  /// Reads a file.
  ///
  /// - Throws: `InvestigationError.malformed` with the line that is wrong.
  public init(name: String, origin: String, text: String) throws {
    var fields: [(key: String, value: String, line: Int)] = []
    var body: [Substring] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard body.isEmpty, line.hasPrefix("--") else {
        if !body.isEmpty || !line.allSatisfy(\.isWhitespace) { body.append(line) }
        continue
      }
      let content = line.dropFirst(2)
      if let (key, value) = Self.field(content) {
        fields.append((key, value, index + 1))
      } else if !fields.isEmpty {
        fields[fields.count - 1].value += " " + content.trimmed
      }
    }
    func malformed(_ line: Int, _ reason: String) -> InvestigationError {
      .malformed(origin: origin, line: line, reason: reason)
    }
    for key in Self.mandatory where !fields.contains(where: { $0.key == key }) {
      throw malformed(1, "the header has no '\(key)'")
    }
    for (index, field) in fields.enumerated() {
      guard Self.mandatory.contains(field.key) || field.key == "parameter" else {
        throw malformed(field.line, "unknown key '\(field.key)'")
      }
      if field.value.isEmpty { throw malformed(field.line, "'\(field.key)' is empty") }
      if !Self.repeatable.contains(field.key),
        fields[..<index].contains(where: { $0.key == field.key })
      {
        throw malformed(field.line, "a second '\(field.key)'")
      }
    }
    func value(_ key: String) -> String { fields.first { $0.key == key }?.value ?? "" }
    let line = fields.first { $0.key == "severity" }?.line ?? 1
    let cells = Self.cells(value("severity"), count: 2)
    guard let word = cells.first, let severity = Severity(rawValue: word) else {
      let known = Severity.allCases.map(\.rawValue).joined(separator: ", ")
      throw malformed(line, "severity is one of \(known), not '\(cells.first ?? "")'")
    }
    guard cells.count == 2 else { throw malformed(line, "severity: \(word)  why it is so") }
    self.name = name
    self.origin = origin
    self.severity = severity
    severityReason = cells[1]
    title = value("title")
    meaning = value("meaning")
    needs = value("needs")
    evidence = value("evidence")
    benign = value("benign")
    limits = value("limits")
    references = fields.filter { $0.key == "reference" }.map(\.value)
    parameters = try fields.filter { $0.key == "parameter" }.map { field in
      let cells = Self.cells(field.value, count: 5)
      guard cells.count == 5, let type = ColumnType(rawValue: cells[1]),
        let value = SQLValue(cells[3], as: type)
      else { throw malformed(field.line, "parameter: name  type  unit  default  what") }
      return Parameter(
        name: cells[0], type: type, unit: cells[2], defaultValue: value, what: cells[4])
    }
    columns = try fields.filter { $0.key == "column" }.map { field in
      let cells = Self.cells(field.value, count: 4)
      guard cells.count == 4, let type = ColumnType(rawValue: cells[1]) else {
        throw malformed(field.line, "column: name  type  unit  what")
      }
      return Column(name: cells[0], type: type, unit: cells[2], what: cells[3])
    }
    sql = body.joined(separator: "\n").trimmed
    if sql.isEmpty { throw malformed(lines.count, "no statement behind the header") }
  }

  /// `key: value` of a header line; `nil` for a line that continues the one before.
  private static func field(_ content: Substring) -> (String, String)? {
    guard content.hasPrefix(" "), let colon = content.firstIndex(of: ":") else { return nil }
    let key = content[..<colon].dropFirst()
    guard !key.isEmpty, key.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
    return (String(key), content[content.index(after: colon)...].trimmed)
  }

  /// The first `count - 1` cells, each ended by a blank, and the rest.
  private static func cells(_ value: String, count: Int) -> [String] {
    var cells: [String] = []
    var rest = Substring(value)
    while cells.count < count - 1, let end = rest.firstIndex(where: \.isWhitespace) {
      cells.append(String(rest[..<end]))
      rest = rest[end...].drop(while: \.isWhitespace)
    }
    if !rest.isEmpty { cells.append(rest.trimmed) }
    return cells
  }
}

extension StringProtocol {
  /// Without blanks and line ends at both ends.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
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
