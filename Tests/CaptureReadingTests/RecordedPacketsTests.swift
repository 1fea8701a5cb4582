import Foundation
import Testing

@testable import CaptureReading

/// Every packet is asked for at the place that reading the capture from its beginning gave.
@Suite("Packets whose places are known, read again")
struct RecordedPacketsTests {
  /// Captures of each form, by name.
  private static var captures: [(String, [UInt8])] {
    var captures: [(String, [UInt8])] = []
    for isBigEndian in [false, true] {
      let order = isBigEndian ? "big endian" : "little endian"
      for (name, magic) in [("microseconds", 0xa1b2_c3d4), ("nanoseconds", 0xa1b2_3c4d)] {
        var pcap = PcapFixture(magic: UInt32(magic), isBigEndian: isBigEndian)
        pcap.records = PcapFixture.two
        captures.append(("pcap, \(name), \(order)", pcap.bytes))
      }
      var patched = PcapFixture(magic: 0xa1b2_cd34, isBigEndian: isBigEndian)
      patched.patch = [0, 0, 0, 1, 0, 0, 0, 0]
      patched.records = PcapFixture.two
      captures.append(("pcap, Kuznetzov's, \(order)", patched.bytes))
      var old = PcapFixture(isBigEndian: isBigEndian, minor: 2)
      old.records = PcapFixture.two
      captures.append(("pcap 2.2, \(order)", old.bytes))

      var blocks = PcapNGFixture()
      blocks.section(bigEndian: isBigEndian)
      blocks.interface(link: 1)
      blocks.interface(link: 101, snapLength: 3)
      blocks.enhanced(interface: 0, timestamp: 5, [1, 2, 3, 4, 5], length: 1500)
      blocks.block(3) {
        $0.add(UInt32(6))
        $0.add([6, 5, 4, 3, 2, 1])
      }
      // An obsolete packet block: interface and drops, 16 bits each.
      blocks.block(2) {
        $0.add(UInt16(1))
        $0.add(UInt16(0))
        $0.add(UInt64(0))
        $0.add(UInt32(2))
        $0.add(UInt32(2))
        $0.add([8, 9])
      }
      // The other order of octets within one file.
      blocks.section(bigEndian: !isBigEndian)
      blocks.interface(link: 1)
      blocks.enhanced(timestamp: 7, [])
      blocks.enhanced(timestamp: 8, [0xfe])
      captures.append(("pcapng, \(order)", blocks.bytes))
    }
    return captures
  }

  private static func place(_ packet: RawPacket) -> PacketPlace {
    PacketPlace(
      offset: packet.offset, capturedLength: packet.capturedLength, length: packet.length)
  }

  private func octets(_ packets: RecordedPackets, _ place: PacketPlace) throws -> [UInt8]? {
    var octets: [UInt8] = []
    return try packets.withOctets(of: place) { $0.append(to: &octets) } ? octets : nil
  }

  @Test("In each form of capture, plain or compressed, the octets are those of reading it through")
  func everyForm() throws {
    for (name, bytes) in Self.captures {
      let whole = try Reading(bytes)
      #expect(whole.packets.count >= 2, "\(name)")
      for source in [bytes, ByteSourceTests.gzip(bytes), ByteSourceTests.zstd(bytes)] {
        try withFile(source) { path in
          let again = try RecordedPackets(path: path, format: whole.reader.format)
          for (packet, expected) in zip(whole.packets, whole.octets) {
            #expect(try octets(again, Self.place(packet)) == expected, "\(name), \(packet.number)")
          }
        }
      }
    }
  }

  @Test("In a plain capture packets are found backwards, too; in a compressed one they are not")
  func backwards() throws {
    let bytes = Self.captures[0].1
    let whole = try Reading(bytes)
    try withFile(bytes) { path in
      let again = try RecordedPackets(path: path, format: .pcap)
      for index in whole.packets.indices.reversed() {
        #expect(try octets(again, Self.place(whole.packets[index])) == whole.octets[index])
      }
    }
    try withFile(ByteSourceTests.gzip(bytes)) { path in
      let again = try RecordedPackets(path: path, format: .pcap)
      #expect(try octets(again, Self.place(whole.packets[1])) == whole.octets[1])
      #expect(try octets(again, Self.place(whole.packets[0])) == nil)
    }
  }

  @Test("Where no packet of these lengths stands, none is found, whatever is asked for")
  func elsewhere() throws {
    for (name, bytes) in Self.captures {
      let whole = try Reading(bytes)
      try withFile(bytes) { path in
        let again = try RecordedPackets(path: path, format: whole.reader.format)
        let right = Self.place(try #require(whole.packets.first))
        var wrong = Array(repeating: right, count: 6)
        wrong[0].capturedLength += 1
        wrong[1].length += 1
        wrong[2].offset = Int64(bytes.count)
        wrong[3].offset = .max
        wrong[4].offset = -1
        wrong[5].offset = .min
        for place in wrong { #expect(try octets(again, place) == nil, "\(name) \(place)") }
        for length in [-1, Int.max, CaptureReader.longestPacket + 1] {
          let place = PacketPlace(offset: right.offset, capturedLength: length, length: 0)
          #expect(try octets(again, place) == nil, "\(name) \(length)")
        }
        #expect(try octets(again, right) == whole.octets[0], "afterwards the right one is found")
      }
    }
  }

  @Test("Whatever octet of a capture is changed, reading ends without a trap")
  func damaged() throws {
    for (_, bytes) in Self.captures {
      let whole = try Reading(bytes)
      for index in bytes.indices {
        var damaged = bytes
        damaged[index] ^= 0xff
        try withFile(damaged) { path in
          guard let again = try? RecordedPackets(path: path, format: whole.reader.format) else {
            return
          }
          for packet in whole.packets { _ = try octets(again, Self.place(packet)) }
        }
      }
    }
  }
}
