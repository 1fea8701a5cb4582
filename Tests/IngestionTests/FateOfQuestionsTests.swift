import CaseFixtures
import CaseStore
import Testing

@Suite("Unanswered is claimed only where an answer would have been seen")
struct FateOfQuestionsTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  /// A question at 1 s that nobody answers, in a capture that shows both directions and ends
  /// `milliseconds` after the question.
  private func unanswered(endingAfter milliseconds: Int64) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 1, "one.example"))
    capture.add(10, .answer(server, client, id: 1, "one.example"))
    capture.add(1000, .query(client, server, id: 2, "two.example"))
    capture.add(1000 + milliseconds, .tcp(Endpoint("192.0.2.1", 1), client, flags: 16))
    return capture
  }

  private func outcome(_ reader: CaseReader, id: Int) throws -> [String] {
    try reader.lines("SELECT outcome FROM dns_transactions WHERE txid = \(id)")
  }

  @Test(
    "A question times out where the capture goes on for 5 s, else its fate is unobserved",
    arguments: [
      (4000, "unobserved"), (4999, "unobserved"), (5000, "timed-out"), (6000, "timed-out"),
    ])
  func endOfCapture(milliseconds: Int64, outcome: String) throws {
    let reader = try folder.read(unanswered(endingAfter: milliseconds))
    #expect(try self.outcome(reader, id: 2) == [outcome])
    #expect(try self.outcome(reader, id: 1) == ["answered"])
  }

  @Test("In a capture without a packet toward the client, its questions are unobserved")
  func oneDirection() throws {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 1, "one.example"))
    capture.add(60_000, .query(client, server, id: 2, "two.example"))
    let reader = try folder.read(capture)
    #expect(try outcome(reader, id: 1) == ["unobserved"])
  }

  @Test("An answer after 5 s is late, an answer by another port none")
  func lateAndElsewhere() throws {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 1, "one.example"))
    capture.add(1, .query(client, server, id: 2, "two.example"))
    capture.add(2, .answer(Endpoint("198.51.100.53", 54), client, id: 2, "two.example"))
    capture.add(5001, .answer(server, client, id: 1, "one.example"))
    let reader = try folder.read(capture)
    #expect(try outcome(reader, id: 1) == ["late"])
    #expect(try outcome(reader, id: 2) == ["timed-out"])
    #expect(
      try reader.lines("SELECT rtt_ns FROM dns_transactions WHERE txid = 1") == ["5001000000"])
  }

  @Test("A question that is sent again is one transaction, and its retries are told")
  func retries() throws {
    var capture = CaptureFile()
    for (index, time) in [0, 5000, 10_000].enumerated() {
      let identification = UInt16(index + 1)
      capture.add(
        Int64(time), .query(client, server, id: 1, "one.example", identification: identification))
    }
    capture.add(10_020, .answer(server, client, id: 1, "one.example"))
    let reader = try folder.read(capture)
    #expect(
      try reader.lines("SELECT attempts, rtt_ns, outcome FROM dns_transactions")
        == ["3|10020000000|late"])
    #expect(
      try reader.lines(
        "SELECT packet_id & 4294967295, query_packet_id & 4294967295 FROM dns_retries ORDER BY 1")
        == ["2|1", "3|1"])
  }

  @Test("A question in one piece of a capture that is answered in the next is one transaction")
  func cutBetween() throws {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 1, "one.example"))
    capture.add(40, .answer(server, client, id: 1, "one.example"))
    let (head, tail) = capture.cut(after: 1)
    let sources = [try folder.write(head, "1.pcap"), try folder.write(tail, "2.pcap")]
    // In whatever order the pieces come.
    for (name, order) in [("a.case", sources), ("b.case", sources.reversed())] {
      try folder.ingest(order, into: name)
      let reader = try folder.read(name)
      #expect(
        try reader.lines("SELECT attempts, rtt_ns, outcome FROM dns_transactions")
          == ["1|40000000|answered"])
      #expect(
        try reader.lines("SELECT client, packets_to_server, packets_to_client, state FROM flows")
          == ["192.0.2.10|1|1|SF"])
    }
  }

  @Test("A question whose refusal is in another capture is refused, whichever came first")
  func refusedElsewhere() throws {
    let query = Frame.query(client, server, id: 1, "one.example", identification: 77)
    var capture = CaptureFile()
    capture.add(0, query)
    capture.add(1, .unreachable("198.51.100.53", code: 3, quoting: query))
    let (head, tail) = capture.cut(after: 1)
    let sources = [try folder.write(head, "1.pcap"), try folder.write(tail, "2.pcap")]
    for (name, order) in [("a.case", sources), ("b.case", sources.reversed())] {
      for source in order { try folder.ingest([source], into: name) }
      #expect(try outcome(try folder.read(name), id: 1) == ["refused"])
    }
  }

  @Test("Where the next piece goes on with the same link, a question at a piece's end times out")
  func nextPiece() throws {
    let (head, tail) = unanswered(endingAfter: 6000).cut(after: 3)
    try folder.ingest([folder.write(head, "1.pcap")])
    #expect(try outcome(try folder.read(), id: 2) == ["unobserved"])
    // The packet of the second piece comes from another host, so from another link.
    try folder.ingest([folder.write(tail, "2.pcap")])
    #expect(try outcome(try folder.read(), id: 2) == ["unobserved"])
    var third = CaptureFile()
    third.add(3000, .query(client, server, id: 3, "three.example"))
    third.add(7000, .query(client, server, id: 4, "four.example"))
    try folder.ingest([folder.write(third, "3.pcap")])
    #expect(try outcome(try folder.read(), id: 2) == ["timed-out"])
  }

  // RFC 792: a redirect's datagram was forwarded; a source quench asks for fewer. RFC 1191: code 4
  // asks for smaller ones.
  @Test(
    "What ICMP says of a datagram that went on refuses no question",
    arguments: [(5, 1), (4, 0), (3, 4)] as [(UInt8, UInt8)])
  func noRefusal(type: UInt8, code: UInt8) throws {
    let query = Frame.query(client, server, id: 1, "one.example", identification: 77)
    var capture = CaptureFile()
    capture.add(0, query)
    capture.add(1, .icmp("192.0.2.1", type: type, code: code, quoting: query))
    capture.add(40, .answer(server, client, id: 1, "one.example"))
    let reader = try folder.read(capture)
    #expect(try outcome(reader, id: 1) == ["answered"])
  }

  @Test(
    "An error of a datagram that went no further refuses its question",
    arguments: [(3, 0), (3, 3), (3, 13), (11, 0), (12, 0)] as [(UInt8, UInt8)])
  func refusal(type: UInt8, code: UInt8) throws {
    let query = Frame.query(client, server, id: 1, "one.example", identification: 77)
    var capture = CaptureFile()
    capture.add(0, query)
    capture.add(1, .icmp("192.0.2.1", type: type, code: code, quoting: query))
    let reader = try folder.read(capture)
    #expect(try outcome(reader, id: 1) == ["refused"])
  }

  @Test("An error that quotes a retry which was not captured refuses its question, read or derived")
  func quotedRetryMissing() throws {
    let retry = Frame.query(client, server, id: 1, "one.example", identification: 2)
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 1, "one.example", identification: 1))
    capture.add(1, .unreachable("198.51.100.53", code: 3, quoting: retry))
    try folder.ingest([folder.write(capture, "1.pcap")])
    #expect(try outcome(folder.read(), id: 1) == ["refused"])
    var later = CaptureFile()
    later.add(29_000, .query(client, server, id: 9, "nine.example", identification: 3))
    try folder.ingest([folder.write(later, "2.pcap")])
    #expect(try outcome(folder.read(), id: 1) == ["refused"])
  }

  @Test("Where the server sent data that was not decoded, its silence is not claimed")
  func undecodedAnswer() throws {
    // An answer of 600 octets in two segments: RFC 7766, 8 allows it.
    var capture = CaptureFile()
    let asked: [UInt8] = [0, 29, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    let question: [UInt8] = [3, 0x6f, 0x6e, 0x65, 7, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0]
    capture.add(
      0, .tcp(client, server, flags: 24, sequence: 1, asked + question + [0, 1, 0, 1]))
    capture.add(
      10, .tcp(server, client, flags: 24, sequence: 1, [2, 88] + Array(repeating: 7, count: 300)))
    capture.add(11, .tcp(server, client, flags: 24, sequence: 303, Array(repeating: 7, count: 300)))
    capture.add(9000, .tcp(client, server, flags: 16, sequence: 32))
    let reader = try folder.read(capture)
    #expect(try reader.lines("SELECT qname FROM dns_messages") == ["one.example"])
    #expect(try outcome(reader, id: 1) == ["unobserved"])
  }

  // RFC 5771: 224.0.0.0/4 is multicast; RFC 919: 255.255.255.255 is every host of the link.
  @Test(
    "A question to a group of hosts is nobody's to answer",
    arguments: ["224.0.0.251", "239.255.255.250", "255.255.255.255"])
  func multicast(group: String) throws {
    var capture = CaptureFile()
    capture.add(0, .query(client, server, id: 1, "one.example"))
    capture.add(10, .answer(server, client, id: 1, "one.example"))
    capture.add(20, .query(client, Endpoint(group, 53), id: 2, "two.example"))
    capture.add(9000, .tcp(server, client, flags: 16))
    let reader = try folder.read(capture)
    #expect(try outcome(reader, id: 2) == ["unobserved"])
  }

  @Test("Two captures that name no link-layer addresses are not taken for pieces of one")
  func unrelatedLogs() throws {
    let asked = """
      2026-11-24 10:00:00.000000 IP 192.0.2.10.40000 > 198.51.100.53.53: 1+ A? one.example. (29)
      2026-11-24 10:00:00.010000 IP 198.51.100.53.53 > 192.0.2.10.40000: 1 1/0/0 A 192.0.2.80 (45)
      2026-11-24 10:00:01.000000 IP 192.0.2.10.40000 > 198.51.100.53.53: 2+ A? two.example. (29)

      """
    let unrelated = """
      2026-11-24 10:00:02.000000 IP 203.0.113.7.500 > 203.0.113.8.500: UDP, length 20
      2026-11-24 10:00:09.000000 IP 203.0.113.7.500 > 203.0.113.8.500: UDP, length 20

      """
    try folder.ingest([
      folder.write(Array(asked.utf8), "a.txt"), folder.write(Array(unrelated.utf8), "b.txt"),
    ])
    #expect(try outcome(folder.read(), id: 2) == ["unobserved"])
  }
}
