import CaseFixtures

extension Trial {
  /// `Queries/arp`.
  static let arpTrials = [conflict, noReply]

  private static let conflict = Trial(
    name: "arp-conflict", fires: [claims(apart: 300_000)],
    rows: ["192.0.2.1|2|02:00:00:00:00:01|02:00:00:00:00:02|1|0|1|0|0|300000"],
    evidence: [[1, 2]], nearMiss: [claims(apart: 300_001)])

  /// Two hosts say, so many milliseconds apart, that the router's address is theirs.
  private static func claims(apart milliseconds: Int64) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .arp(2, from: 1, "192.0.2.1", to: 10, "192.0.2.10"))
    capture.add(milliseconds, .arp(2, from: 2, "192.0.2.1", to: 10, "192.0.2.10"))
    return capture
  }

  private static let noReply = Trial(
    name: "arp-unanswered", fires: [requests(5)],
    rows: ["192.0.2.99|5|1|192.0.2.10|0|1000|5000"], evidence: [[3, 4, 5, 6, 7]],
    nearMiss: [requests(4)])

  /// A request that gets its reply, and so many for another address, one a second.
  private static func requests(_ count: Int64) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .arp(1, from: 10, "192.0.2.10", to: 0, "192.0.2.1"))
    capture.add(1, .arp(2, from: 1, "192.0.2.1", to: 10, "192.0.2.10"))
    for second in 1...count {
      capture.add(second * 1000, .arp(1, from: 10, "192.0.2.10", to: 0, "192.0.2.99"))
    }
    return capture
  }
}
