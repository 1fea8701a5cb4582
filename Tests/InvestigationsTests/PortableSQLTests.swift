import Testing

@testable import Investigations

@Suite("SQL that engines disagree on")
struct PortableSQLTests {
  // Each is a row of the list of what five engines agree on, with what one of them refuses.
  @Test(
    "It is found where it stands",
    arguments: [
      ("SELECT group_concat(a) FROM t", 7, "group_concat("),
      ("SELECT strftime('%s', a)", 7, "strftime("),
      ("SELECT printf('%d', a)", 7, "printf("),
      ("SELECT iif(a, b, c)", 7, "iif("),
      ("SELECT total (a)", 7, "total ("),
      ("SELECT max(a, b)", 7, "max(a,"),
      ("SELECT a GLOB 'x*'", 9, "GLOB"),
      ("SELECT DISTINCT ON (a) b", 7, "DISTINCT ON"),
      ("WITH x AS MATERIALIZED (SELECT 1)", 7, "AS MATERIALIZED"),
      ("SELECT 1 UNION SELECT 2", 9, "UNION"),
      ("SELECT 1\nEXCEPT SELECT 2", 9, "EXCEPT"),
      ("SELECT a & b", 9, "&"),
      ("SELECT a >> 32", 9, ">>"),
      ("SELECT 0x1F", 7, "0x1F"),
      ("SELECT a == b", 9, "=="),
      ("SELECT a -> 'b'", 9, "->"),
      ("SELECT a IS b", 9, "IS"),
      ("SELECT \"order\"", 7, "\"order\""),
      ("SELECT [order]", 7, "[order]"),
      ("SELECT CAST(a AS INTEGER)", 14, "AS INTEGER)"),
      ("SELECT 1.5", 7, "1.5"),
      ("SUM(a) OVER (ORDER BY b RANGE BETWEEN 1 PRECEDING AND CURRENT ROW)", 24, "RANGE BETWEEN"),
    ])
  func found(sql: String, offset: Int, word: String) {
    let found = PortableSQL.constructs(in: sql)
    #expect(found.map(\.offset) == [offset])
    #expect(found.allSatisfy { $0.what.hasPrefix("'\(word)' is not portable: ") }, "\(found)")
  }

  @Test(
    "What stands in a text or a comment is no SQL, and what all engines know is not found",
    arguments: [
      "SELECT 'a & b; it''s == 0x1F' -- printf(\nFROM t /* a GLOB b\n */ WHERE a = 1",
      "SELECT a || b, MAX(a), MIN(b), CAST(a AS BIGINT), CAST(a AS VARCHAR(20)), 1e9 * a",
      "SELECT 1 UNION ALL SELECT 2 WHERE a IS NULL AND b IS  NOT NULL",
      "SELECT a IS NOT DISTINCT FROM b, a <> b, a <= b, a % 2",
      "SELECT COUNT(DISTINCT a) FILTER (WHERE b = 1), total_bytes, printf_name",
      "SELECT SUM(a) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), time",
    ])
  func notFound(sql: String) {
    #expect(PortableSQL.constructs(in: sql) == [])
  }
}
