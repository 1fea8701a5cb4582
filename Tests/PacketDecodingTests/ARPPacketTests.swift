import Testing

@testable import PacketDecoding

@Suite("ARP, RFC 826")
struct ARPPacketTests {
  /// Who has 192.0.2.1? Tell 192.0.2.10.
  static let request = Octets.hex(
    "0200000000bb0200000000aa0806 0001080006040001 0200000000aa c000020a 000000000000 c0000201")

  // tshark, -e arp.opcode -e arp.src.hw_mac -e arp.src.proto_ipv4 -e arp.dst.hw_mac
  // -e arp.dst.proto_ipv4: 1, 02:00:00:00:00:aa, 192.0.2.10, 00:00:00:00:00:00, 192.0.2.1.
  @Test("A request gives the operation and all four addresses, padded or not")
  func request() throws {
    for padding in [0, 18] {
      let frame = DecodedFrame(Self.request + [UInt8](repeating: 0, count: padding))
      let packet = try #require(frame.arp)
      #expect(packet.operation == 1 && packet.packetNumber == 1)
      #expect(packet.senderHardware == 0x0200_0000_00aa && packet.targetHardware == 0)
      #expect(packet.senderAddress?.text == "192.0.2.10")
      #expect(packet.targetAddress?.text == "192.0.2.1")
      #expect(frame.reached == .arp && frame.faults == [])
      #expect(frame.packet.network.source == nil)
    }
  }

  @Test("ARP cut before its addresses gives no packet", arguments: 0..<8)
  func cutHeader(count: Int) {
    let octets = Array(Self.request.prefix(14 + count))
    let message = "arp@14: octets of the ARP header: \(count), expected 8"
    let cut = DecodedFrame(octets, length: 42)
    #expect(cut.faults == ["cut \(message)"] && cut.arp == nil && cut.reached == .eth)
    #expect(DecodedFrame(octets).faults == ["malformed \(message)"])
  }

  @Test("ARP cut among its addresses keeps those that are whole", arguments: 8..<28)
  func cutAddresses(count: Int) throws {
    let octets = Array(Self.request.prefix(14 + count))
    let frame = DecodedFrame(octets, length: 42)
    let packet = try #require(frame.arp)
    #expect((packet.senderHardware != nil) == (count >= 14))
    #expect((packet.senderAddress != nil) == (count >= 18))
    #expect((packet.targetHardware != nil) == (count >= 24))
    #expect(packet.targetAddress == nil)
    let message = "arp@14: octets of the ARP packet: \(count), expected 28"
    #expect(frame.faults == ["cut \(message)"])
    #expect(DecodedFrame(octets).faults == ["malformed \(message)"])
  }

  @Test(
    "ARP for other addresses than IPv4 over six octets is left at ARP, without a fault",
    arguments: [(16, 0x86), (18, 8), (18, 255), (19, 16), (19, 0)] as [(Int, UInt8)])
  func otherAddresses(offset: Int, value: UInt8) {
    var octets = Self.request
    octets[offset] = value
    let frame = DecodedFrame(octets)
    #expect(frame.reached == .arp && frame.arp == nil && frame.faults == [])
  }
}
