import Testing

@testable import PacketDecoding

@Suite("TCP, RFC 9293")
struct TCPSegmentTests {
  private func decode(
    _ segment: [UInt8], total: Int? = nil, length: Int? = nil
  ) -> DecodedFrame {
    DecodedFrame(
      Octets.ipv4(6, segment, total: total.map { $0 + 20 }), link: .raw, length: length)
  }

  // tshark, -e tcp.seq_raw -e tcp.ack_raw -e tcp.flags -e tcp.len -e tcp.window_size_value
  // -e tcp.options.mss_val -e tcp.options.wscale.shift -e tcp.options.sack_perm:
  // 16909060, 0, 0x00c2, 0, 64240, 1460, 7, set.
  @Test("A SYN gives its fields and the options that a case keeps")
  func synchronize() throws {
    let frame = DecodedFrame(
      hex: "0200000000bb0200000000aa080046000040123400004006e73ac000020ac633640794040000"
        + "c00001bb0102030400000000a0c2faf000000000020405b40402080a000000000000000001030307")
    let tcp = try #require(frame.tcp)
    #expect(tcp.sequence == 16_909_060 && tcp.acknowledgment == 0 && tcp.window == 64_240)
    #expect(tcp.flags == [.syn, .ece, .cwr])
    #expect(tcp.maximumSegmentSize == 1460 && tcp.windowScale == 7)
    #expect(tcp.selectiveAcknowledgmentPermitted)
    #expect(frame.packet.transport.payloadLength == 0 && frame.reached == .tcp)
    #expect(frame.faults == [])
  }

  @Test("Each control bit has its place", arguments: 0..<8)
  func flags(bit: Int) {
    let names: [TCPFlags] = [.fin, .syn, .rst, .psh, .ack, .urg, .ece, .cwr]
    #expect(decode(Octets.tcp(flags: 1 << UInt8(bit))).tcp?.flags == names[bit])
  }

  @Test("A header cut at any length is a fault, and whole ports are kept", arguments: 0..<20)
  func cut(count: Int) {
    let octets = Array(Octets.tcp(7, 9, [1]).prefix(count))
    let message = "tcp@20: octets of the TCP header: \(count), expected 20"
    let frame = decode(octets, total: 21, length: 41)
    #expect(frame.faults == ["cut \(message)"] && frame.reached == .ip && frame.tcp == nil)
    let ends = count < 4 ? "192.0.2.10 > 198.51.100.7" : "192.0.2.10 7 > 198.51.100.7 9"
    #expect(frame.ends == ends)
    #expect(decode(octets).faults == ["malformed \(message)"])
  }

  @Test("Options cut at any length keep the header, its payload length and whole options")
  func cutOptions() {
    let options = Octets.hex("020405b4 01030307 0402 0101")
    let segment = Octets.tcp(flags: 2, options: options, [1, 2, 3])
    for count in 20..<32 {
      let octets = Array(segment.prefix(count))
      let message = "tcp@32: octets of the TCP header and options: \(count), expected 32"
      let frame = decode(octets, total: segment.count, length: 20 + segment.count)
      #expect(frame.faults == ["cut \(message)"] && frame.reached == .tcp)
      #expect(frame.packet.transport.payloadLength == 3)
      #expect(frame.tcp?.maximumSegmentSize == (count < 24 ? nil : 1460))
      #expect(frame.tcp?.windowScale == (count < 28 ? nil : 7))
      #expect(frame.tcp?.selectiveAcknowledgmentPermitted == (count >= 30))
      let short = decode(octets)
      #expect(short.faults == ["malformed \(message)"])
      #expect(short.packet.transport.payloadLength == nil)
    }
  }

  @Test("A data offset below 5 words is malformed and promises no payload", arguments: 0...4)
  func dataOffset(words: Int) {
    let frame = decode(Octets.tcp(7, 9, words: words, [1, 2, 3]))
    #expect(
      frame.faults == [
        "malformed tcp@32: octets of the TCP header, by its own count: \(words * 4), expected 20"
      ])
    #expect(frame.tcp?.sequence == 77 && frame.packet.transport.payloadLength == nil)
  }

  @Test(
    "An option whose length does not fit is malformed; those before it are kept",
    arguments: ["0300", "0301", "0305", "03ff", "030a"])
  func optionLength(digits: String) {
    let frame = decode(Octets.tcp(options: Octets.hex("020405b4" + digits + "0000"), [9]))
    #expect(
      frame.faults
        == ["malformed tcp@44: a TCP option whose length does not fit the options"])
    #expect(frame.tcp?.maximumSegmentSize == 1460 && frame.tcp?.windowScale == nil)
    #expect(frame.packet.transport.payloadLength == 1)
  }

  @Test("Options end at the end-of-options octet, and a lone kind at the end is malformed")
  func optionEnd() {
    let ended = decode(Octets.tcp(options: Octets.hex("00020405 b4ffffff")))
    #expect(ended.tcp?.maximumSegmentSize == nil && ended.faults == [])
    let lone = decode(Octets.tcp(options: Octets.hex("01010102")))
    #expect(
      lone.faults == ["malformed tcp@43: a TCP option whose length does not fit the options"])
  }

  @Test("An option of an unusual length is skipped and not read")
  func unusualLength() {
    let frame = decode(Octets.tcp(options: Octets.hex("0206ffffffff 03040101 0000")))
    #expect(frame.tcp?.maximumSegmentSize == nil && frame.tcp?.windowScale == nil)
    #expect(frame.faults == [])
  }

  @Test("The payload's length is IP's count less both headers, captured or not")
  func payloadLength() {
    let frame = decode(Octets.tcp(7, 9, [1, 2]), total: 1480, length: 1500)
    #expect(frame.packet.transport.payloadLength == 1460 && frame.faults == [])
    #expect(decode(Octets.tcp(7, 9, [])).packet.transport.payloadLength == 0)
  }
}
