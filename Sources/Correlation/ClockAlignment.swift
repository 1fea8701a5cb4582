/// What is added to the times of captures so that they read as one capture's clock would have told
/// them.
public enum ClockAlignment {
  /// How far the clocks of two captures are apart.
  public struct Pair: Sendable {
    /// Their numbers in the case.
    public var capture: Int64
    /// Likewise.
    public var other: Int64
    /// Nanoseconds that the other's clock shows more.
    public var offset: Int64
    /// Packets that it was estimated from.
    public var packets: Int64

    public init(capture: Int64, other: Int64, offset: Int64, packets: Int64) {
      (self.capture, self.other, self.offset, self.packets) = (capture, other, offset, packets)
    }
  }

  /// The nanoseconds to add to each capture's times; 0 for the reference. A capture that shares
  /// nothing with it is compared through others, each time by the pair that shares most packets; one
  /// that shares nothing with any of them is not there.
  public static func shifts(to reference: Int64, by pairs: [Pair]) -> [Int64: Int64] {
    var shifts: [Int64: Int64] = [reference: 0]
    var left = pairs.sorted {
      ($1.packets, $0.capture, $0.other) < ($0.packets, $1.capture, $1.other)
    }
    while let next = left.firstIndex(where: {
      (shifts[$0.capture] == nil) != (shifts[$0.other] == nil)
    }) {
      let pair = left.remove(at: next)
      if let known = shifts[pair.capture] {
        shifts[pair.other] = known &- pair.offset
      } else if let known = shifts[pair.other] {
        shifts[pair.capture] = known &+ pair.offset
      }
    }
    return shifts
  }

  /// The capture that shares most packets with others: whose clock the others are best compared with.
  ///
  /// - Parameter shifts: What is added to captures' times already: the clock that was believed is so
  ///   again, and one that was found wrong is not.
  public static func bestReference(_ pairs: [Pair], after shifts: [Int64: Int64] = [:]) -> Int64? {
    if let believed = shifts.filter({ $0.value == 0 }).keys.min() { return believed }
    var shared: [Int64: Int64] = [:]
    for pair in pairs {
      shared[pair.capture, default: 0] += pair.packets
      shared[pair.other, default: 0] += pair.packets
    }
    let trusted = shared.filter { shifts[$0.key] == nil }
    return (trusted.isEmpty ? shared : trusted)
      .max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
