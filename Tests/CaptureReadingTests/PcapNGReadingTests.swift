import Testing

@testable import CaptureReading

/// Expected values are computed by hand from the octets that the fixture writes.
@Suite("Reading of pcapng files")
struct PcapNGReadingTests {
  @Test("Sections of either order of octets follow each other, each with its own interfaces")
  func sections() throws {
    var file = PcapNGFixture()
    file.section(options: [
      (2, Array("x86".utf8)), (3, Array("Linux".utf8)), (4, Array("dumpcap\0".utf8)),
      (1, Array("first".utf8)), (1, Array("second".utf8)),
    ])
    file.interface(link: 1, options: [(2, Array("eth0".utf8))])
    file.interface(link: 101, snapLength: 96, options: [(9, [9])])
    file.enhanced(interface: 1, timestamp: 5, [1, 2, 3], length: 40)
    file.section(bigEndian: true)
    file.interface(link: 113, options: [(2, Array("any".utf8))])
    file.enhanced(interface: 0, timestamp: 1 << 32, [4])
    let reading = try Reading(file.bytes)
    #expect(reading.faults.isEmpty && reading.isComplete)
    #expect(reading.packets.map(\.interface) == [1, 2])
    #expect(reading.packets.map(\.linkType) == [101, 113])
    #expect(reading.packets.map(\.timestamp) == [5, 4_294_967_296_000])
    #expect(reading.packets.map(\.length) == [40, 1])
    #expect(reading.octets == [[1, 2, 3], [4]])
    #expect(reading.reader.interfaces.map(\.name) == ["eth0", nil, "any"])
    #expect(reading.reader.interfaces.map(\.section) == [0, 0, 1])
    #expect(reading.reader.interfaces.map(\.snapLength) == [nil, 96, nil])
    let section = try #require(reading.reader.sections.first)
    #expect(section.hardware == "x86" && section.operatingSystem == "Linux")
    #expect(section.application == "dumpcap" && section.comments == ["first", "second"])
  }

  @Test("The options of an interface and its statistics are kept")
  func interfaceOptions() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(options: [
      (2, Array("en0".utf8)), (3, Array("Uplink".utf8)), (9, [0x8a]),
      (11, [0] + Array("udp port 53".utf8)), (12, Array("Darwin".utf8)), (13, [4]),
      (14, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), (15, Array("NIC".utf8)),
    ])
    file.block(5) {
      $0.add(UInt32(0))
      $0.add(UInt64(0))
      PcapNGFixture.add(
        [
          (4, [100, 0, 0, 0, 0, 0, 0, 0]), (5, [0, 1, 0, 0, 0, 0, 0, 0]),
          (7, [3, 0, 0, 0, 0, 0, 0, 0]),
        ],
        to: &$0)
    }
    // 2^-10 seconds: 512 of them are half a second; one second is taken off.
    file.enhanced(timestamp: 512, [1])
    let reading = try Reading(file.bytes)
    let interface = try #require(reading.reader.interfaces.first)
    #expect(interface.name == "en0" && interface.description == "Uplink")
    #expect(interface.filter == "udp port 53" && interface.operatingSystem == "Darwin")
    #expect(interface.hardware == "NIC" && interface.timestampUnitsPerSecond == 1_024)
    #expect(interface.received == 100 && interface.dropped == 256 && interface.osDropped == 3)
    #expect(reading.packets.map(\.timestamp) == [-500_000_000])
  }

  @Test("A simple packet has no time, and the snapshot length limits it")
  func simplePackets() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(snapLength: 6)
    file.block(3) {
      $0.add(UInt32(60))
      $0.add([1, 2, 3, 4, 5, 6])
    }
    file.block(3) {
      $0.add(UInt32(3))
      $0.add([7, 8, 9])
    }
    let reading = try Reading(file.bytes)
    #expect(reading.octets == [[1, 2, 3, 4, 5, 6], [7, 8, 9]])
    #expect(reading.packets.map(\.timestamp) == [nil, nil])
    #expect(reading.packets.map(\.length) == [60, 3] && reading.faults.isEmpty)
  }

  @Test("The obsolete packet block has a narrow interface number")
  func obsoletePackets() throws {
    var file = PcapNGFixture()
    file.section(bigEndian: true)
    file.interface()
    file.interface(link: 228)
    file.block(2) {
      $0.add(UInt16(1))
      $0.add(UInt16(0xffff))
      $0.add(UInt64(7))
      $0.add(UInt32(2))
      $0.add(UInt32(80))
      $0.add([5, 6])
      $0.pad()
      PcapNGFixture.add([(1, Array("seen".utf8))], to: &$0)
    }
    let reading = try Reading(file.bytes)
    #expect(
      reading.packets == [
        RawPacket(
          number: 1, timestamp: 7_000, offset: 68, capturedLength: 2, length: 80, interface: 1,
          linkType: 228)
      ])
    #expect(reading.reader.takePacketComments() == [PacketComment(packetNumber: 1, text: "seen")])
  }

  @Test("Comments belong to their packets, and those of other packets are left out")
  func comments() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(link: 101)
    file.enhanced([0x45], options: [(1, Array("left".utf8))])
    file.enhanced(
      [0x60], options: [(2, [0, 0, 0, 0]), (1, Array("ü".utf8)), (1, Array("b".utf8))])
    let reading = try Reading(file.bytes, filter: try PacketFilter("ip6"))
    #expect(reading.numbers == [2])
    #expect(
      reading.reader.takePacketComments() == [
        PacketComment(packetNumber: 2, text: "ü"), PacketComment(packetNumber: 2, text: "b"),
      ])
  }

  @Test("Names are read with their addresses")
  func names() throws {
    var file = PcapNGFixture()
    file.section()
    file.block(4) {
      $0.add(UInt16(1))
      $0.add(UInt16(12))
      $0.add([192, 0, 2, 1] + Array("a\0bc.de\0".utf8))
      $0.add(UInt16(2))
      $0.add(UInt16(18))
      $0.add([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1] + Array("v\0".utf8))
      $0.pad()
      $0.add(UInt16(2))
      $0.add(UInt16(18))
      $0.add([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 9] + Array("m\0".utf8))
      $0.pad()
      $0.add(UInt32(0))
    }
    let reading = try Reading(file.bytes)
    #expect(
      reading.reader.takeNameResolutions() == [
        NameResolution(address: .ipv4(0xc000_0201), name: "a"),
        NameResolution(address: .ipv4(0xc000_0201), name: "bc.de"),
        NameResolution(
          address: .ipv6(high: 0x2001_0db8_0000_0000, low: 0x1_0000_0000_0001), name: "v"),
        NameResolution(address: .ipv6(high: 0, low: 0xffff_0a00_0009), name: "m"),
      ])
    #expect(reading.faults.isEmpty)
  }

  @Test("Blocks that say nothing of packets are passed over")
  func otherBlocks() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    for type in [9, 10, 0xbad, 0x4000_0bad, 0x1234_5678] as [UInt32] {
      file.block(type) { $0.add([UInt8](repeating: 1, count: 300_001)) }
    }
    file.enhanced([1])
    let reading = try Reading(file.bytes)
    #expect(reading.numbers == [1] && reading.faults.isEmpty && reading.isComplete)
  }

  @Test("A packet of an interface that is not declared is left out, and the next is read")
  func undeclaredInterface() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    file.enhanced(interface: 1, [1])
    file.enhanced(interface: .max, [1])
    file.enhanced([2])
    let reading = try Reading(file.bytes)
    #expect(reading.numbers == [3] && reading.isComplete)
    #expect(reading.faults.map(\.packetNumber) == [1, 2])
    #expect(reading.faults.map(\.byteOffset) == [48, 84])
    #expect(reading.faults.first?.message.contains("of interface 1") == true)
  }

  @Test("A captured length beyond its block leaves the packet out, and the next is read")
  func lengthBeyondBlock() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    file.enhanced([1, 2, 3, 4], claimed: 5)
    file.enhanced([1, 2, 3, 4], claimed: .max)
    file.block(6) { $0.add(UInt32(0)) }
    file.enhanced([2])
    let reading = try Reading(file.bytes)
    #expect(reading.numbers == [4] && reading.isComplete)
    #expect(reading.faults.map(\.kind) == [.malformed, .malformed, .malformed])
    let words = "claims 5 captured octets, and its block has room for 4"
    #expect(reading.faults.first?.message.contains(words) == true)
  }

  @Test("A length that the end of the block contradicts stops the reading")
  func trailingLength() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    file.enhanced([1])
    file.enhanced([2], trailer: 40)
    file.enhanced([3])
    let reading = try Reading(file.bytes)
    #expect(reading.numbers == [1] && !reading.isComplete)
    #expect(
      reading.faults == [
        ReadingFault(
          kind: .malformed, byteOffset: 84, packetNumber: 2,
          message: "the enhanced packet block after packet 1 claims 36 octets at its start and 40 "
            + "at its end; packet 1 is kept. Ask for the original file.")
      ])
  }

  @Test(
    "A total length that no block can have stops the reading",
    arguments: [0, 8, 11, 33, 0x7fff_fffc, 0xffff_fffc] as [UInt32])
  func totalLength(length: UInt32) throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    let place = file.bytes.count + 4
    file.enhanced([1])
    withUnsafeBytes(of: length.littleEndian) {
      file.bytes.replaceSubrange(place..<place + 4, with: $0)
    }
    let reading = try Reading(file.bytes)
    #expect(reading.packets.isEmpty && !reading.isComplete)
    #expect(reading.faults.map(\.kind) == [.malformed] && reading.faults.first?.byteOffset == 48)
    #expect(reading.faults.first?.message.contains("\(length)") == true)
  }

  @Test("A time that 64 bits of nanoseconds do not hold is no time, and a fault")
  func timeBeyond() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(options: [(9, [0])])
    // 2^63 / 10^9 is 9223372036.85: the last whole second that fits, and the next.
    file.enhanced(timestamp: 9_223_372_036, [1])
    file.enhanced(timestamp: 9_223_372_037, [1])
    file.enhanced(timestamp: .max, [1])
    let reading = try Reading(file.bytes)
    #expect(reading.packets.map(\.timestamp) == [9_223_372_036_000_000_000, nil, nil])
    #expect(reading.faults.map(\.packetNumber) == [2, 3] && reading.isComplete)
  }

  @Test("An option that reaches beyond its block is a fault, and the packet is kept")
  func optionBeyond() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    file.block(6) {
      $0.add(UInt32(0))
      $0.add(UInt64(0))
      $0.add(UInt32(1))
      $0.add(UInt32(1))
      $0.add([1, 0, 0, 0, 1, 0, 0xff, 0xff])
    }
    let reading = try Reading(file.bytes)
    #expect(reading.numbers == [1] && reading.isComplete)
    #expect(reading.faults.map(\.packetNumber) == [1])
  }

  @Test("The first section decides whether the file can be read at all")
  func firstSection() throws {
    var wrong = PcapNGFixture()
    wrong.section(major: 2)
    #expect(try errorOfReading(wrong.bytes)?.description.contains("version 2.0") == true)
    var magic = PcapNGFixture()
    magic.section()
    magic.bytes[8] = 0
    guard case .malformedHeader(_, 8, _)? = try errorOfReading(magic.bytes) else {
      Issue.record("a wrong byte-order magic is no malformed header")
      return
    }
    guard case .cutHeader(_, 20, 28)? = try errorOfReading(Array(magic.bytes.prefix(20))) else {
      Issue.record("a cut section header is no cut header")
      return
    }
  }

  @Test("A later section of an unknown version stops the reading")
  func laterSection() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    file.enhanced([1])
    file.section(major: 9)
    let reading = try Reading(file.bytes)
    #expect(reading.numbers == [1] && !reading.isComplete)
    #expect(reading.faults.map(\.kind) == [.unsupported])
  }

  @Test("No octet that is changed or missing makes the reader trap")
  func damage() throws {
    var file = PcapNGFixture()
    file.section(options: [(1, [65])])
    file.interface(options: [(2, [65]), (9, [6])])
    file.enhanced(timestamp: 1, [1, 2, 3], options: [(1, [65, 66])])
    file.block(5) {
      $0.add(UInt32(0))
      $0.add(UInt64(0))
      PcapNGFixture.add([(4, [1, 0, 0, 0, 0, 0, 0, 0])], to: &$0)
    }
    try withFile([]) { path in
      var tried = 0
      for place in file.bytes.indices {
        for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
          var bytes = file.bytes
          bytes[place] = value
          try Octets.write(bytes, to: path)
          _ = try? Reading(.file(path: path))
          tried += 1
        }
      }
      #expect(tried == file.bytes.count * 5)
    }
  }
}

@Suite("How timestamps of pcapng count")
struct TimestampClockTests {
  @Test("Any resolution is taken without a trap, and the finest vanish")
  func resolutions() {
    for octet in UInt8.min...UInt8.max {
      for units in [0, 1, .max] as [UInt64] {
        for offset in [0, .min, .max] as [Int64] {
          var clock = TimestampClock(resolution: octet)
          clock.offsetSeconds = offset
          let time = clock.nanoseconds(units)
          if offset == .max { #expect(time == nil) }
          if units == 0 && offset == 0 { #expect(time == 0) }
        }
      }
    }
  }

  @Test("Powers of ten and of two are converted by their meaning")
  func conversions() {
    // Hand-computed: value, octet of if_tsresol, nanoseconds, units in a second.
    let cases: [(UInt64, UInt8, Int64, UInt64?)] = [
      (3, 0, 3_000_000_000, 1), (3, 3, 3_000_000, 1_000), (3, 6, 3_000, 1_000_000),
      (3, 9, 3, 1_000_000_000), (3_999, 12, 3, 1_000_000_000_000),
      (.max, 19, 1_844_674_407, 10_000_000_000_000_000_000), (.max, 28, 1, nil),
      (.max, 29, 0, nil), (.max, 127, 0, nil), (3, 0x80, 3_000_000_000, 1),
      (1, 0x81, 500_000_000, 2), (1, 0x80 | 30, 0, 1 << 30), (2, 0x80 | 30, 1, 1 << 30),
      (.max, 0x80 | 64, 999_999_999, nil), (.max, 0xff, 0, nil),
    ]
    for (units, resolution, expected, perSecond) in cases {
      let clock = TimestampClock(resolution: resolution)
      #expect(clock.nanoseconds(units) == expected, "\(units) by \(resolution)")
      #expect(clock.unitsPerSecond == perSecond, "\(resolution)")
    }
  }
}
