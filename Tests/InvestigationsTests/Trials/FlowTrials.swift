import CaseFixtures

extension Trial {
  /// `Queries/flow`.
  static let flowTrials = [
    beacons, foreignService, hostScan, long, oneWay, portScan, topTalkers,
  ]

  private static let host = Endpoint("198.51.100.80", 443)

  // Frames of 54 octets, and one of 21 more.
  private static let foreignService = Trial(
    name: "flow-foreign-service", fires: [ssh(port: 443)],
    rows: ["198.51.100.80|6|443|ssh|https|1|1|192.0.2.10|237|0|0|3"], evidence: [[4]],
    nearMiss: [ssh(port: 22), ssh(port: 8443)])

  /// A connection of client A to the host, which says that it is one of SSH.
  private static func ssh(port: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    let server = Endpoint("198.51.100.80", port)
    capture.add(0, .tcp(Incident.a, server, flags: 2, sequence: 0))
    capture.add(1, .tcp(server, Incident.a, flags: 18, sequence: 0, acknowledgment: 1))
    capture.add(2, .tcp(Incident.a, server, flags: 16, sequence: 1, acknowledgment: 1))
    capture.add(
      3,
      .tcp(
        server, Incident.a, flags: 24, sequence: 1, acknowledgment: 1,
        Array("SSH-2.0-OpenSSH_9.6\r\n".utf8)))
    return capture
  }

  private static let portScan = Trial(
    name: "flow-port-scan", fires: [scan(ports: 15)],
    rows: ["192.0.2.10|198.51.100.80|6|15|7|7|1|1|1|15|10.0|0|0|1400"],
    evidence: [[1] + Array(3...23)], nearMiss: [scan(ports: 14)])

  /// SYNs of client A to the first ports of the host, ten a second: the first port is open, the next
  /// seven are closed, the others do not answer.
  private static func scan(ports: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for port in 1...ports {
      let (client, server) = (
        Endpoint("192.0.2.10", 40_000 + port), Endpoint("198.51.100.80", port)
      )
      let time = Int64(port - 1) * 100
      capture.add(time, .tcp(client, server, flags: 2))
      if port <= 8 { capture.add(time + 1, .tcp(server, client, flags: port == 1 ? 18 : 20)) }
    }
    return capture
  }

  private static let hostScan = Trial(
    name: "flow-host-scan", fires: [sweep(hosts: 15)],
    rows: ["192.0.2.10|6|445|15|1|13|1|198.51.100.1|10.0|0|0|1400"],
    evidence: [[1] + Array(3...17)], nearMiss: [sweep(hosts: 14)])

  /// SYNs of client A to port 445 of so many hosts, ten a second: the first answers, the second
  /// refuses, the others do not answer.
  private static func sweep(hosts: Int64) -> CaptureFile {
    var capture = CaptureFile()
    for host in 1...hosts {
      let server = Endpoint("198.51.100.\(host)", 445)
      capture.add((host - 1) * 100, .tcp(Incident.a, server, flags: 2))
      if host <= 2 {
        capture.add((host - 1) * 100 + 1, .tcp(server, Incident.a, flags: host == 1 ? 18 : 20))
      }
    }
    return capture
  }

  // A frame: 14 octets of Ethernet, 20 of IPv4, 8 of UDP, 1 of data.
  private static let oneWay = Trial(
    name: "flow-one-way", fires: [unanswered(packets: 6)],
    rows: ["192.0.2.10|198.51.100.80|17|9999||1|6|258|0|0|5000"], evidence: [[1, 2, 3, 4, 5, 6]],
    nearMiss: [unanswered(packets: 5)])

  /// So many datagrams of client A that nobody answers, one a second; then one from elsewhere to it.
  private static func unanswered(packets: Int64) -> CaptureFile {
    var capture = CaptureFile()
    let server = Endpoint("198.51.100.80", 9999)
    for index in 0..<packets {
      capture.add(
        index * 1000, .udp(Incident.a, server, identification: UInt16(index), [0]))
    }
    capture.add(packets * 1000, .udp(Endpoint("203.0.113.9", 5000), Incident.a, [0]))
    return capture
  }

  // Frames of 54 octets: client A sends two and gets one.
  private static let topTalkers = Trial(
    name: "flow-top-talkers", given: ["min_octets": .integer(162), "top": .integer(1)],
    fires: [handshake(packets: 3)],
    rows: ["1|192.0.2.10|162|1.0|108|54|1|1|198.51.100.80|1|0|0"], evidence: [[1]],
    nearMiss: [handshake(packets: 2)])

  /// The first packets of a TCP connection.
  private static func handshake(packets: Int) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .tcp(Incident.a, host, flags: 2))
    capture.add(1, .tcp(host, Incident.a, flags: 18))
    capture.add(2, .tcp(Incident.a, host, flags: 16, sequence: 2))
    return capture.cut(after: packets).0
  }

  private static let long = Trial(
    name: "flow-long", fires: [lasting(3_600_000)],
    rows: ["1|1|17|192.0.2.10|40000|198.51.100.80|443|quic|S0|3600.0|3|129|0|0|3600000"],
    evidence: [[1, 3]], nearMiss: [lasting(3_599_999)])

  /// Three datagrams, the last so many milliseconds after the first.
  private static func lasting(_ milliseconds: Int64) -> CaptureFile {
    var capture = CaptureFile()
    for (index, time) in [0, 1000, milliseconds].enumerated() {
      capture.add(time, .udp(Incident.a, host, identification: UInt16(index), [0]))
    }
    return capture
  }

  private static let beacons = Trial(
    name: "flow-beacons", fires: [calls(12)],
    rows: ["192.0.2.10|198.51.100.80|6|443|https|12|10.0|10.0|10.0|0.0|0|648|0|0|110000"],
    evidence: [Array(1...12)], nearMiss: [calls(11)])

  /// So many SYNs of client A to the host, from a port each, one in 10 s.
  private static func calls(_ count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for index in 0..<count {
      capture.add(
        Int64(index) * 10_000, .tcp(Endpoint("192.0.2.10", 40_000 + index), host, flags: 2))
    }
    return capture
  }
}
