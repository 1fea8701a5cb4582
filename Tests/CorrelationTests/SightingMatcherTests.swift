import Testing

@testable import Correlation

@Suite("Sightings of one packet at several places")
struct SightingMatcherTests {
  /// Sightings of equal packets: place and milliseconds; the packet is place × 100 + its number there.
  private func match(_ sightings: [(place: Int64, at: Int64)]) -> [String] {
    var numbers: [Int64: Int64] = [:]
    let placed = sightings.map { place, time in
      numbers[place, default: 0] += 1
      return Sighting(
        packetID: place * 100 + (numbers[place] ?? 0), time: time * 1_000_000, place: place)
    }
    var matcher = SightingMatcher()
    let ordered = placed.sorted {
      ($0.time, $0.place, $0.packetID) < ($1.time, $1.place, $1.packetID)
    }
    for sighting in ordered { matcher.add(sighting, of: Self.packet(1)) }
    matcher.finish()
    return matcher.duplicates.sorted { $0.packetID < $1.packetID }
      .map { "\($0.packetID) = \($0.firstPacketID)" }
  }

  /// One of several packets that are not equal.
  private static func packet(_ number: Int64) -> PacketIdentity {
    PacketIdentity(
      conversation: 1, isFromLower: true,
      marks: .init(segment: 100, message: -1, datagram: number, content: 7))
  }

  @Test("A packet seen at two places is one event, whose first sighting is the earlier")
  func twoPlaces() {
    #expect(match([(1, 0), (2, 3)]) == ["201 = 101"])
    #expect(match([(1, 5), (2, 3)]) == ["101 = 201"])
  }

  @Test("A packet seen at four places is one event")
  func fourPlaces() {
    #expect(match([(1, 2), (2, 1), (3, 3), (4, 4)]) == ["101 = 201", "301 = 201", "401 = 201"])
  }

  @Test("Two sightings of one place are two packets, however close")
  func samePlace() {
    #expect(match([(1, 0), (1, 0)]) == [])
  }

  @Test("Sightings are at most 1 s apart")
  func window() {
    #expect(match([(1, 0), (2, 1000)]) == ["201 = 101"])
    #expect(match([(1, 0), (2, 1001)]) == [])
  }

  @Test("A capture that begins later shifts no pair of equal packets")
  func lateStart() {
    let early = (0..<6).map { (place: Int64(1), at: Int64($0 * 200)) }
    let late = (3..<6).map { (place: Int64(2), at: Int64($0 * 200 + 1)) }
    #expect(match(early + late) == ["201 = 104", "202 = 105", "203 = 106"])
  }

  @Test("A packet that a place lost leaves its event with the sightings that there are")
  func loss() {
    let sent = (0..<4).map { (place: Int64(1), at: Int64($0 * 100)) }
    let arrived = [0, 1, 3].map { (place: Int64(2), at: Int64($0 * 100 + 10)) }
    #expect(match(sent + arrived) == ["201 = 101", "202 = 102", "203 = 104"])
  }

  @Test("Where clocks disagree by more than half the time between packets, each is still told once")
  func disagreeingClocks() {
    let one = (0..<5).map { (place: Int64(1), at: Int64($0 * 200)) }
    let other = (0..<5).map { (place: Int64(2), at: Int64($0 * 200 + 130)) }
    #expect(match(one + other).count == 5)
  }

  @Test("A flood of equal packets is matched in parts")
  func flood() {
    let sightings = (0..<Int64(SightingMatcher.limit)).flatMap {
      [(place: Int64(1), at: $0), (place: Int64(2), at: $0)]
    }
    #expect(match(sightings).count == SightingMatcher.limit)
  }

  @Test(
    "Packets that are not equal are matched each by itself, while they come in the order of time")
  func severalPackets() {
    var matcher = SightingMatcher()
    for index in 0..<Int64(5) {
      let time = index * 400_000_000
      matcher.add(Sighting(packetID: 100 + index, time: time, place: 1), of: Self.packet(index))
      matcher.add(Sighting(packetID: 200 + index, time: time + 1, place: 2), of: Self.packet(index))
    }
    // What is over was told at once: memory holds a second.
    #expect(matcher.duplicates.map(\.packetID) == [200, 201])
    matcher.finish()
    #expect(matcher.duplicates.map(\.firstPacketID) == [100, 101, 102, 103, 104])
  }

  @Test("Where too many packets wait, those that wait longest are settled early")
  func tooMany() {
    var matcher = SightingMatcher()
    let count = Int64(SightingMatcher.waiting) + 10
    for index in 0..<count {
      matcher.add(Sighting(packetID: index, time: 0, place: 1), of: Self.packet(index))
    }
    for index in 0..<count {
      matcher.add(Sighting(packetID: count + index, time: 1, place: 2), of: Self.packet(index))
    }
    matcher.finish()
    // The first ten no longer waited; each of them then pushed out another that did.
    #expect(matcher.duplicates.count < Int(count))
    #expect(matcher.duplicates.allSatisfy { $0.packetID == $0.firstPacketID + count })
  }

  @Test("The two ends of time are not close")
  func endsOfTime() {
    var matcher = SightingMatcher()
    matcher.add(Sighting(packetID: 1, time: .min, place: 1), of: Self.packet(1))
    matcher.add(Sighting(packetID: 2, time: .max, place: 2), of: Self.packet(1))
    matcher.finish()
    #expect(matcher.duplicates.isEmpty)
  }
}
