import Testing

@testable import PacketDecoding

@Suite("Protocols that are known by their first octets")
struct ProtocolSignaturesTests {
  private static func text(_ string: String) -> [UInt8] { Array(string.utf8) }

  /// What each begins with, and who sends it.
  private static let beginnings: [(ProtocolName, DecodedStream.End, [UInt8])] = [
    // RFC 4511, 4.2: bind, version 3, no name, simple without a password, as ldapsearch -x sends it.
    (.ldap, .client, Octets.hex("300c 020101 6007 020103 0400 8000")),
    // The same in lengths of four octets, as Windows writes them: a search at the root.
    (
      .ldap, .client,
      Octets.hex("3084 0000002d 020107 6384 00000024 0400 0a0100 0a0100 020100 020178 010100")
        + Octets.hex("870b") + text("objectclass") + Octets.hex("3084 00000000")
    ),
    // RFC 4511, 4.14.1: StartTLS.
    (.ldap, .client, Octets.hex("301d 020101 7718 8016") + text("1.3.6.1.4.1.1466.20037")),
    // MySQL, HandshakeV10, as its documentation shows it, with 8.0.36.
    (
      .mysql, .server,
      Octets.hex("4a000000 0a") + text("8.0.36") + Octets.hex("00 0b000000 4d5e3a2b1c7f6e5d 00")
        + Octets.hex("fff7 ff 0200 ff81 15 00000000000000000000")
        + text("abcdefghijkl\0mysql_native_password\0")
    ),
    // PostgreSQL, StartupMessage, version 3.0; SSLRequest.
    (.pgsql, .client, Octets.hex("00000012 00030000") + text("user\0joe\0") + [0]),
    (.pgsql, .client, Octets.hex("00000008 04d2162f")),
    (.resp, .client, text("*2\r\n$4\r\nLLEN\r\n$6\r\nmylist\r\n")),
    // [MS-RDPBCGR] 4.1.1: connection request with a cookie and a negotiation.
    (
      .rdp, .client,
      Octets.hex("0300002c 27e00000000000") + text("Cookie: mstshash=eltons\r\n")
        + Octets.hex("01000800 00000000")
    ),
    // RFC 4271, 4.2: OPEN.
    (
      .bgp, .client,
      Array(repeating: 0xff, count: 16) + Octets.hex("001d 01 04 fde8 00b4 c0000201 00")
    ),
    // RFC 4120, 5.4.1: AS-REQ with an empty body.
    (
      .kerberos, .client,
      Octets.hex("00000012 6a10 300e a103020105 a20302010a a4023000")
    ),
    // MQTT 3.1.1, 3.1.
    (
      .mqtt, .client,
      Octets.hex("1010 0004") + text("MQTT") + Octets.hex("04 02 003c 0004") + text("DIGI")
    ),
    // Modbus Application Protocol, 6.3: read registers 108 to 110, behind its header.
    (.mbtcp, .client, Octets.hex("0001 0000 0006 11 03 006b 0003")),
  ]

  @Test("What each begins with tells it at any port", arguments: 0..<12)
  func beginning(index: Int) {
    let (name, end, octets) = Self.beginnings[index]
    var stream = DecodedStream(port: 12_345)
    stream.send(end, octets)
    stream.send(end == .client ? .server : .client, [1, 2, 3])
    #expect(stream.reached.suffix(2) == [name, name])
    #expect(stream.faults == [])
  }

  @Test(
    "Each octet that tells it is asked for: nothing else is known by these octets cut or changed")
  func changed() {
    for (name, _, octets) in Self.beginnings {
      for index in octets.indices {
        var other = octets
        other[index] ^= 0xff
        let found = reading(other, ProtocolSignatures.identify)
        #expect(found == nil || found == name, "\(name), octet \(index)")
      }
      for count in 0..<octets.count {
        let found = reading(Array(octets.prefix(count)), ProtocolSignatures.identify)
        #expect(found == nil || found == name, "\(name), \(count) octets")
      }
      // What every message of it begins with.
      let told = (0..<8).count { index in
        guard index < octets.count else { return false }
        var other = octets
        other[index] ^= 0xff
        return reading(other, ProtocolSignatures.identify) == nil
      }
      #expect(told >= 4, "\(name)")
    }
  }

  @Test("Of a million random beginnings no more than three are taken for a protocol")
  func random() {
    var state: UInt64 = 88_172_645_463_325_252
    var octets: [UInt8] = []
    // Each octet begins one; the second half has few and low values, as counts and flags do.
    for index in 0..<1_000_064 {
      // Marsaglia's xorshift.
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let octet = UInt8(truncatingIfNeeded: state >> 32)
      octets.append(index < 500_000 ? octet : octet & 0x11)
    }
    let found = reading(octets) { span in
      (0..<1_000_000).count { start in
        ProtocolSignatures.identify(span.extracting(start..<start + 64)) != nil
          || DNSElsewhere.isOne(span, start, start + 64)
      }
    }
    #expect(found <= 3)
  }

  @Test("Kerberos over UDP is what fills a datagram at its port")
  func kerberosOverUDP() {
    let message = Array(Self.beginnings[9].2.dropFirst(4))
    #expect(DecodedFrame(udp: 50001, 88, message).reached == .kerberos)
    #expect(DecodedFrame(udp: 50001, 89, message).reached == .udp)
    #expect(DecodedFrame(udp: 50001, 88, message + [0]).reached == .udp)
  }

  @Test("DNS over TCP at another port is told by a message that fills its segment")
  func dns() {
    let message = Octets.two(Octets.query.count) + Octets.query
    var stream = DecodedStream(port: 5300)
    stream.send(.client, message)
    #expect(stream.batch.dns.map(\.packetNumber) == [4])
    var other = DecodedStream(port: 5300)
    other.send(.client, message + [0])
    #expect(other.batch.dns.isEmpty && other.reached.last == .tcp)
  }
}
