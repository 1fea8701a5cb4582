import Testing

@testable import PacketDecoding

@Suite("IPv4, RFC 791")
struct IPv4DatagramTests {
  static let datagram = Octets.ipv4(17, Octets.udp(7, 9, [1, 2, 3, 4]))

  private func decode(_ datagram: [UInt8], length: Int? = nil) -> DecodedFrame {
    DecodedFrame(datagram, link: .raw, length: length)
  }

  // tshark, -e ip.proto -e ip.ttl -e ip.id -e tcp.srcport -e tcp.options.mss_val: a SYN behind
  // the option Router Alert: 6, 64, 0x1234, 49152, 1460.
  @Test("Options are skipped, and the header's fields are kept")
  func options() {
    let frame = DecodedFrame(
      hex: "0200000000bb0200000000aa080046000040123400004006e73ac000020ac633640794040000"
        + "c00001bb0102030400000000a0c2faf000000000020405b40402080a000000000000000001030307")
    let network = frame.packet.network
    #expect(network.protocolNumber == 6 && network.timeToLive == 64)
    #expect(network.identification == 0x1234 && network.fragment == nil)
    #expect(frame.ends == "192.0.2.10 49152 > 198.51.100.7 443")
    #expect(frame.tcp?.maximumSegmentSize == 1460 && frame.faults == [])
  }

  @Test("A header cut at any length gives nothing but a fault", arguments: 0..<20)
  func cut(count: Int) {
    let octets = Octets.ethernet(Array(Self.datagram.prefix(count)))
    let message = "ip@14: octets of the IPv4 header: \(count), expected 20"
    let frame = DecodedFrame(octets, length: 46)
    #expect(frame.faults == ["cut \(message)"] && frame.reached == .eth)
    #expect(frame.packet.network == NetworkHeader())
    #expect(DecodedFrame(octets).faults == ["malformed \(message)"])
  }

  @Test("Options cut at any length keep the addresses", arguments: 20..<60)
  func cutOptions(count: Int) {
    let whole = Octets.ipv4(
      17, Octets.udp([]), options: [UInt8](repeating: 1, count: 40))
    let octets = Array(whole.prefix(count))
    let message = "ip@0: octets of the IPv4 header and options: \(count), expected 60"
    let frame = decode(octets, length: whole.count)
    #expect(frame.faults == ["cut \(message)"] && frame.reached == .ip)
    #expect(frame.ends == "192.0.2.10 > 198.51.100.7")
    #expect(decode(octets).faults == ["malformed \(message)"])
  }

  @Test("A header length below 20 octets is malformed and ends decoding", arguments: 0...4)
  func headerLength(words: Int) {
    let frame = decode(Octets.ipv4(17, Octets.udp([1]), words: words), length: 1000)
    #expect(
      frame.faults == [
        "malformed ip@0: octets of the IPv4 header, by its own count: \(words * 4), expected 20"
      ])
    #expect(frame.ends == "192.0.2.10 > 198.51.100.7" && frame.reached == .ip)
  }

  @Test("A total length below the header's is malformed", arguments: [1, 19, 20, 23])
  func totalBelowHeader(total: Int) {
    let frame = decode(
      Octets.ipv4(17, Octets.udp([1]), options: [1, 1, 1, 1], total: total), length: 1000)
    #expect(
      frame.faults
        == ["malformed ip@2: total length below the header length: \(total), expected 24"])
    #expect(frame.packet.transport.sourcePort == nil)
  }

  @Test("A total length beyond the frame is malformed, and what is there is decoded")
  func totalBeyondFrame() {
    let frame = decode(Octets.ipv4(17, Octets.udp(7, 9, [1, 2]), total: 31))
    #expect(
      frame.faults
        == ["malformed ip@2: total length beyond the end of the frame: 30, expected 31"])
    #expect(frame.reached == .udp && frame.packet.transport.payloadLength == 2)
    // The same octets of a longer frame are a short capture, which the record's lengths tell.
    let cut = decode(Octets.ipv4(17, Octets.udp(7, 9, [1, 2], length: 11), total: 31), length: 31)
    #expect(cut.faults == [] && cut.packet.transport.payloadLength == 3)
  }

  // tshark, -e tcp.len: 100.
  @Test("A total length of 0, left to the network card, reaches to the end of the frame")
  func segmentationOffload() {
    let segment = Octets.tcp(443, 49152, flags: 0x10, [UInt8](repeating: 0x64, count: 100))
    let frame = decode(Octets.ipv4(6, segment, total: 0))
    #expect(frame.packet.transport.payloadLength == 100 && frame.faults == [])
    // Cut to its headers, the segment is as long as the wire says.
    let cut = decode(Array(Octets.ipv4(6, segment, total: 0).prefix(40)), length: 140)
    #expect(cut.packet.transport.payloadLength == 100 && cut.faults == [])
  }

  @Test("Octets behind the total length are padding, in a cut frame too")
  func padding() {
    let query = Octets.ipv4(17, Octets.udp(Octets.query))
    let frame = decode(query + [1, 2, 3, 4, 5, 6], length: 200)
    #expect(frame.dns?.questionCount == 1 && frame.faults == [])
    // TCP's header does not fit the total length: the sender is wrong, whatever was cut behind.
    let short = decode(
      Octets.ipv4(6, Octets.tcp(), total: 39), length: 1514)
    #expect(short.faults == ["malformed tcp@20: octets of the TCP header: 19, expected 20"])
  }

  @Test("Another version than 4 is malformed", arguments: [0, 5, 6, 15])
  func version(number: Int) {
    var octets = Octets.ethernet(Self.datagram)
    octets[14] = UInt8(number << 4 | 5)
    let frame = DecodedFrame(octets)
    #expect(frame.faults == ["malformed ip@14: IP version: \(number), expected 4"])
    #expect(frame.reached == .eth && frame.packet.network == NetworkHeader())
  }

  // tshark, -o ip.defragment:FALSE -e ip.frag_offset -e ip.flags.mf: 0 and 1; 185 (in units of
  // eight octets) and 0.
  @Test("The first fragment has ports and no message, the others neither")
  func fragments() {
    let first = DecodedFrame(
      hex: "0200000000bb0200000000aa08004500002c1234200040115c48c000020ac6336407"
        + "03e800350bc0000061616161616161616161616161616161")
    #expect(first.packet.network.fragment == .init(offset: 0, moreFragments: true))
    #expect(first.ends == "192.0.2.10 1000 > 198.51.100.7 53" && first.reached == .udp)
    #expect(first.packet.transport.payloadLength == 3000)
    #expect(first.dns == nil && first.faults == [])
    let later = DecodedFrame(
      hex: "0200000000bb0200000000aa08004500002c123400b940117b8fc000020ac6336407"
        + "626262626262626262626262626262626262626262626262")
    #expect(later.packet.network.fragment == .init(offset: 1480, moreFragments: false))
    #expect(later.ends == "192.0.2.10 > 198.51.100.7" && later.reached == .ip)
    #expect(later.packet.network.identification == 0x1234 && later.faults == [])
  }

  @Test("The largest fragment offset is 65528 octets, and the other flags are no part of it")
  func largestOffset() {
    let frame = decode(Octets.ipv4(17, [1], fragment: 0xdfff))
    #expect(frame.packet.network.fragment == .init(offset: 65_528, moreFragments: false))
    let unfragmented = decode(Octets.ipv4(17, Octets.udp([]), fragment: 0x4000))
    #expect(unfragmented.packet.network.fragment == nil)
  }

  @Test("Protocols that are not decoded, ICMPv6 among them, end decoding without a fault")
  func otherProtocols() {
    for number in [0, 2, 50, 58, 89, 132, 255] as [UInt8] {
      let frame = decode(Octets.ipv4(number, [UInt8](repeating: 0xff, count: 40)))
      #expect(frame.reached == .ip && frame.faults == [])
      #expect(frame.packet.network.protocolNumber == number)
    }
  }
}
