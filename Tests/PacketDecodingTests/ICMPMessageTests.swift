import Testing

@testable import PacketDecoding

@Suite("ICMP, RFC 792, and ICMPv6, RFC 4443")
struct ICMPMessageTests {
  /// Port unreachable, quoting a DNS query whole: link header 14, IP 20, ICMP 8, quote 61 octets.
  static let portUnreachable = Octets.hex(
    "0200000000bb0200000000aa0800450000591234000040017c2bc000020ac63364070303356100000000"
      + "4500003d123400000111bb37c000020ac6336407c351003500290000"
      + "beef0100000100000000000003575757074578616d706c6503636f6d00001c0001")
  /// The same over IPv6: link header 14, IP 40, ICMP 8, quote 81 octets.
  static let portUnreachable6 = Octets.hex(
    "0200000000bb0200000000aa86dd6000000000593a3f20010db800010000000000000000001020010db8"
      + "00020000000000000000005301040df200000000"
      + "600000000029110120010db800020000000000000000005320010db8000100000000000000000010"
      + "c351003500290000beef0100000100000000000003575757074578616d706c6503636f6d00001c0001")

  // tshark, -e icmp.type -e icmp.code -e ip.src -e ip.dst -e udp.srcport -e udp.dstport -e dns.id
  // -e dns.qry.name -e dns.qry.type, second occurrences of the addresses.
  @Test("Port unreachable gives what it quotes, down to the DNS question")
  func quote() throws {
    let frame = DecodedFrame(Self.portUnreachable)
    let message = try #require(frame.icmp)
    #expect(message.version == 4 && message.type == 3 && message.code == 3)
    #expect(message.identifier == nil && message.nextHopMTU == nil && message.gateway == nil)
    let quoted = try #require(message.quoted)
    #expect(frame.text(quoted.source) == "192.0.2.10")
    #expect(frame.text(quoted.destination) == "198.51.100.7")
    #expect(quoted.protocolNumber == 17 && quoted.identification == 0x1234 && quoted.length == 61)
    #expect(quoted.sourcePort == 50001 && quoted.destinationPort == 53)
    #expect(quoted.tcpSequence == nil && quoted.dnsIdentifier == 0xbeef)
    #expect(frame.text(quoted.dnsQuestionName) == "www.example.com" && quoted.dnsQuestionType == 28)
    #expect(frame.reached == .icmp && frame.dns == nil && frame.faults == [])
    #expect(frame.ends == "192.0.2.10 > 198.51.100.7")
  }

  @Test("Port unreachable over IPv6 gives the same of an IPv6 datagram")
  func quoteIPv6() throws {
    let frame = DecodedFrame(Self.portUnreachable6)
    let message = try #require(frame.icmp)
    #expect(message.version == 6 && message.type == 1 && message.code == 4)
    let quoted = try #require(message.quoted)
    #expect(frame.text(quoted.source) == "2001:db8:2::53")
    #expect(frame.text(quoted.destination) == "2001:db8:1::10")
    #expect(quoted.protocolNumber == 17 && quoted.identification == nil && quoted.length == 81)
    #expect(quoted.sourcePort == 50001 && quoted.destinationPort == 53)
    #expect(quoted.dnsIdentifier == 0xbeef && quoted.dnsQuestionType == 28)
    #expect(frame.text(quoted.dnsQuestionName) == "www.example.com")
    #expect(frame.reached == .icmpv6 && frame.faults == [])
  }

  @Test("A quote cut at any length gives what it reaches, without a fault", arguments: 0...61)
  func cutQuote(count: Int) {
    for length in [nil, Self.portUnreachable.count] {
      // By the sender, whose total length says so, or by the capture.
      var octets = Array(Self.portUnreachable.prefix(42 + count))
      if length == nil { octets[17] = UInt8(28 + count) }
      let frame = DecodedFrame(octets, length: length)
      let quoted = frame.icmp?.quoted
      #expect(frame.faults == [] && frame.icmp?.code == 3)
      #expect((quoted != nil) == (count >= 20))
      #expect((quoted?.destinationPort != nil) == (count >= 24))
      #expect((quoted?.dnsIdentifier != nil) == (count >= 30))
      #expect((quoted?.dnsQuestionName != nil) == (count >= 57))
      #expect((quoted?.dnsQuestionType != nil) == (count >= 59))
    }
  }

  @Test("A quote of IPv6 cut at any length gives what it reaches", arguments: 0...81)
  func cutQuoteIPv6(count: Int) {
    let frame = DecodedFrame(
      Array(Self.portUnreachable6.prefix(62 + count)), length: Self.portUnreachable6.count)
    let quoted = frame.icmp?.quoted
    #expect(frame.faults == [] && (quoted != nil) == (count >= 40))
    #expect((quoted?.destinationPort != nil) == (count >= 44))
    #expect((quoted?.dnsIdentifier != nil) == (count >= 50))
    #expect((quoted?.dnsQuestionName != nil) == (count >= 77))
    #expect((quoted?.dnsQuestionType != nil) == (count >= 79))
  }

  @Test("A header cut at any length is a fault; type and code are kept from four octets on")
  func cutHeader() {
    for count in 0..<8 {
      for (octets, size, layer) in [
        (Self.portUnreachable, 34, "icmp"), (Self.portUnreachable6, 54, "icmpv6"),
      ] {
        let frame = DecodedFrame(Array(octets.prefix(size + count)), length: octets.count)
        #expect(
          frame.faults == [
            "cut \(layer)@\(size): octets of the ICMP header: \(count), expected 8"
          ])
        #expect((frame.icmp != nil) == (count >= 4) && frame.icmp?.quoted == nil)
      }
      let sent = DecodedFrame(
        Octets.ipv4(1, Array(Octets.icmp(8, 0, []).prefix(count))), link: .raw)
      #expect(
        sent.faults == ["malformed icmp@20: octets of the ICMP header: \(count), expected 8"])
    }
  }

  // RFC 4884: the quote is padded to 128 octets, and an MPLS label object of RFC 4950 follows.
  // tshark finds the same fields in it as above.
  @Test("An extended message gives its quote, which ends where the length attribute says")
  func extended() {
    let zeros = [UInt8](repeating: 0, count: 67)
    let object = Octets.hex("20009db00008010100064140")
    let quote = Array(Self.portUnreachable.dropFirst(42))
    let frame = DecodedFrame(
      Octets.ipv4(1, Octets.icmp(11, 0, rest: [0, 32, 0, 0], quote + zeros + object)), link: .raw)
    #expect(frame.icmp?.quoted?.dnsQuestionType == 28 && frame.faults == [])
    let quote6 = Array(Self.portUnreachable6.dropFirst(62))
    let frame6 = DecodedFrame(
      Octets.ipv6(
        58, Octets.icmp(3, 0, rest: [16, 0, 0, 0], quote6 + zeros.prefix(47) + object)),
      link: .raw)
    #expect(frame6.icmp?.quoted?.dnsQuestionType == 28 && frame6.faults == [])
    // Six words of four octets: the quote ends behind its source and destination port.
    let short = DecodedFrame(
      Octets.ipv4(1, Octets.icmp(3, 3, rest: [0, 6, 0, 0], quote)), link: .raw)
    #expect(short.icmp?.quoted?.destinationPort == 53 && short.icmp?.quoted?.dnsIdentifier == nil)
    // A length beyond the message is no more than the message holds.
    let long = DecodedFrame(
      Octets.ipv4(1, Octets.icmp(3, 3, rest: [0, 255, 0, 0], quote)), link: .raw)
    #expect(long.icmp?.quoted?.dnsQuestionType == 28)
  }

  @Test("What stands behind the quoted datagram is not taken for its DNS message")
  func quotedLength() {
    // The UDP length says that no data follow; twelve octets do.
    let quote =
      Octets.ipv4(17, Octets.udp([], length: 8)) + Octets.query
    let frame = DecodedFrame(Octets.ipv4(1, Octets.icmp(3, 3, quote)), link: .raw)
    #expect(frame.icmp?.quoted?.destinationPort == 53)
    #expect(frame.icmp?.quoted?.dnsIdentifier == nil)
  }

  // tshark, -e icmp.mtu -e tcp.srcport -e tcp.dstport: 1400, 40000, 443. It shows no sequence
  // number of a quote of eight octets; they are 9c40, 01bb and 0000004d.
  @Test("Fragmentation needed gives the next hop's MTU and the quoted sequence number")
  func fragmentationNeeded() {
    let frame = DecodedFrame(
      hex: "0200000000bb0200000000aa0800450000381234000040017c4cc000020ac63364070304593b00000578"
        + "4500001c1234000040067c63c000020ac63364079c4001bb0000004d")
    #expect(frame.icmp?.nextHopMTU == 1400)
    #expect(frame.icmp?.quoted?.sourcePort == 40_000 && frame.icmp?.quoted?.tcpSequence == 77)
    #expect(frame.icmp?.quoted?.dnsIdentifier == nil && frame.faults == [])
  }

  // tshark, -e icmpv6.mtu -e tcp.seq_raw: 1280, 77.
  @Test("Packet too big gives its MTU, of 32 bits")
  func packetTooBig() {
    let segment = Octets.ipv6(6, Octets.tcp(40_000, 443))
    let frame = DecodedFrame(
      Octets.ipv6(58, Octets.icmp(2, 0, rest: Octets.four(1280), segment)), link: .raw)
    #expect(frame.icmp?.nextHopMTU == 1280 && frame.icmp?.quoted?.tcpSequence == 77)
    let large = DecodedFrame(
      Octets.ipv6(58, Octets.icmp(2, 0, rest: [0xff, 0xff, 0xff, 0xff], [])), link: .raw)
    #expect(large.icmp?.nextHopMTU == 0xffff_ffff && large.icmp?.quoted == nil)
  }

  // tshark, -e icmp.redir_gw: 192.0.2.254.
  @Test("A redirect gives the better gateway")
  func redirect() {
    let quote = Octets.ipv4(6, Array(Octets.tcp(40_000, 443).prefix(8)))
    let frame = DecodedFrame(
      Octets.ipv4(1, Octets.icmp(5, 1, rest: Octets.hex("c00002fe"), quote)), link: .raw)
    #expect(frame.text(frame.icmp?.gateway) == "192.0.2.254")
    #expect(frame.icmp?.quoted?.destinationPort == 443)
    // RFC 4861, 4.5: the target, then the destination.
    let target = Octets.hex("fe800000000000000000000000000001")
    let better = DecodedFrame(
      Octets.ipv6(58, Octets.icmp(137, 0, target + target)), link: .raw)
    #expect(better.text(better.icmp?.gateway) == "fe80::1")
    let cut = DecodedFrame(
      Octets.ipv6(58, Octets.icmp(137, 0, Array(target.prefix(15)))), link: .raw)
    #expect(cut.icmp?.type == 137 && cut.icmp?.gateway == nil)
  }

  // tshark, -e icmp.ident -e icmp.seq: 4369, 2; -e icmpv6.echo.identifier: 0x2222, 3.
  @Test("Echo and its reply give identifier and sequence number")
  func echo() {
    for type in [0, 8] as [UInt8] {
      let frame = DecodedFrame(
        Octets.ipv4(1, Octets.icmp(type, 0, rest: Octets.hex("11110002"), [])), link: .raw)
      #expect(frame.icmp?.identifier == 4369 && frame.icmp?.sequence == 2)
      #expect(frame.icmp?.quoted == nil)
    }
    for type in [128, 129] as [UInt8] {
      let frame = DecodedFrame(
        Octets.ipv6(58, Octets.icmp(type, 0, rest: Octets.hex("22220003"), [])), link: .raw)
      #expect(frame.icmp?.identifier == 0x2222 && frame.icmp?.sequence == 3)
    }
  }

  @Test("Only errors quote: RFC 792 and RFC 4443, 2.1")
  func whoQuotes() {
    let quote = Array(Self.portUnreachable.dropFirst(42))
    let quote6 = Array(Self.portUnreachable6.dropFirst(62))
    let quoting = (0...255).filter { type in
      DecodedFrame(Octets.ipv4(1, Octets.icmp(UInt8(type), 0, quote)), link: .raw)
        .icmp?.quoted != nil
    }
    #expect(quoting == [3, 4, 5, 11, 12])
    let quoting6 = (0...255).filter { type in
      DecodedFrame(Octets.ipv6(58, Octets.icmp(UInt8(type), 0, quote6)), link: .raw)
        .icmp?.quoted != nil
    }
    #expect(quoting6 == [1, 2, 3, 4])
  }

  @Test("A quote that is no IP header of the message's version is none")
  func foreignQuote() {
    let quote = Array(Self.portUnreachable.dropFirst(42))
    let quote6 = Array(Self.portUnreachable6.dropFirst(62))
    for (version, number, data) in [
      (4, 1, quote6), (6, 58, quote), (4, 1, [0x44] + quote.dropFirst()),
      (4, 1, [UInt8](repeating: 0, count: 60)), (6, 58, [UInt8](repeating: 0xff, count: 60)),
    ] as [(Int, UInt8, [UInt8])] {
      let message = Octets.icmp(version == 4 ? 3 : 1, 1, data)
      let frame = DecodedFrame(
        version == 4 ? Octets.ipv4(number, message) : Octets.ipv6(number, message), link: .raw)
      #expect(frame.icmp != nil && frame.icmp?.quoted == nil && frame.faults == [])
    }
  }

  @Test("A quoted later fragment has no ports")
  func quotedFragment() {
    let quote = Octets.ipv4(17, Octets.udp(Octets.query), fragment: 0x0001)
    let frame = DecodedFrame(Octets.ipv4(1, Octets.icmp(11, 1, quote)), link: .raw)
    #expect(frame.icmp?.quoted?.protocolNumber == 17 && frame.icmp?.quoted?.sourcePort == nil)
    let quote6 = Octets.ipv6(44, Octets.hex("110000080000beef") + Octets.udp(Octets.query))
    let frame6 = DecodedFrame(Octets.ipv6(58, Octets.icmp(3, 1, quote6)), link: .raw)
    #expect(frame6.icmp?.quoted?.identification == 0xbeef)
    #expect(frame6.icmp?.quoted?.protocolNumber == 17 && frame6.icmp?.quoted?.sourcePort == nil)
  }

  @Test("A quoted question that cannot be read leaves identifier and ports")
  func quotedNonsense() {
    let quote = Octets.ipv4(17, Octets.udp(Octets.dns([0xc0, 0x0c, 0, 1, 0, 1])))
    let frame = DecodedFrame(Octets.ipv4(1, Octets.icmp(3, 3, quote)), link: .raw)
    #expect(frame.icmp?.quoted?.dnsIdentifier == 0xbeef)
    #expect(frame.icmp?.quoted?.dnsQuestionName == nil && frame.batch.text.isEmpty)
    #expect(frame.faults == [])
  }

  @Test("ICMP's later fragments are not decoded, and its first is as far as it reaches")
  func fragmentedICMP() {
    let message = Array(Self.portUnreachable.dropFirst(34))
    let first = DecodedFrame(Octets.ipv4(1, message, fragment: 0x2000), link: .raw)
    #expect(first.icmp?.quoted?.dnsQuestionType == 28)
    let later = DecodedFrame(Octets.ipv4(1, message, fragment: 0x2001), link: .raw)
    #expect(later.icmp == nil && later.reached == .ip)
  }
}
