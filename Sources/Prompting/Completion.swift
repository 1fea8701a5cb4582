import CaseStore

/// What could stand where somebody is typing.
struct Completion: Equatable {
  /// What was typed of it.
  var word: String
  /// What is certain of it: the one choice, or what all begin with; at least `word`.
  var text: String
  var choices: [String]

  /// The choices in columns, with a line end behind each row.
  var listing: String {
    let shown = choices.prefix(Self.mostListed)
    let width = (shown.map(\.count).max() ?? 0) + 2
    let perLine = max(1, 78 / max(1, width))
    var text = ""
    for (index, choice) in shown.enumerated() {
      let isLast = (index + 1) % perLine == 0 || index == shown.count - 1
      text += isLast ? choice + "\n" : choice + String(repeating: " ", count: width - choice.count)
    }
    let rest = choices.count - shown.count
    return rest > 0 ? text + "and \(rest) more\n" : text
  }

  private static let mostListed = 120
}

/// Finds what could stand behind a beginning: columns, views, functions and keywords of a statement,
/// commands that begin with a dot and what they take.
struct Completer {
  var views: [ViewDescription]
  var functions: [String]
  var investigations: [String]
  var formats: [String]

  /// - Parameters:
  ///   - line: What stands before the cursor.
  ///   - after: What stands behind it.
  ///   - statement: The lines of the statement before this one.
  func completion(of line: String, before after: String, in statement: String) -> Completion {
    if statement.isEmpty && line.hasPrefix(".") { return ofCommand(line) }
    let word = String(line.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    let before = statement + "\n" + line.dropLast(word.count)
    // Inside of quotes stands what the case holds, which is not guessed.
    if before.count(where: { $0 == "'" }) % 2 == 1 { return choose(word, []) }
    let isLower = word == word.lowercased()
    let named = viewsNamed(in: before + " " + after)
    let columns = (named.isEmpty ? views : named).flatMap { $0.columns.map(\.name) }
    if before.hasSuffix(".") { return choose(word, columns) }
    if word.isEmpty { return choose(word, named.isEmpty ? views.map(\.name) : columns) }
    return choose(
      word,
      columns + views.map(\.name) + functions.map { $0 + "(" }
        + Self.keywords.map { isLower ? $0.lowercased() : $0 },
      first: named.isEmpty ? [] : columns)
  }

  private func ofCommand(_ line: String) -> Completion {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1, let command = words.first, let word = words.last else {
      return choose(line, DotCommand.names)
    }
    guard words.count == 2 else { return choose(word, []) }
    switch command {
    case ".schema": return choose(word, views.map(\.name))
    case ".investigations", ".run": return choose(word, investigations)
    case ".mode": return choose(word, formats)
    case ".timer": return choose(word, ["on", "off"])
    default: return choose(word, [])
    }
  }

  /// The views that stand in a text as words.
  private func viewsNamed(in text: String) -> [ViewDescription] {
    let words = Set(
      text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    return views.filter { words.contains($0.name) }
  }

  /// - Parameter first: Where one of these begins with the word, the others do not count.
  private func choose(_ word: String, _ all: [String], first: [String] = []) -> Completion {
    let lower = word.lowercased()
    func matching(_ names: [String]) -> [String] {
      var seen: Set<String> = []
      return names.filter { $0.lowercased().hasPrefix(lower) && seen.insert($0).inserted }
    }
    let preferred = word.isEmpty ? [] : matching(first)
    let choices = preferred.isEmpty ? matching(all) : preferred
    guard let one = choices.first else { return Completion(word: word, text: word, choices: []) }
    if choices.count == 1 {
      return Completion(word: word, text: one.hasSuffix("(") ? one : one + " ", choices: choices)
    }
    var shared = one.lowercased()
    for choice in choices.dropFirst() { shared = shared.commonPrefix(with: choice.lowercased()) }
    // Written as the first choice is, where it says more than what was typed.
    let text = shared.count > word.count ? String(one.prefix(shared.count)) : word
    return Completion(word: word, text: text, choices: choices)
  }

  /// Those that a statement which reads is written with.
  private static let keywords = [
    "ALL", "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "CAST", "COLLATE", "CROSS", "CURRENT",
    "DESC", "DISTINCT", "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS", "EXPLAIN", "FILTER",
    "FOLLOWING", "FROM", "FULL", "GLOB", "GROUP", "HAVING", "IN", "INNER", "INTERSECT", "IS",
    "ISNULL", "JOIN", "LEFT", "LIKE", "LIMIT", "MATERIALIZED", "NATURAL", "NOT", "NOTNULL", "NULL",
    "NULLS", "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION", "PLAN", "PRAGMA",
    "PRECEDING", "QUERY", "RANGE", "RECURSIVE", "RIGHT", "ROW", "ROWS", "SELECT", "THEN",
    "UNBOUNDED", "UNION", "USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH",
  ]
}
