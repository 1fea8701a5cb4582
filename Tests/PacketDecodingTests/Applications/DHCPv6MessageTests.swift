import Testing

@testable import PacketDecoding

/// Messages put together by hand from RFC 8415, sections 8, 9 and 21.
@Suite("DHCPv6 messages")
struct DHCPv6MessageTests {
  private static func option(_ code: Int, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    Octets.two(code) + Octets.two(length ?? value.count) + value
  }
  private static let address = Octets.hex("20010db8000000000000000000000066")
  private static let duid = Octets.hex("00010001 1d110a8c 0050568208d1")

  /// An address, valid for 7200 s, with a status of its own, in an association for addresses.
  private static let association: [UInt8] = {
    let status = option(13, [0, 2] + Array("no".utf8))
    let assigned = option(5, Array([address, Octets.hex("00000e10 00001c20"), status].joined()))
    return option(3, Octets.hex("0e005056 00000000 00000000") + assigned)
  }()
  private static let delegation: [UInt8] = {
    let prefix = Octets.hex("00000e10 00001c20 38 20010db8010000000000000000000000")
    return option(25, Octets.hex("00000001 00000000 00000000") + option(26, prefix))
  }()

  private static func relayed(_ message: [UInt8], hops: UInt8, peer: UInt8) -> [UInt8] {
    let parts: [[UInt8]] = [
      [12, hops], Octets.hex("20010db8000100000000000000000001"),
      Octets.hex("fe80000000000000 00000000000000"), [peer], option(18, Array("e1".utf8)),
      option(9, message),
    ]
    return Array(parts.joined())
  }

  private static func decoded(
    _ octets: [UInt8], _ source: Int = 547, _ destination: Int = 546
  ) -> DecodedFrame {
    DecodedFrame(
      Octets.ethernet(type: 0x86dd, Octets.ipv6(17, Octets.udp(source, destination, octets))))
  }

  @Test("A reply's options are read, those within others too")
  func reply() throws {
    let parts: [[UInt8]] = [
      Octets.hex("07 8e866d"), Self.option(1, Self.duid), Self.option(2, [0, 3, 0, 1, 2, 0]),
      Self.association, Self.delegation, Self.option(23, Self.address + Self.address),
      Self.option(24, Octets.name("example", "org") + Octets.name("test")),
      Self.option(39, [0] + Octets.name("host").dropLast()), Self.option(6, [0, 23, 0, 24]),
    ]
    let octets = Array(parts.joined())
    let frame = Self.decoded(octets)
    let message = try #require(frame.batch.dhcpv6.first)
    #expect(frame.reached == .dhcpv6 && frame.faults.isEmpty)
    #expect(message.messageType == 7 && message.transactionID == 0x8e866d && message.relays == nil)
    #expect(frame.text(message.clientDUID) == "000100011d110a8c0050568208d1")
    #expect(frame.text(message.serverDUID) == "000300010200")
    #expect(frame.text(message.addresses) == "2001:db8::66" && message.validSeconds == 7200)
    #expect(frame.text(message.prefixes) == "2001:db8:100::/56")
    #expect(message.statusCode == 2 && frame.text(message.statusMessage) == "no")
    #expect(frame.text(message.dnsServers) == "2001:db8::66,2001:db8::66")
    #expect(frame.text(message.domains) == "example.org,test")
    #expect(frame.text(message.fqdn) == "host" && frame.text(message.parameters) == "23,24")
  }

  @Test("A message that relays brought is the client's; the relay next to it is told")
  func relays() throws {
    let solicit = Octets.hex("01 000102") + Self.option(1, Self.duid)
    let once = Self.relayed(solicit, hops: 0, peer: 7)
    let frame = Self.decoded(Self.relayed(once, hops: 1, peer: 9), 547, 547)
    let message = try #require(frame.batch.dhcpv6.first)
    #expect(message.messageType == 1 && message.transactionID == 0x000102 && message.relays == 2)
    #expect(frame.text(message.peerAddress) == "fe80::7")
    #expect(frame.text(message.linkAddress) == "2001:db8:1::1")
    #expect(frame.text(message.interfaceID) == "6531" && frame.faults.isEmpty)
    // RFC 8357: a relay at another port of its own.
    #expect(Self.decoded(once, 50_000, 547).batch.dhcpv6.count == 1)
  }

  @Test("Relays within relays are opened up to a bound")
  func bounded() throws {
    var octets = Octets.hex("01 000102")
    for hops in 0..<17 { octets = Self.relayed(octets, hops: UInt8(hops), peer: 1) }
    let frame = Self.decoded(octets, 547, 547)
    let message = try #require(frame.batch.dhcpv6.first)
    #expect(message.messageType == 12 && message.relays == 16 && message.transactionID == nil)
    #expect(frame.faults.count == 1)
  }

  @Test("Lengths that lie are faults between DHCPv6's ports, and elsewhere no DHCPv6")
  func lies() throws {
    let options = [Self.option(1, Self.duid), Self.option(6, [0], length: 9)]
    let octets = Octets.hex("01 000102") + Array(options.joined())
    let frame = Self.decoded(octets)
    #expect(frame.text(frame.batch.dhcpv6.first?.clientDUID)?.count == 28)
    // 62 octets of Ethernet, IPv6 and UDP, 4 of the header, 18 of the first option.
    #expect(frame.faults == ["malformed dhcpv6@84: octets of a DHCPv6 option: 1, expected 9"])
    let elsewhere = Self.decoded(octets, 50_000, 547)
    #expect(elsewhere.batch.dhcpv6.isEmpty && elsewhere.faults.isEmpty && elsewhere.reached == .udp)
    let narrow = Self.decoded(Octets.hex("01 000102") + Self.option(3, [0, 0]))
    #expect(
      narrow.faults == ["malformed dhcpv6@70: octets of a DHCPv6 option's value: 2, expected 12"])
  }

  @Test("Mutated octets never trap, and text stays UTF-8")
  func mutated() {
    var random = SystemRandomNumberGenerator()
    let parts: [[UInt8]] = [
      Octets.hex("07 8e866d"), Self.association, Self.delegation,
      Self.option(24, Octets.name("example", "org")), Self.option(39, [0, 1, 65]),
    ]
    let good = Self.relayed(Array(parts.joined()), hops: 0, peer: 1)
    for _ in 0..<2000 {
      var octets = good
      for _ in 0..<4 {
        octets[Int.random(in: 0..<octets.count, using: &random)] = .random(in: 0...40)
      }
      octets.removeLast(.random(in: 0..<octets.count, using: &random))
      let frame = Self.decoded(octets, 547, 547)
      #expect(String(validating: frame.batch.text, as: UTF8.self) != nil)
    }
  }
}
