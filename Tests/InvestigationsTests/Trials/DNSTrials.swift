import CaseFixtures

extension Trial {
  /// `Queries/dns`.
  static let dnsTrials =
    [errorRates, lostBetween, overTCPAlone, refused, resolverDown, unanswered] + dnsAnswerTrials
    + dnsQuestionTrials

  private static let errorRates = Trial(
    name: "dns-error-rates", fires: [answers(errors: 5, of: 20)],
    rows: ["198.51.100.53|3|5|20|0.25|1|5|no1.example|0|0|400"], evidence: [[2, 4, 6, 8, 10]],
    nearMiss: [answers(errors: 4, of: 20)])

  /// Answers of a server, of which the first say that there is no such name.
  static func answers(errors: UInt16, of count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for id in 1...count {
      let name = (id <= errors ? "no" : "yes") + "\(id).example"
      let time = Int64(id - 1) * 100
      capture.add(time, .query(Incident.a, Incident.server, id: id, name))
      capture.add(
        time + 1,
        .answer(Incident.server, Incident.a, id: id, name, rcode: id <= errors ? 3 : 0))
    }
    return capture
  }

  private static let overTCPAlone = Trial(
    name: "dns-over-tcp-alone", fires: [overTCP(failed: 3)],
    rows: ["198.51.100.53|3|0|1|192.0.2.10|3|no1.example|1|0|0|2000"], evidence: [[1, 2, 3, 8]],
    nearMiss: [overTCP(failed: 2)])

  /// So many questions over UDP that nobody answers, one a second; then one over TCP, answered.
  private static func overTCP(failed: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for id in 1...failed {
      capture.add(
        Int64(id - 1) * 1000,
        .query(Incident.a, Incident.server, id: id, "no\(id).example", identification: id))
    }
    let (client, server) = (Endpoint("192.0.2.10", 40_001), Incident.server)
    capture.add(3000, .tcp(client, server, flags: 2, sequence: 0))
    capture.add(3001, .tcp(server, client, flags: 18, sequence: 0, acknowledgment: 1))
    capture.add(3002, .tcp(client, server, flags: 16, sequence: 1, acknowledgment: 1))
    capture.add(
      3003,
      .overTCP([.query(client, server, id: 9, "a.example")], sequence: 1, acknowledgment: 1))
    capture.add(
      3020,
      .overTCP([.answer(server, client, id: 9, "a.example")], sequence: 1, acknowledgment: 30))
    capture.add(10_000, .tcp(server, client, flags: 17, sequence: 60, acknowledgment: 30))
    return capture
  }

  private static let lostBetween = Trial(
    name: "dns-lost-between", fires: places(dropped: [3, 4]),
    rows: ["192.0.2.10|198.51.100.53|udp|1|0|1.pcap|2|0|2.pcap|2|0|8|3000|4000"],
    evidence: [[7, 8]], nearMiss: places(dropped: [3]))

  /// What two places on the way to a server show of ten questions, of which the second lacks some.
  private static func places(dropped: Set<UInt16>) -> [CaptureFile] {
    var (near, far) = (CaptureFile(), CaptureFile())
    for second in 0..<10 as Range<UInt16> {
      let query = Frame.query(
        Incident.a, Incident.server, id: second, "a.example", identification: second)
      let answer = Frame.answer(
        Incident.server, Incident.a, id: second, "a.example", identification: second)
      let time = Int64(second) * 1000
      near.add(time, query)
      if dropped.contains(second) { continue }
      far.add(time + 1, query)
      far.add(time + 2, answer)
      near.add(time + 3, answer)
    }
    return [near, far]
  }

  private static let refused = Trial(
    name: "dns-refused-by-icmp", given: ["min_delay_ms": .integer(1)], fires: [refusal(after: 1)],
    rows: [
      "192.0.2.10|198.51.100.53|a.example|A|1|198.51.100.53|1|3|3"
        + "|destination unreachable (port unreachable)|1.0|4294967297|0|1"
    ], evidence: [[1, 2]], nearMiss: [refusal(after: 0)])

  /// A question, and so many milliseconds later the error that refuses it.
  private static func refusal(after milliseconds: Int64) -> CaptureFile {
    var capture = CaptureFile()
    let query = Frame.query(Incident.a, Incident.server, id: 1, "a.example", identification: 1)
    capture.add(0, query)
    capture.add(milliseconds, .unreachable("198.51.100.53", code: 3, quoting: query))
    return capture
  }

  private static let resolverDown = Trial(
    name: "dns-resolver-down", fires: [Incident().capture],
    rows: ["198.51.100.53|53|udp|4|2|192.0.2.10|3|0|0|1|0|0|1000|4000|10000"],
    evidence: [[3, 4, 5, 6, 7, 8, 9, 11]], nearMiss: [answers(errors: 5, of: 20)])

  private static let unanswered = Trial(
    name: "dns-unanswered", fires: [Incident().capture],
    rows: [
      "192.0.2.10|198.51.100.53|udp|4|2|1|1|4|4|b.example|0|0|1000|11000",
      "192.0.2.11|198.51.100.53|udp|1|1|0|0|1|1|b.example|0|0|2000|2000",
    ], evidence: [[3, 4, 7, 8, 9, 12], [5, 6]], nearMiss: [answeredInTime])

  /// A question answered at the last moment, and one at the end of the capture.
  private static let answeredInTime: CaptureFile = {
    var capture = CaptureFile()
    capture.add(0, .query(Incident.a, Incident.server, id: 1, "a.example"))
    capture.add(5000, .answer(Incident.server, Incident.a, id: 1, "a.example"))
    capture.add(5001, .query(Incident.a, Incident.server, id: 2, "b.example"))
    return capture
  }()
}
