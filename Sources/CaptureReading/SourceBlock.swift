/// A source's own octets in pieces of one size, each packed for itself, so that any can be had
/// without the others.
public enum SourceBlock {
  /// Octets of every piece but the last, unpacked: packed one by one, pieces of this size take a
  /// few hundredths more room than the source in one; smaller ones would take more.
  public static let size = 1 << 20

  /// How many pieces a source of `octets` has; none for less than nothing, which a damaged case may say.
  public static func count(of octets: Int64) -> Int64 {
    let octets = max(0, octets)
    return octets / Int64(size) + (octets % Int64(size) > 0 ? 1 : 0)
  }

  /// Octets of piece `number`, from 0, of a source of `octets`, unpacked; 0 for one that it has not.
  static func length(of number: Int64, in octets: Int64) -> Int {
    guard number >= 0, number < count(of: octets) else { return 0 }
    // Both factors are bounded by the source's octets.
    return Int(min(Int64(size), octets - number * Int64(size)))
  }
}

/// Why a piece of a source cannot be had.
public struct SourceBlockFault: Error, Equatable, CustomStringConvertible {
  /// Of the piece, from 0.
  public var number: Int64
  /// A predicate without its full stop, such as `is not there`.
  public var reason: String

  /// Such as `block 3 is not there`.
  public var description: String { "block \(number) \(reason)" }
}
