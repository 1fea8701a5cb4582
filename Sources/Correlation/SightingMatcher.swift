/// A packet as one place showed it.
public struct Sighting: Equatable, Sendable {
  public var packetID: Int64
  /// Nanoseconds, by a clock that can be compared with the others'.
  public var time: Int64
  /// Where in the network it was seen: a capture's interface and link, by number.
  public var place: Int64

  public init(packetID: Int64, time: Int64, place: Int64) {
    (self.packetID, self.time, self.place) = (packetID, time, place)
  }
}

/// Tells which sightings of equal packets are of one event: one packet, seen at several places.
///
/// Of the places that show equal packets, the one that shows most stands for the events; among
/// equals, the one that saw it first. Each other place is compared with it: of the pairs of a
/// sighting here and one there, the closest in time is one event, then the closest of those that
/// are left, up to `window` apart. So a capture that begins later, or lost a packet, shifts no pair.
public struct SightingMatcher: Sendable {
  /// Clocks of capturing hosts disagree; so do repetitions, by more than that.
  static let window: Int64 = 1_000_000_000
  /// Sightings looked at together at the most, so that a flood of equal packets takes bounded memory.
  static let limit = 65_536

  /// A packet that was seen before, and its first sighting.
  public struct Duplicate: Equatable, Sendable {
    public var packetID: Int64
    public var firstPacketID: Int64
  }

  private var sightings: [Sighting] = []
  /// What was told since it was last taken.
  public var duplicates: [Duplicate] = []

  public init() {}

  /// Takes the next sighting.
  ///
  /// - Parameter beginsAnew: Whether it is of another packet than those before. Sightings of equal
  ///   packets come in the order of time, and of one time in that of places.
  public mutating func add(_ sighting: Sighting, beginsAnew: Bool) {
    if let last = sightings.last,
      beginsAnew || sightings.count >= Self.limit || sighting.time &- last.time > Self.window
    {
      finish()
    }
    sightings.append(sighting)
  }

  /// Tells what the sightings before came to.
  public mutating func finish() {
    defer { sightings.removeAll(keepingCapacity: true) }
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
    for others in places.dropFirst() {
      for (event, other) in closestPairs(events, others) { seen[event]?.append(other) }
    }
    for event in events {
      let indexes = seen[event]?.sorted() ?? []
      guard let first = indexes.first else { continue }
      for index in indexes.dropFirst() {
        duplicates.append(
          Duplicate(
            packetID: sightings[index].packetID, firstPacketID: sightings[first].packetID))
      }
    }
  }

  /// Pairs of an index of `events` and one of `others`, the closest in time first.
  private func closestPairs(_ events: [Int], _ others: [Int]) -> [(event: Int, other: Int)] {
    if events.count == 1, others.count == 1 {
      let distance = sightings[events[0]].time &- sightings[others[0]].time
      return abs(distance) <= Self.window ? [(events[0], others[0])] : []
    }
    var line = Line(events, others)
    var pairs: [(event: Int, other: Int)] = []
    var gaps = (1..<max(1, line.count)).compactMap { gap(line, $0 - 1, $0) }.sorted(by: >)
    while let closest = gaps.popLast() {
      guard line.areNeighbours(closest.left, closest.right) else { continue }
      pairs.append(line.pair(closest.left, closest.right))
      // What stood around the pair are neighbours now; wherever the new gap belongs.
      if let (left, right) = line.remove(closest.left, closest.right),
        let opened = gap(line, left, right)
      {
        let place = gaps.partitioningIndex { $0 < opened }
        gaps.insert(opened, at: place)
      }
    }
    return pairs
  }

  /// The time between two neighbours of different places; `nil` where they are of one, or too far
  /// apart.
  private func gap(_ line: Line, _ left: Int, _ right: Int) -> Gap? {
    guard line.isEvent[left] != line.isEvent[right] else { return nil }
    let length = sightings[line.indexes[right]].time &- sightings[line.indexes[left]].time
    return length <= Self.window ? Gap(length: length, left: left, right: right) : nil
  }
}

/// Two neighbours and the time between them.
private struct Gap: Comparable {
  var length: Int64
  var left: Int
  var right: Int

  static func < (one: Gap, other: Gap) -> Bool {
    (one.length, one.left) < (other.length, other.left)
  }
}

/// The sightings of two places in the order of time, from which pairs are taken out.
private struct Line {
  /// Positions in the matcher's sightings.
  var indexes: [Int]
  var isEvent: [Bool]
  private var before: [Int]
  private var after: [Int]

  var count: Int { indexes.count }

  init(_ events: [Int], _ others: [Int]) {
    let merged = (events.map { ($0, true) } + others.map { ($0, false) }).sorted { $0.0 < $1.0 }
    indexes = merged.map(\.0)
    isEvent = merged.map(\.1)
    before = (0..<merged.count).map { $0 - 1 }
    after = (0..<merged.count).map { $0 + 1 }
  }

  func areNeighbours(_ left: Int, _ right: Int) -> Bool {
    after[left] == right && before[right] == left
  }

  func pair(_ left: Int, _ right: Int) -> (event: Int, other: Int) {
    isEvent[left] ? (indexes[left], indexes[right]) : (indexes[right], indexes[left])
  }

  /// Takes two neighbours out.
  ///
  /// - Returns: What stood before and behind them, where both are.
  mutating func remove(_ left: Int, _ right: Int) -> (Int, Int)? {
    let (previous, next) = (before[left], after[right])
    (after[left], before[right]) = (-1, -1)
    (before[left], after[right]) = (-1, -1)
    if previous >= 0 { after[previous] = next }
    if next < count { before[next] = previous }
    return previous >= 0 && next < count ? (previous, next) : nil
  }
}

extension Array where Element == Gap {
  /// The first position whose element fulfils `isBehind`, in an array where all such are behind
  /// all others.
  fileprivate func partitioningIndex(_ isBehind: (Gap) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
