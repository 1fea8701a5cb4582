import Testing

@testable import PacketDecoding

// Lines of tcpdump 4.99.3 from messages that were built octet by octet; expected values are those
// octets'.
@Suite("Printed DNS messages")
struct PrintedDNSTests {
  static let query = "13:24:32.192571 IP 192.0.2.10.46495 > 203.0.113.2.53: "
  static let response = "13:24:32.192571 IP 203.0.113.2.53 > 192.0.2.10.46495: "

  @Test("A query's marks and brackets are its header")
  func queryHeader() throws {
    let decoded = DecodedPrint(
      Self.query + "3076+% [b2&3=0x531] [1a] [1n] [1au] AAAA CHAOS? www.Example.com. (94)")
    let message = try #require(decoded.batch.dns.first)
    #expect(message.identifier == 3076 && !message.isResponse && message.opcode == 0)
    #expect(message.recursionDesired == true && message.authoritative == true)
    #expect(message.truncated == false && message.recursionAvailable == false)
    #expect(message.responseCode == 1)
    #expect(decoded.text(message.questionName) == "www.example.com")
    #expect(message.questionType == 28 && message.questionClass == 3)
    #expect(message.questionCount == 1 && message.answerCount == 1)
    #expect(message.authorityCount == 1 && message.additionalCount == 1)
    #expect(decoded.batch.packets[0].transport.payloadLength == 94)
  }

  @Test(
    "Opcodes have tcpdump's names",
    arguments: [
      ("inv_q", 1), ("stat", 2), ("op3", 3), ("notify", 4), ("update", 5), ("updateA", 9),
      ("updateD", 10), ("updateDA", 11), ("updateM", 12), ("updateMA", 13), ("zoneInit", 14),
      ("zoneRef", 15),
    ])
  func opcodes(name: String, opcode: UInt8) {
    let decoded = DecodedPrint(Self.query + "3076 \(name)+ A? www.example.com. (33)")
    #expect(decoded.batch.dns.map(\.opcode) == [opcode])
  }

  @Test(
    "Response codes have tcpdump's names",
    arguments: [
      ("", 0), (" FormErr", 1), (" ServFail", 2), (" NXDomain", 3), (" NotImp", 4),
      (" Refused", 5), (" YXDomain", 6), (" YXRRSet", 7), (" NXRRSet", 8), (" NotAuth", 9),
      (" NotZone", 10), (" Resp11", 11), (" Resp14", 14), (" NoChange", 15),
    ])
  func responseCodes(name: String, code: UInt16) {
    let decoded = DecodedPrint(Self.response + "3076\(name) 0/0/0 (33)")
    #expect(decoded.batch.dns.map(\.responseCode) == [code])
  }

  @Test("A response's marks are its header, and a question that is not printed is not known")
  func responseHeader() throws {
    let decoded = DecodedPrint(Self.response + "3076 update NXDomain*-|$ 0/1/2 (114)")
    let message = try #require(decoded.batch.dns.first)
    #expect(message.isResponse && message.opcode == 5 && message.responseCode == 3)
    #expect(message.authoritative == true && message.truncated == true)
    #expect(message.recursionAvailable == false && message.recursionDesired == nil)
    #expect(message.questionName == nil && message.questionType == nil)
    #expect(message.questionCount == 1 && message.answerCount == 0)
    #expect(message.authorityCount == 1 && message.additionalCount == 2)
  }

  @Test(
    "Records are kept in master-file form",
    arguments: [
      ("A 192.139.46.66, A 198.199.88.104", "A 192.139.46.66; A 198.199.88.104"),
      ("CNAME Cn.example., AAAA 2001:db8::5", "CNAME cn.example; AAAA 2001:db8::5"),
      ("MX Mail.example. 10", "MX 10 mail.example"),
      ("SRV t.example.:443 1 2", "SRV 1 2 443 t.example"),
      (#"TXT "a, b" "(1) x", A 192.0.2.1"#, #"TXT "a, b" "(1) x"; A 192.0.2.1"#),
      ("SOA", "SOA"), ("Type65, Type1234", "HTTPS; TYPE1234"), ("ANY A 1.2.3.4", "ANY A 1.2.3.4"),
      ("(Cache flush) PTR x.", "PTR x"),
    ])
  func records(printed: String, expected: String) {
    let decoded = DecodedPrint(Self.response + "3076 2/0/0 \(printed) (70)")
    #expect(decoded.text(decoded.batch.dns.first?.answers) == expected)
    #expect(decoded.batch.packets[0].transport.payloadLength == 70)
  }

  @Test("-vvv prints the question, owners, times to live and all sections")
  func verbose() throws {
    let decoded = DecodedPrint(
      Self.response
        + "[no cksum] 3076 q: A? www.example.com. 2/1/2 www.example.com. [1h] CNAME cn.example., "
        + "cn.example. [1m4s] A 1.2.3.4 ns: www.example.com. [1d] SOA ns.example. h.example. "
        + "1 2 3 4 5 ar: . OPT UDPsize=1232 DO, cn.example. [1h] A 1.2.3.4 (259)")
    let message = try #require(decoded.batch.dns.first)
    #expect(decoded.text(message.questionName) == "www.example.com" && message.questionType == 1)
    #expect(decoded.text(message.answers) == "3600 CNAME cn.example; cn.example 64 A 1.2.3.4")
    #expect(decoded.text(message.authority) == "86400 SOA ns.example h.example 1 2 3 4 5")
    #expect(message.ednsPayloadSize == 1232)
    #expect(decoded.text(message.additional)?.hasSuffix("cn.example 3600 A 1.2.3.4") == true)
  }

  @Test(
    "Names are kept as those of binary captures",
    arguments: [
      ("NS? .", "."), ("A? Wei rd(x),y.Example.", #"wei\032rd(x),y.example"#),
      ("PTR (QU)? _x._tcp.local.", "_x._tcp.local"), ("A? typed.example", "typed.example"),
    ])
  func names(question: String, expected: String) {
    let decoded = DecodedPrint(Self.query + "3076+ \(question) (37)")
    #expect(decoded.text(decoded.batch.dns.first?.questionName) == expected)
  }

  @Test("Over TCP a message that fills its segment is one, and a piece of one is not")
  func overTCP() throws {
    let segment = "Flags [P.], seq 1:32, ack 1, win 64, length 31 56422+ TXT? big.example. "
    let whole = DecodedPrint(Self.query + segment + "(29)")
    let message = try #require(whole.batch.dns.first)
    #expect(message.overTCP && message.identifier == 56422 && message.questionType == 16)
    #expect(whole.batch.packets[0].protocolReached == .dns)
    let piece = DecodedPrint(Self.query + segment + "(28)")
    #expect(piece.batch.dns.isEmpty && piece.batch.packets[0].protocolReached == .tcp)
  }

  @Test("A cut message is kept as far as it is printed, with a fault")
  func cut() throws {
    let decoded = DecodedPrint(Self.query + "3076+ [|domain]")
    let message = try #require(decoded.batch.dns.first)
    #expect(message.identifier == 3076 && message.questionName == nil && !message.isResponse)
    #expect(decoded.batch.faults.map(\.kind) == [.cut])
    let short = DecodedPrint(Self.query + "domain [length 3 < 12] (invalid)")
    #expect(short.batch.dns.isEmpty && short.batch.faults.map(\.kind) == [.malformed])
  }

  @Test("Only DNS's ports hold DNS")
  func otherPorts() {
    let decoded = DecodedPrint(
      "13:24:32.192571 IP 192.0.2.10.46495 > 203.0.113.2.5000: 3076+ A? www.example.com. (33)")
    #expect(decoded.batch.dns.isEmpty && decoded.batch.packets[0].protocolReached == .udp)
  }
}
