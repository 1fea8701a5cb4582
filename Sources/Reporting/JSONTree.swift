import CaseStore

/// A JSON value (RFC 8259) whose members stand in the order in which they were written.
public indirect enum JSONTree: Sendable {
  case value(SQLValue)
  case boolean(Bool)
  case array([JSONTree])
  case object([(name: String, value: JSONTree)])

  public static func text(_ text: String) -> JSONTree { .value(.text(text)) }
  public static func integer(_ number: Int64) -> JSONTree { .value(.integer(number)) }

  /// A row as an object, in the order of its columns.
  public static func row(_ row: SQLRow) -> JSONTree {
    .object(zip(row.columns, row.values).map { ($0, .value($1)) })
  }

  /// An object without the members that are `nil`.
  public static func members(_ members: [(name: String, value: JSONTree?)]) -> JSONTree {
    .object(members.compactMap { member in member.value.map { (member.name, $0) } })
  }

  /// On one line.
  public var line: String {
    switch self {
    case .value(let value): JSONText.value(value)
    case .boolean(let value): value ? "true" : "false"
    case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(JSONText.string($0.name)): \($0.value.line)" }.joined(separator: ", ")
        + "}"
    }
  }

  /// A member or an item a line, each level indented by two; for people to read.
  public var lines: String { lines(indentedBy: "") }

  private func lines(indentedBy margin: String) -> String {
    let inner = margin + "  "
    let parts: [String]
    switch self {
    case .value, .boolean: return line
    case .array(let items): parts = items.map { $0.lines(indentedBy: inner) }
    case .object(let members):
      parts = members.map { "\(JSONText.string($0.name)): \($0.value.lines(indentedBy: inner))" }
    }
    let isArray = if case .array = self { true } else { false }
    let (begins, ends) = isArray ? ("[", "]") : ("{", "}")
    if parts.isEmpty { return begins + ends }
    return begins + "\n" + inner + parts.joined(separator: ",\n" + inner) + "\n" + margin + ends
  }
}
