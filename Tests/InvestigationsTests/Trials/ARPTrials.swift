import CaseFixtures

extension Trial {
  /// `Queries/arp`.
  static let arpTrials = [conflict, unanswered]

  private static let conflict = Trial(
    name: "arp-conflict", fires: [takeover(after: 300_000)],
    rows: ["192.0.2.1|2|02:00:c0:00:02:01|02:00:c0:00:02:42|1|0|1|0|0|300000"],
    evidence: [[1, 2]], nearMiss: [takeover(after: 300_001)])

  /// Replies of a router, and so many milliseconds later of another host for the router's address.
  private static func takeover(after milliseconds: Int64) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .arp(2, from: "192.0.2.1", to: "192.0.2.10"))
    capture.add(
      milliseconds, .arp(2, from: "192.0.2.66", claiming: "192.0.2.1", to: "192.0.2.10"))
    return capture
  }

  private static let unanswered = Trial(
    name: "arp-unanswered", fires: [lookingFor("192.0.2.99", hears: "192.0.2.1")],
    rows: ["192.0.2.99|5|1|192.0.2.10|0|1000|5000"], evidence: [[2, 3, 4, 5, 6]],
    nearMiss: [
      lookingFor("192.0.2.99", hears: "192.0.2.99", at: 6000),
      // Another place, that shows requests alone.
      lookingFor("192.0.2.98", hears: nil),
    ])

  /// A host that asks for an address five times, and gets a reply from a host at the beginning, or so
  /// many milliseconds after it.
  private static func lookingFor(
    _ address: String, hears other: String?, at milliseconds: Int64 = 0
  ) -> CaptureFile {
    var capture = CaptureFile()
    if let other { capture.add(milliseconds, .arp(2, from: other, to: "192.0.2.10")) }
    for second in 1...5 as ClosedRange<Int64> {
      capture.add(second * 1000, .arp(1, from: "192.0.2.10", to: address))
    }
    return capture
  }
}
