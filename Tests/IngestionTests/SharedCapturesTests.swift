import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

/// Captures of others, compared with what tshark 4.0.17 and capinfos say of them (truth.csv).
@Suite("Captures beside the repository, as rows")
struct SharedCapturesTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// What is counted in a case as truth.csv counts it: `dns_queries` and `dns_responses` are
  /// packets whose protocol stack holds such a message, so those that ICMP errors quote as well.
  private static let counts = [
    "packets": "SELECT count(*) FROM packets",
    "bytes": "SELECT COALESCE(sum(length), 0) FROM packets",
    "dns_queries": """
    SELECT (SELECT count(*) FROM dns_messages WHERE is_response = 0)
      + (SELECT count(*) FROM icmp_messages WHERE quoted_qname IS NOT NULL)
    """,
    "dns_responses": "SELECT count(*) FROM dns_messages WHERE is_response = 1",
    "icmp_3_3": "SELECT count(*) FROM icmp_messages WHERE version = 4 AND type = 3 AND code = 3",
    "icmpv6_1_4": "SELECT count(*) FROM icmp_messages WHERE version = 6 AND type = 1 AND code = 4",
    "arp": "SELECT count(*) FROM packets WHERE protocol = 'arp'",
  ]

  /// Where our count is another than tshark's: ours, and why.
  private struct Difference {
    var counts: [String: Int]
    var reason: String
  }

  private static let differences: [String: Difference] = [
    "router.pcapng": Difference(
      counts: ["dns_queries": 128, "dns_responses": 29],
      reason: "two queries over TCP and their answers pass two interfaces; tshark takes the second "
        + "sighting for a retransmission and does not dissect it"),
    "pcapng-basic-test017.pcapng": Difference(
      counts: ["packets": 0, "bytes": 0], reason: "tshark counts custom blocks as packets"),
    "pcapng-basic-test018.pcapng": Difference(
      counts: ["packets": 4, "bytes": 1312],
      reason: "tshark counts four custom blocks of 38 octets as packets"),
    "zeek-linux_dlt_sll2.pcap": Difference(
      counts: ["arp": 1], reason: "the other is RARP (EtherType 8035), which is not decoded"),
    "tcpdump-rtp-seg-fault-1.pcapng": Difference(
      counts: ["dns_queries": 0],
      reason: "nine octets at port 53, less than the DNS header of twelve: malformed, no message"),
    "zeek-quic-vector-max-size-crash.pcap": Difference(
      counts: ["dns_queries": 0],
      reason: "QUIC to port 443, in which tshark's heuristics see a malformed DNS query"),
  ]

  /// Sources that are refused; tshark reads no packet of them either.
  private static let refused: Set<String> = [
    "libpcap-pcapng-invalid-vers-1.pcapng", "libpcap-pcapng-invalid-vers-2.pcapng",
  ]

  @Test(
    "Rows are as many as tshark's packets, or the difference is explained",
    .besideCaptures("lab", "public"),
    arguments: [
      "lab", "public",
    ])
  func truth(_ name: String) throws {
    for truth in try Places.truth(name) {
      let capture = try #require(truth["name"])
      let path = try #require(Places.shared("\(name)/\(capture)"))
      let results = try folder.ingest([path], into: capture + ".case")
      if Self.refused.contains(capture) {
        #expect(!FileManager.default.fileExists(atPath: folder.file(capture + ".case")))
        #expect(truth["packets"] == "0")
        continue
      }
      let reader = try folder.read(capture + ".case")
      for (column, sql) in Self.counts {
        let expected = Self.differences[capture]?.counts[column].map(String.init) ?? truth[column]
        let found = try reader.value(sql)
        #expect(found == expected, "\(capture): \(column)")
      }
      #expect(results.first?.packets == Int64(try reader.value("SELECT count(*) FROM packets")))
    }
  }

  @Test(
    "A printed form has the packets, messages and errors of its capture",
    .besideCaptures("lab"),
    arguments: [
      "client1-n.txt", "client1-nn-tttt.txt", "client1-v.txt", "client1-e.txt", "client2-n.txt",
      "client2-nn-tttt.txt", "client2-v.txt",
    ])
  func printedForms(_ name: String) throws {
    let path = try #require(Places.shared("lab/" + name))
    let capture = String(name.prefix(7))
    let truth = try #require(try Places.truth("lab").first { $0["name"] == capture + ".pcap" })
    try folder.ingest([path])
    let reader = try folder.read()
    for column in ["packets", "dns_responses", "icmp_3_3", "icmpv6_1_4", "arp"] {
      let found = try reader.value(try #require(Self.counts[column]))
      #expect(found == truth[column], "\(name): \(column)")
    }
    // Only -e prints lengths.
    let bytes = try reader.value("SELECT sum(length) FROM packets")
    #expect(bytes == (name == "client1-e.txt" ? truth["bytes"] : ""))
    // tshark -n -r client1.pcap -Y 'dns.flags.response == 0 && !icmp && !icmpv6' | wc -l
    let queries = try reader.value("SELECT count(*) FROM dns_messages WHERE is_response = 0")
    #expect(queries == (capture == "client1" ? "37" : "19"))
    #expect(try reader.lines("SELECT * FROM faults").isEmpty)
  }

  // "host … unreachable - admin prohibited" names no port, and no log without -v the client's:
  // which question such an error is about follows from addresses and order.
  @Test(
    "A printed form tells the fate of each question as its capture does, by the same packets",
    .besideCaptures("lab"),
    arguments: [
      "client1-n.txt", "client1-nn-tttt.txt", "client1-v.txt", "client1-e.txt", "client2-n.txt",
      "client2-nn-tttt.txt", "client2-v.txt",
    ])
  func printedFates(_ name: String) throws {
    let path = try #require(Places.shared("lab/" + name))
    let capture = try #require(Places.shared("lab/" + name.prefix(7) + ".pcap"))
    try folder.ingest([path])
    try folder.ingest([capture], into: "capture.case")
    let fates = """
      SELECT query_packet_id, icmp_packet_id, response_packet_id, outcome FROM dns_transactions
      ORDER BY query_packet_id
      """
    #expect(try folder.read().lines(fates) == folder.read("capture.case").lines(fates))
  }

  // Expected: tshark -r FILE -T fields -e frame.number | wc -l, of the capture printed.
  @Test(
    "Each printed text has as many packets as the capture that it was printed from",
    .besideCaptures("tcpdump-text"),
    arguments: [
      ("dns_udp.pcap", ["dns_udp.out", "dns_udp-v.out"], 2),
      ("icmpv6-rfc7112.pcap", ["icmpv6-rfc7112.out"], 1),
      ("mpls-over-udp.pcap", ["mpls-over-udp.out"], 2),
      ("syslog_udp.pcap", ["syslog-v.out"], 4),
      ("tcp-handshake-nano.pcap", ["tcp-handshake-micro.out", "tcp-handshake-nano-tttt.out"], 3),
      ("tcp_rst_data.pcap", ["tcp_rst_data.out"], 1),
    ])
  func texts(_ capture: String, _ texts: [String], packets: Int) throws {
    for name in [capture] + texts {
      let path = try #require(Places.shared("tcpdump-text/" + name))
      try folder.ingest([path], into: name + ".case")
      let reader = try folder.read(name + ".case")
      #expect(try reader.value("SELECT count(*) FROM packets") == String(packets), "\(name)")
    }
  }

  // Expected: the table in Tests/Samples/README.md, which says how tshark counted them.
  @Test(
    "The sample incident has the figures of its description",
    arguments: [
      ("client-a.pcap", "99|23|9|14|1"), ("client-b.log", "78|22|7|15|0"),
      ("server.pcapng", "171|45|16|29|1"),
    ])
  func samples(_ name: String, figures: String) throws {
    try folder.ingest([Places.sample(name)])
    #expect(
      try folder.read().lines(
        """
        SELECT (SELECT count(*) FROM packets),
          (SELECT count(*) FROM dns_messages WHERE is_response = 0),
          (SELECT count(*) FROM dns_messages WHERE is_response = 1),
          (SELECT count(*) FROM icmp_messages WHERE version = 4 AND type = 3 AND code = 3),
          (SELECT count(*) FROM packets WHERE tcp_flags % 8 >= 4)
        """) == [figures])
  }
}
