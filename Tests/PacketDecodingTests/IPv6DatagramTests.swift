import Testing

@testable import PacketDecoding

@Suite("IPv6, RFC 8200")
struct IPv6DatagramTests {
  /// Hop-by-hop options, routing, authentication and destination options before UDP.
  static let chain = Octets.hex(
    "0200000000bb0200000000aa86dd60000000003c003f20010db800010000000000000000001020010db80002"
      + "00000000000000000053" + "2b00010400000000" + "3300000000000000"
      + "3c0400000000010000000001000000000000000000000000" + "1100010400000000"
      + "03e807d0000c000061626364")

  private func decode(_ datagram: [UInt8], length: Int? = nil) -> DecodedFrame {
    DecodedFrame(datagram, link: .raw, length: length)
  }

  // tshark, -e ipv6.hlim -e tcp.seq_raw -e tcp.len: 63, 4294967280, 5.
  @Test("The fixed header gives addresses, hop limit and the upper layer")
  func fixedHeader() {
    let frame = DecodedFrame(
      hex: "0200000000bb0200000000aa86dd600000000019063f20010db8000100000000000000000010"
        + "20010db800020000000000000000005301bbc000fffffff001020305501801f50000000068656c6c6f")
    #expect(frame.ends == "2001:db8:1::10 443 > 2001:db8:2::53 49152" && frame.reached == .tcp)
    #expect(frame.packet.network.timeToLive == 63 && frame.packet.network.protocolNumber == 6)
    #expect(frame.packet.network.identification == nil && frame.packet.network.fragment == nil)
    #expect(frame.tcp?.sequence == 4_294_967_280 && frame.packet.transport.payloadLength == 5)
    #expect(frame.faults == [])
  }

  @Test("A header cut at any length gives nothing but a fault", arguments: 0..<40)
  func cut(count: Int) {
    let octets = Array(Self.chain.prefix(14 + count))
    let message = "ipv6@14: octets of the IPv6 header: \(count), expected 40"
    let frame = DecodedFrame(octets, length: Self.chain.count)
    #expect(frame.faults == ["cut \(message)"] && frame.reached == .eth)
    #expect(DecodedFrame(octets).faults == ["malformed \(message)"])
  }

  // tshark, -e frame.protocols -e udp.srcport: ipv6.hopopts:ipv6.routing:ah:ipv6.dstopts:udp, 1000.
  @Test("Extension headers, authentication among them, are walked to the upper layer")
  func extensionHeaders() {
    let frame = DecodedFrame(Self.chain)
    #expect(frame.packet.network.protocolNumber == 17 && frame.reached == .udp)
    #expect(frame.ends == "2001:db8:1::10 1000 > 2001:db8:2::53 2000")
    #expect(frame.packet.transport.payloadLength == 4 && frame.faults == [])
  }

  @Test("An extension header cut at any length is a fault at that header", arguments: 0..<48)
  func cutExtension(count: Int) {
    let octets = Array(Self.chain.prefix(54 + count))
    // Start and length of each header in the chain, by hand.
    let headers = [(54, 8), (62, 8), (70, 24), (94, 8)]
    let (start, length) = headers.last { $0.0 <= octets.count } ?? (0, 0)
    // The authentication header's own count is its second octet; without it, eight are expected.
    let expected = octets.count >= start + 2 ? length : 8
    let message =
      "ipv6@\(start): octets of the extension header: \(octets.count - start), expected \(expected)"
    let frame = DecodedFrame(octets, length: Self.chain.count)
    #expect(frame.faults == ["cut \(message)"] && frame.reached == .ipv6)
    #expect(frame.ends == "2001:db8:1::10 > 2001:db8:2::53")
    #expect(
      DecodedFrame(octets).faults == [
        "malformed ipv6@18: payload length beyond the end of the frame: \(count), expected 60",
        "malformed \(message)",
      ])
  }

  @Test("Extension headers end where the payload does, not with the frame's padding")
  func chainWithinPayload() {
    let frame = decode(
      Octets.ipv6(60, [17, 0, 1, 4, 0, 0, 0, 0] + Octets.udp([1]), length: 4), length: 1514)
    #expect(
      frame.faults == ["malformed ipv6@40: octets of the extension header: 4, expected 8"])
    #expect(frame.packet.network.protocolNumber == 60 && frame.packet.transport.sourcePort == nil)
  }

  @Test("An authentication header's length counts words of four octets, eight at the least")
  func authenticationLength() {
    // RFC 4302, 2.2: payload length 4 stands for 24 octets; 0 would be a header of 8.
    for (words, octets) in [(4, 24), (1, 12), (0, 8)] as [(UInt8, Int)] {
      let header = [17, words] + [UInt8](repeating: 0, count: octets - 2)
      let frame = decode(Octets.ipv6(51, header + Octets.udp(7, 9, [])))
      #expect(frame.ends == "2001:db8:1::10 7 > 2001:db8:2::53 9" && frame.faults == [])
    }
  }

  @Test("A chain of as many extension headers as fit is walked to its end")
  func longChain() {
    let frame = decode(
      Octets.ipv6(60, (0..<8000).flatMap { _ in [60, 0, 1, 4, 0, 0, 0, 0] as [UInt8] }))
    #expect(frame.faults == ["malformed ipv6@64040: octets of the extension header: 0, expected 8"])
  }

  @Test("No next header ends decoding without a fault, whatever follows")
  func noNextHeader() {
    let frame = decode(Octets.ipv6(59, [1, 2, 3]))
    #expect(frame.reached == .ipv6 && frame.packet.network.protocolNumber == 59)
    #expect(frame.faults == [])
  }

  @Test("A payload length beyond the frame is malformed, and what is there is decoded")
  func lengthBeyondFrame() {
    let frame = decode(Octets.ipv6(17, Octets.udp(7, 9, [1]), length: 10))
    #expect(
      frame.faults
        == ["malformed ipv6@4: payload length beyond the end of the frame: 9, expected 10"])
    #expect(frame.reached == .udp)
    #expect(decode(Octets.ipv6(17, Octets.udp(7, 9, [1]), length: 10), length: 50).faults == [])
  }

  // tshark, -o ipv6.defragment:FALSE -e ipv6.fraghdr.ident -e ipv6.fraghdr.offset: 0xdeadbeef and
  // 0; 0xdeadbeef and 181 (in units of eight octets).
  @Test("The first fragment has ports and no message, the others neither")
  func fragments() {
    let first = DecodedFrame(
      hex: "0200000000bb0200000000aa86dd6000000000202c3f20010db8000100000000000000000010"
        + "20010db800020000000000000000005311000001deadbeef"
        + "03e800350bc0000061616161616161616161616161616161")
    #expect(first.packet.network.fragment == .init(offset: 0, moreFragments: true))
    #expect(first.packet.network.identification == 0xdead_beef)
    #expect(first.ends == "2001:db8:1::10 1000 > 2001:db8:2::53 53")
    #expect(first.dns == nil && first.faults == [])
    let later = DecodedFrame(
      hex: "0200000000bb0200000000aa86dd6000000000202c3f20010db8000100000000000000000010"
        + "20010db8000200000000000000000053110005a8deadbeef"
        + "626262626262626262626262626262626262626262626262")
    #expect(later.packet.network.fragment == .init(offset: 1448, moreFragments: false))
    #expect(later.packet.network.protocolNumber == 17)
    #expect(later.ends == "2001:db8:1::10 > 2001:db8:2::53" && later.reached == .ipv6)
    #expect(later.faults == [])
  }

  // RFC 6946: a fragment header with offset 0 and no more fragments. tshark, -e dns.id: 0xbeef.
  @Test("An atomic fragment is a whole datagram")
  func atomicFragment() {
    let frame = decode(
      Octets.ipv6(44, Octets.hex("1100000000000007") + Octets.udp(1000, 53, Octets.query)))
    #expect(frame.packet.network.fragment == .init(offset: 0, moreFragments: false))
    #expect(frame.packet.network.identification == 7)
    #expect(frame.dns?.identifier == 0xbeef && frame.faults == [])
  }

  @Test("Behind a later fragment no extension header is looked for")
  func laterFragmentOfExtensions() {
    let frame = decode(Octets.ipv6(44, Octets.hex("3c000008deadbeef") + [0xff, 0xff]))
    #expect(frame.packet.network.protocolNumber == 60 && frame.faults == [])
  }

  // RFC 2675: payload length 0, a hop-by-hop option with the true one, UDP length 0.
  @Test("A jumbogram reaches to the end of the frame, and so does UDP in it")
  func jumbogram() {
    let data = [UInt8](repeating: 0x6a, count: 70_000)
    let payload =
      Octets.hex("1100c204") + Octets.four(8 + 8 + data.count) + Octets.udp(7, 9, data, length: 0)
    let frame = decode(Octets.ipv6(0, payload, length: 0))
    #expect(frame.ends == "2001:db8:1::10 7 > 2001:db8:2::53 9" && frame.faults == [])
    #expect(frame.packet.transport.payloadLength == 70_000)
    let cut = decode(
      Array(Octets.ipv6(0, payload, length: 0).prefix(100)), length: 40 + payload.count)
    #expect(cut.packet.transport.payloadLength == 70_000 && cut.faults == [])
  }

  @Test("Another version than 6 is malformed", arguments: [0, 4, 5, 15])
  func version(number: Int) {
    var octets = Self.chain
    octets[14] = UInt8(number << 4)
    let frame = DecodedFrame(octets)
    #expect(frame.faults == ["malformed ipv6@14: IP version: \(number), expected 6"])
    #expect(frame.reached == .eth)
  }

  @Test("ICMP of version 4 is not decoded in IPv6")
  func icmp() {
    let frame = decode(Octets.ipv6(1, Octets.icmp(8, 0, [])))
    #expect(frame.icmp == nil && frame.reached == .ipv6 && frame.faults == [])
  }
}
