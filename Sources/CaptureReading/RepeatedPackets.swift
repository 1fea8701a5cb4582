/// Tells packets whose octets are all those of one shortly before on the same interface: what a
/// mirrored port shows that copies a packet both where it comes in and where it goes out.
///
/// The octets are compared where they still stand; only the last that ended alike is looked at, so
/// that it costs every packet next to nothing.
struct RepeatedPackets {
  /// Nanoseconds that lie between a packet and its copy at the most.
  static let window: Int64 = 1_000_000

  /// A packet that passed.
  private struct Passed {
    /// Its last eight octets, which hold or depend on a checksum in most.
    var tail: UInt64 = 0
    /// Of the first packet that had these octets: copies of copies lie no further behind it.
    var time: Int64 = 0
    /// Where its octets begin in the decompressed stream.
    var place: Int64 = 0
    var count = 0
    var interface: Int32 = 0
    /// Its number, or that of the packet which it repeats; 0 for none.
    var number: Int64 = 0
  }

  private static let slotBits = 10
  /// By a hash of the tail.
  private var passed = [Passed](repeating: Passed(), count: 1 << slotBits)

  /// The number of the packet that `octets` repeat, if they do.
  ///
  /// - Parameter place: Where they begin in the decompressed stream of `source`.
  mutating func original(
    of packet: RawPacket, _ octets: RawSpan, at place: Int64, in source: ByteSource
  ) -> Int64? {
    guard let time = packet.timestamp,
      let tail: UInt64 = octets.integer(at: octets.byteCount - 8, bigEndian: false)
    else { return nil }
    let slot = Int(
      truncatingIfNeeded: (tail &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - Self.slotBits))
    let before = passed[slot]
    var now = Passed(
      tail: tail, time: time, place: place, count: octets.byteCount, interface: packet.interface,
      number: packet.number)
    let distance = time.subtractingReportingOverflow(before.time)
    if before.number > 0, before.tail == tail, before.count == now.count,
      before.interface == now.interface, !distance.overflow, distance.partialValue >= 0,
      distance.partialValue <= Self.window,
      source.withEarlier(at: before.place, before.count, { $0.equals(octets) }) == true
    {
      (now.number, now.time) = (before.number, before.time)
    }
    passed[slot] = now
    return now.number == packet.number ? nil : now.number
  }
}
