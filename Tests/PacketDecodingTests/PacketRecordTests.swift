import Testing

@testable import PacketDecoding

@Suite("Records of packets")
struct PacketRecordTests {
  // Cases store these numbers: they are never changed, only added to.
  @Test("Each protocol has its number and Wireshark's name")
  func protocols() {
    let expected: [(UInt8, String)] = [
      (0, "frame"), (1, "eth"), (2, "vlan"), (3, "sll"), (4, "raw"), (5, "null"), (6, "arp"),
      (7, "ip"), (8, "ipv6"), (9, "icmp"), (10, "icmpv6"), (11, "tcp"), (12, "udp"), (13, "dns"),
    ]
    for (number, name) in expected { #expect(ProtocolName(rawValue: number)?.name == name) }
    #expect(ProtocolName.allCases.count >= expected.count)
  }

  @Test("Four VLAN identifiers are kept, 0 and 4095 among them, and no fifth")
  func vlans() {
    var link = LinkHeader()
    for identifier in [0, 4095, 1, 4094] as [UInt16] {
      let isKept = link.appendVLAN(identifier)
      #expect(isKept)
    }
    let isFifthKept = link.appendVLAN(5)
    #expect(!isFifthKept && link.vlanIdentifiers == [0, 4095, 1, 4094])
    #expect(link.vlans == 0x0fff_0002_1000_0001)
    // Bits above the twelve of an identifier are not kept.
    var other = LinkHeader()
    other.appendVLAN(0xf00c)
    #expect(other.vlanIdentifiers == [12])
  }

  @Test("Protocols are as deep in a packet as what carries them, and one")
  func depths() {
    // By what each runs over: IEEE 802.1Q, RFC 826, 791, 8200, 792, 4443, 9293, 768, 1035.
    let carried: [(ProtocolName, by: ProtocolName)] = [
      (.vlan, by: .eth), (.vlan, by: .sll), (.arp, by: .vlan), (.ip, by: .raw), (.ipv6, by: .null),
      (.icmp, by: .ip), (.icmpv6, by: .ipv6), (.tcp, by: .ip), (.udp, by: .ipv6), (.dns, by: .udp),
    ]
    for (name, carrier) in carried { #expect(name.depth > carrier.depth) }
    #expect(ProtocolName.allCases.allSatisfy { ($0.depth == 0) == ($0 == .frame) })
  }

  @Test("A fault's message gives the reason, then what was found and expected")
  func messages() {
    func message(_ found: Int64?, _ expected: Int64?) -> String {
      DecodingFault(
        packetNumber: 1, kind: .cut, layer: .ip, offset: 0, reason: "octets", found: found,
        expected: expected
      ).message
    }
    #expect(message(nil, nil) == "octets" && message(3, nil) == "octets: 3")
    #expect(message(3, 20) == "octets: 3, expected 20")
    #expect(message(nil, 20) == "octets, expected 20")
  }

  @Test("Ranges beyond 32 bits are clamped, not wrapped")
  func clamping() {
    let range = TextRange(start: .max, count: .min)
    #expect(range.start == .max && range.count == .min)
  }
}
