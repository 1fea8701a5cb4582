import CPcap
import Foundation
import Testing

@testable import CaptureReading

// Expected octets: by hand, from draft-ietf-opsawg-pcapng, sections 4.1 to 4.3, 4.6 and 3.5.
@Suite("pcapng, as it is written")
struct PcapNGWritingTests {
  private func octets(_ body: (inout PcapNGOctets) -> Void) -> [UInt8] {
    var written = PcapNGOctets()
    body(&written)
    return written.octets
  }

  private func little<T: FixedWidthInteger>(_ values: T...) -> [UInt8] {
    values.flatMap { withUnsafeBytes(of: $0.littleEndian) { Array($0) } }
  }

  @Test("A section header: magic, version 1.0, no length, options in the order of their codes")
  func section() {
    let written = octets {
      $0.addSection(CaptureSection(operatingSystem: "Linux", application: "wirecase"))
    }
    let head: [UInt8] = little(UInt32(0x0a0d_0d0a), 56, 0x1a2b_3c4d) + little(UInt16(1), 0)
    let options: [UInt8] =
      little(UInt16(3), 5) + Array("Linux\0\0\0".utf8) + little(UInt16(4), 8)
      + Array("wirecase".utf8) + little(UInt32(0))
    #expect(written == head + little(UInt64.max) + options + little(UInt32(56)))
  }

  @Test("An interface description: link type, snapshot length, name, resolution, filter")
  func interface() {
    let written = octets {
      $0.addInterface(linkType: 1, snapLength: 262_144, name: "eth0", filter: "udp")
    }
    let head: [UInt8] = little(UInt32(1), 48) + little(UInt16(1), 0) + little(UInt32(262_144))
    let options: [UInt8] =
      little(UInt16(2), 4) + Array("eth0".utf8) + little(UInt16(9), 1) + [9, 0, 0, 0]
      + little(UInt16(11), 4) + [0] + Array("udp".utf8) + little(UInt32(0))
    #expect(written == head + options + little(UInt32(48)))
  }

  @Test("A packet: the upper half of the time first, both lengths, the octets padded to 32 bits")
  func packet() {
    let octets = Data([1, 2, 3, 4, 5])
    let written = self.octets {
      $0.addPacket(interface: 2, time: 0x0011_2233_4455_6677, length: 60, octets.bytes)
    }
    let body = little(UInt32(2), 0x0011_2233, 0x4455_6677, 5, 60) + [1, 2, 3, 4, 5, 0, 0, 0]
    #expect(written == little(UInt32(6), 40) + body + little(UInt32(40)))
    #expect(written.count == PcapNGOctets.packetLength(5))
  }

  @Test("Statistics: times and counts, each of 64 bits")
  func statistics() {
    let written = octets {
      $0.addStatistics(
        interface: 0,
        .init(received: 10, dropped: 2, osDropped: 3, delivered: 5, start: 1, end: 1 << 32))
    }
    let times = little(UInt16(2), 8) + little(UInt32(0), 1) + little(UInt16(3), 8)
    let ends = little(UInt32(1), 0)
    let counts = [(UInt16(4), UInt64(10)), (5, 2), (7, 3), (8, 5)].flatMap {
      little($0.0, 8) + little($0.1)
    }
    let body = little(UInt32(0), 1, 0) + times + ends + counts + little(UInt32(0))
    #expect(written == little(UInt32(5), 100) + body + little(UInt32(100)))
    #expect(written.count == PcapNGOctets.statisticsLength)
  }

  @Test("What is written is read back, octet for octet")
  func readBack() throws {
    let packets: [[UInt8]] = [[], [1], Array(repeating: 0xaa, count: 1514)]
    let written = octets { file in
      file.addSection(CaptureSection(hardware: "x", application: "é"))
      file.addInterface(linkType: 276, snapLength: 0, name: "any", filter: "tcp or udp")
      for (index, packet) in packets.enumerated() {
        file.addPacket(
          interface: 0, time: 1_700_000_000_000_000_001 + UInt64(index), length: 9000,
          Data(packet).bytes)
      }
      file.addStatistics(
        interface: 0, .init(received: 9, dropped: 1, osDropped: 5, delivered: 3, start: 0, end: 1))
    }
    let reading = try Reading(written)
    #expect(reading.octets == packets && reading.faults.isEmpty && reading.isComplete)
    #expect(reading.packets.map(\.timestamp) == (1...3).map { 1_700_000_000_000_000_000 + $0 })
    #expect(reading.packets.allSatisfy { $0.length == 9000 && $0.linkType == 276 })
    let interface = try #require(reading.reader.interfaces.first)
    #expect(interface.name == "any" && interface.filter == "tcp or udp")
    #expect(interface.received == 9 && interface.dropped == 1 && interface.osDropped == 5)
    #expect(reading.reader.sections.first?.application == "é")
  }

  @Test("A packet with a comment, of an interface with a description and an offset, is read back")
  func comment() throws {
    var block = PcapNGOctets()
    let captured: [UInt8] = [1, 2, 3]
    block.addPacket(
      interface: 7, time: 5, length: 60, Data(captured).bytes, comment: "finding 3; é")
    var packet = block.octets
    #expect(PcapNGOctets.interface(ofPacketBlock: packet) == 7)
    PcapNGOctets.setInterface(1, ofPacketBlock: &packet)
    let written = octets {
      $0.addSection(CaptureSection())
      $0.addInterface(linkType: 1, snapLength: 0, name: "one")
      $0.addInterface(
        linkType: 1, snapLength: 0, name: "other", description: "a.pcap", offsetSeconds: -2)
    }
    let reading = try Reading(written + packet)
    // -2 s + 5 ns.
    #expect(reading.packets.map(\.timestamp) == [-1_999_999_995])
    #expect(reading.packets.map(\.interface) == [1] && reading.octets == [captured])
    #expect(reading.reader.interfaces.map(\.description) == [nil, "a.pcap"])
    #expect(reading.reader.takePacketComments().map(\.text) == ["finding 3; é"])
    #expect(reading.faults.isEmpty && reading.isComplete)
    // Too short for a packet.
    var short: [UInt8] = [1]
    PcapNGOctets.setInterface(1, ofPacketBlock: &short)
    #expect(short == [1] && PcapNGOctets.interface(ofPacketBlock: short) == nil)
  }

  @Test("A text longer than an option is cut between two characters")
  func longText() throws {
    let name = String(repeating: "é", count: 40_000)
    let written = octets {
      $0.addSection(CaptureSection())
      $0.addInterface(linkType: 1, snapLength: 0, name: name)
    }
    let interface = try #require(try Reading(written).reader.interfaces.first)
    #expect(interface.name == String(repeating: "é", count: 32_767))
  }

  @Test("Link types have the number that files hold, whatever the system calls them")
  func linkTypes() {
    #expect(linkType(ofDataLink: DLT_RAW) == 101 && linkType(ofDataLink: 1) == 1)
    for value: Int32 in [1, 100, 101, 102, 103, 106, 113, 246, 258, 276] {
      #expect(linkType(ofDataLink: dataLinkType(value)) == value)
    }
  }
}
