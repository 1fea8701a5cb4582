import CaseFixtures

extension Trial {
  /// `Queries/quic`.
  static let quicTrials = [unansweredQUIC]

  // Four Initial packets of two connections; the server answers over TCP. The near miss ends 1 ms early.
  private static let unansweredQUIC = Trial(
    name: "quic-unanswered", fires: [blocked(until: 6000)],
    rows: ["198.51.100.80|443||2|4|2|192.0.2.10|1|1|1|0|0|3000"], evidence: [[1, 2, 3, 4]],
    nearMiss: [blocked(until: 5999)])

  private static func blocked(until end: Int64) -> CaptureFile {
    let server = Endpoint("198.51.100.80", 443)
    let clients = (1...3).map { Endpoint("192.0.2.\($0 * 10)", 50_000) }
    var capture = CaptureFile()
    for (index, (time, client)) in [(0, 0), (500, 1), (1000, 0), (3000, 0)].enumerated() {
      capture.add(
        Int64(time),
        .udp(clients[client], server, identification: UInt16(index + 1), initial(7, 1)))
    }
    // Over TCP it answers the first of them, and over QUIC a third.
    capture.add(3500, .tcp(clients[0], server, flags: 0x02))
    capture.add(3501, .tcp(server, clients[0], flags: 0x12))
    capture.add(end - 1, .udp(clients[2], server, initial(8, 1)))
    capture.add(end, .udp(server, clients[2], initial(1, 9)))
    return capture
  }

  /// An Initial of version 1 that no key opens: RFC 9000, 17.2.2.
  private static func initial(_ destination: UInt8, _ source: UInt8) -> [UInt8] {
    [0xc0, 0, 0, 0, 1, 1, destination, 1, source, 0, 30] + [UInt8](repeating: 0xa5, count: 30)
  }
}
