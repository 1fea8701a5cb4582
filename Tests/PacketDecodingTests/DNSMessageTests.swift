import Foundation
import Testing

@testable import PacketDecoding

@Suite("DNS messages, RFC 1035")
struct DNSMessageTests {
  private func decode(_ message: [UInt8], source: Int = 50001, length: Int? = nil) -> DecodedFrame {
    DecodedFrame(
      Octets.ipv4(17, Octets.udp(source, source == 53 ? 50001 : 53, message)), link: .raw,
      length: length)
  }

  private func decodeTCP(_ data: [UInt8], isWhole: Bool = true) -> DecodedFrame {
    DecodedFrame(
      Octets.ipv4(6, Octets.tcp(data), fragment: isWhole ? 0 : 0x2000), link: .raw)
  }

  // tshark, -e dns.id -e dns.flags -e dns.qry.name -e dns.qry.type: 0xbeef, 0x0100,
  // WWW.Example.com, 28.
  static let query =
    "0200000000bb0200000000aa08004500003d1234000040117c37c000020ac6336407c351003500290000"
    + "beef0100000100000000000003575757074578616d706c6503636f6d00001c0001"

  @Test("A query gives identifier, question and flags; its name is written small")
  func query() throws {
    let frame = DecodedFrame(hex: Self.query)
    let message = try #require(frame.dns)
    #expect(message.identifier == 0xbeef && !message.isResponse && !message.overTCP)
    #expect(frame.text(message.questionName) == "www.example.com")
    #expect(message.questionType == 28 && message.questionClass == 1)
    #expect(message.recursionDesired == true && message.recursionAvailable == false)
    #expect(message.questionCount == 1 && message.answerCount == 0)
    #expect(message.answers == nil && message.authority == nil && message.additional == nil)
    #expect(message.ednsPayloadSize == nil && message.packetNumber == 1)
    #expect(frame.reached == .dns && frame.faults == [])
  }

  // A response with records of twelve types; tshark, -e dns.flags -e dns.count.answers -e dns.count.auth_rr -e dns.count.add_rr
  // -e dns.rr.udp_payload_size -e dns.resp.ext_rcode -e dns.a -e dns.aaaa -e dns.resp.name
  // -e dns.resp.type -e dns.resp.ttl: 0x8580, 8, 2, 2, 1232, 0x01, and what stands in the texts.
  static let response =
    "0200000000bb0200000000aa86dd600000000146113f20010db8000100000000000000000010"
    + "20010db80002000000000000000000530035c35101460000beef85800001000800020002"
    + "076578616d706c6503636f6d0000ff0001c00c000100010000012c0004c6336401"
    + "c00c001c00010000012c001020010db8000200000000000000000053"
    + "c00c000f000100000e100009000a046d61696cc00cc00c001000010000003c000d0568656c6c6f0677226f725c64"
    + "045f736970045f756470c00c002100010000001e000c0001000213c403736970c00c"
    + "c00c010100010000001e00110005697373756563612e6578616d706c65"
    + "c00cff000001000000050003abcdef03575757c00c0005000100000005000805616c696173c00c"
    + "c00c00060001000003840026026e73c00c0a686f73746d6173746572c00c"
    + "78a3f17500001c2000000e10001275000000012cc00c00020001000003840005026e73c00c"
    + "026e73c00c00010003000003840004c633640200002904d0010000000000"

  @Test("A response gives its records as text, section by section")
  func response() throws {
    let frame = DecodedFrame(hex: Self.response)
    let message = try #require(frame.dns)
    #expect(message.isResponse && message.authoritative == true && message.opcode == 0)
    #expect(message.truncated == false && message.recursionAvailable == true)
    #expect(message.answerCount == 8 && message.authorityCount == 2 && message.additionalCount == 2)
    // RFC 6891, 6.1.3: the upper eight bits of the response code are in the OPT record.
    #expect(message.responseCode == 0x10 && message.ednsPayloadSize == 1232)
    #expect(frame.text(message.questionName) == "example.com" && message.questionType == 255)
    #expect(
      frame.text(message.answers)?.components(separatedBy: "; ") == [
        "300 A 198.51.100.1", "300 AAAA 2001:db8:2::53", "3600 MX 10 mail.example.com",
        #"60 TXT "hello" "w\"or\\d""#, "_sip._udp.example.com 30 SRV 1 2 5060 sip.example.com",
        #"30 CAA 0 issue "ca.example""#, ##"5 TYPE65280 \# 3 abcdef"##,
        "www.example.com 5 CNAME alias.example.com",
      ])
    #expect(
      frame.text(message.authority)
        == "900 SOA ns.example.com hostmaster.example.com 2024010101 7200 3600 1209600 300; "
        + "900 NS ns.example.com")
    #expect(frame.text(message.additional) == "ns.example.com 900 CH A 198.51.100.2")
    #expect(frame.faults == [] && frame.reached == .dns)
  }

  @Test("Each flag has its place", arguments: 0..<16)
  func flags(bit: Int) throws {
    let message = try #require(decode(Octets.dns(flags: 1 << bit, Octets.question([0]))).dns)
    // RFC 1035, 4.1.1, from bit 15 down: QR, opcode, AA, TC, RD, RA, Z (AD, CD), rcode.
    #expect(message.isResponse == (bit == 15))
    #expect(message.opcode == ((11...14).contains(bit) ? UInt8(1 << (bit - 11)) : 0))
    #expect(message.authoritative == (bit == 10) && message.truncated == (bit == 9))
    #expect(message.recursionDesired == (bit == 8) && message.recursionAvailable == (bit == 7))
    #expect(message.responseCode == (bit < 4 ? UInt16(1 << bit) : 0))
  }

  @Test("At port 53, on either side, anything is DNS; elsewhere what can be nothing else")
  func port() {
    func frame(_ port: Int, _ octets: [UInt8]) -> DecodedFrame {
      DecodedFrame(Octets.ipv4(17, Octets.udp(50001, port, octets)), link: .raw)
    }
    #expect(decode(Octets.query, source: 53).dns != nil)
    #expect(frame(54, Octets.query).dns != nil && frame(54, Octets.query).reached == .dns)
    let (name, answer) = (Octets.name("a"), Octets.resource([0], type: 1, [1, 2, 3, 4]))
    let others: [[UInt8]] = [
      Octets.query + [0], Octets.query.dropLast(), Octets.dns(Octets.question(name, type: 65280)),
      Octets.dns(Octets.question(name, class: 77)),
      Octets.dns(counts: [2, 0, 0, 0], Octets.question(name) + Octets.question(name)),
      Octets.dns(counts: [1, 1, 0, 0], Octets.question(name) + answer),
      Octets.dns(flags: 0x2900, Octets.question(name)),
      Octets.dns(flags: 0x0140, Octets.question(name)),
    ]
    for octets in others {
      #expect(frame(54, octets).dns == nil && frame(54, octets).reached == .udp)
      #expect(frame(53, octets).dns != nil)
      #expect(frame(54, octets).batch.text.isEmpty)
    }
    // RFC 6762, 3 and RFC 4795, 2: what has its form, and is another protocol.
    #expect(frame(5353, Octets.query).dns == nil && frame(5353, Octets.query).reached == .mdns)
    #expect(frame(5355, Octets.query).dns == nil && frame(5355, Octets.query).reached == .llmnr)
  }

  @Test("A header cut at any length is a fault and no message", arguments: 1..<12)
  func cutHeader(count: Int) {
    let octets = Octets.ipv4(
      17, Octets.udp(50001, 53, Array(Octets.query.prefix(count)), length: 8 + count))
    let message = "dns@28: octets of the DNS header: \(count), expected 12"
    #expect(DecodedFrame(octets, link: .raw).faults == ["malformed \(message)"])
    // Whole by its own counts, it is malformed however long the frame was.
    #expect(DecodedFrame(octets, link: .raw, length: 99).faults == ["malformed \(message)"])
    let cut = Array(Octets.ipv4(17, Octets.udp(Octets.query)).prefix(28 + count))
    let frame = DecodedFrame(cut, link: .raw, length: 28 + Octets.query.count)
    #expect(frame.faults == ["cut \(message)"] && frame.dns == nil && frame.reached == .udp)
  }

  @Test("A message cut at any length behind its header is kept, with one fault")
  func cutSections() throws {
    let whole = Octets.hex(Self.response)
    let start = 62
    for count in 12..<(whole.count - start) {
      let frame = DecodedFrame(Array(whole.prefix(start + count)), length: whole.count)
      let message = try #require(frame.dns)
      #expect(message.identifier == 0xbeef && message.answerCount == 8)
      #expect(frame.batch.faults.count == 1 && frame.reached == .dns)
      let fault = try #require(frame.batch.faults.first)
      #expect(fault.kind == .cut && fault.layer == .dns && fault.offset >= start)
      #expect(Int(fault.offset) <= start + count)
      // 13 octets of name, 4 of type and class, then an A record of 16.
      #expect((message.questionName != nil) == (count >= 25))
      #expect((message.questionType != nil) == (count >= 29))
      #expect((message.answers != nil) == (count >= 45))
    }
  }

  @Test("More records claimed than the message holds are malformed; those there are kept")
  func claimedRecords() {
    let record = Octets.resource(Octets.hex("c00c"), type: 1, Octets.hex("c6336401"))
    let frame = decode(
      Octets.dns(
        flags: 0x8180, counts: [1, 65535, 65535, 65535],
        Octets.question(Octets.name("a")) + record))
    #expect(
      frame.dns?.answerCount == 65535 && frame.text(frame.dns?.answers) == "300 A 198.51.100.1")
    // 28 octets before the message, 12 of header, 7 of question, 16 of record.
    #expect(frame.faults == ["malformed dns@63: the message ends within its sections"])
    let empty = decode(Octets.dns(counts: [65535, 65535, 65535, 65535], []))
    #expect(empty.faults == ["malformed dns@40: the message ends within its sections"])
    #expect(empty.dns?.questionCount == 65535 && empty.dns?.questionName == nil)
  }

  @Test("A truncated message may hold fewer records than it claims: RFC 2181, section 9")
  func truncated() {
    let frame = decode(
      Octets.dns(
        flags: 0x8380, counts: [1, 30, 0, 1], Octets.question(Octets.name("a"))))
    #expect(frame.dns?.truncated == true && frame.dns?.answerCount == 30 && frame.faults == [])
  }

  @Test("A name that cannot be read ends the message with a fault at the name")
  func badName() {
    let frame = decode(Octets.dns(Octets.question([0xc0, 0x0c])))
    #expect(
      frame.faults
        == ["malformed dns@40: a name that runs out of the message, loops or is too long"])
    #expect(frame.dns?.identifier == 0xbeef && frame.batch.text.isEmpty)
  }

  @Test("Of several questions the first is kept")
  func questions() {
    let frame = decode(
      Octets.dns(
        counts: [3, 0, 0, 0],
        Octets.question(Octets.name("first"), type: 15, class: 255)
          + Octets.question(Octets.name("second")) + Octets.question(Octets.name("third"))))
    #expect(frame.text(frame.dns?.questionName) == "first" && frame.dns?.questionType == 15)
    #expect(frame.dns?.questionClass == 255 && frame.faults == [])
    #expect(frame.batch.text == Array("first".utf8))
  }

  // tshark, -e dns.id: 0xbeef.
  @Test("A message behind its length in one TCP segment is decoded")
  func tcp() {
    let frame = DecodedFrame(
      hex: "0200000000bb0200000000aa08004500004b1234000040067c34c000020ac6336407"
        + "c35100350000000100000001501801f4000000000021beef01000001000000000000"
        + "03575757074578616d706c6503636f6d00001c0001")
    #expect(frame.dns?.overTCP == true && frame.dns?.questionType == 28)
    #expect(frame.reached == .dns && frame.faults == [])
    #expect(frame.packet.transport.payloadLength == 35)
  }

  @Test("Octets behind a message over TCP are another message, and no fault")
  func tcpSurplus() {
    let frame = decodeTCP(Octets.two(Octets.query.count) + Octets.query + [0, 12, 1])
    #expect(frame.batch.dns.count == 1 && frame.reached == .dns && frame.faults == [])
  }

  @Test("A segment that is no whole message stays TCP, without a fault or a trace")
  func tcpNoMessage() {
    let query = Octets.query
    for data in [
      [0], [0, 0], [0, 12], Octets.two(query.count + 1) + query, Octets.two(11) + query,
      Octets.two(query.count - 1) + query, Array((Octets.two(query.count) + query).dropLast()),
      // The reserved bit, two questions, a name that loops, an answer that is not there.
      Octets.two(query.count) + Octets.dns(flags: 0x0140, Octets.question(Octets.name("a", "b"))),
      Octets.two(36) + Octets.dns(counts: [2, 0, 0, 0], [0, 0, 1, 0, 1, 0, 0, 1, 0, 1])
        + [UInt8](repeating: 0, count: 40),
      Octets.two(18) + Octets.dns([0xc0, 0x0c, 0, 1, 0, 1]),
      Octets.two(query.count) + Octets.dns(counts: [1, 1, 0, 0], Array(query.dropFirst(12))),
    ] as [[UInt8]] {
      let frame = decodeTCP(data)
      #expect(frame.dns == nil && frame.reached == .tcp && frame.faults == [], "\(data)")
      #expect(frame.batch.text.isEmpty)
    }
  }

  @Test("A fragment's message is left until the datagram is put together")
  func fragment() {
    let frame = decodeTCP(Octets.two(Octets.query.count) + Octets.query, isWhole: false)
    #expect(frame.dns == nil && frame.reached == .ip && frame.faults == [])
  }
}
