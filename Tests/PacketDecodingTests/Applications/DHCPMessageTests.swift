import Testing

@testable import PacketDecoding

/// Messages put together by hand, field by field from RFC 2131, figure 1, and RFC 2132.
@Suite("DHCP messages")
struct DHCPMessageTests {
  /// From 00:0b:82:01:fc:42, offered 192.0.2.66 by way of the relay 192.0.2.1.
  private static func message(
    operation: UInt8 = 2, serverName: [UInt8] = [], bootFile: [UInt8] = [],
    options: [UInt8]? = [255]
  ) -> [UInt8] {
    func filled(_ octets: [UInt8], to count: Int) -> [UInt8] {
      octets + [UInt8](repeating: 0, count: count - octets.count)
    }
    let cookie = Octets.hex("63825363")
    let parts: [[UInt8]] = [
      [operation, 1, 6, 0],
      Octets.hex("00003d1d 0007 8000 00000000 c0000242 00000000 c0000201"),
      filled(Octets.hex("000b8201fc42"), to: 16), filled(serverName, to: 64),
      filled(bootFile, to: 128), options.map { cookie + $0 } ?? filled([], to: 64),
    ]
    return Array(parts.joined())
  }

  private static func option(_ code: UInt8, _ value: [UInt8]) -> [UInt8] {
    [code, UInt8(value.count)] + value
  }

  private static func decoded(_ octets: [UInt8], captured: Int? = nil) -> DecodedFrame {
    let frame = Octets.ethernet(Octets.ipv4(17, Octets.udp(67, 68, octets)))
    let kept = frame.prefix(frame.count - octets.count + (captured ?? octets.count))
    return DecodedFrame(Array(kept), length: frame.count)
  }

  @Test("An offer's fields and options are read")
  func offer() throws {
    let options: [[UInt8]] = [
      Self.option(53, [2]), Self.option(54, [192, 0, 2, 1]), [0, 0],
      Self.option(51, Octets.hex("00000e10")), Self.option(1, [255, 255, 255, 0]),
      Self.option(3, [192, 0, 2, 1, 192, 0, 2, 2]), Self.option(6, [198, 51, 100, 53]),
      Self.option(15, Array("example.org\u{0}".utf8)), Self.option(12, Array("host".utf8)),
      Self.option(61, Octets.hex("01000b8201fc42")), Self.option(55, [1, 3, 6, 252]),
      // RFC 3442: 10/8 by way of 192.0.2.9, and the default route.
      Self.option(121, [8, 10, 192, 0, 2, 9, 0, 192, 0, 2, 1]),
      Self.option(82, [1, 2, 0xab, 0xcd, 2, 1, 0xef]),
      Self.option(81, [4, 0, 0] + Octets.name("host", "example").dropLast()), [255, 9],
    ]
    let octets = Self.message(bootFile: Array("pxe.0".utf8), options: Array(options.joined()))
    let frame = Self.decoded(octets)
    let message = try #require(frame.batch.dhcp.first)
    #expect(frame.reached == .dhcp && frame.faults.isEmpty)
    #expect(message.operation == 2 && message.messageType == 2)
    #expect(message.transactionID == 0x3d1d && message.seconds == 7 && message.isBroadcast)
    #expect(frame.text(message.clientHardware) == "00:0b:82:01:fc:42")
    #expect(message.clientAddress == nil && message.serverAddress == nil)
    #expect(frame.text(message.yourAddress) == "192.0.2.66")
    #expect(frame.text(message.relayAddress) == "192.0.2.1")
    #expect(frame.text(message.serverIdentifier) == "192.0.2.1" && message.leaseSeconds == 3600)
    #expect(frame.text(message.subnetMask) == "255.255.255.0")
    #expect(frame.text(message.routers) == "192.0.2.1,192.0.2.2")
    #expect(frame.text(message.dnsServers) == "198.51.100.53")
    #expect(frame.text(message.domain) == "example.org")
    #expect(frame.text(message.hostName) == "host")
    #expect(frame.text(message.clientIdentifier) == "01000b8201fc42")
    #expect(frame.text(message.parameters) == "1,3,6,252")
    #expect(frame.text(message.routes) == "10.0.0.0/8 192.0.2.9,0.0.0.0/0 192.0.2.1")
    #expect(frame.text(message.circuitID) == "abcd" && frame.text(message.remoteID) == "ef")
    #expect(frame.text(message.fqdn) == "host.example")
    #expect(frame.text(message.bootFile) == "pxe.0" && message.serverName == nil)
  }

  @Test("BOOTP has no options and no type: RFC 951")
  func bootp() throws {
    let frame = Self.decoded(Self.message(serverName: Array("boot".utf8), options: nil))
    let message = try #require(frame.batch.dhcp.first)
    #expect(message.messageType == nil && frame.text(message.serverName) == "boot")
    #expect(frame.faults.isEmpty)
    // At any other port it is nothing.
    let other = DecodedFrame(udp: 67, 9999, Self.message(options: nil))
    #expect(other.batch.dhcp.isEmpty && other.reached == .udp)
  }

  // RFC 3396, section 5: options, then file, then sname.
  @Test("Options stand in the names where option 52 says so, and a long one in several parts")
  func overloaded() throws {
    let options = [
      Self.option(60, [UInt8(ascii: "a")]), Self.option(52, [3]), Self.option(53, [5]),
      Self.option(53, [6]), [255],
    ]
    let inName = [Self.option(60, [UInt8(ascii: "c")]), [255]]
    let inFile = [Self.option(60, [UInt8(ascii: "b")]), Self.option(67, Array("x.0".utf8)), [255]]
    let frame = Self.decoded(
      Self.message(
        serverName: Array(inName.joined()), bootFile: Array(inFile.joined()),
        options: Array(options.joined())))
    let message = try #require(frame.batch.dhcp.first)
    #expect(frame.text(message.vendorClass) == "abc" && frame.text(message.bootFile) == "x.0")
    #expect(message.serverName == nil && message.messageType == 5 && frame.faults.isEmpty)
  }

  @Test("Lengths that lie are faults, and what stands before them is kept")
  func lies() throws {
    // The payload begins at octet 42 of the packet, the options at 282.
    let beyond = Self.decoded(
      Self.message(options: Self.option(53, [1]) + [12, 9] + Array("host".utf8)))
    #expect(beyond.batch.dhcp.first?.messageType == 1)
    #expect(beyond.faults == ["malformed dhcp@285: octets of a DHCP option: 4, expected 9"])
    let narrow = Self.decoded(Self.message(options: Self.option(51, [1, 2]) + [255]))
    #expect(narrow.faults == ["malformed dhcp@284: octets of a DHCP option's value: 2, expected 4"])
    let suboption = Self.decoded(Self.message(options: Self.option(82, [1, 5, 0]) + [255]))
    #expect(
      suboption.faults == ["malformed dhcp@284: octets of a relay agent's suboption: 1, expected 5"]
    )
    let wide = Self.decoded(
      Self.message(options: Self.option(121, [33, 1, 1, 1, 1, 1, 1]) + [255]))
    #expect(wide.faults.count == 1 && wide.batch.dhcp.first?.routes == nil)
  }

  @Test("What the capture cut is kept as far as it goes", arguments: [50, 240, 243, 246])
  func cut(captured: Int) throws {
    let octets = Self.message(options: Self.option(53, [1]) + Self.option(12, [65, 66]) + [255])
    let frame = Self.decoded(octets, captured: captured)
    let message = try #require(frame.batch.dhcp.first)
    #expect(frame.text(message.clientHardware) == "00:0b:82:01:fc:42")
    #expect(message.messageType == (captured < 243 ? nil : 1) && message.hostName == nil)
    #expect(frame.batch.faults.map(\.kind) == [.cut])
  }

  @Test("Mutated octets never trap, and text stays UTF-8")
  func mutated() {
    var random = SystemRandomNumberGenerator()
    let options: [[UInt8]] = [
      Self.option(52, [3]), Self.option(81, [4, 0, 0, 1, 65, 0]),
      Self.option(121, [24, 10, 0, 0, 192, 0, 2, 1]), Self.option(60, [66]), [255],
    ]
    let good = Self.message(
      serverName: Self.option(82, [1, 2, 3, 4]), bootFile: Self.option(12, [65]),
      options: Array(options.joined()))
    for _ in 0..<2000 {
      var octets = good
      for _ in 0..<4 {
        octets[Int.random(in: 236..<octets.count, using: &random)] = .random(in: 0...255)
      }
      octets[Int.random(in: 0..<octets.count, using: &random)] = .random(in: 0...255)
      let frame = Self.decoded(octets, captured: .random(in: 0...octets.count))
      #expect(String(validating: frame.batch.text, as: UTF8.self) != nil)
    }
  }
}
