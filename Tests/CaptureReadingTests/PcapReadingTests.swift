import Testing

@testable import CaptureReading

/// Expected values are computed by hand from the octets that the fixture writes.
@Suite("Reading of pcap files")
struct PcapReadingTests {
  @Test("Both orders of octets and both units of time are read", arguments: [false, true])
  func orders(isBigEndian: Bool) throws {
    for (magic, unit) in [(0xa1b2_c3d4, 1_000), (0xa1b2_3c4d, 1)] as [(UInt32, Int64)] {
      let reading = try Reading(
        PcapFixture(magic: magic, isBigEndian: isBigEndian, records: PcapFixture.two).bytes)
      #expect(
        reading.packets == [
          RawPacket(
            number: 1, timestamp: 1_000_000_000 + 2 * unit, offset: 24, capturedLength: 3,
            length: 60, interface: 0, linkType: 1),
          RawPacket(
            number: 2, timestamp: 4_294_967_295_000_000_000 + 999_999 * unit, offset: 43,
            capturedLength: 4, length: 4, interface: 0, linkType: 1),
        ])
      #expect(reading.octets == [[0xaa, 0xbb, 0xcc], [1, 2, 3, 4]])
      #expect(reading.faults.isEmpty && reading.isComplete)
      #expect(reading.reader.format == .pcap && reading.reader.compression == nil)
      #expect(reading.reader.interfaces.map(\.snapLength) == [65_535])
      #expect(
        reading.reader.interfaces.map(\.timestampUnitsPerSecond)
          == [UInt64(1_000_000_000 / unit)])
    }
  }

  @Test("A record of Kuznetzov's patch has eight octets more in its header")
  func patched() throws {
    let reading = try Reading(
      PcapFixture(
        magic: 0xa1b2_cd34, patch: [1, 2, 3, 4, 5, 6, 7, 8], records: PcapFixture.two
      ).bytes)
    #expect(reading.octets == [[0xaa, 0xbb, 0xcc], [1, 2, 3, 4]])
    #expect(reading.packets.map(\.offset) == [24, 51])
  }

  @Test("Old versions write the length on the wire before the captured length")
  func oldVersions() throws {
    for (major, minor) in [(2, 2), (2, 0), (543, 0)] as [(UInt16, UInt16)] {
      let reading = try Reading(
        PcapFixture(major: major, minor: minor, records: PcapFixture.two).bytes)
      #expect(reading.packets.map(\.capturedLength) == [3, 4])
      #expect(reading.packets.map(\.length) == [60, 4])
    }
    // Version 2.3 in the old order: the fixture's lengths exchanged by hand.
    var mixed = PcapFixture(minor: 3, records: PcapFixture.two).bytes
    mixed.replaceSubrange(32..<40, with: [60, 0, 0, 0, 3, 0, 0, 0])
    #expect(try Reading(mixed).packets.map(\.capturedLength) == [3, 4])
  }

  @Test("The upper bits of the link type, which tell of a frame check sequence, are no part of it")
  func frameCheckSequence() throws {
    let reading = try Reading(PcapFixture(link: 0x2400_0001, records: PcapFixture.two).bytes)
    #expect(reading.packets.map(\.linkType) == [1, 1])
  }

  @Test("A header and nothing after it is a capture of no packets")
  func headerOnly() throws {
    let reading = try Reading(PcapFixture().bytes)
    #expect(reading.packets.isEmpty && reading.faults.isEmpty && reading.isComplete)
  }

  @Test("A file cut inside its header is refused", arguments: [4, 10, 23])
  func cutHeader(length: Int) throws {
    let error = try errorOfReading(Array(PcapFixture().bytes.prefix(length)))
    guard case .cutHeader(_, length, 24)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains("holds \(length) of 24 octets") == true)
  }

  @Test("A cut packet is told with both lengths, and those before it are kept")
  func cutPacket() throws {
    let reading = try Reading(Array(PcapFixture(records: PcapFixture.two).bytes.dropLast()))
    #expect(reading.numbers == [1] && !reading.isComplete)
    #expect(
      reading.faults == [
        ReadingFault(
          kind: .cut, byteOffset: 43, packetNumber: 2,
          message: "packet 2 holds 3 of 4 captured octets; packet 1 is kept. "
            + "Ask for the original file.")
      ])
    let inHeader = try Reading(Array(PcapFixture(records: PcapFixture.two).bytes.prefix(50)))
    #expect(
      inHeader.faults.map(\.message) == [
        "packet 2: its record header holds 7 of 16 octets; packet 1 is kept. "
          + "Ask for the original file."
      ])
  }

  @Test("A claim of more than 16 MiB stops the reading, one of 16 MiB does not")
  func absurdLength() throws {
    var bytes = PcapFixture(records: PcapFixture.two).bytes
    bytes.replaceSubrange(51..<55, with: [1, 0, 0, 1])
    let reading = try Reading(bytes)
    #expect(reading.numbers == [1] && !reading.isComplete)
    #expect(reading.faults.map(\.kind) == [.malformed])
    #expect(reading.faults.first?.message.contains("16777217") == true)

    let large = [UInt8](repeating: 7, count: 16 << 20)
    let atLimit = try Reading(PcapFixture(records: [(0, 0, large, 1)]).bytes)
    #expect(atLimit.packets.map(\.capturedLength) == [16 << 20] && atLimit.isComplete)
    #expect(atLimit.packets.map(\.length) == [1])
  }

  @Test("A fraction of a second and more is added to the seconds, with a fault")
  func fraction() throws {
    let reading = try Reading(
      PcapFixture(records: [(5, 1_000_000, [1], 1), (5, 0xffff_ffff, [1], 1)]).bytes)
    #expect(reading.packets.map(\.timestamp) == [6_000_000_000, 5_000_000_000 + 4_294_967_295_000])
    #expect(reading.faults.map(\.packetNumber) == [1, 2] && reading.isComplete)
  }

  @Test("Faults of single packets are listed up to a thousand, then counted")
  func manyFaults() throws {
    let records = (0..<1_500).map { _ in
      (UInt32(1), UInt32(1_000_000), captured: [UInt8(1)], length: UInt32(1))
    }
    let reading = try Reading(PcapFixture(records: records).bytes)
    #expect(reading.packets.count == 1_500 && reading.faults.count == 1_001)
    #expect(reading.faults.last?.message == "500 more faults of single packets are not listed.")
  }

  @Test("Variants that are not read are refused by name")
  func variants() throws {
    let cases: [(PcapFixture, String)] = [
      (PcapFixture(major: 3), "version 3.4"), (PcapFixture(minor: 5), "version 2.5"),
      (PcapFixture(magic: 0xa1b2_34cd), "Mesquita"),
      (PcapFixture(magic: 0xa12b_3c4d, isBigEndian: true), "Navtel"),
      (PcapFixture(magic: 0xa1b2_c3cd), "a1b2c3cd"),
      (PcapFixture(magic: 0xa1b2_c3cb), "filter program"),
      (PcapFixture(magic: 0x1c00_01ac), "Ixia"),
    ]
    for (fixture, name) in cases {
      let error = try errorOfReading(fixture.bytes)
      guard case .unsupportedVariant? = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
      #expect(error?.description.contains(name) == true)
    }
  }

  @Test("A body that throws ends the call, and the next call goes on after that packet")
  func throwingBody() throws {
    struct Refusal: Error {}
    try withFile(PcapFixture(records: PcapFixture.two).bytes) { path in
      let reader = try CaptureReader(location: .file(path: path))
      #expect(throws: Refusal.self) { try reader.next { _, _ in throw Refusal() } }
      var numbers: [Int64] = []
      while try reader.next({ packet, _ in numbers.append(packet.number) }) {}
      #expect(numbers == [2])
    }
  }
}
