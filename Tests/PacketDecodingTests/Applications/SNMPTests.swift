import Testing

@testable import PacketDecoding

/// Messages are encoded by a program of a few lines after X.690; expected is what tshark 4.0.17 says of them:
/// -T fields -e snmp.version -e snmp.msgID -e snmp.request_id -e snmp.error_status -e snmp.error_index
/// -e snmp.name -e snmp.msgUserName -e snmp.msgFlags.
@Suite("SNMP")
struct SNMPTests {
  private func row(_ frame: DecodedFrame) -> String? {
    frame.batch.snmp.first.map { message in
      func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "." }
      return [
        text(message.version), text(message.pduType), text(message.messageID),
        text(message.requestID), text(message.errorStatus), text(message.errorIndex),
        text(frame.text(message.firstOID)), text(message.variableCount),
        text(message.hasDefaultCommunity), text(frame.text(message.userName).map { "[\($0)]" }),
        text(message.flags), text(frame.text(message.trapOID)),
      ].joined(separator: " ")
    }
  }

  @Test(
    "A message's fields are tshark's",
    arguments: [
      (
        "302602010004067075626c6963a019020101020100020100300e300c06082b0601020101"
          + "05000500",
        "0 0 . 1 0 0 1.3.6.1.2.1.1.5.0 1 true . . ."
      ),
      (
        "302602010004067075626c6963a219020101020102020101300e300c06082b0601020101"
          + "05000500",
        "0 2 . 1 2 1 1.3.6.1.2.1.1.5.0 1 true . . ."
      ),
      (
        "30350201010406733363726574a5280203feee90020100020114301b300b06072b060102"
          + "0102020500300c06082b060102011f01010500",
        "1 5 . -70000 0 20 1.3.6.1.2.1.2.2 2 false . . ."
      ),
      (
        "302e020101040770726976617465a2200201030201110201013015301306082b06010201"
          + "01050004076e65776e616d65",
        "1 2 . 3 17 1 1.3.6.1.2.1.1.5.0 1 true . . ."
      ),
      (
        "303f02010104057472617073a7330201090201000201003028300d06082b060102010103"
          + "004301633017060a2b06010603010104010006092b0601060301010503",
        "1 7 . 9 0 0 1.3.6.1.2.1.1.3.0 2 false . . 1.3.6.1.6.3.1.1.5.3"
      ),
      (
        "3058020103300f020203e9020300ffe3040100020103041a3018040980001f8880010203"
          + "04020105020204d20400040004003026040480001f880400a81c02014d02010002010030"
          + "11300f060a2b060106030f01010400410101",
        "3 8 1001 77 0 0 1.3.6.1.6.3.15.1.1.4.0 1 . [] 0 ."
      ),
      (
        "3061020103300f020203ea020300ffe30401070201030421301f040980001f8880010203"
          + "04020105020204d204076d6f6e69746f72040004000428000102030405060708090a0b0c"
          + "0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627",
        "3 . 1002 . . . . . . [monitor] 7 ."
      ),
      (
        "305f020103300f020203eb020300ffe30401050201030421301f040980001f8880010203"
          + "04020105020204d204076d6f6e69746f72040004003026040480001f880403637478a119"
          + "02014e020100020100300e300c06088837038fffffff7f0500",
        "3 1 1003 78 0 0 2.999.3.4294967295 1 . [monitor] 5 ."
      ),
    ])
  func fields(_ hex: String, _ expected: String) {
    let frame = DecodedFrame(udp: 50_000, 161, Octets.hex(hex))
    #expect(row(frame) == expected)
    #expect(frame.batch.snmp.first?.isEncrypted == (frame.batch.snmp.first?.pduType == nil))
    #expect(frame.reached == .snmp && frame.faults == [])
  }

  private static let trap = Octets.hex(
    "303a02010004067075626c6963a42d06082b0601040109010140040a0000010201060201"
      + "2a430212673011300f060a2b060102010202010103020103")

  @Test("A trap of version 1 has who defines it, whom it is about, its kind and number")
  func trap() throws {
    let frame = DecodedFrame(udp: 50_001, 162, Self.trap)
    let message = try #require(frame.batch.snmp.first)
    #expect(frame.text(message.enterprise) == "1.3.6.1.4.1.9.1.1")
    #expect(frame.text(message.agentAddress) == "10.0.0.1")
    #expect(message.genericTrap == 6 && message.specificTrap == 42 && message.requestID == nil)
    #expect(frame.text(message.firstOID) == "1.3.6.1.2.1.2.2.1.1.3")
  }

  @Test("No community is kept")
  func community() {
    let octets = Octets.hex(
      "30350201010406733363726574a5280203feee90020100020114301b300b06072b060102"
        + "0102020500300c06082b060102011f01010500")
    #expect(!DecodedFrame(udp: 50_000, 161, octets).batch.text.starts(with: "s3cret".utf8))
    #expect(
      DecodedFrame(udp: 50_000, 161, octets).batch.string(TextRange(start: 0, count: 99))
        == "1.3.6.1.2.1.2.2")
  }

  @Test("What cannot be SNMP leaves no trace, whatever its port")
  func another() {
    for octets in [
      Array("hello, this is no SNMP".utf8), [0x30, 3, 2, 1, 0], [0x30, 5, 2, 1, 2, 4, 0],
    ] {
      let frame = DecodedFrame(udp: 50_000, 161, octets)
      #expect(frame.batch.snmp.isEmpty && frame.faults == [] && frame.reached == .udp)
    }
    #expect(DecodedFrame(udp: 50_000, 163, Self.trap).batch.snmp.isEmpty)
  }

  @Test("What ends too early is a fault, and what stands before is read")
  func short() {
    let frame = DecodedFrame(udp: 50_001, 162, Array(Self.trap.prefix(40)))
    #expect(frame.batch.snmp.first?.pduType == 4)
    #expect(frame.faults == ["malformed snmp@42: an SNMP message that cannot be read to its end"])
    let whole = Octets.ethernet(Octets.ipv4(17, Octets.udp(50_001, 162, Self.trap)))
    let cut = DecodedFrame(Array(whole.dropLast(20)), length: whole.count)
    #expect(cut.faults.contains("cut snmp@42: an SNMP message that cannot be read to its end"))
  }

  @Test("No octet, whatever it is changed to, stops the reading")
  func mutated() {
    for place in Self.trap.indices {
      for value in [0, 1, 0x30, 0x7f, 0x80, 0x84, 0xff] as [UInt8] {
        var octets = Self.trap
        octets[place] = value
        #expect(DecodedFrame(udp: 50_001, 162, octets).batch.packets.count == 1)
      }
    }
  }
}
