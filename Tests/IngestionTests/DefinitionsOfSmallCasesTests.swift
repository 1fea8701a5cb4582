import CaseFixtures
import CaseStore
import Schema
import Testing

/// Cases made by hand in which the rules bite: what is stored is stated, and is what the definitions
/// say.
@Suite("Where the rules bite, the definitions say what is stored")
struct DefinitionsOfSmallCasesTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  /// Each question: number of its query, attempts, its answer's number, its refusal's, and outcome.
  private static let questions = """
    SELECT query_packet_id & 4294967295, attempts, response_packet_id & 4294967295,
      icmp_packet_id & 4294967295, outcome
    FROM dns_transactions ORDER BY query_packet_id
    """
  /// Each duplicate, as capture:number, and what stands for its event.
  private static let duplicates = """
    SELECT packet_id >> 32, packet_id & 4294967295, duplicate_of >> 32, duplicate_of & 4294967295
    FROM packets WHERE duplicate_of IS NOT NULL ORDER BY packet_id
    """

  /// Puts sources into one case, each in its order, and holds its rows against the definitions.
  private func read(_ sources: [[UInt8]]) throws -> CaseReader {
    let paths = try sources.enumerated().map { try folder.write($1, "\($0 + 1).pcap") }
    try folder.ingest(paths)
    let reader = try folder.read()
    #expect(try Defined.differences(in: reader) == [])
    return reader
  }

  private func query(_ id: UInt16, _ name: String = "one.example", _ identification: UInt16 = 1)
    -> Frame
  { .query(client, server, id: id, name, identification: identification) }

  private func answer(_ id: UInt16, _ name: String = "one.example") -> Frame {
    .answer(server, client, id: id, name)
  }

  @Test("A retry, an identifier that is used again, an answer that is late, and one too late")
  func times() throws {
    var capture = CaptureFile()
    for (index, time) in [0, 4000].enumerated() {
      capture.add(Int64(time), query(1, "one.example", UInt16(index)))
    }
    capture.add(4010, answer(1))
    // The same question again, after its answer; then after 30 s and 1 ms: anew both times.
    capture.add(5000, query(1, "one.example", 3))
    capture.add(35_001, query(1, "one.example", 4))
    // 5 s and 1 ms after the query.
    capture.add(40_002, answer(1))
    capture.add(50_000, query(2))
    // A minute and 1 ms after the query: nobody's.
    capture.add(110_001, answer(2))
    let reader = try read([capture.octets])
    #expect(
      try reader.lines(Self.questions) == [
        "1|2|3||answered", "4|1|||timed-out", "5|1|6||late", "7|1|||timed-out",
      ])
  }

  @Test("Retries go on for 60 s after the first query, then the question is a new one")
  func minute() throws {
    var capture = CaptureFile()
    for index in 0..<5 {
      capture.add(Int64(index) * 20_000, query(1, "one.example", UInt16(index)))
    }
    capture.add(80_010, answer(1))
    #expect(
      try read([capture.octets]).lines(Self.questions) == ["1|4|||timed-out", "5|1|6||answered"])
  }

  @Test(
    "A refusal that quotes too little refuses the query that it is linked to",
    arguments: [20, 28, 30, 40])
  func shortQuote(octets: Int) throws {
    var capture = CaptureFile()
    capture.add(0, query(1))
    capture.add(10, answer(1))
    let second = query(2, "two.example", 7)
    capture.add(1000, second)
    capture.add(1001, .unreachable("198.51.100.53", code: 3, quoting: second, octets: octets))
    #expect(
      try read([capture.octets]).lines(Self.questions) == ["1|1|2||answered", "3|1||4|refused"])
  }

  @Test("A query from port 53 to another port is refused as any other")
  func fromTheServersPort() throws {
    let (asker, asked) = (Endpoint("192.0.2.10", 53), Endpoint("198.51.100.53", 5300))
    let query = Frame.query(asker, asked, id: 1, "one.example", identification: 7)
    var capture = CaptureFile()
    capture.add(0, query)
    capture.add(1, .unreachable("198.51.100.53", code: 3, quoting: query))
    #expect(try read([capture.octets]).lines(Self.questions) == ["1|1||2|refused"])
  }

  @Test("A query in one capture is answered in the next, and refused in a third")
  func nextCapture() throws {
    var (one, two, three) = (CaptureFile(), CaptureFile(), CaptureFile())
    let second = query(2, "two.example", 7)
    one.add(0, query(1))
    one.add(100, second)
    two.add(40, answer(1))
    three.add(101, .unreachable("198.51.100.53", code: 3, quoting: second))
    let reader = try read([one.octets, two.octets, three.octets])
    #expect(try reader.lines(Self.questions) == ["1|1|1||answered", "2|1||1|refused"])
    #expect(try reader.lines("SELECT icmp_packet_id >> 32 FROM dns_transactions") == ["", "3"])
    #expect(try Defined.count(.flowMembers, in: reader) == 1)
  }

  @Test("An error refuses the question that it quotes in the next capture, of whatever datagram")
  func refusedBefore() throws {
    var (errors, queries) = (CaptureFile(), CaptureFile())
    errors.add(13, .unreachable("198.51.100.53", code: 3, quoting: query(1, "one.example", 3)))
    queries.add(0, query(1, "one.example", 7))
    for (name, sources) in [("a.case", [errors, queries]), ("b.case", [queries, errors])] {
      for (number, source) in sources.enumerated() {
        try folder.ingest([folder.write(source, "\(name)-\(number).pcap")], into: name)
      }
      let reader = try folder.read(name)
      #expect(try reader.lines(Self.questions) == ["1|1||1|refused"])
      #expect(try Defined.differences(in: reader) == [])
    }
  }

  @Test("A refusal that a later capture turns out to have seen first is that capture's")
  func refusalSeenElsewhere() throws {
    let query = query(1, "one.example", 7)
    let refusal = Frame.unreachable("198.51.100.53", code: 3, quoting: query)
    var (one, two) = (CaptureFile(), CaptureFile())
    one.add(0, query)
    one.add(10, refusal)
    two.add(5, refusal)
    let sources = [try folder.write(one, "one.pcap"), try folder.write(two, "two.pcap")]
    for (name, order) in [("a.case", sources), ("b.case", sources.reversed())] {
      for source in order { try folder.ingest([source], into: name) }
      let reader = try folder.read(name)
      #expect(
        try reader.lines(
          """
          SELECT c.name, t.icmp_packet_id & 4294967295 FROM dns_transactions AS t
          JOIN captures AS c ON c.capture_id = t.icmp_packet_id >> 32
          """) == ["two.pcap|1"])
      #expect(try Defined.differences(in: reader) == [])
    }
  }

  @Test("Of packets that other captures show, an error quotes the latest, wherever it stands")
  func latestElsewhere() throws {
    // Without identification that tells packets apart. The second capture begins later and ends earlier.
    var (long, short, errors) = (CaptureFile(), CaptureFile(), CaptureFile())
    let early = Frame.udp(client, server, identification: 0, [1])
    let late = Frame.udp(client, server, identification: 0, [2])
    long.add(0, early)
    short.add(5000, early)
    long.add(90_000, late)
    errors.add(90_001, .unreachable("198.51.100.53", code: 3, quoting: late))
    let reader = try read([long.octets, short.octets, errors.octets])
    #expect(
      try reader.lines(
        "SELECT original_packet_id >> 32, original_packet_id & 4294967295 FROM icmp_messages")
        == ["1|2"])
  }

  @Test("One packet that is seen twice at each of two interfaces is two events")
  func twoInterfaces() throws {
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "in")
    file.interface(linkType: 1, name: "out")
    let frame = Frame.udp(client, server, identification: 9, [1, 2, 3]).octets
    // The second one is closer to the first's way out than the first.
    for (interface, milliseconds) in [(0, 0), (0, 300), (1, 400), (1, 900)] as [(UInt64, Int64)] {
      file.packet(
        interface: interface, time: CaptureFile.noon + milliseconds * 1_000_000, frame)
    }
    let reader = try read([file.octets])
    #expect(try reader.lines(Self.duplicates) == ["1|3|1|2", "1|4|1|1"])
    #expect(try reader.lines("SELECT packets_to_server FROM flows") == ["2"])
  }

  @Test("Ports that a further connection uses again are a further flow, in whatever capture")
  func portsAgain() throws {
    let peer = Endpoint("198.51.100.80", 443)
    var (one, two) = (CaptureFile(), CaptureFile())
    for (time, sequence, flags) in [(0, 5, 2), (10, 6, 24), (2000, 900, 2), (2010, 901, 17)]
      as [(Int64, UInt16, UInt8)]
    {
      let frame = Frame.tcp(
        client, peer, flags: flags, sequence: UInt32(sequence), identification: sequence, [])
      one.add(time, frame)
      if time > 0 { two.add(time + 1, frame) }
    }
    two.add(2020, .tcp(peer, client, flags: 4, sequence: 1))
    let reader = try read([one.octets, two.octets])
    #expect(
      try reader.lines(
        "SELECT packets_to_server, packets_to_client, state FROM flows ORDER BY flow_id")
        == ["2|0|S0", "2|1|REJ"])
  }

  @Test("A question whose time is not known keeps no other open")
  func withoutTime() throws {
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "eth0")
    file.simplePacket(query(1).octets)
    let asked = CaptureFile.noon
    file.packet(interface: 0, time: asked, query(2, "two.example", 2).octets)
    file.packet(interface: 0, time: asked + 61_000_000_000, answer(2, "two.example").octets)
    #expect(
      try read([file.octets]).lines(Self.questions) == ["1|1|||unobserved", "2|1|||timed-out"])
  }
}
