import Testing

@testable import PacketDecoding

/// Frames put together by hand from the formats' own figures; those of others stand in
/// `SharedTunnelsTests`.
/// Frames of a wrapped datagram, with what is around it last, as `kind identifier`.
private enum Wrapped {
  static let ipv4 = Octets.hex(LinkLayerTests.ipv4)
  static let ipv6 = Octets.hex(LinkLayerTests.ipv6)
  static let inner = Octets.ethernet(ipv4)
  static let arp = Octets.ethernet(
    type: 0x0806, Octets.hex("0001080006040001 0200000000aa c000020a 000000000000 c0000201"))

  static func gre(_ header: String, _ payload: [UInt8]) -> [UInt8] {
    Octets.ethernet(Octets.ipv4(47, Octets.hex(header) + payload))
  }

  static func udp(_ port: Int, _ header: String, _ payload: [UInt8]) -> [UInt8] {
    Octets.ethernet(Octets.ipv4(17, Octets.udp(50_001, port, Octets.hex(header) + payload)))
  }

  static let ipv4Inside: [(String, [UInt8])] = [
    // RFC 2784: no option; RFC 2890: checksum, key and sequence number.
    ("gre -", gre("0000 0800", ipv4)),
    ("gre 42", gre("b000 0800 00000000 0000002a 00000007", ipv4)),
    // Linux's gretap with a key, and RFC 7637: subnet 0x012345, flow 0x67.
    ("gre 42", gre("2000 6558 0000002a", inner)),
    ("nvgre 74565", gre("2000 6558 01234567", inner)),
    // RFC 2637: payload of 33 octets, call 9; sequence and acknowledgment numbers.
    ("gre 9", gre("3081 880b 0021 0009 00000001 00000002", Octets.hex("ff030021") + ipv4)),
    ("mpls 16", gre("0000 8847", Octets.hex("00010140") + ipv4)),
    // The ERSPAN draft: types I, II (session 5) and III (session 6, with the second header).
    ("erspan -", gre("0000 88be", inner)),
    ("erspan 5", gre("1000 88be 00000001 10000005 00000000", inner)),
    ("erspan 6", gre("1000 22eb 00000001 20000006 00000000 0000 0001 0000000000000000", inner)),
    ("ip -", Octets.ethernet(Octets.ipv4(4, ipv4))),
    // RFC 7348, RFC 8926 (an option of 4 octets), 3GPP TS 29.281 (an extension header), RFC 7510.
    ("vxlan 100", udp(4789, "08000000 00006400", inner)),
    ("vxlan 100", udp(8472, "08000000 00006400", inner)),
    ("geneve 7", udp(6081, "01006558 00000700 00000000", inner)),
    ("geneve 7", udp(6081, "00000800 00000700", ipv4)),
    ("gtp 1", udp(2152, "30ff0022 00000001", ipv4)),
    ("gtp 1", udp(2152, "34ff002a 00000001 00000085 01000000", ipv4)),
    ("mpls 3", udp(6635, "00003140", ipv4)),
    // RFC 3032: two labels, the innermost is 17; RFC 4448: a pseudowire with a control word.
    ("mpls 17", Octets.ethernet(type: 0x8847, Octets.hex("00010040 00011140") + ipv4)),
    ("mpls 18", Octets.ethernet(type: 0x8847, Octets.hex("00012140 00000000") + inner)),
    // RFC 2516: session 0x11, protocol 0x0021.
    ("pppoes 17", Octets.ethernet(type: 0x8864, Octets.hex("1100 0011 001f 0021") + ipv4)),
  ]

  static let ipv6Inside: [(String, [UInt8])] = [
    ("ip -", Octets.ethernet(Octets.ipv4(41, ipv6))),
    ("ipv6 -", Octets.ethernet(type: 0x86dd, Octets.ipv6(41, ipv6))),
    // RFC 4380: plain; with origin indication; with authentication header as well.
    ("teredo -", udp(3544, "", ipv6)),
    ("teredo -", udp(3544, "0000 1234 01020304", ipv6)),
    ("teredo -", udp(3544, "0001 0000 0000000000000000 00 0000 1234 01020304", ipv6)),
    ("pppoes 1", Octets.ethernet(type: 0x8864, Octets.hex("1100 0001 0033 0057") + ipv6)),
  ]

  static let nothingInside: [[UInt8]] = [
    udp(4789, "08000000 00006400", arp), udp(4789, "08000000 00006400", Array(inner.prefix(20))),
    udp(4789, "00000000 00006400", inner), udp(2152, "30010022 00000001", ipv4),
    udp(3544, "0001 ffff", ipv6), udp(6081, "41006558 00000700", inner),
  ]
}

@Suite("Encapsulations")
struct EncapsulationTests {
  /// What was around the packet, as `kind identifier`.
  private func around(_ frame: DecodedFrame) -> [String] {
    frame.batch.encapsulations.map { "\($0.kind) \($0.identifier.map(String.init) ?? "-")" }
  }

  @Test(
    "The innermost IP datagram is the packet, and what wrapped it is kept",
    arguments: Wrapped.ipv4Inside)
  func wrapped(around expected: String, octets: [UInt8]) {
    let frame = DecodedFrame(octets)
    #expect(around(frame).last == expected)
    #expect(frame.reached == .udp && frame.ends == LinkLayerTests.ipv4Ends && frame.faults == [])
    #expect(frame.packet.transport.payloadLength == 1)
    // The link is the outer frame's.
    #expect(frame.packet.link.source == 0x0200_0000_00aa)
    #expect(frame.packet.link.tunnel != 0)
  }

  @Test(
    "So it is with IPv6 inside",
    arguments: Wrapped.ipv6Inside)
  func wrappedIPv6(around expected: String, octets: [UInt8]) {
    let frame = DecodedFrame(octets)
    #expect(around(frame) == [expected] && frame.reached == .udp)
    #expect(frame.ends == LinkLayerTests.ipv6Ends && frame.faults == [])
  }

  @Test("The ends of each outer datagram are kept, the outermost first")
  func ends() {
    let middle = Octets.ipv6(47, Octets.hex("00000800") + Wrapped.ipv4)
    let frame = DecodedFrame(Octets.ethernet(Octets.ipv4(41, middle)))
    #expect(around(frame) == ["ip -", "gre -"])
    #expect(frame.batch.encapsulations.map(\.depth) == [1, 2])
    #expect(
      frame.batch.encapsulations.map { $0.source?.text } == ["192.0.2.10", "2001:db8:1::10"])
    #expect(
      frame.batch.encapsulations.map { $0.destination?.text }
        == ["198.51.100.7", "2001:db8:2::53"])
  }

  @Test("Both directions of a tunnel are one place, and each has its own link")
  func directions() {
    func link(_ source: String, _ destination: String, label: String) -> LinkHeader {
      let ends = Octets.hex(source) + Octets.hex(destination)
      let outer = Octets.hex("4500 0000 0001 0000 4011 0000") + ends
      let gtp = Octets.hex("30ff0022") + Octets.hex(label) + Wrapped.ipv4
      return DecodedFrame(
        outer + Octets.udp(2152, 2152, gtp), link: .raw
      ).packet.link
    }
    let there = link("c0000201", "c0000202", label: "00000001")
    let back = link("c0000202", "c0000201", label: "00000002")
    let elsewhere = link("c0000203", "c0000202", label: "00000001")
    #expect(there.tunnel == back.tunnel && there.tunnelDirection != back.tunnelDirection)
    #expect(elsewhere.tunnel != there.tunnel)
  }

  @Test(
    "Where no IP datagram is inside, the packet is the outer one",
    arguments: Wrapped.nothingInside)
  func nothingInside(octets: [UInt8]) {
    let frame = DecodedFrame(octets)
    #expect(frame.batch.encapsulations.isEmpty && frame.packet.link.tunnel == 0)
    #expect(text(frame.packet.network.source) == "192.0.2.10")
    #expect(frame.packet.transport.sourcePort == 50_001)
  }

  private func text(_ address: NetworkAddress?) -> String? { address?.text }

  @Test("ARP in a tunnel is kept as ARP")
  func arp() {
    let frame = DecodedFrame(Wrapped.udp(4789, "08000000 00006400", Wrapped.arp))
    #expect(frame.arp?.targetAddress?.text == "192.0.2.1" && frame.reached == .arp)
  }

  @Test("A datagram cut within the tunnel is kept as far as it goes")
  func cut() {
    let octets = Wrapped.gre("0000 0800", Wrapped.ipv4)
    let frame = DecodedFrame(Array(octets.dropLast(2)), length: octets.count)
    #expect(frame.ends == LinkLayerTests.ipv4Ends && around(frame) == ["gre -"])
    #expect(frame.faults == ["cut udp@58: octets of the UDP header: 7, expected 8"])
  }

  @Test("Eight encapsulations are followed into each other, more are a fault", arguments: 7...30)
  func depth(count: Int) {
    var octets = Wrapped.ipv4
    for _ in 0..<count { octets = Octets.ipv4(4, octets) }
    let frame = DecodedFrame(Octets.ethernet(octets))
    #expect(frame.batch.encapsulations.count == min(8, count))
    #expect(
      frame.faults
        == (count > 8
          ? [
            "malformed ip@194: more than 8 encapsulations; the inner are not decoded"
          ] : []))
  }

  @Test("Labels without a bottom, tags and headers in each other end")
  func floods() {
    let labels = DecodedFrame(
      Octets.ethernet(type: 0x8847, (0..<16_000).flatMap { _ in [0, 0, 0, 0] }))
    #expect(labels.faults == ["malformed mpls@78: more than 16 MPLS labels without a bottom"])
    let snap = Octets.hex("0100 aaaa03000000 8100 0001")
    let tags = DecodedFrame(
      Octets.ethernet(type: 0x8100, [0, 1] + (0..<5_000).flatMap { _ in snap }))
    #expect(tags.reached == .llc && tags.faults == [])
  }

  @Test("Any end and any octet of any frame is survived")
  func hostile() {
    var random = SystemRandomNumberGenerator()
    let frames = [
      Wrapped.gre("3081 880b 0021 0009 00000001 00000002", Octets.hex("ff030021") + Wrapped.ipv4),
      Wrapped.gre("1000 22eb 00000001 20000006 00000000 0000 0001 0000000000000000", Wrapped.inner),
      Wrapped.udp(2152, "34ff002a 00000001 00000085 01000000", Wrapped.ipv4),
      Wrapped.udp(3544, "0001 0000 0000000000000000 00 0000 1234 01020304", Wrapped.ipv6),
      Wrapped.udp(6081, "01006558 00000700 00000000", Wrapped.inner),
    ]
    for frame in frames {
      for count in 0...frame.count {
        let decoded = DecodedFrame(Array(frame.prefix(count)), length: frame.count)
        #expect(decoded.batch.packets.count == 1)
      }
      for place in 14..<frame.count {
        var changed = frame
        changed[place] = UInt8.random(in: 0...255, using: &random)
        #expect(DecodedFrame(changed).batch.packets.count == 1)
      }
    }
  }
}
