import Testing

@testable import PacketDecoding

@Suite("Whole printed captures")
struct PrintedCaptureTests {
  /// The log as people sent it in: each packet on two lines, blank lines between, no comma before
  /// the length of the ICMP errors.
  static let outage = """
    13:24:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
    yummyrecipesforme.com. (24)
    13:24:36.098564 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2
    udp port 53 unreachable length 254

    13:28:32.192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ A?
    yummyrecipesforme.com. (24)
    13:28:50.022967 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2
    udp port 53 unreachable length 150
    """

  @Test("Lines that a document broke are joined, and blank lines separate nothing")
  func brokenLines() throws {
    let decoded = DecodedPrint(Self.outage)
    let batch = decoded.batch
    #expect(batch.packets.count == 4 && batch.faults.isEmpty)
    #expect(decoded.decoder.timeBasis == .clock && decoded.decoder.packetCount == 4)
    #expect(
      batch.lines == [
        PrintedLineRecord(packetNumber: 1, firstLine: 1, lastLine: 2),
        PrintedLineRecord(packetNumber: 2, firstLine: 3, lastLine: 4),
        PrintedLineRecord(packetNumber: 3, firstLine: 6, lastLine: 7),
        PrintedLineRecord(packetNumber: 4, firstLine: 8, lastLine: 9),
      ])
    // By hand: 13:24:32.192571 and 13:28:50.022967 since midnight.
    #expect(batch.packets[0].timestamp == 48_272_192_571_000)
    #expect(batch.packets[3].timestamp == 48_530_022_967_000)
    #expect(decoded.ends(batch.packets[0]) == "192.51.100.15 52444 > 203.0.113.2 53")
    #expect(decoded.ends(batch.packets[1]) == "203.0.113.2 > 192.51.100.15")
    let query = try #require(batch.dns.first)
    #expect(query.identifier == 35084 && !query.isResponse && query.questionType == 1)
    #expect(decoded.text(query.questionName) == "yummyrecipesforme.com")
    let quoted = try #require(batch.icmp.first?.quoted)
    #expect(decoded.text(quoted.source) == "192.51.100.15" && quoted.sourcePort == nil)
    #expect(quoted.protocolNumber == 17 && quoted.destinationPort == 53)
    #expect(decoded.messages(4, 3, 3) == 2)
  }

  @Test(
    "The outage log is three queries and three refusals, in that order",
    .beside("scenario/dns-outage.log"))
  func outageLog() throws {
    let decoded = DecodedPrint(try SharedFiles.text("scenario/dns-outage.log"))
    let batch = decoded.batch
    #expect(batch.packets.map(\.protocolReached) == [.dns, .icmp, .dns, .icmp, .dns, .icmp])
    #expect(batch.packets.first?.timestamp == 48_272_192_571_000)
    #expect(batch.packets.last?.timestamp == 48_530_022_967_000)
    for query in batch.dns {
      #expect(query.identifier == 35084 && query.questionType == 1 && !query.isResponse)
      #expect(decoded.text(query.questionName) == "yummyrecipesforme.com")
    }
    #expect(batch.dns.count == 3 && decoded.messages(4, 3, 3) == 3 && batch.faults.isEmpty)
  }

  // Expected: tshark 4.0.17 on the .pcap of the same name; counts of frames with
  // `-Y 'dns.flags.response == 0 && !icmp && !icmpv6'`, `… == 1 …`,
  // `icmp.type == 3 && icmp.code == 3`, `… == 13`, `icmpv6.type == 1 && icmpv6.code == 4`, `arp`.
  static let lab: [(name: String, expected: [Int])] =
    ["-e", "-n", "-nn-tttt", "-v"].map { ("client1\($0).txt", [120, 37, 11, 12, 4, 0, 2]) }
    + ["-n", "-nn-tttt", "-v"].map { ("client2\($0).txt", [189, 19, 7, 9, 0, 6, 4]) }

  @Test(
    "Every form of a print holds what the capture holds", .beside("captures/lab"), arguments: lab)
  func labPrints(name: String, expected: [Int]) throws {
    let decoded = DecodedPrint(try SharedFiles.text("captures/lab/\(name)"))
    let batch = decoded.batch
    let found = [
      batch.packets.count, batch.dns.count { !$0.isResponse }, batch.dns.count { $0.isResponse },
      decoded.messages(4, 3, 3), decoded.messages(4, 3, 13), decoded.messages(6, 1, 4),
      batch.arp.count,
    ]
    #expect(found == expected && batch.faults.isEmpty)
  }

  @Test("All prints of a capture name the same ends for the same packet", .beside("captures/lab"))
  func sameEnds() throws {
    let plain = DecodedPrint(try SharedFiles.text("captures/lab/client1-n.txt"))
    for form in ["-e", "-nn-tttt", "-v"] {
      let other = DecodedPrint(try SharedFiles.text("captures/lab/client1\(form).txt"))
      #expect(plain.batch.packets.map(plain.ends) == other.batch.packets.map(other.ends))
    }
  }

  @Test("With -v an error quotes the very query that caused it", .beside("captures/lab"))
  func quotedQueries() throws {
    let batch = DecodedPrint(try SharedFiles.text("captures/lab/client1-v.txt")).batch
    let refusals = batch.icmp.filter { $0.version == 4 && $0.type == 3 && $0.code == 3 }
    for refusal in refusals {
      let quoted = refusal.quoted
      let cause = batch.dns.first {
        $0.packetNumber < refusal.packetNumber && $0.identifier == quoted?.dnsIdentifier
      }
      let packet = cause.map { batch.packets[Int($0.packetNumber) - 1] }
      #expect(packet?.transport.sourcePort == quoted?.sourcePort)
      #expect(packet?.network.identification == quoted?.identification)
      #expect(quoted?.length == 94)  // tshark -T fields -e ip.len, the second of each
    }
    #expect(refusals.count == 12)
  }

  // Lines of tcpdump 4.99.3 -X and -A.
  @Test("Octets that are printed below a packet are passed over")
  func dumps() {
    let decoded = DecodedPrint(
      """
      20:35:27.558452 IP 192.0.2.10.46495 > 203.0.113.2.53: 3076+ A? example.com. (29)
      \t0x0000:  4500 0045 206f 0000 4011 bb0c c000 020a  E..^.o..@.......
      20:35:28.558452 IP 192.0.2.10.46495 > 203.0.113.2.53: 3077+ A? example.com. (29)
      E..^.o..@.......
      GET / HTTP/1.1

      Host: example.com
      20:35:29.558452 IP 192.0.2.10.46495 > 203.0.113.2.53: 3078+ A? example.com. (29)
      """)
    #expect(decoded.batch.dns.map(\.identifier) == [3076, 3077, 3078])
    #expect(decoded.batch.faults.isEmpty && decoded.batch.lines[1].lastLine == 7)
  }

  @Test("What tcpdump says beside packets is no fault; any other line is, and names itself")
  func otherLines() throws {
    let decoded = DecodedPrint(
      """
      tcpdump: verbose output suppressed, use -v[v]... for full protocol decode
      listening on e0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
      what is this
      20:35:28.558452 IP 192.0.2.10.46495 > 203.0.113.2.53: 3077+ A? example.com. (29)
      the server seems to be down
      2 packets captured
      0 packets dropped by kernel
      """)
    #expect(decoded.batch.packets.count == 1)
    #expect(decoded.batch.faults.map(\.found) == [3, 5])
    #expect(decoded.batch.faults.map(\.packetNumber) == [0, 0])
    // By hand: the first two lines have 74 and 76 octets with their line feeds.
    let first = try #require(decoded.batch.faults.first)
    #expect(first.kind == .notUnderstood && first.offset == 74 + 76 - 1)
  }

  @Test("A fault behind the first two gibibytes of a text says where it is")
  func farAway() {
    var batch = RecordBatch()
    var decoder = PrintedCaptureDecoder(options: .init())
    decoder.decode(line: "what is this", number: 9, offset: 3 << 30, into: &batch)
    #expect(batch.faults.map(\.offset) == [3_221_225_472])
  }

  @Test("A line with a time and nothing known is a packet of which only the time is known")
  func unknownPacket() {
    let batch = DecodedPrint("13:24:32.192571 Whatever this is").batch
    var expected = PacketRecord(number: 1, timestamp: 48_272_192_571_000, offset: 0)
    expected.protocolReached = .frame
    #expect(batch.packets == [expected])
    #expect(batch.faults.count == 1 && batch.faults[0].packetNumber == 1)
    #expect(batch.faults[0].offset == 16 && batch.faults[0].found == 1)
  }
}
