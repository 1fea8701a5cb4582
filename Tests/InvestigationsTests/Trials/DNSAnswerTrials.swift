import CaseFixtures

extension Trial {
  /// Of `Queries/dns`, what is about answers and those who give them.
  static let dnsAnswerTrials = [
    competing, internalAddress, malformed, slow, truncated, unexpectedServer, unsolicited,
  ]

  private static let competing = Trial(
    name: "dns-competing-answers", fires: [twoAnswers("192.0.2.80", "203.0.113.66")],
    rows: [
      "192.0.2.10|198.51.100.53|a.example|A|1|1|2|0|60 A 192.0.2.80|64|198.51.100.53|0"
        + "|60 A 203.0.113.66|64|4294967297|10|20"
    ], evidence: [[1, 2, 3]], nearMiss: [twoAnswers("192.0.2.80", "192.0.2.80")])

  /// A question, and an answer with each of two addresses.
  private static func twoAnswers(_ first: String, _ second: String) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .query(Incident.a, Incident.server, id: 1, "a.example"))
    for (index, address) in [first, second].enumerated() {
      capture.add(
        Int64(index + 1) * 10,
        .answer(
          Incident.server, Incident.a, id: 1, "a.example", address: address,
          identification: UInt16(index)))
    }
    return capture
  }

  private static let internalAddress = Trial(
    name: "dns-internal-address", fires: [answered("www.example.com", "10.0.0.1")],
    rows: [
      "www.example.com|private|198.51.100.53|1|1|192.0.2.10|60 A 10.0.0.1|0|0|1|1"
    ], evidence: [[2]], nearMiss: [answered("www.corp", "10.0.0.1")])

  private static func answered(_ name: String, _ address: String) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .query(Incident.a, Incident.server, id: 1, name))
    capture.add(1, .answer(Incident.server, Incident.a, id: 1, name, address: address))
    return capture
  }

  // The question's name is a pointer to itself.
  private static let malformed = Trial(
    name: "dns-malformed",
    fires: [asking([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1])],
    rows: [
      "192.0.2.10|client|1|1|198.51.100.53|1"
        + "|a name that runs out of the message, loops or is too long|0|0|0"
    ], evidence: [[1]],
    nearMiss: [asking([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1])])

  private static func asking(_ message: [UInt8]) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .udp(Incident.a, Incident.server, message))
    return capture
  }

  // Of twenty answers the tenth and the nineteenth are the median and the 95th percentile.
  private static let slow = Trial(
    name: "dns-slow-resolvers", fires: [waits(slow: 11)],
    rows: ["198.51.100.53|udp|20|101.0|101.0|101.0|11|0|1|0|0|10000"],
    evidence: [Array(1...22)], nearMiss: [waits(slow: 10)])

  /// Twenty questions, one a second, of which the first have to wait for 101 ms.
  private static func waits(slow count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for id in 0..<20 as Range<UInt16> {
      let time = Int64(id) * 1000
      capture.add(time, .query(Incident.a, Incident.server, id: id, "a.example"))
      capture.add(
        time + (id < count ? 101 : 1), .answer(Incident.server, Incident.a, id: id, "a.example"))
    }
    return capture
  }

  private static let truncated = Trial(
    name: "dns-truncated-without-tcp", fires: [cut(followedUp: false)],
    rows: ["192.0.2.10|198.51.100.53|1|1|1|a.example|0|1|1"], evidence: [[2]],
    nearMiss: [cut(followedUp: true)])

  /// A truncated answer, after which the client tries TCP, and gets through or not.
  private static func cut(followedUp: Bool) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .query(Incident.a, Incident.server, id: 1, "a.example"))
    capture.add(1, .answer(Incident.server, Incident.a, id: 1, "a.example", isTruncated: true))
    capture.add(2, .tcp(Incident.a, Incident.server, flags: 2))
    if followedUp { capture.add(3, .tcp(Incident.server, Incident.a, flags: 18)) }
    capture.add(5001, .udp(Incident.b, Endpoint("198.51.100.80", 9), [0]))
    return capture
  }

  // A quarter of five clients are more than one.
  private static let unexpectedServer = Trial(
    name: "dns-unexpected-server", fires: [clients(5)],
    rows: ["203.0.113.53|1|0|1|192.0.2.1|5|1|b.example|0|1|1"], evidence: [[2]],
    nearMiss: [clients(4)])

  /// So many clients ask one server, one a millisecond; the first of them another as well.
  private static func clients(_ count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for index in 1...count {
      let client = Endpoint("192.0.2.\(index)", 40_000)
      capture.add(Int64(index) * 2 - 2, .query(client, Incident.server, id: index, "a.example"))
      if index == 1 {
        capture.add(1, .query(client, Endpoint("203.0.113.53", 53), id: 100, "b.example"))
      }
    }
    return capture
  }

  // The last comes 0.9 s after the first.
  private static let unsolicited = Trial(
    name: "dns-unsolicited-answers", fires: [unasked(10)],
    rows: [
      "192.0.2.10|10|1|198.51.100.53|1|1|a.example|1.0|0.0|11.11111111111111|0|5000|5900"
    ], evidence: [Array(2...11)], nearMiss: [unasked(9)])

  /// So many answers, ten a second, to a host that sends something, but no question.
  private static func unasked(_ count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .udp(Incident.a, Endpoint("198.51.100.80", 9), [0]))
    for id in 0..<count {
      capture.add(
        5000 + Int64(id) * 100, .answer(Incident.server, Incident.a, id: id, "a.example"))
    }
    return capture
  }
}
