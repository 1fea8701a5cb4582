import Foundation
import Testing

@testable import PacketDecoding

/// Messages put together by hand from RFC 5905, figure 8.
@Suite("NTP messages")
struct NTPMessageTests {
  /// A server's, of stratum 1, at 2022-08-11T13:23:30.5Z: `date -u -d 2022-08-11T13:23:30Z +%s` is 1660224210,
  /// and 2208988800 more, in hexadecimal, is e69f8152.
  private static func message(
    _ first: UInt8 = 0x24, stratum: UInt8 = 1, reference: String = "47505300",
    transmit: String = "e69f8152 80000000", more: [UInt8] = []
  ) -> [UInt8] {
    let parts: [[UInt8]] = [
      [first, stratum, 6, 0xe9], Octets.hex("ffff8000 00010000"), Octets.hex(reference),
      Octets.hex("e69f8151 00000000 00000000 00000000 e69f8152 40000000"), Octets.hex(transmit),
      more,
    ]
    return Array(parts.joined())
  }

  /// - Parameter seconds: Of the packet's time.
  private static func decoded(_ octets: [UInt8], at seconds: Int64? = 1_660_224_210) -> DecodedFrame
  {
    var frame = DecodedFrame([])
    frame.batch.removeAll()
    var decoder = PacketDecoder()
    let packet = Octets.ethernet(Octets.ipv4(17, Octets.udp(123, 123, octets)))
    decoder.decode(
      Data(packet).bytes,
      of: Frame(
        number: 1, timestamp: seconds.map { $0 * 1_000_000_000 }, offset: 0,
        length: Int64(packet.count), interface: 0, linkType: 1), into: &frame.batch)
    return frame
  }

  @Test("A server's fields are read, times in nanoseconds since 1970")
  func server() throws {
    let frame = Self.decoded(Self.message())
    let message = try #require(frame.batch.ntp.first)
    #expect(frame.reached == .ntp && frame.faults.isEmpty)
    #expect(message.version == 4 && message.mode == 4 && message.isResponse == true)
    #expect(message.leap == 0 && message.stratum == 1 && frame.text(message.referenceID) == "GPS")
    #expect(message.poll == 6 && message.precision == -23)
    #expect(message.rootDelay == -500_000_000 && message.rootDispersion == 1_000_000_000)
    #expect(message.referenceTime == 1_660_224_209_000_000_000 && message.originTime == nil)
    #expect(message.receiveTime == 1_660_224_210_250_000_000)
    #expect(message.transmitTime == 1_660_224_210_500_000_000 && message.keyID == nil)
  }

  // 2036-02-07T06:28:16Z, where the second era begins, is 2085978496.
  @Test(
    "A time's era is that of the packet's own time",
    arguments: [
      ("00000001 00000000", 2_085_978_400, 2_085_978_497),
      ("ffffffff 00000000", 2_085_978_600, 2_085_978_495),
      ("00000001 00000000", nil, 2_085_978_497), ("e69f8152 00000000", nil, 1_660_224_210),
      ("00000001 00000000", -1_500_000_000, -2_208_988_799),
    ] as [(String, Int64?, Int64)])
  func eras(stamp: String, now: Int64?, expected: Int64) {
    let frame = Self.decoded(Self.message(transmit: stamp), at: now)
    #expect(frame.batch.ntp.first?.transmitTime == expected * 1_000_000_000)
  }

  @Test("What a clock refers to is letters up to stratum 1, then an address")
  func references() {
    let kiss = Self.decoded(Self.message(0xe4, stratum: 0, reference: "44454e59"))
    #expect(kiss.text(kiss.batch.ntp.first?.referenceID) == "DENY")
    #expect(kiss.batch.ntp.first?.leap == 3)
    let second = Self.decoded(Self.message(stratum: 2, reference: "c0000201"))
    #expect(second.text(second.batch.ntp.first?.referenceID) == "192.0.2.1")
  }

  @Test("A key stands behind extension fields, whose lengths may lie")
  func extensions() {
    let field = Octets.hex("0104 0010") + [UInt8](repeating: 7, count: 12)
    let digest = [UInt8](repeating: 9, count: 16)
    let frame = Self.decoded(Self.message(more: field + Octets.four(5) + digest))
    #expect(frame.batch.ntp.first?.keyID == 5 && frame.faults.isEmpty)
    #expect(Self.decoded(Self.message(more: Octets.four(0))).batch.ntp.first?.keyID == 0)
    let lie = Self.decoded(Self.message(more: Octets.hex("0104 0040") + field + digest))
    #expect(lie.faults == ["malformed ntp@90: octets of an NTP extension field: 36, expected 64"])
    #expect(lie.batch.ntp.count == 1)
  }

  @Test("Control and private messages have a code, and count what they hold")
  func others() throws {
    // Read variables, answered with 4 octets: RFC 9327, figure 1.
    let control = Self.decoded(Octets.hex("16 82 0001 0615 0000 0000 0004 613d310a"))
    #expect(control.batch.ntp.first?.mode == 6 && control.batch.ntp.first?.code == 2)
    #expect(control.batch.ntp.first?.isResponse == true && control.batch.ntp.first?.items == 4)
    // ntpd's MON_GETLIST_1, as scanners send it.
    let list = Self.decoded(Octets.hex("17 00 03 2a 0000 0000"))
    #expect(list.batch.ntp.first?.mode == 7 && list.batch.ntp.first?.code == 42)
    #expect(list.batch.ntp.first?.isResponse == false && list.faults.isEmpty)
    let answer = Self.decoded(
      Octets.hex("d7 00 03 2a 0006 0048") + [UInt8](repeating: 0, count: 72))
    #expect(answer.batch.ntp.first?.isResponse == true && answer.batch.ntp.first?.items == 6)
    #expect(answer.faults == ["malformed ntp@50: octets of NTP private data: 72, expected 432"])
  }

  @Test(
    "What only uses the port is no NTP",
    arguments: [
      NTPMessageTests.message(0x04), NTPMessageTests.message(0x3c),
      NTPMessageTests.message(stratum: 17), NTPMessageTests.message(more: [1]),
      Array(NTPMessageTests.message().prefix(47)), [0x16, 0x9f, 0],
    ])
  func none(octets: [UInt8]) {
    let frame = Self.decoded(octets)
    #expect(frame.batch.ntp.isEmpty && frame.reached == .udp && frame.batch.text.isEmpty)
    #expect(frame.faults.isEmpty)
  }

  @Test("Random octets never trap")
  func random() {
    for _ in 0..<5000 {
      var octets = (0..<Int.random(in: 1...120)).map { _ in UInt8.random(in: 0...255) }
      octets[0] = octets[0] & 0xc7 | 0x20
      _ = Self.decoded(octets, at: .random(in: -9_000_000_000...9_000_000_000))
    }
  }
}
