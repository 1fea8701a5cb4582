import Testing

@testable import PacketDecoding

/// Datagrams of 1 to 49 octets: each of 256 first octets, and behind it zeros in an even number, or ones in an odd.
@Suite("Datagrams that are too short for what they begin")
struct ShortDatagramTests {
  // How many are a message all the same, by hand. DNS, RFC 1035, 4.1.1: a header, 38 lengths. Multicast DNS: one
  // that counts no records, 19 lengths of zeros. NTP: of control, RFC 9327, 2, the first octets 0x0e, 0x16, 0x1e
  // and 0x26, with operation 0 or 31 in 12 octets or more, 38 lengths; of private requests 16 first octets that
  // end in 7, in 8 octets or more, 21 lengths of zeros. DHCPv6, RFC 8415, 8 and 9: a header alone, of 21 types and of
  // two that relays send.
  @Test(
    "each is a packet of its ports and length, and no message unless it is whole",
    arguments: [
      (53, .dns, 256 * 38), (67, .dhcp, 0), (88, .kerberos, 0), (123, .ntp, 4 * 38 + 16 * 21),
      (137, .nbns, 0), (161, .snmp, 0), (162, .snmp, 0), (443, .quic, 0), (514, .syslog, 0),
      (546, .dhcpv6, 21 + 2), (547, .dhcpv6, 21 + 2), (4000, .udp, 256 * 49), (5060, .sip, 0),
      (5353, .mdns, 256 * 19), (5355, .llmnr, 0),
    ] as [(Int, ProtocolName, Int)])
  func short(port: Int, name: ProtocolName, messages: Int) {
    var found = 0
    var wrong: [String] = []
    for first in 0...255 as ClosedRange<UInt8> {
      for count in 0...48 {
        let rest = [UInt8](repeating: count % 2 == 0 ? 0 : 0xff, count: count)
        let frame = DecodedFrame(udp: 1000, port, [first] + rest)
        let isRight =
          frame.batch.packets.count == 1 && frame.ends.hasSuffix(" 1000 > 198.51.100.7 \(port)")
          && frame.packet.transport.payloadLength.map(Int.init) == 1 + count
          && (frame.reached == .udp || frame.reached == name)
          && frame.batch.faults.allSatisfy { 42...frame.octets.count ~= Int($0.offset) }
        if !isRight { wrong.append("\(first), \(count) more: \(frame.reached) \(frame.faults)") }
        if frame.reached == name { found += 1 }
      }
    }
    #expect(wrong == [] && found == messages)
  }
}
