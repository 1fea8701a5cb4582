import Testing

@testable import PacketDecoding

/// Expected values of frames in hexadecimal, here and in the other tests of this module, from
/// tshark 4.0.17: `xxd -r -p | od -Ax -tx1 -v | text2pcap -l LINKTYPE - frame.pcap`, then
/// `tshark -n -r frame.pcap -o tcp.relative_sequence_numbers:FALSE -T fields -e …`.
@Suite("Link layers")
struct LinkLayerTests {
  /// UDP from port 7 to port 9, one octet of data, in IPv4 and in IPv6.
  static let ipv4 = "4500001d1234000040117c57c000020ac6336407000700090009000078"
  static let ipv6 =
    "600000000009113f20010db800010000000000000000001020010db8000200000000000000000053"
    + "000700090009000078"
  static let ipv4Ends = "192.0.2.10 7 > 198.51.100.7 9"
  static let ipv6Ends = "2001:db8:1::10 7 > 2001:db8:2::53 9"

  @Test("Ethernet gives both addresses and the EtherType")
  func ethernet() {
    let frame = DecodedFrame(hex: "0200000000bb0200000000aa0800" + Self.ipv4)
    #expect(frame.packet.link.destination == 0x0200_0000_00bb)
    #expect(frame.packet.link.source == 0x0200_0000_00aa)
    #expect(frame.packet.link.etherType == 0x0800 && frame.packet.link.vlans == 0)
    #expect(frame.reached == .udp && frame.ends == Self.ipv4Ends && frame.faults == [])
  }

  // tshark, -e vlan.id -e ieee8021ad.id: 5; 100, 200, 4095.
  @Test(
    "VLAN identifiers are kept outermost first, without priority and drop eligibility",
    arguments: [
      ("81006005", [5]), ("88a80064810000c881000fff", [100, 200, 4095]),
      ("91000001", [1]), ("8100f000", [0]),
    ] as [(String, [UInt16])])
  func vlans(tags: String, identifiers: [UInt16]) {
    let frame = DecodedFrame(hex: "0200000000bb0200000000aa" + tags + "0800" + Self.ipv4)
    #expect(frame.packet.link.vlanIdentifiers == identifiers)
    #expect(frame.packet.link.etherType == 0x0800)
    #expect(frame.reached == .udp && frame.ends == Self.ipv4Ends && frame.faults == [])
  }

  // tshark, -e avsp.etype -e vlan.id -e ip.src: all but the last two have the datagram.
  @Test(
    "Arista's time stamp before the tags is passed over, of either length and time scale",
    arguments: [
      ("0001 0010 5ceeed57384f59c8", true), ("0001 0110 5ceeed57384f59c8", true),
      ("0001 0020 ed9518152474", true), ("0001 0120 ed9518152474", true),
      ("0001 0011 5ceeed57384f59c8", false), ("0002 0010 5ceeed57384f59c8", false),
    ])
  func aristaTimeStamp(header: String, isKnown: Bool) {
    let frame = DecodedFrame(
      hex: "0200000000bb0200000000aa d28b" + header + "8100 0064 0800" + Self.ipv4)
    #expect(frame.ends == (isKnown ? Self.ipv4Ends : "? > ?"))
    #expect(frame.packet.link.vlanIdentifiers == (isKnown ? [100] : []))
    #expect(frame.packet.link.etherType == (isKnown ? 0x0800 : 0xd28b))
    #expect(frame.reached == (isKnown ? .udp : .eth) && frame.faults == [])
  }

  @Test("Beyond four VLAN tags the packet is decoded, and one fault says so", arguments: 1...9)
  func manyTags(count: Int) {
    let frame = DecodedFrame(
      Octets.ethernet(tags: (1...count).map { (0x8100, $0) }, Octets.hex(Self.ipv4)))
    #expect(frame.packet.link.vlanIdentifiers == (1...min(4, count)).map(UInt16.init))
    #expect(frame.reached == .udp && frame.ends == Self.ipv4Ends)
    // The fifth tag's own octets: 12 of addresses, 2 of type, 4 for each tag before.
    #expect(
      frame.faults
        == (count > 4
          ? ["malformed vlan@30: more than 4 VLAN tags; the inner are not kept"] : []))
  }

  @Test("A frame of nothing but VLAN tags costs one fault for the tags and one for the end")
  func tagFlood() {
    let frame = DecodedFrame(
      Octets.ethernetAddresses + (0..<16_000).flatMap { _ in Octets.hex("81000001") })
    #expect(frame.batch.faults.count == 2 && frame.reached == .vlan)
  }

  @Test(
    "A cut VLAN tag is a fault of the VLAN layer, at the tag", arguments: 0..<4)
  func cutTag(count: Int) {
    let octets = Octets.ethernet(type: 0x8100, Array(repeating: 0, count: count))
    #expect(
      DecodedFrame(octets, length: 60).faults
        == ["cut vlan@14: octets of the VLAN tag: \(count), expected 4"])
    #expect(
      DecodedFrame(octets).faults
        == ["malformed vlan@14: octets of the VLAN tag: \(count), expected 4"])
  }

  @Test("A type field below 0x0600 is a length, and an LLC header follows")
  func lengthField() {
    let frame = DecodedFrame(Octets.ethernet(type: 0x05ff, Octets.hex("424203")))
    #expect(frame.packet.link.etherType == nil && frame.reached == .llc && frame.faults == [])
    #expect(DecodedFrame(Octets.ethernet(type: 0x0600, [])).packet.link.etherType == 0x0600)
  }

  // tshark, -e sll.src.eth -e sll.ifindex: 02:00:00:00:00:aa; 3 with version 2.
  @Test("Linux cooked captures give the source address, version 2 the interface as well")
  func cooked() {
    let one = DecodedFrame(hex: "0000000100060200000000aa00000800" + Self.ipv4, link: .linuxCooked)
    #expect(one.packet.link.source == 0x0200_0000_00aa && one.packet.link.destination == nil)
    #expect(one.packet.link.interfaceIndex == nil && one.packet.link.etherType == 0x0800)
    #expect(one.reached == .udp && one.ends == Self.ipv4Ends && one.faults == [])
    let two = DecodedFrame(
      hex: "86dd000000000003000104060200000000aa0000" + Self.ipv6, link: .linuxCooked2)
    #expect(two.packet.link.source == 0x0200_0000_00aa)
    #expect(two.packet.link.interfaceIndex == 3 && two.packet.link.etherType == 0x86dd)
    #expect(two.reached == .udp && two.ends == Self.ipv6Ends && two.faults == [])
  }

  @Test("A cooked header whose address is not of six octets gives no source address")
  func cookedWithoutAddress() {
    // ARPHRD_LOOPBACK with a length of 0; ARPHRD_INFINIBAND with 20.
    for length in ["0000", "0014"] {
      let frame = DecodedFrame(
        hex: "00000304\(length)00000000000000000800" + Self.ipv4, link: .linuxCooked)
      #expect(frame.packet.link.source == nil && frame.ends == Self.ipv4Ends)
    }
  }

  @Test("VLAN tags behind a cooked header are kept")
  func cookedVLAN() {
    let frame = DecodedFrame(
      hex: "0000000100060200000000aa0000810000070800" + Self.ipv4, link: .linuxCooked)
    #expect(frame.packet.link.vlanIdentifiers == [7] && frame.ends == Self.ipv4Ends)
  }

  // Families, in either order: tshark takes 2 for IPv4 and 24, 28 and 30 for IPv6; 10 is Linux's.
  @Test(
    "The loopback header is read in either order of octets",
    arguments: [
      ("02000000", true), ("00000002", true), ("18000000", false), ("0000001c", false),
      ("1e000000", false), ("0a000000", false),
    ])
  func null(family: String, isIPv4: Bool) {
    let frame = DecodedFrame(hex: family + (isIPv4 ? Self.ipv4 : Self.ipv6), link: .null)
    #expect(frame.reached == .udp && frame.ends == (isIPv4 ? Self.ipv4Ends : Self.ipv6Ends))
    #expect(frame.packet.link == LinkHeader() && frame.faults == [])
  }

  @Test("LINKTYPE_LOOP is in network order alone, and an unknown family stops decoding")
  func loop() {
    #expect(DecodedFrame(hex: "00000018" + Self.ipv6, link: .loop).ends == Self.ipv6Ends)
    #expect(DecodedFrame(hex: "18000000" + Self.ipv6, link: .loop).reached == .null)
    let unknown = DecodedFrame(hex: "ffffffff" + Self.ipv4, link: .null)
    #expect(unknown.reached == .null && unknown.faults == [])
  }

  @Test("Raw IP is told by its version", arguments: [101, 12, 14, 228, 229] as [Int32])
  func raw(linkType: Int32) {
    let four = DecodedFrame(Octets.hex(Self.ipv4), linkType: linkType)
    #expect(four.ends == Self.ipv4Ends && four.reached == .udp)
    #expect(DecodedFrame(Octets.hex(Self.ipv6), linkType: linkType).ends == Self.ipv6Ends)
    let other = DecodedFrame([0x50] + [UInt8](repeating: 0, count: 40), linkType: linkType)
    #expect(other.reached == .raw && other.faults == ["malformed raw@0: IP version: 5"])
  }

  @Test(
    "A link type that is not known is kept as a frame, without a fault",
    arguments: [-1, 2, 3, 104, 128, 65_536, .min, .max] as [Int32])
  func unknown(linkType: Int32) {
    let frame = DecodedFrame(Octets.hex(Self.ipv4), linkType: linkType, length: 100)
    #expect(frame.reached == .frame && frame.faults == [] && frame.batch.packets.count == 1)
    #expect(frame.packet.capturedLength == 29 && frame.packet.length == 100)
  }

  @Test(
    "A link header cut at any length is one fault: cut when the capture is short, else malformed",
    arguments: [
      (.ethernet, 14, "eth", "Ethernet header"), (.linuxCooked, 16, "sll", "Linux cooked header"),
      (.linuxCooked2, 20, "sll", "Linux cooked header, version 2"),
      (.null, 4, "null", "loopback header"), (.loop, 4, "null", "loopback header"),
      (.raw, 1, "raw", "IP header"),
    ] as [(LinkType, Int, String, String)])
  func cut(link: LinkType, size: Int, layer: String, words: String) {
    for count in 0..<size {
      let octets = [UInt8](repeating: 0, count: count)
      let message = "\(layer)@0: octets of the \(words): \(count), expected \(size)"
      let short = DecodedFrame(octets, link: link, length: 60)
      #expect(short.faults == ["cut \(message)"] && short.reached == .frame)
      #expect(DecodedFrame(octets, link: link).faults == ["malformed \(message)"])
    }
  }
}
