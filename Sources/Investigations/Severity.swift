/// How bad a finding is, defined by the action that it asks for.
public enum Severity: String, CaseIterable, Comparable, Sendable {
  /// Read it to understand the other findings; nothing to do.
  case info
  /// Look at it when there is time.
  case low
  /// Look at it today: users may notice.
  case medium
  /// Act now: users are affected.
  case high
  /// Wake somebody: it is almost certain, and the damage grows.
  case critical

  public static func < (left: Severity, right: Severity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
