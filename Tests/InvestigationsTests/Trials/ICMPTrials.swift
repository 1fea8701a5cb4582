import CaseFixtures

extension Trial {
  /// `Queries/icmp`.
  static let icmpTrials = [portUnreachable]

  private static let portUnreachable = Trial(
    name: "icmp-port-unreachable-burst", fires: [Incident().capture],
    rows: ["198.51.100.53|17|53|3|90.0|2|1|198.51.100.53|2|b.example|0|1001|3001"],
    evidence: [[4, 6, 8]], nearMiss: [Incident().capture.cut(after: 7).0])
}
