import CaseFixtures
import CaseStore
import Testing

/// Frames made octet by octet; what their rows must hold follows from the octets alone.
@Suite("Rows of a capture")
struct RowsOfACaptureTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  @Test("A question and its answer are two packets, two messages, one transaction, one flow")
  func questionAndAnswer() throws {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 7, "www.Example", identification: 0x1234))
    capture.add(25, .answer(server, client, id: 7, "www.example", identification: 0x4321))
    let reader = try folder.read(capture)
    // The query: 14 octets Ethernet, 20 IPv4, 8 UDP, 12 DNS, 13 the name, 4 type and class.
    // The answer has a record of 16 octets more. The first record begins behind a header of 24.
    #expect(
      try reader.lines(
        """
        SELECT packet_id, capture_id, number, ts, time, captured_length, length, src, src_port, dst,
          dst_port, ip_proto, protocol, ttl, tcp_flags, flow_id, duplicate_of, byte_offset, ip_id,
          payload_length, eth_src, eth_dst, ethertype
        FROM packets ORDER BY packet_id
        """) == [
          "4294967297|1|1|1795521600000000000|2026-11-24T12:00:00.000000Z|71|71|192.0.2.10|40000"
            + "|198.51.100.53|53|17|dns|64||1||24|4660|29|02:00:c0:00:02:0a|02:00:c6:33:64:35|2048",
          "4294967298|1|2|1795521600025000000|2026-11-24T12:00:00.025000Z|87|87|198.51.100.53|53"
            + "|192.0.2.10|40000|17|dns|64||1||111|17185|45|02:00:c6:33:64:35|02:00:c0:00:02:0a|2048",
        ])
    #expect(
      try reader.lines(
        """
        SELECT packet_id, src, dst, transport, txid, is_response, opcode, rcode, qname, qtype, aa,
          tc, rd, ra, answers, question_count, answer_count
        FROM dns_messages ORDER BY packet_id
        """) == [
          "4294967297|192.0.2.10|198.51.100.53|udp|7|0|0|0|www.example|A|0|0|1|0||1|0",
          "4294967298|198.51.100.53|192.0.2.10|udp|7|1|0|0|www.example|A|0|0|1|1"
            + "|60 A 192.0.2.80|1|1",
        ])
    #expect(
      try reader.lines(
        """
        SELECT query_packet_id, response_packet_id, icmp_packet_id, ts, client, client_port, server,
          server_port, transport, txid, qname, qtype, attempts, rcode, rtt_ns, outcome
        FROM dns_transactions
        """) == [
          "4294967297|4294967298||1795521600000000000|192.0.2.10|40000|198.51.100.53|53|udp|7"
            + "|www.example|A|1|0|25000000|answered"
        ])
    #expect(
      try reader.lines(
        """
        SELECT flow_id, ip_proto, client, client_port, server, server_port, service, first_ts,
          last_ts - first_ts, packets_to_server, packets_to_client, bytes_to_server,
          bytes_to_client, state
        FROM flows
        """) == [
          "1|17|192.0.2.10|40000|198.51.100.53|53|dns|1795521600000000000|25000000|1|1|71|87|SF"
        ])
    #expect(
      try reader.lines("SELECT info FROM packets ORDER BY packet_id") == [
        "Standard query 0x0007 A www.example", "Standard query response 0x0007 A www.example",
      ])
    #expect(
      try reader.lines(
        """
        SELECT name, format, packets, first_time, last_time, complete, cut_packets, backward_steps,
          longest_gap_ns, size
        FROM captures
        """) == [
          "a.pcap|pcap|2|2026-11-24T12:00:00.000000Z|2026-11-24T12:00:00.025000Z|1|0|0|25000000|214"
        ])
    #expect(try reader.lines("SELECT * FROM faults").isEmpty)
  }

  @Test("An ICMP error has what it quotes, and the question that it refused")
  func error() throws {
    let query = Frame.query(client, server, id: 7, "www.example")
    var capture = CaptureFile()
    capture.add(0, query)
    capture.add(1, .unreachable("198.51.100.53", code: 3, quoting: query))
    let reader = try folder.read(capture)
    #expect(
      try reader.lines(
        """
        SELECT packet_id, src, dst, version, type, code, name, quoted_src, quoted_src_port,
          quoted_dst, quoted_dst_port, quoted_ip_proto, quoted_dns_txid, quoted_qname,
          original_packet_id, quoted_qtype, quoted_ip_id, quoted_length
        FROM icmp_messages
        """) == [
          "4294967298|198.51.100.53|192.0.2.10|4|3|3"
            + "|destination unreachable (port unreachable)|192.0.2.10|40000|198.51.100.53|53|17|7"
            + "|www.example|4294967297|A|1|57"
        ])
    #expect(
      try reader.lines("SELECT query_packet_id, icmp_packet_id, outcome FROM dns_transactions")
        == ["4294967297|4294967298|refused"])
  }

  @Test("An error quotes the very packet, told by its IP identification, not the latest")
  func veryPacket() throws {
    // Two questions from one port; each error quotes only IPv4 and UDP headers, 28 octets.
    let (first, second) = (
      Frame.query(client, server, id: 1, "one.example", identification: 101),
      Frame.query(client, server, id: 2, "two.example", identification: 102)
    )
    var capture = CaptureFile()
    capture.add(0, first)
    capture.add(1, second)
    capture.add(2, .unreachable("198.51.100.53", code: 3, quoting: first, octets: 28))
    let reader = try folder.read(capture)
    #expect(
      try reader.lines(
        "SELECT original_packet_id, quoted_dns_txid, quoted_qname FROM icmp_messages")
        == ["4294967297|1|one.example"])
    #expect(
      try reader.lines(
        "SELECT txid, outcome, icmp_packet_id FROM dns_transactions ORDER BY txid")
        == ["1|refused|4294967299", "2|unobserved|"])
  }

  @Test("An error about a packet that was sent after it, or never, is linked to none")
  func noOriginal() throws {
    let query = Frame.query(client, server, id: 1, "one.example", identification: 101)
    let other = Frame.query(client, server, id: 1, "one.example", identification: 102)
    var capture = CaptureFile()
    capture.add(0, .unreachable("198.51.100.53", code: 3, quoting: query))
    capture.add(1, query)
    capture.add(2, .unreachable("198.51.100.53", code: 3, quoting: other))
    let reader = try folder.read(capture)
    #expect(
      try reader.lines("SELECT original_packet_id FROM icmp_messages ORDER BY packet_id")
        == ["", ""])
  }

  @Test("Ports that are used again by another SYN make another flow, a SYN sent again does not")
  func usedAgain() throws {
    let (a, b) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.80", 443))
    var capture = CaptureFile()
    capture.add(0, .tcp(a, b, flags: 2, sequence: 100))
    capture.add(1000, .tcp(a, b, flags: 2, sequence: 100))
    capture.add(1010, .tcp(b, a, flags: 20, sequence: 0))
    capture.add(2000, .tcp(a, b, flags: 2, sequence: 900))
    capture.add(2010, .tcp(b, a, flags: 18, sequence: 500))
    capture.add(2020, .tcp(a, b, flags: 16, sequence: 901))
    let reader = try folder.read(capture)
    #expect(
      try reader.lines(
        """
        SELECT flow_id, client, server, service, packets_to_server, packets_to_client, state
        FROM flows ORDER BY flow_id
        """) == [
          "1|192.0.2.10|198.51.100.80|https|2|1|REJ", "2|192.0.2.10|198.51.100.80|https|2|1|S1",
        ])
    #expect(
      try reader.lines("SELECT number, flow_id FROM packets ORDER BY packet_id")
        == ["1|1", "2|1", "3|1", "4|2", "5|2", "6|2"])
  }

  @Test("A packet that two captures saw is one event: counted once, cited by its first sighting")
  func twoCaptures() throws {
    var (near, far) = (CaptureFile(), CaptureFile())
    let query = Frame.query(client, server, id: 7, "www.example", identification: 5)
    let answer = Frame.answer(server, client, id: 7, "www.example", identification: 6)
    near.add(0, query)
    near.add(30, answer)
    far.add(10, query)
    far.add(20, answer)
    try folder.ingest([folder.write(near, "near.pcap"), folder.write(far, "far.pcap")])
    let reader = try folder.read()
    #expect(
      try reader.lines(
        """
        SELECT capture_id, number, duplicate_of >> 32, duplicate_of & 4294967295
        FROM packets ORDER BY 1, 2
        """) == ["1|1||", "1|2|2|2", "2|1|1|1", "2|2||"])
    // Asked at 0 ms as the near capture saw it, answered at 20 ms as the far one did.
    #expect(
      try reader.lines("SELECT attempts, rtt_ns, outcome FROM dns_transactions")
        == ["1|20000000|answered"])
    #expect(
      try reader.lines("SELECT packets_to_server, packets_to_client FROM flows") == ["1|1"])
  }

  @Test("A filter, a limit and a name are obeyed, and written down")
  func options() throws {
    var capture = CaptureFile()
    capture.add(0, .tcp(Endpoint("192.0.2.10", 1), Endpoint("192.0.2.11", 2), flags: 2))
    for number in 1...5 as ClosedRange<UInt16> {
      capture.add(Int64(number), .query(client, server, id: number, "www.example"))
    }
    let reader = try folder.read(capture) { options in
      options.filter = "udp port 53"
      options.packetLimit = 3
      options.name = "office"
    }
    #expect(
      try reader.lines("SELECT name, packets, filter, packet_limit FROM captures")
        == ["office|3|udp port 53|3"])
    #expect(try reader.lines("SELECT number FROM packets") == ["2", "3", "4"])
  }

  @Test("The names that a capture gives to addresses are rows, the address in its usual form")
  func names() throws {
    // A pcapng file, least significant octets first: a section, and a name resolution block with a
    // name of each of three addresses, its records padded to four octets.
    var file: [UInt8] = [0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0]
    file += [UInt8](repeating: 0xff, count: 8) + [28, 0, 0, 0]
    file += [4, 0, 0, 0, 76, 0, 0, 0, 1, 0, 6, 0, 192, 0, 2, 1, 0x61, 0, 0, 0]
    file += [2, 0, 18, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0x62, 0, 0, 0]
    file += [2, 0, 18, 0] + [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 10, 0, 0, 9, 0x63, 0]
    file += [0, 0, 0, 0, 0, 0, 76, 0, 0, 0]
    try folder.ingest([folder.write(file, "names.pcapng")])
    // The IPv6 forms: RFC 5952, 4.2.3 (the first of equal runs) and 5.
    #expect(
      try folder.read().lines("SELECT address, name FROM names ORDER BY name")
        == ["192.0.2.1|a", "2001:db8::1:0:0:1|b", "::ffff:10.0.0.9|c"])
    #expect(try folder.read().lines("SELECT * FROM faults").isEmpty)
  }

  @Test("A cooked capture shows each packet's own sender, and the packets of two are one flow")
  func cookedSenders() throws {
    // LINKTYPE_LINUX_SLL: packet type 0, ARPHRD_ETHER, address length 6, address, EtherType.
    func cooked(_ sender: UInt8, _ type: UInt8, _ payload: [UInt8]) -> [UInt8] {
      [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, sender, 0, 0, 8, type] + payload
    }
    let (a, b) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.9", 9))
    let there = Frame.udp(a, b, [1]).datagram
    let back = Frame.udp(b, a, [2]).datagram
    // Who has 192.0.2.2, tell 192.0.2.1, without the addresses of Ethernet.
    let request: [UInt8] =
      [0, 1, 8, 0, 6, 4, 0, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2]
    let packets = [
      cooked(1, 0, there), cooked(2, 0, there), cooked(3, 0, back),
      cooked(1, 0, there), cooked(0, 0, there), cooked(2, 0, there),
      cooked(1, 6, request), cooked(2, 6, request),
    ]
    var file = CaptureFile().octets
    file[20] = 113
    for (index, packet) in packets.enumerated() {
      let length = UInt8(packet.count)
      file += [UInt8(index), 0, 0, 0, 0, 0, 0, 0, length, 0, 0, 0, length, 0, 0, 0] + packet
    }
    try folder.ingest([folder.write(file, "any.pcap")])
    let reader = try folder.read()
    #expect(
      try reader.lines(
        """
        SELECT substr(eth_src, 16), flow_id FROM packets WHERE ip_proto = 17 ORDER BY packet_id
        """)
        == ["01|1", "02|1", "03|1", "01|1", "00|1", "02|1"])
    #expect(
      try reader.lines(
        "SELECT substr(eth_src, 16), flow_id FROM packets WHERE protocol = 'arp' ORDER BY packet_id"
      )
        == ["01|4", "02|4"])
    #expect(
      try reader.lines(
        "SELECT packets_to_server, packets_to_client FROM flows WHERE ip_proto = 17") == ["5|1"])
  }
}
