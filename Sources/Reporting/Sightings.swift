/// Tells a packet from a further sighting of it at another place: the same packet on two
/// interfaces or in two captures is one event.
struct Sightings {
  /// What stays the same from place to place.
  struct Identity: Hashable {
    var source: String
    var destination: String
    var sourcePort: Int64
    var destinationPort: Int64
    /// IP identification; 0 where there is none.
    var identification: Int64
    /// TCP flags and sequence number, or ICMP type and code with the quoted ports.
    var content: [Int64]
  }

  private struct Event {
    var time: Int64
    var places: [Int64]
  }

  private var events: [Identity: [Event]] = [:]

  /// Clocks of captures of one event differ by less.
  private static let tolerance: Int64 = 1_000_000_000

  /// Notes a packet; `false` when it is a further sighting of an earlier event. Packets are to
  /// come in the order of time or of their ids.
  ///
  /// - Parameters:
  ///   - place: The capture and the interface in it.
  ///   - time: `nil` makes each packet an event of its own.
  mutating func isNew(_ identity: Identity, place: Int64, time: Int64?) -> Bool {
    guard let time else { return true }
    var known = events[identity] ?? []
    for index in known.indices.reversed() {
      let (distance, overflow) = time.subtractingReportingOverflow(known[index].time)
      if overflow || distance.magnitude > Self.tolerance.magnitude { continue }
      if known[index].places.contains(place) { continue }
      known[index].places.append(place)
      events[identity] = known
      return false
    }
    // Of packets that repeat, the latest are enough to recognise their other sightings.
    if known.count >= 64 { known.removeFirst() }
    known.append(Event(time: time, places: [place]))
    events[identity] = known
    return true
  }

  /// A capture and the interface in it as one number.
  static func place(packet: Int64, interface: Int64?) -> Int64 {
    (packet >> 32) << 32 | (interface ?? 0) & 0xffff_ffff
  }
}
