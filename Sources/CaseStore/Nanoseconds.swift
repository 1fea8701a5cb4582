import Foundation

extension Date {
  /// Nanoseconds since 1970-01-01 UTC, as cases count: one way of rounding, so that what was written
  /// once can be compared with what is found later.
  public var nanoseconds: Int64 { Int64(timeIntervalSince1970 * 1_000_000_000) }
}
