import CaseFixtures

extension Trial {
  /// `Queries/dns`, as far as it looks at answers.
  static let dnsAnswerTrials = [
    competingAnswers, internalAddress, malformed, nxdomainFlood, slowResolvers,
    truncatedWithoutTCP, unsolicitedAnswers,
  ]

  private static let competingAnswers = Trial(
    name: "dns-competing-answers", fires: [answered([0, 20, 30])],
    rows: [
      "192.0.2.10|198.51.100.53|a.example|A|1|1|2|0|60 A 192.0.2.80|64|198.51.100.53|0"
        + "|60 A 203.0.113.66|64|4294967297|4294967299|4294967299|20|30"
    ], evidence: [[1, 2, 3]],
    // Asked twice, it may be answered twice.
    nearMiss: [answered([0, 1, 20, 30])])

  /// A question at each of the times but the last two; at these, answers that differ.
  private static func answered(_ times: [Int64]) -> CaptureFile {
    var capture = CaptureFile()
    for (index, time) in times.enumerated() {
      let address = index == times.count - 1 ? "203.0.113.66" : "192.0.2.80"
      let identification = UInt16(index + 1)
      capture.add(
        time,
        index < times.count - 2
          ? .query(
            Incident.a, Incident.server, id: 1, "a.example", identification: identification)
          : .answer(
            Incident.server, Incident.a, id: 1, "a.example", identification: identification,
            address: address))
    }
    return capture
  }

  private static let internalAddress = Trial(
    name: "dns-internal-address",
    fires: [
      answered("www.host.example", ["192.0.2.80", "172.31.255.1", "127.0.0.1", "169.254.7.7"])
    ],
    rows: [
      "www.host.example|link-local|198.51.100.53|1|1|192.0.2.10|60 A 169.254.7.7|1|0|3001|3001",
      "www.host.example|loopback|198.51.100.53|1|1|192.0.2.10|60 A 127.0.0.1|1|0|2001|2001",
      "www.host.example|private|198.51.100.53|1|1|192.0.2.10|60 A 172.31.255.1|1|0|1001|1001",
    ], evidence: [[8], [6], [4]],
    // Next to such a range, but outside of it; and names of the inside.
    nearMiss: [
      answered("www.host.example", ["172.32.0.1", "172.15.0.1", "110.0.0.1", "193.168.0.1"]),
      answered("host.corp", ["10.0.0.1"]), answered("corp", ["10.0.0.1"]),
    ])

  /// A name that is asked for each second, and answered with each of the addresses in turn.
  private static func answered(_ name: String, _ addresses: [String]) -> CaptureFile {
    var capture = CaptureFile()
    for (index, address) in addresses.enumerated() {
      let id = UInt16(index + 1)
      capture.add(Int64(index) * 1000, .query(Incident.a, Incident.server, id: id, name))
      capture.add(
        Int64(index) * 1000 + 1,
        .answer(Incident.server, Incident.a, id: id, name, address: address))
    }
    return capture
  }

  private static let malformed = Trial(
    name: "dns-malformed", fires: [asking([5, 0x61])],
    rows: [
      "192.0.2.10|client|1|1|198.51.100.53|1"
        + "|a name that runs out of the message, loops or is too long|0|0|0"
    ], evidence: [[1]], nearMiss: [asking([1, 0x61, 0, 0, 1, 0, 1])])

  /// A query with these octets for its question.
  private static func asking(_ question: [UInt8]) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(
      0, .udp(Incident.a, Incident.server, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question))
    return capture
  }

  // 50 of 160 answers are 0.3 of them at least, 50 of 167 are not.
  private static let nxdomainFlood = Trial(
    name: "dns-nxdomain-flood", fires: [answers(errors: 50, of: 160)],
    rows: ["192.0.2.10|50|50|50|no1.example|no1.example|0.3125|0|0|4900"],
    evidence: [(1...50).map { $0 * 2 }], nearMiss: [answers(errors: 50, of: 167)])

  private static let slowResolvers = Trial(
    name: "dns-slow-resolvers", fires: [waits(median: 101, tail: 300)],
    rows: ["198.51.100.53|udp|20|101.0|300.0|999.0|11|0|1|0|9000|19000"],
    evidence: [Array(19...40)], nearMiss: [waits(median: 100, tail: 999)])

  /// Twenty answers: nine after 50 ms, nine after the median, one after the tail, one after 999 ms.
  private static func waits(median: Int64, tail: Int64) -> CaptureFile {
    var capture = CaptureFile()
    for id in 1...20 as ClosedRange<UInt16> {
      let time = Int64(id - 1) * 1000
      let wait = id <= 9 ? 50 : id <= 18 ? median : id == 19 ? tail : 999
      capture.add(time, .query(Incident.a, Incident.server, id: id, "a.example"))
      capture.add(time + wait, .answer(Incident.server, Incident.a, id: id, "a.example"))
    }
    return capture
  }

  private static let truncatedWithoutTCP = Trial(
    name: "dns-truncated-without-tcp", fires: [truncated(endsAt: 5001)],
    rows: ["192.0.2.10|198.51.100.53|1|1|1|long.example|0|1|1"], evidence: [[2]],
    nearMiss: [truncated(endsAt: 5000), truncated(endsAt: 5001, isAccepted: true)])

  /// A truncated answer, an attempt over TCP, and at the end an attempt at something else.
  private static func truncated(endsAt end: Int64, isAccepted: Bool = false) -> CaptureFile {
    // Another client in each, since captures of one case are looked at together.
    let client = Endpoint(isAccepted ? "192.0.2.11" : "192.0.2.10", 40_000)
    var capture = CaptureFile()
    capture.add(0, .query(client, Incident.server, id: 1, "long.example"))
    capture.add(1, .answer(Incident.server, client, id: 1, "long.example", truncated: true))
    capture.add(2, .tcp(client, Incident.server, flags: 2))
    if isAccepted { capture.add(3, .tcp(Incident.server, client, flags: 18)) }
    capture.add(end, .tcp(client, Endpoint("198.51.100.80", 443), flags: 2))
    return capture
  }

  private static let unsolicitedAnswers = Trial(
    name: "dns-unsolicited-answers", fires: [unasked(asked: nil)],
    rows: ["192.0.2.10|10|1|198.51.100.53|1|10|n0.example|1.0|0.0|5.0|0|5000|7000"],
    evidence: [Array(2...11)], nearMiss: [unasked(asked: 4)])

  /// Ten answers from 5 s on, of which one may have been asked for.
  private static func unasked(asked: UInt16?) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .tcp(Incident.a, Endpoint("198.51.100.80", 443), flags: 2))
    if let asked {
      capture.add(4000, .query(Incident.a, Incident.server, id: asked, "n\(asked).example"))
    }
    for id in 0..<10 as Range<UInt16> {
      capture.add(
        id == 9 ? 7000 : 5000 + Int64(id) * 100,
        .answer(Incident.server, Incident.a, id: id, "n\(id).example"))
    }
    return capture
  }
}
