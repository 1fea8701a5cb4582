import Testing

@testable import Correlation

@Suite("Sightings of a capture that is read, between those that are known")
struct NewSightingsTests {
  /// Knuth's linear congruential generator (MMIX), of which the high bits are used.
  private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
  }

  private static let firstNew: Int64 = 1_000_000

  private typealias Shown = (sighting: Sighting, identity: PacketIdentity)

  private static func packet(_ number: Int) -> PacketIdentity {
    PacketIdentity(
      conversation: Int64(number), isFromLower: true,
      marks: .init(segment: 100, message: -1, datagram: 0, content: 7))
  }

  /// What is told of sightings, each duplicate with its first.
  private static func told(_ shown: [Shown]) -> [Int64: Int64] {
    var matcher = SightingMatcher()
    for (sighting, identity) in shown { matcher.add(sighting, of: identity) }
    matcher.finish()
    return Dictionary(
      uniqueKeysWithValues: matcher.duplicates.map { ($0.packetID, $0.firstPacketID) })
  }

  /// Sightings of few packets at two or three known places and a new one, in the order of time.
  private static func traffic(_ numbers: inout Numbers) -> [Shown] {
    let steps: [Int64] = [0, 1, 200, 500, 999, 1000, 1001, 3000]
    let (places, packets) = (2 + numbers.below(2), 1 + numbers.below(3))
    let used = (0..<3).map { _ in steps[numbers.below(steps.count)] }
    var (time, shown) = (Int64(0), [Shown]())
    for number in 0..<(4 + numbers.below(12)) {
      time += used[numbers.below(3)]
      let place = Int64(numbers.below(places + 1))
      let id = Int64(number) + (place == 0 ? firstNew : 1)
      shown.append(
        (
          Sighting(packetID: id, time: time * 1_000_000, place: place, streamID: place),
          packet(numbers.below(packets))
        ))
    }
    return shown.sorted { $0.sighting.order < $1.sighting.order }
  }

  @Test("What was told before, with what is told of new ones, is what is told of all together")
  func together() {
    var numbers = Numbers(state: 7)
    var (compared, changed, taken) = (0, 0, 0)
    for _ in 0..<20_000 {
      let shown = Self.traffic(&numbers)
      let before = Self.told(shown.filter { $0.sighting.packetID < Self.firstNew })
      var matcher = SightingMatcher(firstNew: Self.firstNew)
      for (sighting, identity) in shown { matcher.add(sighting, of: identity) }
      matcher.finish()
      var after = before
      for packet in matcher.changes.firstSightings { after[packet] = nil }
      for duplicate in matcher.duplicates { after[duplicate.packetID] = duplicate.firstPacketID }
      let untold = Set(matcher.changes.untold)
      let conversations = Dictionary(
        uniqueKeysWithValues: shown.map { ($0.sighting.packetID, $0.identity.conversation) })
      let isTold: (Int64, Int64) -> Bool = { packet, _ in
        conversations[packet].map { !untold.contains($0) } ?? false
      }
      let whole = Self.told(shown).filter(isTold)
      #expect(after.filter(isTold) == whole, "\(shown)")
      // Only what is said to change does.
      let touched = Set(matcher.changes.conversations).union(untold)
      let known = { (packet: Int64, _: Int64) in
        packet < Self.firstNew && conversations[packet].map { !touched.contains($0) } ?? false
      }
      #expect(before.filter(known) == after.filter(known))
      if !whole.isEmpty { compared += 1 }
      if !matcher.changes.conversations.isEmpty { changed += 1 }
      if !matcher.changes.firstSightings.isEmpty { taken += 1 }
    }
    #expect(compared > 8000)
    #expect(changed > 4000)
    #expect(taken > 20)
  }

  @Test("A run of more than 2 s is not told, since its beginning may not have been read")
  func longRun() {
    var matcher = SightingMatcher(firstNew: Self.firstNew)
    for (number, time) in ([0, 900, 1800, 2001] as [Int64]).enumerated() {
      matcher.add(
        Sighting(
          packetID: number == 3 ? Self.firstNew : Int64(number + 1), time: time * 1_000_000,
          place: number == 3 ? 2 : 1), of: Self.packet(4))
    }
    matcher.finish()
    #expect(matcher.duplicates == [])
    #expect(matcher.changes.untold == [4])
  }

  @Test("A known packet at the very time of a new one names its capture")
  func tie() {
    var matcher = SightingMatcher(firstNew: 9 << 32)
    for packet in [5 << 32 | 1, 9 << 32 | 1] as [Int64] {
      matcher.add(
        Sighting(packetID: packet, time: 7, place: packet >> 32), of: Self.packet(1))
    }
    matcher.finish()
    #expect(matcher.changes.tiedCaptures == [5])
    #expect(matcher.duplicates.map(\.packetID) == [9 << 32 | 1])
  }

  @Test("An index holds what a dictionary does, also where hashes are alike")
  func index() {
    var (index, dictionary, numbers) = (SightingIndex(), [Int32: UInt32](), Numbers(state: 3))
    for step in 0..<100_000 {
      let slot = Int32(numbers.below(2000))
      // Some at the end of the table, so that what is alike begins again at its front.
      let hash = dictionary[slot] ?? UInt32(numbers.below(3) == 0 ? 1020 : numbers.below(1 << 20))
      if dictionary[slot] == nil {
        index.insert(slot, hash)
        dictionary[slot] = hash
      } else {
        index.remove(slot, hash)
        dictionary[slot] = nil
      }
      #expect(index.count == dictionary.count)
      guard step % 1000 == 0 else { continue }
      for slot in 0..<2000 as Range<Int32> {
        let hash = dictionary[slot] ?? 1020
        let found = index.slot(hash) { $0 == slot }
        #expect(found == (dictionary[slot] == nil ? nil : slot))
      }
    }
  }

  @Test("Packets that differ in one mark have other hashes")
  func hashes() {
    let index = SightingIndex()
    var hashes: Set<UInt32> = []
    for number in 0..<1000 as Range<Int64> {
      let marks = [
        PacketIdentity.Marks(segment: number, message: 0, datagram: 0, content: 0),
        .init(segment: 0, message: number, datagram: 0, content: 0),
        .init(segment: 0, message: 0, datagram: number, content: 0),
        .init(segment: 0, message: 0, datagram: 0, content: number),
      ]
      for marks in marks {
        hashes.insert(
          index.hash(PacketIdentity(conversation: 5, isFromLower: true, marks: marks)))
      }
      hashes.insert(
        index.hash(
          PacketIdentity(
            conversation: 6 + number, isFromLower: number % 2 == 0,
            marks: .init(segment: 0, message: 0, datagram: 0, content: 0))))
    }
    // 4 × 999 with one mark set, one with none, and 1000 other conversations.
    #expect(hashes.count > 4997 - 20)
  }
}
