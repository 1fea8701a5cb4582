import Testing

@testable import CaptureReading

/// Expected numbers follow from the rule alone: the same octets, one interface, 1 ms at the most.
@Suite("Packets that a mirrored port shows twice")
struct RepeatedPacketsTests {
  private static let octets = (0..<64).map(UInt8.init)

  /// What each packet of a capture repeats.
  private func repeated(_ packets: [(microsecond: UInt32, octets: [UInt8])]) throws -> [Int64?] {
    let reading = try Reading(
      PcapFixture(
        records: packets.map { (1, $0.microsecond, captured: $0.octets, UInt32($0.octets.count)) }
      ).bytes)
    return reading.packets.map(\.repeats)
  }

  @Test("The same octets within 1 ms repeat the first packet that had them, however often")
  func copies() throws {
    let one = Self.octets
    #expect(try repeated([(0, one), (500, one), (1000, one)]) == [nil, 1, 1])
    // A flood of equal packets goes on, whatever the copies.
    #expect(
      try repeated((0..<6).map { ($0 * 600, one) }) == [nil, 1, nil, 3, nil, 5])
    #expect(try repeated([(0, one), (1001, one)]) == [nil, nil])
    // A clock that goes back says nothing of what lies between.
    #expect(try repeated([(10, one), (0, one)]) == [nil, nil])
  }

  @Test("One octet that differs, or one more, makes another packet", arguments: [0, 30, 55, 63])
  func differing(_ index: Int) throws {
    var other = Self.octets
    other[index] ^= 1
    #expect(try repeated([(0, Self.octets), (1, other)]) == [nil, nil])
    #expect(try repeated([(0, Self.octets), (1, [7] + Self.octets)]) == [nil, nil])
  }

  @Test("Copies are found among other packets, as long as those take less than 64 KiB")
  func between() throws {
    func capture(_ others: Int) -> [(UInt32, [UInt8])] {
      let between = (0..<others).map { index in
        (UInt32(1), [UInt8](repeating: UInt8(index % 251), count: 1000) + Self.octets.reversed())
      }
      return [(0, Self.octets)] + between + [(2, Self.octets)]
    }
    #expect(try repeated(capture(50)).last == 1)
    #expect(try repeated(capture(600)).last == Int64?.none)
  }

  @Test("Another interface shows another sighting")
  func interfaces() throws {
    var passed = RepeatedPackets()
    let source = try ByteSource(.file(path: #filePath))
    func packet(_ number: Int64, _ interface: Int32) -> RawPacket {
      RawPacket(
        number: number, timestamp: number, offset: 0, capturedLength: 64, length: 64,
        interface: interface, linkType: 1)
    }
    _ = source.require(64)
    let found = source.withOctets(64) { octets in
      [packet(1, 0), packet(2, 1), packet(3, 1)].map {
        passed.original(of: $0, octets, at: 0, in: source)
      }
    }
    #expect(found == [nil, nil, 2])
  }
}
