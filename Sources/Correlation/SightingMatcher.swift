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

    /// The numbers that `deriving/sighted-packets.sql` makes of a packet's row, made of what the row
    /// is made of: one that is missing gets a number that nothing has.
    public init(
      payloadLength: Int32?, tcpFlags: UInt8?, message: Int64, identification: UInt32?,
      fragmentOffset: Int32?, content: UInt32?
    ) {
      self.init(
        segment: Int64(payloadLength ?? -1) * 512 + (tcpFlags.map(Int64.init) ?? 256),
        message: message,
        datagram: (identification.map(Int64.init) ?? -1) * 65_536 + Int64(fragmentOffset ?? 0),
        content: content.map { Int64(Int32(bitPattern: $0)) } ?? 1 << 32)
    }

    /// What a DNS message, the first of its packet, says: identifier and whether it is a response.
    public static func message(dns identifier: UInt16, isResponse: Bool) -> Int64 {
      Int64(identifier) * 2 + (isResponse ? 1 : 0)
    }

    /// What an ICMP message says.
    public static func message(icmp type: UInt8, code: UInt8) -> Int64 {
      131_072 + Int64(type) * 256 + Int64(code)
    }

    /// What a packet that is neither says.
    public static let noMessage: Int64 = -1
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

  /// Sightings are told by time, those of one time by place.
  public var order: (Int64, Int64, Int64) { (time, place, packetID) }

  public init(packetID: Int64, time: Int64, place: Int64, streamID: Int64 = 0) {
    (self.packetID, self.time, self.place, self.streamID) = (packetID, time, place, streamID)
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
///
/// While a capture is read, its packets are new, and come between those that are known from others:
/// then what was told of these before is left out, and what changes of it is told.
public struct SightingMatcher: Sendable {
  /// Nanoseconds. Clocks of capturing hosts disagree; so do repetitions, by more than that.
  public static let window: Int64 = 1_000_000_000
  /// Of new packets, the longest run of equal sightings that is told, nanoseconds: what is known is
  /// read from no earlier, so that a longer run may not be seen whole.
  static let longestRun = 2 * window
  /// A packet is settled once packets are this much later, or not told at all.
  public static let settling = longestRun + window
  /// Sightings looked at together at the most, so that a flood of equal packets takes bounded memory.
  static let limit = 65_536
  /// Packets that may wait for further sightings; beyond, the one that waits longest is settled
  /// early. They take about 60 MiB.
  static let waiting = 262_144

  /// A packet that was seen before, and its first sighting.
  public struct Duplicate: Equatable, Sendable {
    public var sighting: Sighting
    public var first: Sighting
    public var packetID: Int64 { sighting.packetID }
    public var firstPacketID: Int64 { first.packetID }
  }

  /// What becomes of what was told before, while new packets are told.
  public struct Changes: Sendable {
    /// Packets that were seen before, and are first sightings now.
    public var firstSightings: [Int64] = []
    /// The conversations of known packets of which something else is told now.
    public var conversations: [Int64] = []
    /// Conversations with packets that cannot be told from what was seen here: all their packets are
    /// to be looked at together.
    public var untold: [Int64] = []
    /// Captures that show a packet at the very time of a new one, so that the order of places decides.
    public var tiedCaptures: Set<Int64> = []

    public init() {}
  }

  /// Equal packets that may be one event. Most are seen twice at the most, which takes no array.
  private struct Group {
    var identity: PacketIdentity
    /// Of the identity.
    var hash: UInt32
    var first: Sighting
    var second: Sighting?
    var further: [Sighting] = []
    var latest: Int64
    /// Whether a new packet is among them.
    var hasNew: Bool

    var count: Int { second == nil ? 1 : 2 + further.count }

    init(_ sighting: Sighting, of identity: PacketIdentity, _ hash: UInt32, isNew: Bool) {
      (self.identity, self.hash) = (identity, hash)
      (first, latest, hasNew) = (sighting, sighting.time, isNew)
    }
  }

  /// Packets from this one on are new; `nil` where all are.
  private let firstNew: Int64?
  private var groups: [Group] = []
  /// Slots of groups that were settled, from `nextFree` on: those that are free longest go first, so that
  /// slots are filled and settled in their order in memory.
  private var free: [Int32] = []
  private var nextFree = 0
  private var index = SightingIndex()
  /// Groups by when they may be settled, the earliest first, from `head` on.
  private var queue: [(slot: Int32, latest: Int64)] = []
  private var head = 0
  /// What was told since it was last taken.
  public var duplicates: [Duplicate] = []
  /// What changed since it was last taken.
  public var changes = Changes()
  /// Whether equal packets were settled before their time for want of room: then others of their events
  /// may have been left out, or told of others.
  public private(set) var hasOverflowed = false

  /// - Parameter firstNew: The packet from which on packets are new; `nil` to tell of all alike.
  public init(firstNew: Int64? = nil) { self.firstNew = firstNew }

  private func isNew(_ sighting: Sighting) -> Bool {
    firstNew.map { sighting.packetID >= $0 } ?? true
  }

  /// Takes the next sighting, in the order of time.
  public mutating func add(_ sighting: Sighting, of identity: PacketIdentity) {
    settle(before: sighting.time)
    let hash = index.hash(identity)
    guard let slot = index.slot(hash, where: { groups[Int($0)].identity == identity }) else {
      return wait(Group(sighting, of: identity, hash, isNew: isNew(sighting)))
    }
    let position = Int(slot)
    guard !Self.isOver(groups[position].latest, at: sighting.time),
      groups[position].count < Self.limit
    else {
      if groups[position].count >= Self.limit { hasOverflowed = true }
      // Its place in the queue stands for the new group as well, which is looked at again there.
      tell(groups[position])
      groups[position] = Group(sighting, of: identity, hash, isNew: isNew(sighting))
      return
    }
    if groups[position].second == nil {
      groups[position].second = sighting
    } else {
      groups[position].further.append(sighting)
    }
    groups[position].latest = sighting.time
    if isNew(sighting) { groups[position].hasNew = true }
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

  private mutating func wait(_ group: Group) {
    if index.count >= Self.waiting, let oldest = popQueue() {
      hasOverflowed = true
      settle(oldest.slot)
    }
    let slot: Int32
    if nextFree < free.count {
      slot = free[nextFree]
      nextFree += 1
      groups[Int(slot)] = group
      if nextFree > 65_536, nextFree * 2 > free.count {
        free.removeFirst(nextFree)
        nextFree = 0
      }
    } else {
      slot = Int32(groups.count)
      groups.append(group)
    }
    index.insert(slot, group.hash)
    queue.append((slot, group.latest))
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
    let position = Int(slot)
    index.remove(slot, groups[position].hash)
    if groups[position].second != nil {
      tell(groups[position])
      groups[position].further = []
    }
    free.append(slot)
  }

  // MARK: - Telling

  private mutating func tell(_ group: Group) {
    guard let second = group.second, group.hasNew else { return }
    guard group.further.isEmpty else {
      return tell([group.first, second] + group.further, of: group.identity.conversation)
    }
    guard group.first.place != second.place else { return }
    let isTurned = Self.isBefore(second, group.first)
    let (first, later) = isTurned ? (second, group.first) : (group.first, second)
    if first.time == later.time, isUndecided(first, later, of: group.identity.conversation) {
      return
    }
    duplicates.append(Duplicate(sighting: later, first: first))
    if !isNew(later) { changes.conversations.append(group.identity.conversation) }
  }

  /// The order of time, and of one time that of places.
  private static func isBefore(_ one: Sighting, _ other: Sighting) -> Bool {
    one.order < other.order
  }

  /// Whether the order of two places is not known that show equal packets at one time: those of the
  /// capture that is read are numbered as they come.
  private mutating func isUndecided(
    _ one: Sighting, _ other: Sighting, of conversation: Int64
  ) -> Bool {
    guard firstNew != nil, one.place != other.place else { return false }
    switch (isNew(one), isNew(other)) {
    case (true, true):
      changes.untold.append(conversation)
      return true
    case (true, false): changes.tiedCaptures.insert(other.packetID >> 32)
    case (false, true): changes.tiedCaptures.insert(one.packetID >> 32)
    case (false, false): break
    }
    return false
  }

  /// Tells what more than two sightings of equal packets are.
  private mutating func tell(_ unsorted: [Sighting], of conversation: Int64) {
    let sightings = unsorted.sorted(by: Self.isBefore)
    guard let firstNew else {
      duplicates.append(contentsOf: SightingPairing.duplicates(among: sightings, Self.window))
      return
    }
    if let first = sightings.first, let last = sightings.last,
      last.time &- first.time > Self.longestRun
    {
      changes.untold.append(conversation)
      return
    }
    for (one, other) in zip(sightings, sightings.dropFirst()) where one.time == other.time {
      if isUndecided(one, other, of: conversation) { return }
    }
    var before = Self.told(sightings.filter { $0.packetID < firstNew })
    var isChanged = false
    for duplicate in SightingPairing.duplicates(among: sightings, Self.window) {
      if !isNew(duplicate.sighting) {
        if before.removeValue(forKey: duplicate.packetID) == duplicate.firstPacketID { continue }
        isChanged = true
      }
      duplicates.append(duplicate)
    }
    if !before.isEmpty {
      changes.firstSightings.append(contentsOf: before.keys)
      isChanged = true
    }
    if isChanged { changes.conversations.append(conversation) }
  }

  /// What was told of known sightings by themselves: new ones may stand where there was a gap.
  private static func told(_ known: [Sighting]) -> [Int64: Int64] {
    var told: [Int64: Int64] = [:]
    var run: [Sighting] = []
    for (index, sighting) in known.enumerated() {
      run.append(sighting)
      guard index + 1 == known.count || isOver(sighting.time, at: known[index + 1].time) else {
        continue
      }
      for duplicate in SightingPairing.duplicates(among: run, window) {
        told[duplicate.packetID] = duplicate.firstPacketID
      }
      run.removeAll(keepingCapacity: true)
    }
    return told
  }
}
