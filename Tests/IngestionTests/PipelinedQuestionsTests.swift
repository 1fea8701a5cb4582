import CaseFixtures
import CaseStore
import GRDB
import Testing

/// RFC 7766, 6.2.1.1 and 7: a client sends queries without waiting, a server answers in any order, and
/// either may put several messages into one segment.
@Suite("DNS messages that share a TCP segment")
struct PipelinedQuestionsTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  private func capture() -> CaptureFile {
    var capture = CaptureFile()
    var (asked, answered) = (UInt32(1), UInt32(1))
    func query(_ id: UInt16, _ name: String) -> Frame { .query(client, server, id: id, name) }
    func answer(_ id: UInt16, _ name: String) -> Frame { .answer(server, client, id: id, name) }
    func add(_ time: Int64, _ messages: [Frame], isAnswer: Bool) {
      let segment = Frame.overTCP(
        messages, sequence: isAnswer ? answered : asked,
        acknowledgment: isAnswer ? asked : answered)
      capture.add(time, segment)
      let count = UInt32(segment.datagram.count - 40)
      if isAnswer { answered += count } else { asked += count }
    }
    capture.add(0, .tcp(client, server, flags: 2, sequence: 0))
    capture.add(10, .tcp(server, client, flags: 18, sequence: 0, acknowledgment: 1))
    capture.add(11, .tcp(client, server, flags: 16, sequence: 1, acknowledgment: 1))
    add(20, [query(1, "one.example"), query(2, "two.example")], isAnswer: false)
    add(30, [query(3, "three.example")], isAnswer: false)
    add(40, [answer(3, "three.example")], isAnswer: true)
    add(50, [answer(2, "two.example"), answer(1, "one.example")], isAnswer: true)
    add(60, [query(4, "four.example"), query(4, "four.example")], isAnswer: false)
    capture.add(7000, .tcp(server, client, flags: 16, sequence: answered, acknowledgment: asked))
    return capture
  }

  // As tshark -2 has dns.response_to and dns.response_in of these frames, once for each of the messages of a
  // packet: 7, 7 for packet 4; 6 for packet 5. Of a query that is repeated in one packet, it tells nothing.
  @Test("Each message is a row, and each question has its own answer")
  func pairs() throws {
    let reader = try folder.read(capture())
    #expect(
      try reader.lines(
        """
        SELECT packet_id & 4294967295, position, txid, is_response, qname FROM dns_messages
        ORDER BY packet_id, position
        """) == [
          "4|0|1|0|one.example", "4|1|2|0|two.example", "5|0|3|0|three.example",
          "6|0|3|1|three.example", "7|0|2|1|two.example", "7|1|1|1|one.example",
          "8|0|4|0|four.example", "8|1|4|0|four.example",
        ])
    #expect(
      try reader.lines(
        """
        SELECT query_packet_id & 4294967295, query_position, response_packet_id & 4294967295,
          response_position, rtt_ns / 1000000, attempts, qname, outcome
        FROM dns_transactions ORDER BY query_packet_id, query_position
        """) == [
          "4|0|7|1|30|1|one.example|answered", "4|1|7|0|30|1|two.example|answered",
          "5|0|6|0|10|1|three.example|answered", "8|0||||2|four.example|timed-out",
        ])
    #expect(
      try reader.lines("SELECT position, query_position FROM dns_retries") == ["1|0"])
    #expect(try Defined.differences(in: reader) == [])
  }

  @Test("A packet stays one row, whose line tells of its first message")
  func oneRow() throws {
    let reader = try folder.read(capture())
    #expect(try reader.value("SELECT count(*) FROM packets") == "9")
    #expect(
      try reader.lines("SELECT info FROM packets WHERE number IN (4, 7) ORDER BY number") == [
        "Standard query 0x0001 A one.example", "Standard query response 0x0002 A two.example",
      ])
  }

  @Test("With their second messages, packets are merged, and derivations made anew are the same")
  func merged() throws {
    let queries = [
      "SELECT * FROM dns_messages ORDER BY packet_id, position",
      "SELECT * FROM dns_transactions ORDER BY query_packet_id, query_position",
      "SELECT * FROM dns_retries ORDER BY packet_id, position",
    ]
    let (head, tail) = capture().cut(after: 6)
    let sources = [try folder.write(head, "1.pcap"), try folder.write(tail, "2.pcap")]
    try folder.ingest(sources, into: "one.case")
    let first = try queries.map { try folder.read("one.case").lines($0) }
    for source in sources { try folder.ingest([source], into: "two.case") }
    #expect(try queries.map { try folder.read("two.case").lines($0) } == first)
    #expect(try Defined.differences(in: folder.read("two.case")) == [])
    #expect(first[1].count == 4)
  }
}
