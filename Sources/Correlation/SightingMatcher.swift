/// What tells a packet from others, of all that forwarding leaves as it is.
public struct PacketIdentity: Hashable, Sendable {
  /// The key of its conversation, and which end sent it.
  public var conversation: Int64
  public var isFromLower: Bool
  /// Its further marks, as numbers: equal packets have equal ones.
  public var marks: Marks

  /// Each a number that the packet says, or one that none can say.
  public struct Marks: Hashable, Sendable {
    /// Octets of payload, and TCP's control bits.
    public var segment: Int64
    /// What a DNS or ICMP message says.
    public var message: Int64
    /// IP identification and fragment offset.
    public var datagram: Int64
    /// TCP's sequence number, or a hash of the payload.
    public var content: Int64

    public init(segment: Int64, message: Int64, datagram: Int64, content: Int64) {
      (self.segment, self.message) = (segment, message)
      (self.datagram, self.content) = (datagram, content)
    }
  }

  public init(conversation: Int64, isFromLower: Bool, marks: Marks) {
    (self.conversation, self.isFromLower, self.marks) = (conversation, isFromLower, marks)
  }
}

/// A packet as one place showed it.
public struct Sighting: Equatable, Sendable {
  /// The packet, as cases number it.
  public var packetID: Int64
  /// Nanoseconds, by a clock that can be compared with the others'.
  public var time: Int64
  /// Where in the network it was seen: a capture's interface and link, by number.
  public var place: Int64
  /// The direction of a conversation in its capture that it belongs to.
  public var streamID: Int64
  /// Octets on the wire, and of payload.
  public var octets: Int64
  public var payloadOctets: Int64

  public init(
    packetID: Int64, time: Int64, place: Int64, streamID: Int64 = 0, octets: Int64 = 0,
    payloadOctets: Int64 = 0
  ) {
    (self.packetID, self.time, self.place) = (packetID, time, place)
    (self.streamID, self.octets, self.payloadOctets) = (streamID, octets, payloadOctets)
  }
}

/// Tells which sightings of equal packets are of one event: one packet, seen at several places.
///
/// Of the places that show equal packets, the one that shows most stands for the events; among
/// equals, the one that saw it first. Each other place is compared with it: of the pairs of a
/// sighting here and one there, the closest in time is one event, then the closest of those that
/// are left, up to `window` apart. So a capture that begins later, or lost a packet, shifts no pair.
///
/// Sightings come in the order of time, so that only those of the last `window` are kept.
public struct SightingMatcher: Sendable {
  /// Nanoseconds. Clocks of capturing hosts disagree; so do repetitions, by more than that.
  static let window: Int64 = 1_000_000_000
  /// Sightings looked at together at the most, so that a flood of equal packets takes bounded memory.
  static let limit = 65_536
  /// Packets that may wait for further sightings; beyond, the one that waits longest is settled
  /// early. They take about 60 MiB.
  static let waiting = 262_144

  /// A packet that was seen before, and its first sighting.
  public struct Duplicate: Equatable, Sendable {
    public var sighting: Sighting
    public var firstPacketID: Int64
    public var packetID: Int64 { sighting.packetID }
  }

  /// Equal packets that may be one event. Most are seen twice at the most, which takes no array.
  private struct Group {
    var identity: PacketIdentity
    var first: Sighting
    var second: Sighting?
    var further: [Sighting] = []
    var latest: Int64

    var count: Int { second == nil ? 1 : 2 + further.count }
  }

  private var groups: [Group] = []
  private var free: [Int32] = []
  private var index: [PacketIdentity: Int32] = [:]
  /// Groups by when they may be settled, the earliest first, from `head` on.
  private var queue: [(slot: Int32, latest: Int64)] = []
  private var head = 0
  /// What was told since it was last taken.
  public var duplicates: [Duplicate] = []

  public init() {}

  /// Takes the next sighting, in the order of time.
  public mutating func add(_ sighting: Sighting, of identity: PacketIdentity) {
    settle(before: sighting.time)
    guard let slot = index[identity] else { return wait(sighting, of: identity) }
    let position = Int(slot)
    guard !Self.isOver(groups[position].latest, at: sighting.time),
      groups[position].count < Self.limit
    else {
      // Its place in the queue stands for the new group as well, which is looked at again there.
      tell(groups[position])
      groups[position] = Group(identity: identity, first: sighting, latest: sighting.time)
      return
    }
    if groups[position].second == nil {
      groups[position].second = sighting
    } else {
      groups[position].further.append(sighting)
    }
    groups[position].latest = sighting.time
  }

  /// Tells what the sightings before came to.
  public mutating func finish() {
    while let next = popQueue() { settle(next.slot) }
  }

  /// Whether `time` is more than the window behind `latest`, for any two times.
  private static func isOver(_ latest: Int64, at time: Int64) -> Bool {
    UInt64(bitPattern: time &- latest) > UInt64(window)
  }

  // MARK: - Waiting

  private mutating func wait(_ sighting: Sighting, of identity: PacketIdentity) {
    if index.count >= Self.waiting, let oldest = popQueue() { settle(oldest.slot) }
    let group = Group(identity: identity, first: sighting, latest: sighting.time)
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
      groups[Int(slot)] = group
    } else {
      slot = Int32(groups.count)
      groups.append(group)
    }
    index[identity] = slot
    queue.append((slot, sighting.time))
  }

  /// Settles what nothing can be added to any more.
  private mutating func settle(before time: Int64) {
    while head < queue.count, Self.isOver(queue[head].latest, at: time) {
      guard let (slot, _) = popQueue() else { return }
      let latest = groups[Int(slot)].latest
      if Self.isOver(latest, at: time) {
        settle(slot)
      } else {
        queue.append((slot, latest))
      }
    }
  }

  private mutating func popQueue() -> (slot: Int32, latest: Int64)? {
    guard head < queue.count else { return nil }
    let next = queue[head]
    head += 1
    if head > 65_536, head * 2 > queue.count {
      queue.removeFirst(head)
      head = 0
    }
    return next
  }

  private mutating func settle(_ slot: Int32) {
    let group = groups[Int(slot)]
    tell(group)
    index[group.identity] = nil
    groups[Int(slot)].further = []
    free.append(slot)
  }

  // MARK: - Telling

  private mutating func tell(_ group: Group) {
    guard let second = group.second else { return }
    guard group.further.isEmpty else {
      return match(([group.first, second] + group.further).sorted(by: Self.isBefore))
    }
    guard group.first.place != second.place else { return }
    if Self.isBefore(second, group.first) {
      tell(group.first, after: second)
    } else {
      tell(second, after: group.first)
    }
  }

  /// The order of time, and of one time that of places.
  private static func isBefore(_ one: Sighting, _ other: Sighting) -> Bool {
    (one.time, one.place, one.packetID) < (other.time, other.place, other.packetID)
  }

  private mutating func tell(_ sighting: Sighting, after first: Sighting) {
    duplicates.append(Duplicate(sighting: sighting, firstPacketID: first.packetID))
  }

  /// Tells which of equal packets are one event, in the order of time.
  private mutating func match(_ sightings: [Sighting]) {
    guard let one = sightings.first, sightings.contains(where: { $0.place != one.place }) else {
      return
    }
    var byPlace: [Int64: [Int]] = [:]
    for (index, sighting) in sightings.enumerated() {
      byPlace[sighting.place, default: []].append(index)
    }
    // The indexes are in the order of time: the first tells which place saw it first.
    let places = byPlace.values.sorted {
      ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0)
    }
    guard let events = places.first else { return }
    var seen = Dictionary(uniqueKeysWithValues: events.map { ($0, [$0]) })
    let pairing = SightingPairing(times: sightings.map(\.time), window: Self.window)
    for others in places.dropFirst() {
      for (event, other) in pairing.closestPairs(events, others) { seen[event]?.append(other) }
    }
    for event in events {
      let indexes = seen[event]?.sorted() ?? []
      guard let first = indexes.first else { continue }
      for index in indexes.dropFirst() { tell(sightings[index], after: sightings[first]) }
    }
  }
}
