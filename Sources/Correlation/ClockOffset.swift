/// How far two clocks are apart, estimated from packets that captures by both show.
///
/// A packet shows the difference of the clocks and the time it took from one place to the other,
/// which counts the other way for packets that go the other way: so the estimate lies halfway
/// between the medians of the two directions, as NTP assumes (RFC 5905, section 8).
public struct ClockOffset: Equatable, Sendable {
  /// Nanoseconds that the second clock shows more.
  public var offset: Int64
  /// Nanoseconds between the quartiles of what single packets say.
  public var spread: Int64
  public var packets: Int

  /// Fewer packets say nothing.
  public static let fewest = 3

  /// - Parameter differences: Of packets of the one direction, and of the other: nanoseconds that
  ///   the second clock showed more.
  /// - Returns: `nil` when there are fewer than `fewest`.
  public init?(_ differences: (one: [Int64], other: [Int64])) {
    packets = differences.one.count + differences.other.count
    guard packets >= Self.fewest else { return nil }
    let medians = [differences.one, differences.other].filter { !$0.isEmpty }
      .map { Self.quantile($0.sorted(), 1, of: 2) }
    offset =
      medians.count == 2
      ? medians[0] / 2 + medians[1] / 2 + (medians[0] % 2 + medians[1] % 2) / 2
      : medians[0]
    let all = (differences.one + differences.other).sorted()
    spread = Self.quantile(all, 3, of: 4) &- Self.quantile(all, 1, of: 4)
  }

  /// The value that `part` of `parts` of the sorted values do not exceed: the lower one of two.
  private static func quantile(_ sorted: [Int64], _ part: Int, of parts: Int) -> Int64 {
    sorted[(sorted.count - 1) * part / parts]
  }
}
