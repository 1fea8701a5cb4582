import Testing

@testable import CaptureReading

@Suite("Packet filters")
struct PacketFilterTests {
  @Test("An expression that libpcap refuses is an error with libpcap's words")
  func refused() {
    // The words: libpcap 1.10.3, as 'tcpdump -d "udp prt 53"' prints them.
    let error = #expect(throws: ReadingError.self) { _ = try PacketFilter("udp prt 53") }
    #expect(
      error?.description
        == "filter 'udp prt 53' for link type EN10MB: can't parse filter expression: "
        + "syntax error. "
        + "'man pcap-filter' explains the language.")
  }

  @Test("An expression for one link type alone is accepted, and refused where it does not apply")
  func oneLinkType() throws {
    let filter = try PacketFilter("wlan type mgt")
    try withFile(PcapFixture(link: 1, records: PcapFixture.two).bytes) { path in
      _ = #expect(throws: ReadingError.self) {
        _ = try CaptureReader(location: .file(path: path), filter: filter)
      }
    }
    // Of 802.11, the first octet of a beacon is 0x80 (management), of data 0x08.
    let records: [(UInt32, UInt32, captured: [UInt8], length: UInt32)] = [
      (0, 0, [0x08] + [UInt8](repeating: 0, count: 30), 31),
      (0, 0, [0x80] + [UInt8](repeating: 0, count: 30), 31),
    ]
    let reading = try Reading(PcapFixture(link: 105, records: records).bytes, filter: filter)
    #expect(reading.numbers == [2])
  }

  @Test("Each interface's packets are judged by its own link type")
  func linkTypes() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(link: 1)
    file.interface(link: 101)
    file.interface(link: 12)
    let datagram =
      [0x45] + [UInt8](repeating: 0, count: 8) + [17] + [UInt8](repeating: 0, count: 10)
    file.enhanced(interface: 0, [UInt8](repeating: 2, count: 12) + [8, 0] + datagram)
    file.enhanced(interface: 1, datagram)
    file.enhanced(interface: 0, datagram)
    file.enhanced(interface: 2, datagram)
    file.enhanced(interface: 1, [])
    #expect(try Reading(file.bytes, filter: try PacketFilter("ip proto 17")).numbers == [1, 2, 4])
  }

  @Test("Packets of a later link type that the filter does not know are left out, with one fault")
  func laterLinkType() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(link: 1)
    file.interface(link: 101)
    let frame = [UInt8](repeating: 2, count: 12) + [8, 0, 0x45]
    file.enhanced(interface: 0, frame)
    file.enhanced(interface: 1, [0x45])
    file.enhanced(interface: 0, frame)
    file.enhanced(interface: 1, [0x45])
    let filter = try PacketFilter("ether host 02:02:02:02:02:02")
    let reading = try Reading(file.bytes, filter: filter)
    #expect(reading.numbers == [1, 3] && !reading.isComplete)
    // The words: libpcap 1.10.3, `tcpdump -y RAW -d EXPRESSION`. The section's block has 28
    // octets, each interface's 20, the first packet's 48.
    #expect(
      reading.faults == [
        ReadingFault(
          kind: .unsupported, byteOffset: 116, packetNumber: 2,
          message: "the filter 'ether host 02:02:02:02:02:02' cannot judge link type RAW: ethernet "
            + "addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel; "
            + "its packets, 2 from packet 2 on, are left out. "
            + "Give a filter that fits each link type.")
      ])
  }

  @Test("A filter that the first packet's link type does not know is an error")
  func firstLinkType() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface(link: 101)
    file.interface(link: 1)
    file.enhanced(interface: 0, [0x45])
    file.enhanced(interface: 1, [UInt8](repeating: 2, count: 14))
    let filter = try PacketFilter("ether host 02:02:02:02:02:02")
    _ = #expect(throws: ReadingError.self) { _ = try Reading(file.bytes, filter: filter) }
  }

  @Test("Lengths that a filter asks for are those on the wire")
  func lengths() throws {
    let filter = try PacketFilter("greater 50")
    #expect(try Reading(PcapFixture(records: PcapFixture.two).bytes, filter: filter).numbers == [1])
  }

  @Test("A printed capture has nothing to filter")
  func printed() throws {
    try withFile(Array("20:35:23.929504 IP 10.0.0.1 > 10.0.0.2: ICMP\n".utf8)) { path in
      let filter = try PacketFilter("udp")
      #expect(throws: ReadingError.filterOnText(name: path)) {
        _ = try CaptureReader(location: .file(path: path), filter: filter)
      }
    }
  }

  // https://www.tcpdump.org/linktypes.html
  @Test("Link types are named as libpcap names them")
  func names() {
    #expect(linkTypeName(1) == "EN10MB" && linkTypeName(276) == "LINUX_SLL2")
    #expect(linkTypeName(101) == "RAW" && linkTypeName(12) == "RAW" && linkTypeName(14) == "RAW")
    #expect(linkTypeName(65_000) == "LINKTYPE_65000" && linkTypeName(-1) == "LINKTYPE_-1")
  }
}
