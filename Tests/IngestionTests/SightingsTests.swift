import CaseFixtures
import CaseStore
import Testing

@Suite("A packet seen at several places is one event")
struct SightingsTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 4500)

  init() throws { folder = try CaseFolder() }

  /// A stream of equal datagrams, but for their payload, 200 ms apart, as two captures saw it: the
  /// second from the eleventh on, 1 ms later. IP identification 0, as in RFC 6864 for atomic ones.
  private func stream(payload: (Int) -> [UInt8]) throws -> CaseReader {
    var (early, late) = (CaptureFile(), CaptureFile())
    for index in 0..<20 {
      let frame = Frame.udp(client, server, identification: 0, payload(index))
      early.add(Int64(index * 200), frame)
      if index >= 10 { late.add(Int64(index * 200 + 1), frame) }
    }
    try folder.ingest([folder.write(early, "early.pcap"), folder.write(late, "late.pcap")])
    return try folder.read()
  }

  private static let pairs = """
    SELECT packet_id & 4294967295, duplicate_of & 4294967295 FROM packets
    WHERE duplicate_of IS NOT NULL ORDER BY 1
    """

  @Test("Equal packets of a capture that began later are those at their time")
  func lateCapture() throws {
    let reader = try stream { _ in [7] }
    #expect(try reader.lines(Self.pairs) == (1...10).map { "\($0)|\($0 + 10)" })
    #expect(try reader.lines("SELECT packets_to_server FROM flows") == ["20"])
  }

  @Test("Packets that differ in their payload alone are told apart, whatever their time")
  func payload() throws {
    // The second capture's clock is wrong by three datagrams.
    var (one, other) = (CaptureFile(), CaptureFile())
    for index in 0..<5 {
      let frame = Frame.udp(client, server, identification: 0, [UInt8(index)])
      one.add(Int64(index * 200), frame)
      other.add(Int64(index * 200 + 600), frame)
    }
    try folder.ingest([folder.write(one, "one.pcap"), folder.write(other, "other.pcap")])
    #expect(try folder.read().lines(Self.pairs) == (1...5).map { "\($0)|\($0)" })
  }

  @Test(
    "What tcpdump printed of a capture is that capture's packets, seen again",
    .besideCaptures("lab"))
  func printed() throws {
    let capture = try #require(Places.shared("lab/client1.pcap"))
    let print = try #require(Places.shared("lab/client1-nn-tttt.txt"))
    try folder.ingest([capture, print])
    let reader = try folder.read()
    // All but the two ARP packets, which are no IP. Expected: truth.csv, 120 packets.
    #expect(try reader.value("SELECT count(*) FROM packets WHERE duplicate_of >> 32 = 2") == "0")
    #expect(try reader.value("SELECT count(*) FROM packets WHERE duplicate_of >> 32 = 1") == "118")
    #expect(try reader.lines("SELECT DISTINCT attempts FROM dns_transactions") == ["1"])
  }

  @Test("Clocks are compared by what both captures show, and recorded times stay as they are")
  func clocks() throws {
    var (one, other) = (CaptureFile(), CaptureFile())
    for index in 0..<8 {
      let id = UInt16(index + 1)
      let there = Frame.query(client, server, id: id, "a.example", identification: id)
      let back = Frame.answer(server, client, id: id, "a.example", identification: id)
      // 2 ms on the way; the other's clock is 300 ms ahead.
      one.add(Int64(index * 1000), there)
      other.add(Int64(index * 1000 + 302), there)
      other.add(Int64(index * 1000 + 310), back)
      one.add(Int64(index * 1000 + 12), back)
    }
    try folder.ingest([folder.write(one, "one.pcap"), folder.write(other, "other.pcap")])
    let reader = try folder.read()
    #expect(
      try reader.lines(
        """
        SELECT capture_id, other_capture_id, offset_ns, packets FROM clock_offsets ORDER BY 1
        """) == ["1|2|300000000|16", "2|1|-300000000|16"])
    #expect(
      try reader.value("SELECT first_ts FROM captures WHERE capture_id = 2")
        == String(CaptureFile.noon + 302_000_000))
    #expect(try reader.value("SELECT count(*) FROM sightings") == "32")
  }

  @Test("A mirrored port that shows each packet twice shows one event, like one that does not")
  func mirrored() throws {
    let dns = Endpoint("198.51.100.53", 53)
    /// Questions and answers; each frame `copies` times within a millisecond.
    func capture(_ copies: Int) -> CaptureFile {
      var file = CaptureFile()
      for index in 0..<6 {
        let id = UInt16(index + 1)
        let there = Frame.query(client, dns, id: id, "a.example", identification: id)
        let back = Frame.answer(dns, client, id: id, "a.example", identification: id)
        for _ in 0..<copies { file.add(Int64(index * 1000), there) }
        for _ in 0..<copies { file.add(Int64(index * 1000 + 20), back) }
      }
      return file
    }
    try folder.ingest([folder.write(capture(1), "plain.pcap")], into: "plain.case")
    try folder.ingest([folder.write(capture(2), "mirrored.pcap")], into: "mirrored.case")
    let (plain, mirrored) = (try folder.read("plain.case"), try folder.read("mirrored.case"))
    for query in [
      "SELECT ts, client, txid, attempts, rtt_ns, outcome FROM dns_transactions ORDER BY 1",
      """
      SELECT client, server, first_ts, last_ts, packets_to_server, packets_to_client,
        bytes_to_server, bytes_to_client FROM flows
      """,
    ] {
      let rows = try plain.lines(query)
      #expect(!rows.isEmpty)
      #expect(try mirrored.lines(query) == rows)
    }
    #expect(try mirrored.value("SELECT count(*) FROM packets") == "24")
    #expect(
      try mirrored.lines(
        "SELECT packet_id - duplicate_of FROM packets WHERE duplicate_of IS NOT NULL")
        == Array(repeating: "1", count: 12))
    // A copy is what its first is elsewhere: the plain capture, a millisecond ahead, saw it first.
    var ahead = capture(1)
    ahead.delay(by: -1_000_000)
    try folder.ingest(
      [folder.file("mirrored.pcap"), folder.write(ahead, "ahead.pcap")], into: "both.case")
    let both = try folder.read("both.case")
    #expect(
      try both.value("SELECT count(*) FROM packets WHERE duplicate_of >> 32 = 2 AND capture_id = 1")
        == "24")
    #expect(
      try both.lines("SELECT DISTINCT attempts, outcome FROM dns_transactions") == ["1|answered"])
  }
}
