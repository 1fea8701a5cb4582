import Foundation
import Testing

@Suite("The incident of the printed log, from the log to the report")
struct ScenarioTests {
  /// The log in question is wrapped as a document wraps it, and prints no date.
  private let log = """
    13:24:32.192571 IP 198.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
    shop.example. (24)
    13:24:36.098564 IP 203.0.113.2 > 198.51.100.15: ICMP 203.0.113.2
    udp port 53 unreachable length 254

    13:26:32.192571 IP 198.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
    shop.example. (24)
    13:27:15.934126 IP 203.0.113.2 > 198.51.100.15: ICMP 203.0.113.2
    udp port 53 unreachable, length 320

    """

  // Delays by hand: 36.098564 - 32.192571 and 27:15.934126 - 26:32.192571.
  @Test("Each error is linked to the very query, and no date is invented")
  func printedLog() throws {
    let folder = try Folder()
    try folder.write(Data(log.utf8), to: "outage.log")
    #expect(try Program.run(["ingest", "case.db", "outage.log"], in: folder.url).status == 0)
    let answer = try Program.run(
      [
        "sql", "case.db",
        """
        SELECT t.time, t.txid, t.qname, t.qtype, t.outcome, (i.ts - t.ts) / 1000 AS delay_us
        FROM dns_transactions AS t JOIN icmp_messages AS i ON i.packet_id = t.icmp_packet_id
        WHERE i.original_packet_id = t.query_packet_id
        ORDER BY t.query_packet_id
        """,
      ], in: folder.url)
    #expect(
      answer.text == """
        time,txid,qname,qtype,outcome,delay_us
        13:24:32.192571,35084,shop.example,A,refused,3905993
        13:26:32.192571,35084,shop.example,A,refused,43741555

        """)
  }

  @Test("With a date given, the clock becomes a time")
  func datedLog() throws {
    let folder = try Folder()
    try folder.write(Data(log.utf8), to: "outage.log")
    let words = ["ingest", "case.db", "outage.log", "--date", "2026-11-24"]
    _ = try Program.run(words + ["--time-zone", "Europe/Berlin"], in: folder.url)
    let answer = try Program.run(
      ["sql", "case.db", "SELECT first_time FROM captures"], in: folder.url)
    #expect(answer.text == "first_time\n2026-11-24T12:24:32.192571Z\n")
  }

  @Test("Captures come by standard input and by folder as well")
  func otherWaysIn() throws {
    let folder = try Folder()
    let sample = try Data(contentsOf: URL(filePath: Program.sample("client-a.pcap")))
    let piped = try Program.run(["ingest", "case.db", "-"], in: folder.url, input: sample)
    #expect(piped.status == 0)
    let again = try Program.run(
      ["ingest", "case.db", Program.root.appending(path: "Tests/Samples").path], in: folder.url)
    #expect(again.status == 0)
    #expect(again.errors.contains("the case holds the same bytes already, as 'stdin'"))
    let answer = try Program.run(
      ["sql", "case.db", "SELECT name FROM captures ORDER BY capture_id"], in: folder.url)
    #expect(answer.text == "name\nstdin\nclient-b.log\nserver.pcapng\nlossy.pcap\n")
  }

  @Test("What the investigations find is saved with its packets, and --fail-on says so")
  func findings() throws {
    let folder = try Folder()
    _ = try Program.run(["ingest", "case.db", Program.sample("client-a.pcap")], in: folder.url)
    let run = try Program.run(["run", "case.db", "--fail-on", "high"], in: folder.url)
    #expect(run.status == 1)
    // 14 errors: tshark -r client-a.pcap -Y 'icmp.type == 3 && icmp.code == 3' | wc -l
    let answer = try Program.run(
      [
        "sql", "case.db",
        """
        SELECT f.investigation, count(*) AS packets
        FROM findings AS f JOIN finding_evidence AS e ON e.finding_id = f.finding_id
        WHERE f.investigation = 'icmp-port-unreachable-burst' GROUP BY f.finding_id
        """,
      ], in: folder.url)
    #expect(answer.text == "investigation,packets\nicmp-port-unreachable-burst,14\n")
  }
}
