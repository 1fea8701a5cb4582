import CaseFixtures
import CaseStore
import Testing

@testable import Evidence

/// A question of two attempts and its refusal, another with its answer, and a datagram of no
/// service, seen by a client; the second question and its answer by the server, too.
@Suite("Which packets are asked for")
struct SelectionTests {
  let folder: CaseFolder
  let reader: CaseReader

  init() throws {
    folder = try CaseFolder()
    let (client, server) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53))
    let other = Endpoint("192.0.2.10", 40_001)
    let refused = Frame.query(client, server, id: 7, "a.example", identification: 1)
    let again = Frame.query(client, server, id: 7, "a.example", identification: 2)
    let asked = Frame.query(other, server, id: 8, "b.example", identification: 3)
    let answer = Frame.answer(server, other, id: 8, "b.example", identification: 4)
    var (atClient, atServer) = (CaptureFile(), CaptureFile())
    atClient.add(0, refused)
    atClient.add(1000, again)
    atClient.add(1001, .unreachable("198.51.100.53", code: 3, quoting: again))
    atClient.add(2000, asked)
    atServer.add(2001, asked)
    atServer.add(2002, answer)
    atClient.add(2003, answer)
    atClient.add(3000, .udp(client, Endpoint("198.51.100.9", 4500), identification: 5, [1, 2]))
    try folder.ingest([folder.write(atClient, "c.pcap"), folder.write(atServer, "s.pcap")])
    reader = try folder.read()
  }

  private func packets(_ selection: PacketSelection) throws -> [String] {
    var names: [String] = []
    try SelectedPackets(selection, in: reader).forEach(in: reader) {
      names.append($0.name.description)
    }
    return names
  }

  private func error(_ selection: PacketSelection) throws -> String? {
    do {
      _ = try packets(selection)
      return nil
    } catch let error as EvidenceError {
      return error.description
    }
  }

  @Test("A condition is one over the view packets")
  func condition() throws {
    #expect(try packets(.condition("dst_port = 4500")) == ["1:6"])
    #expect(
      try packets(.condition("src = '198.51.100.53' OR number = 1 -- both")) == [
        "1:1", "1:3", "1:5", "2:1", "2:2",
      ])
    #expect(
      try packets(.condition("packet_id IN (SELECT query_packet_id FROM dns_transactions)"))
        == ["1:1", "1:4"])
    #expect(try packets(.condition("info LIKE '%;?:(%'")) == [])
  }

  @Test(
    "A condition that is none is refused, and the message points at what is wrong",
    arguments: [
      ("foo = 1", "--where: no such column: foo (column 1, at 'foo')"),
      ("dst_port = = 53", "--where: near \"=\": syntax error (column 12, at '=')"),
      ("dst_port = 53 AND", "--where: it ends too early; something is missing (column 18)"),
      ("dst_port = (53", "--where: a parenthesis that is not closed"),
      ("1) OR (1", "--where: a parenthesis too many (column 2, at ')')"),
      (
        "1; DELETE FROM captures",
        "--where: one condition alone, not several statements (column 2, at ';')"
      ),
      ("src = 'x", "--where: a quote that is not closed (column 7, at ''x')"),
      ("src = :x", "--where: write values, not parameters (column 7, at ':x')"),
      (" -- nothing", "--where: no condition; write one such as \"dst_port = 53\""),
      (
        "load_extension('x')",
        "--where: only reading is allowed here (column 1, at 'load_extension('x')')"
      ),
      ("ttl = count(*)", "--where: misuse of aggregate function count() (column 7, at 'count(*)')"),
      ("ä = 'ö' AND\nfoo", "--where: no such column: ä (column 1, at 'ä')"),
    ])
  func wrongCondition(text: String, message: String) throws {
    #expect(try error(.condition(text)) == message)
  }

  @Test("A question is its first attempt, its retries, and its ICMP error, named by any of them")
  func refusedQuestion() throws {
    for id in [1, 2, 3] {
      let name = PacketName(id: 1 << 32 | Int64(id))
      #expect(try packets(.transaction(name)) == ["1:1", "1:2", "1:3"], "\(name)")
    }
  }

  @Test("A question and its answer are exported from wherever they were seen")
  func answeredQuestion() throws {
    for id in [1 << 32 | 4, 1 << 32 | 5, 2 << 32 | 1, 2 << 32 | 2] as [Int64] {
      #expect(
        try packets(.transaction(PacketName(id: id))) == ["1:4", "1:5", "2:1", "2:2"],
        "\(PacketName(id: id))")
    }
  }

  @Test("A flow is its packets, both ways, wherever they were seen")
  func flow() throws {
    let id = try #require(
      try reader.firstRow("SELECT flow_id FROM packets WHERE packet_id = (1 << 32 | 4)")?
        .values.first?.integer)
    #expect(try packets(.flow(id)) == ["1:4", "1:5", "2:1", "2:2"])
  }

  @Test("A finding is the packets that it cites")
  func finding() throws {
    let id = try folder.saveFinding([PacketName(id: 2 << 32 | 1), PacketName(id: 1 << 32 | 6)])
    let reader = try folder.read()
    let selected = try SelectedPackets(.finding(id), in: reader)
    #expect(selected.label == "finding \(id) (dns-unanswered)")
    #expect(try reader.lines(selected.sql) == ["4294967302", "8589934593"])
  }

  @Test("What the case does not hold is named, and how to see what it holds")
  func nothing() throws {
    #expect(
      try error(.finding(9))
        == "the case holds no finding 9; 'SELECT finding_id, summary FROM findings' lists them, and "
        + "'wirecase run' looks for them")
    #expect(try error(.flow(99))?.hasPrefix("the case holds no flow 99; ") == true)
    #expect(
      try error(.transaction(PacketName(id: 1 << 32 | 99)))?
        .hasPrefix("the case holds no packet 1:99; ") == true)
    #expect(
      try error(.transaction(PacketName(id: 1 << 32 | 6)))?
        .hasPrefix("packet 1:6 belongs to no DNS question; ") == true)
  }

  @Test(
    "A packet is named by capture and number or by its identifier; by its number in one capture")
  func names() throws {
    #expect(try PacketName("2:65", in: reader).id == 8_589_934_657)
    #expect(try PacketName("8589934657", in: reader).description == "2:65")
    #expect(throws: EvidenceError.captureNotNamed("65", captures: 2)) {
      try PacketName("65", in: reader)
    }
    for text in [
      "", ":", "2:", ":65", "2:0", "0:1", "-1", "2:65:1", "x", "2:x", "+2:1", " 1", "2: 1",
      "2:4294967296", "2147483648:1", "99999999999999999999",
    ] {
      #expect(throws: EvidenceError.notAPacketName(text)) { try PacketName(text, in: reader) }
    }
    let single = try CaseFolder()
    var capture = CaptureFile()
    capture.add(0, .udp(Endpoint("192.0.2.1", 1), Endpoint("192.0.2.2", 2), []))
    #expect(try PacketName("65", in: single.read(capture)).description == "1:65")
  }
}
