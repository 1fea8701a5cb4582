import CaseFixtures

extension Trial {
  /// `Queries/dns`, as far as it looks at what is asked, of whom.
  static let dnsQuestionTrials = [rareNames, retryStorm, tunnelSuspects, unexpectedServer]

  private static let rareNames = Trial(
    name: "dns-rare-names", fires: [lateName(at: 2880)],
    rows: [
      "rare.example|192.0.2.1|1|1|www.rare.example|198.51.100.53|2880.0|0|2880000|2880000"
    ], evidence: [[4, 5]], nearMiss: [lateName(at: 2879)])

  /// An hour in which three clients ask for a name; one asks for another at that second.
  private static func lateName(at second: Int64) -> CaptureFile {
    var capture = CaptureFile()
    let clients = (1...3).map { Endpoint("192.0.2.\($0)", 40_000) }
    for client in clients {
      capture.add(0, .query(client, Incident.server, id: 1, "www.often.example"))
    }
    capture.add(second * 1000, .query(clients[0], Incident.server, id: 2, "www.rare.example"))
    capture.add(
      second * 1000 + 1, .answer(Incident.server, clients[0], id: 2, "www.rare.example"))
    for client in clients {
      capture.add(3_600_000, .query(client, Incident.server, id: 3, "www.often.example"))
    }
    return capture
  }

  // Ten queries in ten seconds: five for one question, then five anew, the last of them answered.
  private static let retryStorm = Trial(
    name: "dns-retry-storm", fires: [storm(lastAt: 10_000)],
    rows: ["192.0.2.10|198.51.100.53|udp|a.example|A|10|6|1|60.0|0|0|10000"],
    evidence: [Array(1...10)], nearMiss: [storm(lastAt: 10_001)])

  /// Nine queries a second apart, the first five of them with one identifier, and a tenth.
  private static func storm(lastAt last: Int64) -> CaptureFile {
    var capture = CaptureFile()
    for second in 0...8 as ClosedRange<UInt16> {
      capture.add(
        Int64(second) * 1000,
        .query(
          Incident.a, Incident.server, id: second < 5 ? 1 : second, "a.example",
          identification: second))
    }
    capture.add(last, .query(Incident.a, Incident.server, id: 9, "a.example", identification: 9))
    capture.add(last + 1, .answer(Incident.server, Incident.a, id: 9, "a.example"))
    return capture
  }

  // A label of 40 characters and the dot are 41 below the domain: more than 40.
  private static let tunnelSuspects = Trial(
    name: "dns-tunnel-suspects", fires: [longNames(50, length: 40)],
    rows: [
      "192.0.2.10|t.example|50|50|50.0|50|\(label(1, 40)).t.example|1.0|1|198.51.100.53|0|100|5000"
    ], evidence: [Array(1...50)],
    nearMiss: [longNames(49, length: 40), longNames(50, length: 39)])

  /// So many TXT questions for names with a first label of that length.
  private static func longNames(_ count: UInt16, length: Int) -> CaptureFile {
    var capture = CaptureFile()
    for id in 1...count {
      capture.add(
        Int64(id) * 100,
        .query(
          Incident.a, Incident.server, id: id, "\(label(id, length)).t.example",
          identification: id, type: 16))
    }
    return capture
  }

  /// A label of that length, different for each number.
  private static func label(_ number: UInt16, _ length: Int) -> String {
    String(repeating: "a", count: length - 4) + String(1000 + number)
  }

  private static let unexpectedServer = Trial(
    name: "dns-unexpected-server", fires: [ownServer(of: 5)],
    rows: ["203.0.113.8|1|1|1|192.0.2.1|5|1|odd.example|0|9000|9000"], evidence: [[6]],
    nearMiss: [ownServer(of: 4)])

  /// So many clients ask one server; the first of them asks another as well.
  private static func ownServer(of clients: Int) -> CaptureFile {
    var capture = CaptureFile()
    for number in 1...clients {
      capture.add(
        Int64(number) * 1000,
        .query(Endpoint("192.0.2.\(number)", 40_000), Incident.server, id: 1, "a.example"))
    }
    let (client, other) = (Endpoint("192.0.2.1", 40_000), Endpoint("203.0.113.8", 53))
    capture.add(9000, .query(client, other, id: 2, "odd.example"))
    capture.add(9001, .answer(other, client, id: 2, "odd.example"))
    return capture
  }
}
