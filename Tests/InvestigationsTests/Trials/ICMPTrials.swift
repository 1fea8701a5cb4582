import CaseFixtures

extension Trial {
  /// `Queries/icmp`.
  static let icmpTrials = [
    prohibited, echoLoss, largeEcho, portUnreachable, redirect, routingLoop, expired, unreachable,
  ]

  /// A host whose service nobody reaches, and a router on the way to it.
  private static let host = Endpoint("198.51.100.80", 9)
  private static let router = "203.0.113.1"

  /// So many datagrams of client A to the host, one a second; each is thrown away by the router, which
  /// says so 1 ms later.
  private static func errors(_ count: Int64, type: UInt8, code: UInt8) -> CaptureFile {
    var capture = CaptureFile()
    for index in 0..<count {
      let sent = Frame.udp(Incident.a, host, identification: UInt16(index), [0])
      capture.add(index * 1000, sent)
      capture.add(index * 1000 + 1, .icmp(router, type: type, code: code, quoting: sent))
    }
    return capture
  }

  private static let portUnreachable = Trial(
    name: "icmp-port-unreachable-burst", fires: [Incident().capture],
    rows: ["198.51.100.53|17|53|3|90.0|2|1|198.51.100.53|2|b.example|0|1001|3001"],
    evidence: [[4, 6, 8]], nearMiss: [Incident().capture.cut(after: 7).0])

  // Three errors in two seconds: 90 a minute.
  private static let unreachable = Trial(
    name: "icmp-unreachable-bursts", fires: [errors(3, type: 3, code: 1)],
    rows: [
      "198.51.100.80|203.0.113.1|4|3|1|destination unreachable (host unreachable)|3|90.0|1|192.0.2.10"
        + "|0|1|2001"
    ], evidence: [[2, 4, 6]], nearMiss: [errors(2, type: 3, code: 1)])

  private static let prohibited = Trial(
    name: "icmp-admin-prohibited", fires: [errors(3, type: 3, code: 13)],
    rows: [
      "203.0.113.1|198.51.100.80|17|9|4|13"
        + "|destination unreachable (communication administratively prohibited)"
        + "|3|1|192.0.2.10|0||0|1|2001"
    ], evidence: [[2, 4, 6]], nearMiss: [errors(2, type: 3, code: 13)])

  private static let expired = Trial(
    name: "icmp-ttl-exceeded", fires: [errors(10, type: 11, code: 0)],
    rows: ["203.0.113.1|198.51.100.80|4|10|0|1|1|192.0.2.10|0|1|9001"],
    evidence: [(1...10).map { $0 * 2 }], nearMiss: [errors(9, type: 11, code: 0)])

  private static let routingLoop = Trial(
    name: "icmp-routing-loop", fires: [circling(passes: 3)],
    rows: ["198.51.100.80|1|3|1|192.0.2.10|9|5|2|0|1|3"], evidence: [[2, 3, 4, 6]],
    nearMiss: [circling(passes: 2)])

  /// A datagram that passes a link of a loop of two routers so many times, with a hop to the other and
  /// one back in between, before the router says that its time to live ran out; one before it and one
  /// behind it pass once.
  private static func circling(passes: Int64) -> CaptureFile {
    var capture = CaptureFile()
    func sent(_ identification: UInt16) -> Frame {
      .udp(Incident.a, host, identification: identification, [0])
    }
    capture.add(0, sent(1))
    for pass in 1...passes { capture.add(pass, sent(2).living(UInt8(11 - 2 * pass))) }
    capture.add(passes + 1, sent(3))
    capture.add(passes + 2, .icmp(router, type: 11, code: 0, quoting: sent(2)))
    return capture
  }

  private static let redirect = Trial(
    name: "icmp-redirect", given: ["min_redirects": .integer(2)], fires: [redirects(2)],
    rows: ["203.0.113.1|192.0.2.10|192.0.2.2|4|2|1|198.51.100.80|0|1|1001"], evidence: [[2, 4]],
    nearMiss: [redirects(1)])

  /// So many datagrams of client A, one a second; the router tells it 1 ms later to use another.
  private static func redirects(_ count: Int64) -> CaptureFile {
    var capture = CaptureFile()
    for index in 0..<count {
      let sent = Frame.udp(Incident.a, host, identification: UInt16(index), [0])
      capture.add(index * 1000, sent)
      capture.add(index * 1000 + 1, .redirect(router, to: "192.0.2.2", quoting: sent))
    }
    return capture
  }

  // Of the near miss, the third one lost is so near the end that its reply may come later.
  private static let echoLoss = Trial(
    name: "icmp-echo-loss", fires: [pings(lost: [2, 4, 6])],
    rows: ["192.0.2.10|198.51.100.80|4|12|3|0.25|1|0|0|2000|6000"], evidence: [[5, 8, 11]],
    nearMiss: [pings(lost: [2, 4, 11])])

  /// Twelve pings, one a second, of which those with certain sequence numbers get no reply.
  private static func pings(lost: Set<UInt16>) -> CaptureFile {
    var capture = CaptureFile()
    for sequence in 0..<12 as Range<UInt16> {
      let time = Int64(sequence) * 1000
      capture.add(time, .echo("192.0.2.10", "198.51.100.80", sequence: sequence))
      if lost.contains(sequence) { continue }
      capture.add(
        time + 1, .echo("198.51.100.80", "192.0.2.10", isReply: true, sequence: sequence))
    }
    return capture
  }

  // On the wire, 14 octets of Ethernet, 20 of IPv4 and 8 of ICMP come before the data.
  private static let largeEcho = Trial(
    name: "icmp-large-echo", fires: [echoes(octets: 559)],
    rows: ["192.0.2.10|198.51.100.80|4|20|20|1|0|601|12020|0|0|9001"], evidence: [Array(1...20)],
    nearMiss: [echoes(octets: 558)])

  /// Ten pings, one a second, with so many octets of data, and their replies.
  private static func echoes(octets: Int) -> CaptureFile {
    var capture = CaptureFile()
    for sequence in 0..<10 as Range<UInt16> {
      let time = Int64(sequence) * 1000
      capture.add(time, .echo("192.0.2.10", "198.51.100.80", sequence: sequence, octets: octets))
      capture.add(
        time + 1,
        .echo("198.51.100.80", "192.0.2.10", isReply: true, sequence: sequence, octets: octets))
    }
    return capture
  }
}
