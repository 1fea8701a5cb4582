import CaseFixtures
import CaseStore
import Testing

@Suite("Names asked for on the local network, in cases")
struct NameMessagesTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  // tshark -Y 'mdns || llmnr || nbns' -T fields -e frame.number -e dns.flags.response -e dns.qry.name …
  @Test("The messages of public captures are those that tshark shows", .besideCaptures("public"))
  func beside() throws {
    let names = ["pcapplusplus-DnsPackets.pcap", "zeek-dns-mdns.pcap", "zeek-erspan.pcap"]
    try folder.ingest(names.compactMap { Places.shared("public/" + $0) })
    let reader = try folder.read()
    #expect(
      try reader.lines(
        """
        SELECT c.name, m.protocol, m.is_response, count(*), sum(m.question_count), sum(m.answer_count)
        FROM name_messages AS m JOIN captures AS c ON c.capture_id = m.capture_id
        GROUP BY c.name, m.protocol, m.is_response ORDER BY c.name, m.protocol, m.is_response
        """) == [
          "pcapplusplus-DnsPackets.pcap|llmnr|0|12|12|0",
          "pcapplusplus-DnsPackets.pcap|mdns|0|10|17|0",
          "pcapplusplus-DnsPackets.pcap|mdns|1|14|0|52", "zeek-dns-mdns.pcap|mdns|0|12|33|0",
          "zeek-dns-mdns.pcap|mdns|1|6|0|30", "zeek-erspan.pcap|llmnr|0|4|4|0",
          "zeek-erspan.pcap|nbns|0|30|30|0",
        ])
    #expect(
      try reader.lines(
        """
        SELECT m.packet_id & 4294967295, m.src, m.qname, m.qtype, m.questions FROM name_messages AS m
        JOIN captures AS c ON c.capture_id = m.capture_id
        WHERE m.is_response = 0 AND (c.name LIKE 'pcap%' AND m.packet_id & 4294967295 IN (21, 25)
          OR c.name LIKE '%mdns%' AND m.packet_id & 4294967295 = 1
          OR c.name LIKE '%erspan%' AND m.packet_id & 4294967295 = 106)
        ORDER BY m.packet_id
        """) == [
          "21|fe80::4dc7:f593:1f7b:dc11|wpad|A|",
          "25|10.0.0.1|_apple-mobdev._tcp.local|PTR|"
            + "_apple-mobdev._tcp.local PTR; _sleep-proxy._udp.local PTR",
          "1|fd52:429e:c03c:8235:883c:d6ff:fee1:4dc4|_ipp._tcp.local|PTR|"
            + "_ipp._tcp.local PTR; _ipps._tcp.local PTR",
          "106|192.168.69.2|WPAD<00>|NB|",
        ])
    // None of them is a question of DNS.
    #expect(
      try reader.value(
        """
        SELECT count(*) FROM dns_transactions AS t JOIN name_messages AS m
        ON m.packet_id = t.query_packet_id
        """) == "0")
  }

  @Test("Neither what is asked by multicast nor what answers it is a DNS transaction, also printed")
  func printed() throws {
    let line =
      "2026-11-24 12:00:00.000001 IP 192.0.2.10.5353 > 224.0.0.251.5353: "
      + "0 [2q] PTR (QM)? _ipp._tcp.local. PTR (QM)? _ipps._tcp.local. (49)\n"
    try folder.ingest([folder.write(Array(line.utf8), "a.txt")])
    let reader = try folder.read()
    #expect(
      try reader.lines("SELECT protocol, qname, qtype, question_count FROM name_messages")
        == ["mdns|_ipp._tcp.local|PTR|2"])
    #expect(try reader.value("SELECT protocol FROM packets") == "mdns")
    #expect(try reader.value("SELECT count(*) FROM dns_messages") == "0")
  }
}
