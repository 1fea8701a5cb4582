/// SQL that SQLite alone, or not every engine, reads as it is meant. Investigations keep to what
/// SQLite, DuckDB, ClickHouse, PostgreSQL and Spark SQL agree on, so that they can be asked of many
/// cases at once elsewhere.
public enum PortableSQL {
  /// A construct that engines disagree on.
  public struct Construct: Equatable, Sendable {
    /// Where it begins, in octets of the text.
    public var offset: Int
    /// What it is, and what to write instead.
    public var what: String
  }

  /// What is looked for, in the statement without its comments and texts.
  private static let ruledOut: [(pattern: String, what: String)] = [
    (
      #"\b(group_concat|string_agg|listagg)\s*\("#,
      "no text of several rows is made everywhere; MIN(x) and COUNT(DISTINCT x) are"
    ),
    (
      #"\b(strftime|datetime|julianday|unixepoch|date|time)\s*\("#,
      "no function of dates is known everywhere; count in ns, Wirecase prints the time"
    ),
    (#"\b(printf|format|hex|instr|typeof)\s*\("#, "a function of few engines"),
    (#"\b(iif|ifnull|nvl)\s*\("#, "write CASE or COALESCE"),
    (#"\b(total|median|percentile_cont)\s*\("#, "write SUM, or ROW_NUMBER with COUNT(*) OVER ()"),
    (
      #"\b(greatest|least)\s*\(|\b(max|min)\s*\([^()]*,"#, "write CASE for the larger of two values"
    ),
    (#"\b(glob|ilike|regexp)\b"#, "write LIKE, over names in lower case"),
    (#"\bdistinct\s+on\b|\bqualify\b"#, "write ROW_NUMBER in a CTE, and pick the first"),
    (#"\bas\s+(not\s+)?materialized\b"#, "leave out MATERIALIZED"),
    (#"\bexcept\b|\bintersect\b|\bunion\b(?!\s+all\b)"#, "write UNION ALL, then DISTINCT"),
    (#"[&~]|<<|>>|\s\|\s"#, "no bits: use arithmetic and %"),
    (#"\b0x[0-9a-f]+"#, "write numbers in decimal"),
    (#"=="#, "write ="),
    (#"->|\bjson_\w+\s*\("#, "no JSON is read everywhere"),
    (
      #"\bis\b(?!\s+(not\s+)?(null|distinct\s+from)\b)"#,
      "between values write IS NOT DISTINCT FROM, or ="
    ),
    (#"`[^`]*`|"[^"]*"|\[[^\]]*\]"#, "names stand without quotes or brackets"),
    (
      #"\bas\s+(int|integer|text|varchar|real|double|float)\s*\)"#,
      "cast to BIGINT or VARCHAR(20), or multiply by 1e0"
    ),
    (#"\brange\s+between\b"#, "write ROWS BETWEEN"),
    (#"\b\d+\.\d"#, "a fraction is a decimal to some engines; write 1e9, or a whole number"),
  ]

  /// What stands in `sql` that engines disagree on, in the order of the text.
  public static func constructs(in sql: String) -> [Construct] {
    let code = SQLCode(sql)
    var found: [Construct] = []
    for (pattern, what) in ruledOut {
      for match in code.matches(pattern) {
        found.append(
          Construct(offset: match.offset, what: "'\(match.text)' is not portable: \(what)"))
      }
    }
    return found.sorted { $0.offset < $1.offset }
  }
}
