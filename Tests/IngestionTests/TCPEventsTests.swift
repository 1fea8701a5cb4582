import CaseFixtures
import CaseStore
import Testing

@Suite("What TCP's sequence numbers tell, as rows")
struct TCPEventsTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// The numbers of packets by event.
  private func events(_ capture: String, in reader: CaseReader) throws -> [String: [Int]] {
    var found: [String: [Int]] = [:]
    for row in try reader.rows(
      """
      SELECT e.event, p.number FROM tcp_events AS e JOIN packets AS p USING (packet_id)
      JOIN captures AS c ON c.capture_id = e.capture_id WHERE c.name = :name ORDER BY 1, 2
      """, parameters: ["name": .text(capture)])
    {
      found[row["event"].text ?? "", default: []].append(Int(row["number"].integer ?? 0))
    }
    return found
  }

  // Expected: tshark 4.0.17; `-Y tcp.analysis.retransmission -T fields -e frame.number`, and so on.
  // It takes whatever comes within a round trip for out of order, also what it showed before: 94, 230
  // and 236. It takes a window probe's octet for lost, at 345 and 348.
  @Test("A bad line made up at random: the events are those of tshark 4.0.17, but for five")
  func lossy() throws {
    try folder.ingest([Places.capture("lossy.pcap")])
    let found = try events("lossy.pcap", in: folder.read())
    let shownBefore: Set = [94, 230, 236]
    let retransmissions: Set = [
      11, 54, 87, 184, 185, 196, 205, 221, 228, 276, 277, 318, 372, 374, 379, 406, 407, 430,
    ]
    let outOfOrder: Set = [
      58, 74, 94, 100, 141, 142, 152, 187, 198, 199, 217, 218, 225, 226, 230, 236, 244, 259, 261,
      420,
    ]
    let lost: Set = [
      53, 57, 59, 73, 82, 95, 99, 134, 140, 151, 156, 176, 186, 197, 215, 216, 219, 220, 222, 224,
      243, 258, 343, 345, 348, 361, 382, 396, 399, 419, 426, 434, 443, 448,
    ]
    #expect(found["retransmission"] == retransmissions.union(shownBefore).sorted())
    #expect(found["out_of_order"] == outOfOrder.subtracting(shownBefore).sorted())
    #expect(found["lost_segment"] == lost.subtracting([345, 348]).sorted())
    #expect(found["zero_window"] == [3, 19, 21, 108, 110, 336, 338, 340])
    #expect(
      found["keep_alive"]
        == [35, 106, 109, 117, 133, 155, 163, 165, 231, 248, 254, 272, 311, 325, 360, 398])
    #expect(found.count == 5)
    // The same by flow.
    let kinds = [
      "retransmission", "out_of_order", "lost_segment", "zero_window", "keep_alive", "overlap",
    ]
    #expect(
      try folder.read().lines(
        """
        SELECT sum(retransmissions), sum(out_of_order), sum(lost_segments), sum(zero_windows),
          sum(keep_alives), sum(overlaps)
        FROM tcp_counts
        """) == [kinds.map { String(found[$0]?.count ?? 0) }.joined(separator: "|")])
  }

  /// What tshark 4.0.17 finds in the captures beside the repository, by the same filters; in all others
  /// of them it finds none of these events.
  private static let found: [String: [String: [Int]]] = [
    "pcapplusplus-ldap.pcapng": [
      "lost_segment": [10, 13, 14, 15, 16, 17, 18, 19, 20, 21, 24], "retransmission": [2, 25],
    ],
    "tcpdump-of13_ericsson.pcapng": [
      "lost_segment": [
        50, 51, 86, 87, 89, 90, 95, 96, 149, 150, 152, 153, 161, 162, 164, 165,
      ]
    ],
    "zeek-erspan.pcap": ["lost_segment": [197, 231, 244, 260, 269]],
    // tshark's tcp.segment.overlap.
    "zeek-tls-dhe.pcap": ["overlap": [15], "retransmission": [15]],
    "zeek-modbus-modbus-and-non-modbus-p502.pcap": ["keep_alive": [53, 55, 57]],
    "zeek-dce-rpc-kerberos135_auth.pcapng": ["retransmission": [12]],
    "tcpdump-bgp-infinite-loop.pcap": ["retransmission": [5]],
    "zeek-nflog-http.pcap": ["retransmission": [2, 3]],
    "zeek-http-http-filename.pcap": ["retransmission": [5]],
    "zeek-tls-ecdhe.pcap": ["retransmission": [26]],
    "router.pcapng": [
      "retransmission": [
        75, 76, 78, 80, 82, 83, 85, 86, 88, 90, 92, 93, 108, 109, 111, 113, 115, 117, 118, 208, 209,
        211, 213, 215, 217, 218, 223,
      ], "keep_alive": [81, 91, 114, 116, 214, 216],
    ],
  ]

  /// Where we find less, and why.
  private struct Difference {
    /// What tshark finds and we do not.
    var missing: [String: [Int]]
    var reason: String
  }

  private static let differences: [String: Difference] = [
    "pcapplusplus-ldap.pcapng": Difference(
      missing: ["retransmission": [2, 25]],
      reason: "each was captured on another interface than what it repeats: sightings"
    ),
    "router.pcapng": Difference(
      missing: found["router.pcapng"] ?? [:],
      reason: "two interfaces see each segment; of either alone, tshark finds nothing"),
    "zeek-nflog-http.pcap": Difference(
      missing: ["retransmission": [2]],
      reason: "it repeats the first to the octet within 1 ms: a copy, not sent again"),
  ]

  @Test(
    "Captures by others: the events are tshark's, or the difference is explained",
    .besideCaptures("lab", "public"), arguments: ["lab", "public"])
  func shared(_ name: String) throws {
    let names = try Places.truth(name).compactMap { $0["name"] }
    #expect(!names.isEmpty)
    try folder.ingest(try names.map { try #require(Places.shared("\(name)/\($0)")) })
    let reader = try folder.read()
    for capture in names {
      var expected = Self.found[capture] ?? [:]
      for (event, missing) in Self.differences[capture]?.missing ?? [:] {
        expected[event]?.removeAll(where: missing.contains)
      }
      #expect(
        try events(capture, in: reader) == expected.filter { !$0.value.isEmpty }, "\(capture)")
    }
  }

  private let client = Endpoint("192.0.2.10", 40_000)
  private let server = Endpoint("192.0.2.80", 80)

  /// Three segments of ten octets, the second twice, so many microseconds apart.
  private func repeating(after microseconds: Int64, identification: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    let octets = [UInt8](repeating: 7, count: 10)
    capture.add(0, .tcp(client, server, flags: 24, sequence: 1, octets))
    capture.add(1, .tcp(client, server, flags: 24, sequence: 11, octets))
    capture.add(
      1, .tcp(client, server, flags: 24, sequence: 11, identification: identification, octets),
      microseconds: microseconds)
    capture.add(3, .tcp(client, server, flags: 24, sequence: 21, octets))
    return capture
  }

  @Test("What a mirrored port copies is not sent again; nor is anything told of its copies")
  func copies() throws {
    let shown = "SELECT event, packet_id & 4294967295 FROM tcp_events"
    #expect(
      try folder.read(repeating(after: 500, identification: 2)).lines(shown) == ["retransmission|3"]
    )
    try folder.ingest(
      [folder.write(repeating(after: 500, identification: 1), "copied.pcap")], into: "copied.case")
    let copied = try folder.read("copied.case")
    #expect(try copied.lines(shown).isEmpty)
    #expect(
      try copied.lines("SELECT tcp_analysed, packets FROM captures") == ["3|4"],
      "the copy is not followed")
  }

  @Test("An event has what its packet has, in the words of the view")
  func row() throws {
    let reader = try folder.read(repeating(after: 500, identification: 2))
    #expect(
      try reader.lines("SELECT * FROM tcp_events") == [
        "4294967299|1795521600001500000|retransmission|192.0.2.10|40000|192.0.2.80|80|10|11|1|2|1||0"
      ])
    #expect(
      try reader.lines(
        """
        SELECT count(*) FROM tcp_events AS e JOIN packets AS p USING (packet_id)
        WHERE e.ts = p.ts AND e.tcp_seq = p.tcp_seq AND e.payload_length = p.payload_length
          AND e.flow_id = p.flow_id AND e.stream_id = p.stream_id AND e.src_port = p.src_port
        """) == ["1"])
  }

  @Test("Octets that were cut off count by the header's length; fragments are not followed")
  func cut() throws {
    let octets = repeating(after: 500, identification: 2)
      .pcap(isBigEndian: false, hasNanoseconds: true, cut: 54)
    try folder.ingest([folder.write(octets, "cut.pcap")])
    let reader = try folder.read()
    #expect(try reader.lines("SELECT event FROM tcp_events") == ["retransmission"])
    #expect(try reader.lines("SELECT tcp_analysed, cut_packets FROM captures") == ["4|4"])
  }

  @Test(
    "Nothing is told of a printed capture, whose numbers count from anywhere",
    .besideCaptures("lab"))
  func printed() throws {
    try folder.ingest([try #require(Places.shared("lab/client1-nn-tttt.txt"))])
    let reader = try folder.read()
    #expect(try reader.value("SELECT count(*) > 0 FROM packets WHERE protocol = 'tcp'") == "1")
    #expect(try reader.lines("SELECT tcp_analysed FROM captures") == [""])
    #expect(try reader.lines("SELECT * FROM tcp_events").isEmpty)
  }

  @Test("Merging copies what sequence numbers told")
  func merged() throws {
    let paths = [
      try folder.write(repeating(after: 500, identification: 2), "a.pcap"),
      Places.capture("lossy.pcap"),
    ]
    try folder.ingest(paths, into: "all.case")
    try folder.ingest([paths[1]], into: "one.case")
    try folder.ingest([paths[0]], into: "other.case")
    try folder.merge(["other.case", "one.case"], into: "merged.case")
    let rows = "SELECT * FROM fact_tcp_event ORDER BY 1, 2"
    let expected = try folder.read("all.case").lines(rows)
    #expect(expected.count == 95)
    #expect(try folder.read("merged.case").lines(rows) == expected)
    #expect(
      try folder.read("merged.case").lines("SELECT tcp_analysed > 0 FROM captures") == ["1", "1"])
  }

  @Test("Taking a capture out takes its events along, and no others")
  func removed() throws {
    let repeats = try folder.write(repeating(after: 500, identification: 2), "a.pcap")
    try folder.ingest([repeats, Places.capture("lossy.pcap")], into: "both.case")
    let writer = try CaseWriter(
      path: folder.file("both.case"), by: Actor(programVersion: "test")
    ) { _ in }
    #expect(try writer.removeCapture(named: "lossy.pcap") ?? 0 > 0)
    try writer.finish()
    #expect(
      try folder.read("both.case").lines("SELECT packet_id, event FROM fact_tcp_event")
        == ["4294967299|1"])
  }

  @Test("Under a window, only what happened in it is shown")
  func windowed() throws {
    let path = try folder.write(repeating(after: 500, identification: 2), "a.pcap")
    try folder.ingest([path])
    let time = CaptureFile.noon + 1_500_000
    for (since, until, count) in [(time, time, 1), (time + 1, nil, 0), (nil, time - 1, 0)]
      as [(Int64?, Int64?, Int)]
    {
      let part = try CaseReader(
        path: folder.file("a.case"), scope: CaseScope(since: since, until: until))
      #expect(try part.lines("SELECT event FROM tcp_events").count == count)
    }
  }
}
