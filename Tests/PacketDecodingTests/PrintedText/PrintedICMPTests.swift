import Testing

@testable import PacketDecoding

// Lines of tcpdump 4.99.3 from messages of each type and code that were built octet by octet.
@Suite("Printed ICMP and ICMPv6 messages")
struct PrintedICMPTests {
  static func decode(_ phrase: String, version: UInt8 = 4) -> DecodedPrint {
    DecodedPrint(
      version == 4
        ? "13:24:32.192571 IP 203.0.113.2 > 192.0.2.10: ICMP \(phrase), length 69"
        : "13:24:32.192571 IP6 2001:db8:3::2 > 2001:db8:2::10: ICMP6, \(phrase), length 89")
  }

  @Test(
    "Each phrase is its type and code",
    arguments: [
      ("echo reply, id 11, seq 22", 0, 0), ("net 203.0.113.2 unreachable", 3, 0),
      ("host 203.0.113.2 unreachable", 3, 1), ("203.0.113.2 protocol 17 unreachable", 3, 2),
      ("203.0.113.2 udp port 53 unreachable", 3, 3),
      ("203.0.113.2 udp port domain unreachable", 3, 3),
      ("203.0.113.2 protocol 132 port 80 unreachable", 3, 3),
      ("203.0.113.2 unreachable - need to frag (mtu 1400)", 3, 4),
      ("203.0.113.2 unreachable - source route failed", 3, 5),
      ("net 203.0.113.2 unreachable - unknown", 3, 6),
      ("host 203.0.113.2 unreachable - unknown", 3, 7),
      ("203.0.113.2 unreachable - source host isolated", 3, 8),
      ("net 203.0.113.2 unreachable - admin prohibited", 3, 9),
      ("host 203.0.113.2 unreachable - admin prohibited", 3, 10),
      ("net 203.0.113.2 unreachable - tos prohibited", 3, 11),
      ("host 203.0.113.2 unreachable - tos prohibited", 3, 12),
      ("host 203.0.113.2 unreachable - admin prohibited filter", 3, 13),
      ("host 203.0.113.2 unreachable - host precedence violation", 3, 14),
      ("host 203.0.113.2 unreachable - precedence cutoff", 3, 15),
      ("203.0.113.2 unreachable - #16", 3, 16), ("source quench", 4, 0),
      ("redirect 203.0.113.2 to net 192.0.2.1", 5, 0),
      ("redirect 203.0.113.2 to host 192.0.2.1", 5, 1),
      ("redirect-tos 203.0.113.2 to net 192.0.2.1", 5, 2),
      ("redirect-tos 203.0.113.2 to host 192.0.2.1", 5, 3),
      ("redirect-#4 203.0.113.2 to 192.0.2.1", 5, 4), ("type-#6", 6, 0),
      ("echo request, id 11, seq 22", 8, 0),
      ("router advertisement lifetime 30:00 1: {192.0.2.1 0}", 9, 0),
      ("router solicitation", 10, 0), ("time exceeded in-transit", 11, 0),
      ("ip reassembly time exceeded", 11, 1), ("time exceeded-#2", 11, 2),
      ("parameter problem - octet 192", 12, 0), ("parameter problem - code 1", 12, 1),
      ("time stamp query id 11 seq 22", 13, 0),
      ("time stamp reply id 11 seq 22: org 00:00:00.000, recv 00:00:00.000", 14, 0),
      ("information request", 15, 0), ("information reply", 16, 0),
      ("address mask request", 17, 0), ("address mask is 0x00000000", 18, 0),
    ])
  func phrases(phrase: String, type: UInt8, code: UInt8) {
    let decoded = Self.decode(phrase)
    #expect(decoded.batch.icmp.map(\.type) == [type] && decoded.batch.icmp.map(\.code) == [code])
    #expect(decoded.batch.faults.isEmpty && decoded.batch.packets[0].protocolReached == .icmp)
    #expect(decoded.batch.packets[0].network.protocolNumber == 1)
  }

  @Test(
    "Each ICMPv6 phrase is its type and code",
    arguments: [
      ("unknown icmp6 type (100)", 100, 0),
      ("destination unreachable, unreachable route 2001:db8:3::2", 1, 0),
      ("destination unreachable,  unreachable prohibited 2001:db8:3::2", 1, 1),
      ("destination unreachable, beyond scope 2001:db8:3::2, source address 2001:db8::1", 1, 2),
      ("destination unreachable, unreachable address 2001:db8:3::2", 1, 3),
      ("destination unreachable, unreachable port, 2001:db8:3::2 udp port 53", 1, 4),
      ("destination unreachable, unknown unreach code (5)", 1, 5),
      ("packet too big, mtu 1280", 2, 0),
      ("time exceeded in-transit for 2001:db8:3::2", 3, 0),
      ("time exceeded in-transit (reassembly)", 3, 1),
      ("time exceeded in-transit, unknown code (2)", 3, 2),
      ("parameter problem, erroneous - octet 48", 4, 0),
      ("parameter problem, next header - octet 48", 4, 1),
      ("parameter problem, option - octet 48", 4, 2),
      ("parameter problem, incomplete header chain - octet 48", 4, 3),
      ("parameter problem, code-#4", 4, 4), ("echo request, id 11, seq 22", 128, 0),
      ("echo reply, id 11, seq 22", 129, 0), ("multicast listener query v2 [gaddr ::]", 130, 0),
      ("multicast listener reportmax resp delay: 0 addr: ::", 131, 0),
      ("multicast listener donemax resp delay: 0 addr: ::", 132, 0),
      ("router solicitation", 133, 0), ("router advertisement", 134, 0),
      ("neighbor solicitation, who has 2001:db8::1", 135, 0),
      ("neighbor advertisement, tgt is 2001:db8::1", 136, 0),
      ("redirect, 2001:db8::2 to 2001:db8::1", 137, 0),
      ("multicast listener report v2, 5 group record(s)", 143, 0),
      ("RPL, (CLR)Destination Advertisement Object", 155, 2),
      ("RPL, (CLR)Destination Advertisement Object Ack", 155, 3),
    ])
  func phrases6(phrase: String, type: UInt8, code: UInt8) {
    let decoded = Self.decode(phrase, version: 6)
    #expect(decoded.batch.icmp.map(\.type) == [type] && decoded.batch.icmp.map(\.code) == [code])
    #expect(decoded.batch.faults.isEmpty && decoded.batch.packets[0].network.protocolNumber == 58)
  }

  @Test("What phrases say of the message is kept")
  func fields() {
    let echo = Self.decode("echo request, id 11, seq 22").batch.icmp.first
    #expect(echo?.identifier == 11 && echo?.sequence == 22 && echo?.quoted == nil)
    let tooBig = Self.decode("203.0.113.2 unreachable - need to frag (mtu 1400)").batch.icmp.first
    #expect(tooBig?.nextHopMTU == 1400)
    #expect(
      Self.decode("packet too big, mtu 1280", version: 6).batch.icmp.first?.nextHopMTU == 1280)
    let redirect = Self.decode("redirect 203.0.113.2 to host 192.0.2.1")
    #expect(redirect.text(redirect.batch.icmp.first?.gateway) == "192.0.2.1")
    let redirect6 = Self.decode("redirect, 2001:db8::2 to 2001:db8::1", version: 6)
    #expect(redirect6.text(redirect6.batch.icmp.first?.gateway) == "2001:db8::1")
  }

  @Test("Without -v an error names the destination; the source is whom the error is sent to")
  func shortQuote() throws {
    let decoded = Self.decode(
      "destination unreachable, unreachable port, 2001:db8:3::2 tcp port http", version: 6)
    let quoted = try #require(decoded.batch.icmp.first?.quoted)
    #expect(decoded.text(quoted.source) == "2001:db8:2::10")
    #expect(decoded.text(quoted.destination) == "2001:db8:3::2")
    #expect(quoted.protocolNumber == 6 && quoted.destinationPort == 80)
    #expect(quoted.sourcePort == nil && quoted.dnsIdentifier == nil)
    #expect(Self.decode("time exceeded in-transit").batch.icmp.first?.quoted == nil)
  }

  @Test("With -v an error has the whole quoted datagram", arguments: ["IP ", ""])
  func longQuote(name: String) throws {
    let decoded = DecodedPrint(
      """
      20:35:28.480495 IP (tos 0xc0, ttl 63, id 55287, offset 0, flags [none], proto ICMP (1), \
      length 122)
          203.0.113.2 > 192.0.2.10: ICMP 203.0.113.2 udp port 53 unreachable, length 102
      \t\(name)(tos 0x0, ttl 63, id 37564, offset 0, flags [none], proto UDP (17), length 94)
          192.0.2.10.52082 > 203.0.113.2.53: 25181+ [1au] A? www.yummyrecipesforme.com. (66)
      """)
    let quoted = try #require(decoded.batch.icmp.first?.quoted)
    #expect(decoded.batch.packets[0].network.identification == 55287)
    #expect(decoded.batch.packets[0].network.timeToLive == 63)
    #expect(decoded.ends(decoded.batch.packets[0]) == "203.0.113.2 > 192.0.2.10")
    #expect(decoded.batch.packets[0].protocolReached == .icmp && decoded.batch.dns.isEmpty)
    #expect(quoted.identification == 37564 && quoted.length == 94)
    #expect(quoted.sourcePort == 52082 && quoted.destinationPort == 53)
    #expect(quoted.dnsIdentifier == 25181 && quoted.dnsQuestionType == 1)
    #expect(decoded.text(quoted.dnsQuestionName) == "www.yummyrecipesforme.com")
  }

  @Test("A phrase that is not known is a fault, and no message")
  func unknownPhrase() {
    let decoded = Self.decode("something new")
    #expect(decoded.batch.icmp.isEmpty && decoded.batch.faults.map(\.kind) == [.notUnderstood])
    #expect(decoded.batch.packets[0].protocolReached == .ip)
  }
}
