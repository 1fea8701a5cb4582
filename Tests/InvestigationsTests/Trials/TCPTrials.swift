import CaseFixtures

extension Trial {
  /// `Queries/tcp`, and of `Queries/icmp` what is about TCP.
  static let tcpTrials = [
    halfOpenFlood, lostSegments, pathMTUBlackHole, refusedConnections, resetMidstream,
    retransmissions, synUnanswered, zeroWindow,
  ]

  // MARK: - tcp-half-open-flood

  private static let halfOpenFlood = Trial(
    name: "tcp-half-open-flood", fires: [flood(completing: 0)],
    rows: ["198.51.100.80|443|101|26|101.0|50|203.0.113.1|0|0|1000"],
    // Before each SYN stand the others and what answered every fourth of them.
    evidence: [(0...100).map { $0 + 1 + ($0 + 3) / 4 }], nearMiss: [flood(completing: 2)])

  /// 101 SYNs from 50 addresses, 10 ms from one to the next; the server answers every fourth, and of
  /// these so many clients complete the connection.
  private static func flood(completing count: Int) -> CaptureFile {
    var connections = Connections()
    for index in 0...100 {
      let client = Endpoint("203.0.113.\(index % 50 + 1)", 1024 + UInt16(index))
      let time = Int64(index) * 10
      connections.send(time, from: client, .syn, 0)
      guard index % 4 == 0 else { continue }
      connections.send(time + 1, to: client, .synAck, 0, acknowledges: 1)
      if index / 4 < count { connections.send(time + 2, from: client, .ack, 1, acknowledges: 1) }
    }
    return connections.capture
  }

  // MARK: - tcp-lost-segments

  private static let lostSegments = Trial(
    name: "tcp-lost-segments", fires: [gaps(showing: [0, 2, 4, 6])],
    rows: ["1.pcap|1|198.51.100.80|192.0.2.10|3|1|1|200|400"], evidence: [[5, 6, 7]],
    nearMiss: [gaps(showing: [0, 2, 4, 5, 6])])

  /// Of the server's segments of 100 octets those, 100 ms from one to the next; and at 900 ms the
  /// segment 3.
  private static func gaps(showing indices: [UInt32]) -> CaptureFile {
    var connections = Connections()
    connections.open(0, Incident.a)
    for (place, index) in indices.enumerated() {
      connections.send(
        Int64(place + 1) * 100, to: Incident.a, .push, 1 + index * 100, acknowledges: 1,
        octets: 100)
    }
    connections.send(900, to: Incident.a, .push, 301, acknowledges: 1, octets: 100)
    return connections.capture
  }

  // MARK: - icmp-path-mtu-black-hole

  private static let pathMTUBlackHole = Trial(
    name: "icmp-path-mtu-black-hole", fires: [blackHole(passing: 0)],
    rows: ["198.51.100.80|192.0.2.10|443|1|3|1400|1|1280|0|320|2120"], evidence: [[7, 8, 9, 10]],
    nearMiss: [blackHole(passing: 1)])

  /// A request of 100 octets; the answer in segments of 1400, of which so many pass; the next is sent
  /// three times again, and a router says that it is too large.
  private static func blackHole(passing count: UInt32) -> CaptureFile {
    var connections = Connections()
    connections.open(0, Incident.a)
    connections.send(10, from: Incident.a, .push, 1, acknowledges: 1, octets: 100)
    connections.send(11, to: Incident.a, .ack, 1, acknowledges: 101)
    for index in 0..<count {
      let first = 1 + index * 1400
      connections.send(15, to: Incident.a, .push, first, acknowledges: 101, octets: 1400)
      connections.send(16, from: Incident.a, .ack, 101, acknowledges: first + 1400)
    }
    for time in [20, 320, 920, 2120] as [Int64] {
      connections.send(
        time, to: Incident.a, .push, 1 + count * 1400, acknowledges: 101, octets: 1400)
    }
    connections.capture.add(
      2121,
      .icmp(
        "203.0.113.1", type: 3, code: 4, mtu: 1280,
        quoting: .tcp(
          Connections.server, Incident.a, flags: 24, sequence: 1 + count * 1400,
          [UInt8](repeating: 7, count: 1400)), octets: 28))
    return connections.capture
  }

  // MARK: - tcp-refused

  private static let refusedConnections = Trial(
    name: "tcp-refused", fires: [refusals(opening: 0)],
    rows: ["198.51.100.80|443|3|2|192.0.2.10|1|0|0|2001"], evidence: [[1, 2, 3, 4, 5, 6]],
    nearMiss: [refusals(opening: 1)])

  /// Three connections that are reset, of which the server opens the last ones first; and a good one.
  private static func refusals(opening count: Int) -> CaptureFile {
    var connections = Connections()
    for (index, client) in Connections.clients.enumerated() {
      let time = Int64(index) * 1000
      if index < 3 - count {
        connections.send(time, from: client, .syn, 0)
        connections.send(time + 1, to: client, .resetAck, 0, acknowledges: 1)
      } else {
        connections.open(time, client)
        if index < 3 { connections.send(time + 3, to: client, .resetAck, 1, acknowledges: 1) }
      }
    }
    return connections.capture
  }

  // MARK: - tcp-reset-midstream

  private static let resetMidstream = Trial(
    name: "tcp-reset-midstream", fires: [resets(closing: 0)],
    rows: ["198.51.100.80|443|server|3|0.75|2|192.0.2.10|1|0|10|2010"], evidence: [[5, 10, 15]],
    nearMiss: [resets(closing: 1)])

  /// Three connections that the server resets, the second with another time to live, of which it
  /// closes the last ones first; and one that stays open.
  private static func resets(closing count: Int) -> CaptureFile {
    var connections = Connections()
    for (index, client) in Connections.clients.enumerated() {
      let time = Int64(index) * 1000
      connections.open(time, client)
      guard index < 3 else { continue }
      connections.send(time + 3, from: client, .push, 1, acknowledges: 1, octets: 10)
      if index >= 3 - count { connections.send(time + 4, to: client, .fin, 1, acknowledges: 11) }
      connections.send(
        time + 10, to: client, .resetAck, index >= 3 - count ? 2 : 1, acknowledges: 11,
        timeToLive: index == 1 ? 61 : 64)
    }
    return connections.capture
  }

  // MARK: - tcp-retransmissions

  private static let retransmissions = Trial(
    name: "tcp-retransmissions", fires: [repeating(10)],
    rows: ["192.0.2.10|198.51.100.80|443|client|10|40|0.25|1000|1|0|400|9400"],
    evidence: [[5, 7, 9, 11, 13, 15, 17, 19, 21, 23]], nearMiss: [repeating(9)])

  /// 29 segments of 100 octets from the server; so many of them 300 ms later again.
  private static func repeating(_ count: UInt32) -> CaptureFile {
    var connections = Connections()
    connections.open(0, Incident.a)
    for index in 0..<29 as Range<UInt32> {
      for wait in index < count ? [100, 400] : [100] as [Int64] {
        connections.send(
          Int64(index) * 1000 + wait, to: Incident.a, .push, 1 + index * 100, acknowledges: 1,
          octets: 100)
      }
    }
    return connections.capture
  }

  // MARK: - tcp-syn-unanswered

  private static let synUnanswered = Trial(
    name: "tcp-syn-unanswered", fires: [silence(until: 6001)],
    rows: ["198.51.100.80|443|2|4|2|192.0.2.10|1|1|0|0|3000"], evidence: [[1, 2, 3, 4]],
    nearMiss: [silence(until: 5999)])

  /// Three SYNs of a connection, one of another client's, whose next connection opens by that time.
  private static func silence(until end: Int64) -> CaptureFile {
    var connections = Connections()
    connections.send(0, from: Incident.a, .syn, 0)
    connections.send(500, from: Connections.clients[3], .syn, 0)
    for time in [1000, 3000] as [Int64] { connections.send(time, from: Incident.a, .syn, 0) }
    connections.open(end - 2, Incident.b)
    return connections.capture
  }

  // MARK: - tcp-zero-window

  private static let zeroWindow = Trial(
    name: "tcp-zero-window", fires: [closedWindow(for: 500)],
    rows: ["192.0.2.10|198.51.100.80|client|443|2|500.0|600.0|0|1|0|11|600"],
    evidence: [[5, 7, 9]], nearMiss: [closedWindow(for: 499)])

  /// The client takes no more octets for so many milliseconds, through a probe; later for 100.
  private static func closedWindow(for milliseconds: Int64) -> CaptureFile {
    var connections = Connections()
    connections.open(0, Incident.a)
    connections.send(10, to: Incident.a, .push, 1, acknowledges: 1, octets: 100)
    for (time, window) in [(11, 0), (300, 0), (11 + milliseconds, 8192), (600, 0), (700, 8192)]
      as [(Int64, UInt16)]
    {
      if time == 300 {
        connections.send(299, to: Incident.a, .ack, 101, acknowledges: 1, octets: 1)
      }
      connections.send(time, from: Incident.a, .ack, 1, acknowledges: 101, window: window)
    }
    return connections.capture
  }
}

/// Connections to one server's port, segment by segment; no two packets are the same.
private struct Connections {
  static let server = Endpoint("198.51.100.80", 443)
  /// Two ports of two addresses.
  static let clients = [
    Incident.a, Endpoint("192.0.2.10", 40_001), Incident.b, Endpoint("192.0.2.11", 40_001),
  ]

  /// RFC 9293, 3.1.
  enum Flags: UInt8 {
    case syn = 2
    case ack = 16
    case fin = 17
    case synAck = 18
    case resetAck = 20
    case push = 24
  }

  var capture = CaptureFile()

  /// SYN, SYN ACK and ACK, 1 ms apart; sequence numbers count from 0.
  mutating func open(_ time: Int64, _ client: Endpoint) {
    send(time, from: client, .syn, 0)
    send(time + 1, to: client, .synAck, 0, acknowledges: 1)
    send(time + 2, from: client, .ack, 1, acknowledges: 1)
  }

  /// A client's segment.
  mutating func send(
    _ time: Int64, from client: Endpoint, _ flags: Flags, _ sequence: UInt32,
    acknowledges number: UInt32 = 0, window: UInt16 = 8192, octets: Int = 0
  ) {
    capture.add(
      time,
      .tcp(
        client, Self.server, flags: flags.rawValue, sequence: sequence, acknowledgment: number,
        window: window, identification: identification, [UInt8](repeating: 7, count: octets)))
  }

  /// The server's.
  mutating func send(
    _ time: Int64, to client: Endpoint, _ flags: Flags, _ sequence: UInt32,
    acknowledges number: UInt32, octets: Int = 0, timeToLive: UInt8 = 64
  ) {
    var frame = Frame.tcp(
      Self.server, client, flags: flags.rawValue, sequence: sequence, acknowledgment: number,
      identification: identification, [UInt8](repeating: 7, count: octets))
    frame.datagram[8] = timeToLive
    capture.add(time, frame)
  }

  private var identification: UInt16 { UInt16(truncatingIfNeeded: capture.count + 1) }
}
