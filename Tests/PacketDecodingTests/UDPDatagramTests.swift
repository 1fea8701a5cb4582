import Testing

@testable import PacketDecoding

@Suite("UDP, RFC 768")
struct UDPDatagramTests {
  private func decode(
    _ datagram: [UInt8], total: Int? = nil, length: Int? = nil
  ) -> DecodedFrame {
    DecodedFrame(
      Octets.ipv4(17, datagram, total: total.map { $0 + 20 }), link: .raw, length: length)
  }

  @Test("A header cut at any length is a fault, and whole ports are kept", arguments: 0..<8)
  func cut(count: Int) {
    let octets = Array(Octets.udp(7, 9, [1, 2]).prefix(count))
    let message = "udp@20: octets of the UDP header: \(count), expected 8"
    let frame = decode(octets, total: 10, length: 30)
    #expect(frame.faults == ["cut \(message)"] && frame.reached == .ip)
    let ends = count < 4 ? "192.0.2.10 > 198.51.100.7" : "192.0.2.10 7 > 198.51.100.7 9"
    #expect(frame.ends == ends)
    // The sender's IP header counts no more octets than these.
    #expect(decode(octets).faults == ["malformed \(message)"])
    #expect(decode(octets, length: 20 + count).faults == ["malformed \(message)"])
  }

  @Test("A length below the header's is malformed and promises no payload", arguments: 0...7)
  func lengthBelowHeader(length: Int) {
    let frame = decode(Octets.udp(Octets.query, length: length), length: 1000)
    #expect(
      frame.faults
        == ["malformed udp@24: UDP length below the header length: \(length), expected 8"])
    #expect(frame.packet.transport.payloadLength == nil && frame.dns == nil)
    #expect(frame.packet.transport.destinationPort == 53 && frame.reached == .udp)
  }

  @Test("A length of 0 is malformed in IPv4, and IP's count in IPv6: RFC 2675, section 4")
  func lengthZero() {
    let frame = DecodedFrame(
      Octets.ipv6(17, Octets.udp(Octets.query, length: 0)), link: .raw)
    #expect(frame.packet.transport.payloadLength == Int32(Octets.query.count))
    #expect(frame.dns?.identifier == 0xbeef && frame.faults == [])
  }

  @Test("A length beyond the datagram is malformed, in a cut frame too")
  func lengthBeyondDatagram() {
    let message = "malformed udp@24: UDP length beyond the end of the datagram: 10, expected 11"
    #expect(decode(Octets.udp(7, 9, [1, 2], length: 11)).faults == [message])
    #expect(decode(Octets.udp(7, 9, [1, 2], length: 11), length: 1514).faults == [message])
    let cut = decode(Octets.udp(7, 9, [1, 2], length: 11), total: 11, length: 31)
    #expect(cut.faults == [] && cut.packet.transport.payloadLength == 3)
  }

  @Test("Octets behind the UDP length are none of the message")
  func surplus() {
    let frame = decode(
      Octets.udp(Octets.query + [1, 2, 3], length: 8 + Octets.query.count))
    #expect(frame.dns?.questionCount == 1 && frame.faults == [])
    let short = decode(Octets.udp(Octets.query, length: 8 + Octets.query.count - 1))
    #expect(short.faults == ["malformed dns@56: the message ends within its sections"])
  }

  @Test("An empty datagram to the port of DNS is no message and no fault")
  func empty() {
    let frame = decode(Octets.udp([]))
    #expect(frame.reached == .udp && frame.packet.transport.payloadLength == 0)
    #expect(frame.faults == [] && frame.dns == nil)
  }
}
