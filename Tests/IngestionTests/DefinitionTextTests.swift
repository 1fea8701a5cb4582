import Schema
import Testing

/// Definitions are to run on engines other than SQLite. What these disagree on can be seen in the text.
@Suite("Definitions keep to SQL that engines agree on")
struct DefinitionTextTests {
  /// The statement without its comments and texts.
  private static func code(_ definition: Schema.Definition) -> String {
    let lines = Schema.definition(definition).split(
      separator: "\n", omittingEmptySubsequences: false)
    let statements = lines.map { line in
      line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
    }
    // What stands between quotes is every second piece.
    return statements.joined(separator: "\n").split(
      separator: "'", omittingEmptySubsequences: false
    )
    .enumerated().map { $0.offset % 2 == 0 ? String($0.element) : "''" }.joined()
  }

  private static let forbidden: [(what: String, pattern: String)] = [
    ("bits", #"[&|~]|<<|>>"#),
    ("names in quotes or brackets", "[\"`\\[\\]]"),
    ("hexadecimal numbers", #"\b0[xX]"#),
    ("fractions, which are decimal to some", #"\b\d+\.\d"#),
    ("== and IS between values", #"==|\bIS\s+(?!NULL\b|NOT\s+NULL\b|NOT\s+DISTINCT\b|DISTINCT\b)"#),
    (
      "functions of one engine",
      #"(?i)\b(iif|ifnull|nvl|group_concat|string_agg|listagg|total|median|percentile_cont|printf|"#
        + #"hex|instr|strftime|datetime|julianday|greatest|least|unixepoch|json\w*|typeof)\s*\("#
    ),
    ("max and min of several values", #"(?i)\b(max|min)\s*\([^()]*,"#),
    ("types of one engine", #"(?i)\bAS\s+(INTEGER|INT|TEXT|VARCHAR|REAL|DOUBLE|FLOAT)\s*\)"#),
    (
      "words of one engine",
      #"(?i)\b(MATERIALIZED|GLOB|ILIKE|QUALIFY|RECURSIVE|EXCEPT|USING|LIMIT)\b"#
    ),
    ("UNION without ALL", #"(?i)\bUNION\b(?!\s+ALL\b)"#),
    ("frames by RANGE, or of a named window", #"(?i)\bRANGE\b|\bOVER\s*\(\s*w\b"#),
    ("stars, which follow the tables", #"(?i)SELECT\s+(\w+\.)?\*"#),
    ("columns of a join without a name", #"SELECT\s+(DISTINCT\s+)?\w+\.\w+\s*(,|\n\s*FROM\b)"#),
    ("LEAD without a default, behind the last row 0 to some", #"\bLEAD\s*\(\s*[\w.]+\s*\)"#),
    ("parameters", #":\w"#),
  ]

  @Test("No construct that an engine has by itself", arguments: Schema.Definition.allCases)
  func constructs(definition: Schema.Definition) throws {
    let code = Self.code(definition)
    #expect(code.contains("SELECT"))
    for (what, pattern) in Self.forbidden {
      let expression = try Regex(pattern)
      #expect(code.firstMatch(of: expression).map { String(code[$0.range]) } == nil, "\(what)")
    }
  }

  @Test("The constructs that are looked for are found where they are")
  func patterns() throws {
    let bad = [
      "a & b", "\"a\"", "0x1F", "1.5", "a IS b", "iif (a, b, c)", "max(a, b)",
      "CAST(a AS INTEGER)", "x AS MATERIALIZED (", "UNION SELECT", "ORDER BY a RANGE BETWEEN",
      "SELECT a.* FROM", "SELECT a.b, 1", "LEAD(a.b) OVER", "WHERE a = :b",
    ]
    #expect(bad.count == Self.forbidden.count)
    for (text, (what, pattern)) in zip(bad, Self.forbidden) {
      let expression = try Regex(pattern)
      #expect(text.contains(expression), "\(what)")
    }
  }

  @Test("One statement after a header in words", arguments: Schema.Definition.allCases)
  func header(definition: Schema.Definition) {
    let text = Schema.definition(definition)
    let header = text.split(separator: "\n").prefix { $0.hasPrefix("--") }
    #expect(header.count > 5)
    #expect(text.contains("\nWITH\n"))
    let statements = Self.code(definition).split(separator: ";").filter { $0.contains("SELECT") }
    #expect(statements.count == 1)
  }
}
