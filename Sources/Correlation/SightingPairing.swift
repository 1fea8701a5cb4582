/// Pairs the sightings of two places by time.
struct SightingPairing {
  /// Of all sightings, in their order.
  var times: [Int64]
  /// The longest time within a pair, nanoseconds.
  var window: Int64

  /// Which of equal packets are one event.
  ///
  /// - Parameter sightings: In the order of time.
  static func duplicates(
    among sightings: [Sighting], _ window: Int64
  ) -> [SightingMatcher.Duplicate] {
    guard let one = sightings.first, sightings.contains(where: { $0.place != one.place }) else {
      return []
    }
    var byPlace: [Int64: [Int]] = [:]
    for (index, sighting) in sightings.enumerated() {
      byPlace[sighting.place, default: []].append(index)
    }
    if byPlace.count == sightings.count {
      // Each place saw it once: the one that was first stands for the event.
      return sightings.dropFirst().filter { $0.time &- one.time <= window }.map {
        SightingMatcher.Duplicate(sighting: $0, first: one)
      }
    }
    // The indexes are in the order of time: the first tells which place saw it first.
    let places = byPlace.values.sorted {
      ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0)
    }
    guard let events = places.first else { return [] }
    var seen = Dictionary(uniqueKeysWithValues: events.map { ($0, [$0]) })
    let pairing = SightingPairing(times: sightings.map(\.time), window: window)
    for others in places.dropFirst() {
      for (event, other) in pairing.closestPairs(events, others) { seen[event]?.append(other) }
    }
    return events.flatMap { event -> [SightingMatcher.Duplicate] in
      let indexes = seen[event]?.sorted() ?? []
      guard let first = indexes.first else { return [] }
      return indexes.dropFirst().map {
        SightingMatcher.Duplicate(sighting: sightings[$0], first: sightings[first])
      }
    }
  }

  /// Pairs of an index of `events` and one of `others`, the closest in time first.
  func closestPairs(_ events: [Int], _ others: [Int]) -> [(event: Int, other: Int)] {
    if events.count == 1, others.count == 1 {
      let distance = times[events[0]] &- times[others[0]]
      return abs(distance) <= window ? [(events[0], others[0])] : []
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
    let length = times[line.indexes[right]] &- times[line.indexes[left]]
    return length <= window ? Gap(length: length, left: left, right: right) : nil
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
  /// Positions in `times`.
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
