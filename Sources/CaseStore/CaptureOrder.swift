/// Where a capture that is read comes among those that a case holds: captures stand in the order in which
/// they begin, then of the sizes and digests of their sources. Of sightings at one time, that of the
/// capture that comes first is first.
public struct CaptureOrder: Sendable {
  /// What is known of a capture when it begins.
  struct Beginning {
    /// Of its first packet, nanoseconds.
    var time: Int64
    /// Octets of its source.
    var size: Int64?
    /// Their digest, lower-case hexadecimal.
    var sha256: String?
  }

  /// By what captures are ordered.
  struct Rank: Comparable, Sendable {
    var firstTime: Int64
    var size: Int64
    var sha256: String

    static func < (one: Rank, other: Rank) -> Bool {
      (one.firstTime, one.size, one.sha256) < (other.firstTime, other.size, other.sha256)
    }

    /// Whether it comes before a capture that begins, as far as is known.
    func isBefore(_ other: Beginning) -> Bool {
      self
        < Rank(
          firstTime: other.time, size: other.size ?? .max, sha256: other.sha256 ?? "\u{10ffff}")
    }
  }

  /// How many captures come before it: the high 32 bits of the numbers of its places.
  public let rank: Int64
  /// The captures that begin at the same time, and whether they were taken to come before.
  private let besides: [(id: Int64, rank: Rank, isBefore: Bool)]

  init(of beginning: Beginning, among captures: [(id: Int64, rank: Rank)]) {
    rank = Int64(captures.count { $0.rank.isBefore(beginning) })
    besides = captures.filter { $0.rank.firstTime == beginning.time }
      .map { ($0.id, $0.rank, $0.rank.isBefore(beginning)) }
  }

  /// Whether the new capture comes where it was taken to, among those that showed a packet at the
  /// same time as it did, now that its size and digest are known.
  public func isRight(tied captures: Set<Int64>, size: Int64, sha256: String) -> Bool {
    besides.allSatisfy { id, rank, isBefore in
      !captures.contains(id) || isBefore == ((rank.size, rank.sha256) < (size, sha256))
    }
  }
}
