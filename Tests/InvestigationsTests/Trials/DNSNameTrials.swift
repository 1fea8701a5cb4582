import CaseFixtures

extension Trial {
  /// Of `Queries/dns`, what is about names and how often they are asked for.
  static let dnsNameTrials = [nxdomainFlood, rareNames, retryStorm, tunnelSuspects]

  private static let nxdomainFlood = Trial(
    name: "dns-nxdomain-flood", fires: [guesses(50)],
    rows: ["192.0.2.10|50|50|1|example.net|n10.example.net|1.0|0|0|4900"],
    evidence: [(1...50).map { $0 * 2 }], nearMiss: [guesses(49)])

  /// So many names that do not exist, ten a second.
  private static func guesses(_ count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for id in 0..<count {
      let (time, name) = (Int64(id) * 100, "n\(id + 10).example.net")
      capture.add(time, .query(Incident.a, Incident.server, id: id, name))
      capture.add(time + 1, .answer(Incident.server, Incident.a, id: id, name, rcode: 3))
    }
    return capture
  }

  // Four fifths of an hour are 2880 s.
  private static let rareNames = Trial(
    name: "dns-rare-names", fires: [hour(rareAt: 2_880_000)],
    rows: [
      "example.net|192.0.2.1|1|1|odd.example.net|198.51.100.53|2880.0|0|2880000|2880000"
    ], evidence: [[7, 8]], nearMiss: [hour(rareAt: 2_879_999)])

  /// Three clients ask for one name, a fourth time at the end of an hour; one of them asks once for
  /// another domain's.
  private static func hour(rareAt time: Int64) -> CaptureFile {
    var capture = CaptureFile()
    func ask(_ time: Int64, _ client: UInt16, _ id: UInt16, _ name: String) {
      let host = Endpoint("192.0.2.\(client)", 40_000)
      capture.add(time, .query(host, Incident.server, id: id, name))
      capture.add(time + 1, .answer(Incident.server, host, id: id, name))
    }
    for client in 1...3 as ClosedRange<UInt16> {
      ask(Int64(client - 1) * 1000, client, client, "www.example.org")
    }
    ask(time, 1, 4, "odd.example.net")
    ask(3_600_000, 1, 5, "www.example.org")
    return capture
  }

  private static let retryStorm = Trial(
    name: "dns-retry-storm", fires: [again(10)],
    rows: ["192.0.2.10|198.51.100.53|udp|a.example|A|10|1|0|33.333333333333336|0|0|18000"],
    evidence: [Array(1...10)], nearMiss: [again(9)])

  /// So many queries for one name, one every two seconds.
  private static func again(_ count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for index in 0..<count {
      capture.add(
        Int64(index) * 2000,
        .query(Incident.a, Incident.server, id: 1, "a.example", identification: index))
    }
    return capture
  }

  // With the point before the domain, 40 characters make 41.
  private static let tunnelSuspects = Trial(
    name: "dns-tunnel-suspects", fires: [tunnel(label: 40)],
    rows: [
      "192.0.2.10|example.net|50|50|52.0|52|\(String(repeating: "x", count: 38))10.example.net|0.0|1"
        + "|198.51.100.53|0|0|4900"
    ], evidence: [Array(1...50)], nearMiss: [tunnel(label: 39)])

  /// Fifty questions for names with labels of so many characters, ten a second.
  private static func tunnel(label count: Int) -> CaptureFile {
    var capture = CaptureFile()
    for id in 0..<50 as Range<UInt16> {
      let name = String(repeating: "x", count: count - 2) + "\(id + 10).example.net"
      capture.add(Int64(id) * 100, .query(Incident.a, Incident.server, id: id, name))
    }
    return capture
  }
}
