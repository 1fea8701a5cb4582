import Testing

@testable import PacketDecoding

// Unless another source is named: lines of tcpdump 4.99.3.
@Suite("Printed link, network and transport headers")
struct PrintedPacketTests {
  static let time = "13:24:32.192571 "

  @Test(
    "An end is a host and, where the protocol has ports, a port",
    arguments: [
      ("IP 192.0.2.1.1024 > 192.0.2.2.domain: UDP, length 1", "192.0.2.1 1024 > 192.0.2.2 53"),
      ("IP6 2001:db8::1.53 > fe80::1.5353: UDP, length 1", "2001:db8::1 53 > fe80::1 5353"),
      (
        "IP6 ::ffff:192.0.2.1.80 > ::1.81: UDP, length 1",
        "::ffff:192.0.2.1 80 > ::1 81"
      ),
      (
        "IP client.example.com.53444 > ns.example.com.domain: 7+ A? x. (19)",
        "client.example.com 53444 > ns.example.com 53"
      ),
      ("IP gw.example.com > pc: ICMP echo reply, id 1, seq 2, length 64", "gw.example.com > pc"),
      ("IP a.example > b.example: ip-proto-17", "a.example > b.example"),
      (
        "IP6 2001:db8::1 > ff02::16: HBH ICMP6, router solicitation, length 16",
        "2001:db8::1 > ff02::16"
      ),
      ("IP6 :: > :::  [|udp]", ":: > ::"),
      (
        "IP6 2001:db8::1 > 2001:db8::2: frag (0|41) 1000 > domain: 7+ A? x. (19)",
        "2001:db8::1 1000 > 2001:db8::2 53"
      ),
      (
        "IP6 2001:db8::1 > 2001:db8::2: RT6 (len=2, type=0, [0]::1) 1000 > 2000: UDP, length 9",
        "2001:db8::1 1000 > 2001:db8::2 2000"
      ),
    ])
  func ends(line: String, expected: String) {
    let decoded = DecodedPrint(Self.time + line)
    #expect(decoded.batch.packets.map(decoded.ends) == [expected])
  }

  @Test("A service without a known port is a fault; the rest is kept")
  func unknownService() {
    let decoded = DecodedPrint(
      Self.time + "IP 192.0.2.1.nosuch > 192.0.2.2.http: Flags [S], seq 5, win 64, length 0")
    #expect(decoded.batch.packets.map(decoded.ends) == ["192.0.2.1 > 192.0.2.2 80"])
    #expect(decoded.batch.faults.map(\.kind) == [.notUnderstood])
  }

  // Expected: getent services on Debian 12.
  @Test(
    "Services have their usual ports",
    arguments: [
      ("domain", 53), ("http", 80), ("https", 443), ("ntp", 123), ("syslog", 514), ("ssh", 22),
      ("bootps", 67), ("mdns", 5353), ("netbios-ns", 137), ("x11-1", 6001), ("http-alt", 8080),
    ])
  func services(name: String, port: UInt16) {
    #expect(ServiceNames.port(name) == port)
  }

  @Test("A SYN's numbers and options are kept")
  func handshake() throws {
    let decoded = DecodedPrint(
      Self.time
        + "IP 192.0.2.10.33169 > 203.0.113.2.53: Flags [S.], cksum 0x1234 (correct), "
        + "seq 444006330, ack 7, win 64660, "
        + "options [mss 1220,sackOK,TS val 642319652 ecr 0,nop,wscale 10], length 0"
    )
    let tcp = try #require(decoded.batch.packets.first?.transport.tcp)
    #expect(tcp.flags == [.syn, .ack] && tcp.sequence == 444_006_330 && tcp.acknowledgment == 7)
    #expect(tcp.window == 64660 && tcp.maximumSegmentSize == 1220 && tcp.windowScale == 10)
    #expect(tcp.selectiveAcknowledgmentPermitted)
    #expect(decoded.batch.packets[0].transport.payloadLength == 0)
  }

  @Test("Numbers that count from the conversation's first are not kept")
  func relativeNumbers() throws {
    let decoded = DecodedPrint(
      Self.time
        + "IP 192.0.2.10.1 > 203.0.113.2.80: Flags [FP.UEW], seq 1:74, ack 1, win 64, urg 5, "
        + "length 73: HTTP: GET / HTTP/1.1"
    )
    let tcp = try #require(decoded.batch.packets.first?.transport.tcp)
    #expect(tcp.sequence == nil && tcp.acknowledgment == nil && tcp.window == 64)
    #expect(tcp.flags == [.fin, .psh, .ack, .urg, .ece, .cwr])
    #expect(decoded.batch.packets[0].transport.payloadLength == 73)
  }

  // The old form is the one of tcpdump(1) before version 4.
  @Test("Old flags and -q are understood")
  func otherForms() throws {
    let old = DecodedPrint(
      Self.time + "IP rtsg.1023 > csam.login: S 768512:768514(2) win 4096 <mss 1024>")
    let tcp = try #require(old.batch.packets.first?.transport.tcp)
    #expect(tcp.flags == .syn && tcp.sequence == 768_512 && tcp.maximumSegmentSize == 1024)
    #expect(old.batch.packets[0].transport.payloadLength == 2)
    #expect(old.batch.packets.map(old.ends) == ["rtsg 1023 > csam 513"])
    let quiet = DecodedPrint(Self.time + "IP 192.0.2.1.1 > 192.0.2.2.80: tcp 58").batch.packets[0]
    #expect(quiet.transport.payloadLength == 58 && quiet.transport.tcp == nil)
    #expect(quiet.protocolReached == .tcp && quiet.network.protocolNumber == 6)
  }

  @Test("-v prints the IP header; the rest of the line is below it")
  func verboseHeader() {
    let packet = DecodedPrint(
      """
      13:24:32.192571 IP (tos 0x0, ttl 64, id 30929, offset 0, flags [DF], proto UDP (17), \
      length 79)
          10.0.0.20.47565 > 10.0.0.72.514: SYSLOG, length: 51
      \tFacility kernel (0), Severity notice (5)
      """
    ).batch.packets[0]
    #expect(packet.network.timeToLive == 64 && packet.network.identification == 30929)
    #expect(packet.transport.payloadLength == 51 && packet.network.fragment == nil)
    #expect(packet.length == nil && packet.capturedLength == nil && packet.protocolReached == .udp)
  }

  @Test("A fragment is one, and its octets are not a message")
  func fragments() {
    let first = DecodedPrint(
      """
      13:24:32.192571 IP (tos 0x0, ttl 64, id 7, offset 0, flags [+], proto UDP (17), length 44)
          203.0.113.2.1000 > 192.0.2.10.53: 30840 zoneRef% [b2&3=0x7878] [|domain]
      """
    ).batch
    #expect(first.packets[0].network.fragment == .init(offset: 0, moreFragments: true))
    #expect(first.dns.isEmpty && first.packets[0].transport.destinationPort == 53)
    let second = DecodedPrint(
      """
      13:24:32.192571 IP (tos 0x0, ttl 64, id 7, offset 24, flags [none], proto UDP (17), length 44)
          203.0.113.2 > 192.0.2.10: ip-proto-17
      """
    ).batch.packets[0]
    #expect(second.network.fragment == .init(offset: 24, moreFragments: false))
    #expect(second.transport.destinationPort == nil && second.network.protocolNumber == 17)
  }

  @Test("-e prints the link-level header and the frame's length")
  func ethernet() {
    let packet = DecodedPrint(
      Self.time
        + "ca:03:0d:b4:00:1c (oui Unknown) > Broadcast, ethertype 802.1Q (0x8100), length 50: "
        + "vlan 666, p 5, DEI, ethertype 802.1Q (0x8100), vlan 200, p 2, "
        + "ethertype IPv4 (0x0800), 192.0.2.1.1 > 192.0.2.2.2: UDP, length 1"
    ).batch.packets[0]
    #expect(packet.link.source == 0xca03_0db4_001c)
    #expect(packet.link.destination == 0xffff_ffff_ffff)
    #expect(packet.link.vlanIdentifiers == [666, 200] && packet.link.etherType == 0x0800)
    #expect(packet.length == 50 && packet.protocolReached == .udp)
  }

  @Test(
    "Cooked captures print the interface and the direction",
    arguments: [
      "ifb0  Out IP ",
      "ifb0  Out ifindex 2 52:6f:65:17:02:8d ethertype IPv4 (0x0800), length 48: ",
      " In 52:6f:65:17:02:8d ethertype IPv4 (0x0800), length 48: ",
      "  B 52:6f:65:17:02:8d ",
    ])
  func cooked(line: String) {
    let decoded = DecodedPrint(Self.time + line + "192.0.2.1.1 > 192.0.2.2.2: UDP, length 1")
    let packet = decoded.batch.packets[0]
    #expect(decoded.ends(packet) == "192.0.2.1 1 > 192.0.2.2 2" && decoded.batch.faults.isEmpty)
    let source: UInt64? = line.contains("52:6f") ? 0x526f_6517_028d : nil
    let interfaceIndex: UInt32? = line.contains("ifindex") ? 2 : nil
    let length: Int64? = line.contains("length 48") ? 48 : nil
    #expect(packet.link.source == source && packet.length == length)
    #expect(packet.link.interfaceIndex == interfaceIndex)
  }

  @Test(
    "ARP requests and replies are kept as far as they are printed",
    arguments: [
      "ARP, Request who-has 192.0.2.1 tell 192.0.2.10, length 28",
      "ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 192.0.2.1 tell 192.0.2.10, length 28",
      "arp who-has 192.0.2.1 tell 192.0.2.10",
    ])
  func arpRequest(line: String) {
    let decoded = DecodedPrint(Self.time + line)
    let packet = decoded.batch.arp.first
    #expect(packet?.operation == 1 && packet?.senderHardware == nil)
    #expect(decoded.text(packet?.targetAddress) == "192.0.2.1")
    #expect(decoded.text(packet?.senderAddress) == "192.0.2.10")
    #expect(decoded.batch.packets[0].protocolReached == .arp)
  }

  @Test("An ARP reply names its sender")
  func arpReply() {
    let decoded = DecodedPrint(
      Self.time + "ARP, Reply 192.0.2.1 is-at 16:47:eb:ab:aa:87 (oui Unknown), length 28")
    let packet = decoded.batch.arp.first
    #expect(packet?.operation == 2 && packet?.senderHardware == 0x1647_ebab_aa87)
    #expect(decoded.text(packet?.senderAddress) == "192.0.2.1" && packet?.targetAddress == nil)
  }

  @Test(
    "Where understanding stops is no fault when tcpdump says no more, or when it is not decoded",
    arguments: [
      ("IP 203.0.113.2 > 192.0.2.10: OSPFv2, Hello, length 44", ProtocolName.ip, 89),
      (
        "IP 203.0.113.2 > 192.0.2.10: GREv0, length 33: IP 192.0.2.1.1 > 192.0.2.2.2: UDP",
        .ip, 47
      ),
      ("IP 203.0.113.2.1 > 192.0.2.10.2: sctp (1) [INIT] [init tag: 0]", .ip, 132),
      ("IP6 2001:db8::1 > 2001:db8::2: no next header", .ipv6, nil),
      (
        "MPLS (label 21, tc 0, [S], ttl 63) IP 192.0.2.1 > 192.0.2.2: igmp v2 report 224.0.0.1",
        .ip, 2
      ),
      ("STP 802.1d, Config, Flags [none], length 35", .frame, nil),
      (
        "02:01:02:03:04:05 > 01:80:c2:00:00:0e, ethertype LLDP (0x88cc), length 34: LLDP",
        .eth, nil
      ),
    ] as [(String, ProtocolName, UInt8?)])
  func stops(line: String, reached: ProtocolName, number: UInt8?) {
    let batch = DecodedPrint(Self.time + line).batch
    #expect(batch.packets.map(\.protocolReached) == [reached] && batch.faults.isEmpty)
    #expect(batch.packets[0].network.protocolNumber == number)
  }

  @Test(
    "What tcpdump calls cut or invalid is a fault of that kind",
    arguments: [
      (
        "IP truncated-ip - 31 bytes missing! 192.0.2.1.1 > 192.0.2.2.2: UDP, length 33",
        DecodingFault.Kind.cut
      ),
      ("IP  [|ip]", .cut), ("IP bad-hlen 12", .malformed),
      ("IP6 version error: 0 != 6", .malformed),
      ("IP 192.0.2.1 > 192.0.2.2:  [|icmp]", .cut),
      ("IP6 fe80::1 > fe80::2: ICMP6, length 0 (invalid)", .malformed),
      ("IP 192.0.2.1.1 > 192.0.2.2.2:  [|tcp]", .cut),
    ])
  func damaged(line: String, kind: DecodingFault.Kind) {
    let batch = DecodedPrint(Self.time + line).batch
    #expect(batch.packets.count == 1 && batch.faults.map(\.kind) == [kind])
  }

  @Test("A fault says on which line and at which octet of the packet it is")
  func faultPlace() {
    let lines = [
      "13:24:32.192571 IP 192.0.2.1.1 > 192.0.2.2.2: UDP, length 1",
      "13:24:33.192571 IP (tos 0x0, ttl 64, id 7, offset 0, proto ICMP (1), length 40)",
      "    192.0.2.1 > 192.0.2.2: ICMP something new, length 20",
    ]
    let fault = DecodedPrint(lines).batch.faults.first
    #expect(fault?.packetNumber == 2 && fault?.found == 3)
    // By hand: the second line and its line feed, then 4 blanks and `192.0.2.1 > 192.0.2.2: ICMP `.
    let offset = lines[1].utf8.count + 1 + 4 + 28
    #expect(fault?.offset == Int64(offset))
  }
}
