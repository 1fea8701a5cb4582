import Foundation
import Testing

@testable import Investigations

@Suite("What is wrong with an investigation's file")
struct InvestigationCheckTests {
  /// In order; each test puts something wrong into it.
  static let good = """
    -- title:      Hosts that talk much
    -- severity:   low  nobody is hurt
    -- meaning:    They talk.
    -- parameter:  least  integer  flows  3  hosts with fewer are left out
    -- needs:      SELECT 1 FROM packets
    --             LIMIT 1
    -- column:     host   text     -      who talks
    -- column:     flows  integer  flows  how many
    -- evidence:   SELECT packet_id FROM packets
    --             WHERE src = :host
    -- reference:  RFC 791
    -- benign:     Servers talk.
    -- limits:     Counts no bytes.

    SELECT client AS host,
           COUNT(*) AS flows
    FROM flows
    GROUP BY client
    HAVING COUNT(*) >= :least
    ORDER BY client NULLS LAST;
    """

  private func faults(_ changes: [(String, String)]) throws -> [String] {
    var text = Self.good
    for (old, new) in changes {
      #expect(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    return try InvestigationCheck().faults(in: text).map(\.description)
  }

  @Test("A file in order has no fault")
  func inOrder() throws {
    #expect(try faults([]) == [])
  }

  // Lines and columns: counted in the text above. Reasons of SQLite: as the sqlite3 shell gives them.
  @Test(
    "Each fault is named where it stands",
    arguments: [
      (
        "FROM packets\n--             LIMIT", "FROM packts\n-- LIMIT", "5:30: no such table: packts"
      ),
      ("LIMIT 1", "LIMIT 1 +", "5:16: incomplete input"),
      (
        "SELECT 1 FROM packets\n--             LIMIT 1", "DELETE FROM fact_packet",
        "5:16: only reading is allowed here"
      ),
      ("WHERE src = :host", "WHERE sorce = :host", "10:22: no such column: sorce"),
      ("GROUP BY client", "GROUP BY clint", "18:10: no such column: clint"),
      ("FROM flows\n", "FRM flows\n", "17:1: near \"FRM\": syntax error"),
      (
        "WHERE src = :host", "WHERE src = :hst",
        "10:28: ':hst' is neither a column nor a parameter; did you mean ':host'?"
      ),
      ("WHERE src = :host", "WHERE src = ?", "10:28: a parameter without a name; write :name"),
      (
        "SELECT packet_id FROM packets\n", "SELECT number FROM packets\n",
        "9:16: evidence yields 'number' where it should yield packet_id; write AS packet_id"
      ),
      (
        "LIMIT 1", "WHERE src = :host",
        "6:28: ':host' is a column, which evidence alone can ask for"
      ),
      (
        "FROM flows\n", "FROM flows WHERE client <> :other\n",
        "17:28: ':other' has no line 'parameter'"
      ),
      (">= :least", ">= 3", "4:16: no statement asks for the parameter ':least'"),
      (
        "flows  integer  flows  how many", "flows  integer",
        "8:16: column: name  type  unit  what"
      ),
      (
        "-- column:     flows  integer  flows  how many\n", "",
        "15:17: the result's column 'flows' has no line 'column'"
      ),
      (
        "-- evidence:", "-- column:     bytes  integer  octets  how many\n-- evidence:",
        "9:16: the result has no column 'bytes'"
      ),
      ("AS flows\n", "AS flow\n", "8:16: the result has no column 'flows'; did you mean 'flow'?"),
      ("AS flows\n", "AS flows, 1 AS host\n", "16:29: two columns of the result are called 'host'"),
      (
        "-- needs:", "-- column:     flows  integer  flows  how many\n-- needs:",
        "9:16: a second column 'flows'"
      ),
      (
        "SELECT client AS host,\n       COUNT(*) AS flows",
        "SELECT COUNT(*) AS flows, client AS host",
        "7:16: the lines 'column' stand in another order than the result's columns: flows, host"
      ),
      (
        "\nORDER BY client NULLS LAST", "",
        "15:1: no ORDER BY at the end: the same case could give its rows in another order"
      ),
      ("LAST;", "LAST; -- and\nSELECT 2;", "21:1: a second statement; an investigation is one"),
      (
        "AS host", "|| 1.5 AS host",
        "15:18: warning: '1.5' is not portable: a fraction is a decimal to some engines; write 1e9, "
          + "or a whole number"
      ),
      ("= :host", "= @host", "10:28: warning: '@host' is not portable: write :host"),
    ])
  func placed(old: String, new: String, fault: String) throws {
    #expect(try faults([(old, new)]).first == fault)
  }

  @Test("Faults in several places are all named, in the order of the file")
  func several() throws {
    let found = try faults([
      ("-- severity:", "-- sevrity:"), ("host   text", "host   words"),
      ("WHERE src = :host", "WHERE src = :hst"), ("COUNT(*) >= :least", "1 = :most"),
    ])
    #expect(
      found == [
        "1:1: the header has no 'severity'",
        "2:4: unknown key 'sevrity'; did you mean 'severity'?",
        "4:16: no statement asks for the parameter ':least'",
        "7:23: a type is one of integer, real, text, not 'words'",
        "10:28: ':hst' is neither a column nor a parameter; did you mean ':host'?",
        "19:12: ':most' has no line 'parameter'; did you mean ':least'?",
      ])
  }

  @Test("Reading every packet is warned of, but not where the first one is enough")
  func scans() throws {
    let warning =
      "warning: reads every packet of the case; ask for addresses, a stream_id or a packet_id, or "
      + "ask a view of fewer rows"
    #expect(
      try faults([("WHERE src = :host", "WHERE length > :host")]) == ["9:38: " + warning])
    #expect(try faults([("LIMIT 1", "WHERE length > 1500 LIMIT 1")]) == ["5:30: " + warning])
    #expect(try faults([("\n--             LIMIT 1", "")]) == [])
  }
}
