import Testing

@testable import PacketDecoding

@Suite("Names asked for on the local network")
struct NameMessageTests {
  /// RFC 1001, 14.1: `FRED` in half octets.
  private static let fred = "EGFCEFEECACACACACACACACACACACACA"

  private func line(_ frame: DecodedFrame) -> [String] {
    frame.batch.names.map { name in
      let message = name.message
      return [
        name.name.name, message.isResponse ? "response" : "query",
        frame.text(message.questionName) ?? "-", message.questionType.map(String.init) ?? "-",
        frame.text(name.questions) ?? "-", frame.text(message.answers) ?? "-",
        frame.text(message.additional) ?? "-",
      ].joined(separator: " | ")
    }
  }

  @Test("Multicast DNS: every question, and classes without the bit that asks or flushes")
  func multicast() {
    // RFC 6762, 5.4 and 10.2; names point back to the first, at 12.
    let local = Octets.hex("c011")
    let query = Octets.dns(
      flags: 0, counts: [2, 1, 0, 0],
      Octets.question(Octets.name("_ipp", "_tcp", "local"), type: 12, class: 0x8001)
        + Octets.question([5] + Array("_ipps".utf8) + local, type: 12)
        + Octets.resource(
          Octets.hex("c00c"), type: 12, ttl: 4500, [2] + Array("pr".utf8) + [0xc0, 12]))
    #expect(
      line(DecodedFrame(udp: 5353, 5353, query)) == [
        "mdns | query | _ipp._tcp.local | 12 | _ipp._tcp.local PTR; _ipps._tcp.local PTR | "
          + "4500 PTR pr._ipp._tcp.local | -"
      ])
    let response = Octets.dns(
      flags: 0x8400, counts: [0, 1, 0, 1],
      Octets.resource(
        Octets.name("host", "local"), type: 1, class: 0x8001, ttl: 120, [192, 0, 2, 1])
        + Octets.resource(
          Octets.hex("c00c"), type: 16, class: 0x8001, ttl: 120, [3] + Array("a=b".utf8)))
    let frame = DecodedFrame(udp: 5353, 5353, response)
    #expect(
      line(frame) == [
        "mdns | response | - | - | - | host.local 120 A 192.0.2.1 | host.local 120 TXT \"a=b\""
      ])
    #expect(frame.reached == .mdns && frame.batch.dns.isEmpty && frame.faults == [])
  }

  @Test("NetBIOS: a name in half octets, with what it is for, and the addresses of it")
  func netBIOS() {
    // RFC 1002, 4.2.12: name query request, broadcast.
    let question = Octets.question([32] + Array(Self.fred.utf8) + [0], type: 0x20)
    let query = DecodedFrame(udp: 137, 137, Octets.dns(flags: 0x0110, question))
    #expect(line(query) == ["nbns | query | FRED<20> | 32 | - | - | -"])
    // 4.2.13: positive name query response; in the scope of RFC 1001, 14.1.
    let scoped = [32] + Array(Self.fred.utf8) + Octets.name("NETBIOS", "COM")
    let response = DecodedFrame(
      udp: 137, 137,
      Octets.dns(
        flags: 0x8580, counts: [0, 1, 0, 0],
        Octets.resource(
          scoped, type: 0x20, ttl: 300, [0x60, 0, 192, 0, 2, 1, 0xe0, 0, 192, 0, 2, 2])))
    #expect(
      line(response) == [
        "nbns | response | - | - | - | FRED<20>.netbios.com 300 NB 192.0.2.1 group 192.0.2.2 | -"
      ])
    #expect(query.reached == .nbns && response.faults == [])
  }

  @Test("NetBIOS: any name, and the status of a node")
  func status() {
    // RFC 1002, 4.2.17: "*" and fifteen zeros.
    let any = [32] + Array("CK".utf8) + Array(repeating: UInt8(ascii: "A"), count: 30) + [0]
    let query = DecodedFrame(
      udp: 137, 137, Octets.dns(flags: 0, Octets.question(any, type: 0x21)))
    #expect(line(query) == ["nbns | query | *<00> | 33 | - | - | -"])
    // 4.2.18: two names, the second a group's; the unit's address and counters.
    func entry(_ name: String, _ suffix: UInt8, _ flags: Int) -> [UInt8] {
      Array(name.utf8) + Array(repeating: 0x20, count: 15 - name.utf8.count) + [suffix]
        + Octets.two(flags)
    }
    let data =
      [2] + entry("WS 1", 0, 0x0400) + entry("WORKGROUP", 0x1e, 0x8400)
      + Octets.hex("02005e0000aa") + Array(repeating: 0, count: 40)
    let response = DecodedFrame(
      udp: 137, 137,
      Octets.dns(
        flags: 0x8400, counts: [0, 1, 0, 0], Octets.resource(any, type: 0x21, ttl: 0, data)))
    #expect(
      line(response) == [
        "nbns | response | - | - | - | *<00> 0 NBSTAT \"WS 1<00>\" group \"WORKGROUP<1e>\" "
          + "02:00:5e:00:00:aa | -"
      ])
  }

  @Test("A name that is not of half octets stays as it is, and says nothing but what is printable")
  func otherNames() {
    for (label, name) in [
      ("AA", "aa"), (String(repeating: "Q", count: 32), String(repeating: "q", count: 32)),
      ("AB" + String(repeating: "CA", count: 14) + "AA", #"\001<00>"#),
      ("DMDOCCFM" + String(repeating: "CA", count: 11) + "AA", #"\<\>\"\\<00>"#),
    ] {
      let question = Octets.question(
        [UInt8(label.utf8.count)] + Array(label.utf8) + [0], type: 0x20)
      let frame = DecodedFrame(udp: 137, 137, Octets.dns(flags: 0x0110, question))
      #expect(frame.text(frame.batch.names.first?.message.questionName) == name)
    }
  }

  @Test("LLMNR over UDP, and over TCP behind its length")
  func linkLocal() {
    let query = Octets.dns(flags: 0, Octets.question(Octets.name("WPAD"), type: 28))
    #expect(
      line(DecodedFrame(udp: 50001, 5355, query)) == ["llmnr | query | wpad | 28 | - | - | -"])
    var stream = DecodedStream(port: 5355)
    stream.send(.client, Octets.two(query.count) + query)
    #expect(stream.batch.names.map(\.packetNumber) == [4] && stream.reached.last == .llmnr)
    #expect(stream.batch.dns.isEmpty)
  }

  @Test(
    "What has not the form of one is left alone; what breaks off behind its question is a fault")
  func others() {
    let query = Octets.dns(flags: 0, Octets.question(Octets.name("wpad")))
    for (port, octets) in [
      (5355, Octets.dns(flags: 0x2900, Octets.question(Octets.name("wpad")))),
      (5353, Octets.dns(flags: 0x2800, Octets.question(Octets.name("wpad")))),
      (137, Octets.dns(flags: 0x1000, Octets.question(Octets.name("wpad")))),
      (5353, Array(query.prefix(11))), (137, [UInt8](repeating: 0, count: 40)),
      (5355, Octets.dns(flags: 0, [0x80])),
    ] {
      let frame = DecodedFrame(udp: port, port, octets)
      #expect(frame.batch.names.isEmpty && frame.faults == [] && frame.reached == .udp)
      #expect(frame.batch.text.isEmpty)
    }
    let broken = DecodedFrame(
      udp: 5353, 5353, Octets.dns(flags: 0, counts: [1, 9, 0, 0], Octets.question([0])))
    #expect(broken.batch.names.count == 1)
    #expect(broken.faults == ["malformed mdns@59: the message ends within its sections"])
  }

  @Test("A message that unfolds to megabytes of questions keeps 64 KiB of them")
  func bounded() {
    let label: [UInt8] = [63] + Array(repeating: UInt8(ascii: "x"), count: 63)
    let long: [UInt8] = label + label + label + [0]
    let again = Octets.hex("c00c 000c 0001")
    let octets =
      Octets.dns(flags: 0, counts: [9000, 0, 0, 0], Octets.question(long))
      + (1..<9000).flatMap { _ in again }
    let frame = DecodedFrame(udp: 5353, 5353, octets)
    #expect(frame.batch.names.count == 1 && frame.faults == [])
    #expect((60_000..<70_000).contains(frame.batch.text.count))
  }
}
