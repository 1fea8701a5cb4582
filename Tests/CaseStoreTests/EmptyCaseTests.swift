import CaseStore
import Testing

@Suite("What a statement is, told without a case")
struct EmptyCaseTests {
  // Expected: what SQLite has to do, by the indexes of the schema; EXPLAIN QUERY PLAN agrees where it
  // names a table.
  @Test(
    "A table that is read from end to end is told, by whatever name the statement calls it",
    arguments: [
      ("SELECT count(*) FROM packets", true),
      ("SELECT max(ts) FROM packets", true),
      ("SELECT a.src FROM packets AS a WHERE a.length > :least", true),
      ("SELECT 1 FROM fact_packet ORDER BY stream_id", true),
      // Read once to index it for this statement alone.
      ("SELECT d.qname FROM dns_messages AS d JOIN packets AS p ON p.ts = d.ts", true),
      ("SELECT 1 FROM flows WHERE flow_id IN (SELECT flow_id FROM packets WHERE ttl = 1)", true),
      ("SELECT * FROM packets WHERE src = :src", false),
      ("SELECT * FROM packets WHERE packet_id = 4294967297", false),
      ("SELECT p.info FROM flow_streams AS s JOIN packets AS p USING (stream_id)", false),
      // A result that is called as the packets are in the view.
      ("WITH p AS MATERIALIZED (SELECT * FROM flows) SELECT p.client FROM p", false),
      ("SELECT * FROM packets WHERE packet_id = ?", false),
    ])
  func scans(sql: String, all: Bool) throws {
    let outline = try #require(try EmptyCase().outline(of: sql))
    #expect(outline.scannedTables.contains("fact_packet") == all)
  }

  @Test("Columns are told, and where the statement ends")
  func outline() throws {
    let outline = try #require(
      try EmptyCase().outline(of: "SELECT 1 AS a, name FROM captures; SELECT 2"))
    #expect(outline.columns == ["a", "name"] && outline.length == 34)
    #expect(try EmptyCase().outline(of: " -- nothing\n") == nil)
  }

  @Test(
    "What does not read is refused, what reads is not",
    arguments: [
      ("DELETE FROM fact_packet", "only reading is allowed here"),
      ("ATTACH 'x' AS y", "only reading is allowed here"),
      ("SELECT nobody FROM packets", "no such column: nobody"),
      ("SELECT value FROM json_each('[1]')", nil),
    ])
  func refused(sql: String, reason: String?) throws {
    let database = try EmptyCase()
    do {
      _ = try database.outline(of: sql)
      #expect(reason == nil)
    } catch let fault as SQLFault {
      #expect(fault.reason == reason)
    }
  }
}
