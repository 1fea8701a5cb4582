import Foundation
import Testing

@testable import PacketDecoding

@Suite("Resource record data as text")
struct DNSDataTests {
  private func text(_ type: UInt16, _ data: [UInt8], before: [UInt8] = []) -> String {
    var text: [UInt8] = []
    let octets = before + data
    DNSData.append(
      type, Data(octets).bytes, before.count, octets.count, message: 0, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  // RFC 3597, section 5: `e.example CLASS1 TYPE731 \# 6 abcdef012345` and `TYPE731 \# 0`.
  @Test("Data of unknown types are written as RFC 3597 writes them")
  func unknown() {
    #expect(text(731, Octets.hex("abcdef012345")) == ##" \# 6 abcdef012345"##)
    #expect(text(731, []) == ##" \# 0"##)
  }

  // RFC 3597, section 5: a known type may be written so too, `TYPE1 \# 4 0A000001`.
  @Test(
    "Data that do not have their type's form are written as unknown",
    arguments: [
      (1, "c63364"), (1, "c633640100"), (28, "20010db8"), (2, ""), (2, "0161"), (2, "01610000"),
      (5, "c000"), (15, "00"), (15, "000a"), (15, "000a016100ff"), (33, "00010002"),
      (33, "000100020003"), (6, "0000"), (6, "0000" + "00000001000000020000000300000004"),
      (6, "0000" + "000000010000000200000003000000040000000500"), (16, ""), (16, "056162"),
      (257, "00"), (257, ""), (257, "000561"), (12, "400161"),
    ] as [(UInt16, String)])
  func malformed(type: UInt16, digits: String) {
    let data = Octets.hex(digits)
    let expected = data.isEmpty ? ##" \# 0"## : " \\# \(data.count) \(digits)"
    #expect(text(type, data) == expected)
  }

  @Test("Addresses and names are written as their RFCs write them")
  func known() {
    #expect(text(1, [10, 0, 0, 1]) == " 10.0.0.1")
    #expect(text(28, [UInt8](repeating: 0, count: 15) + [1]) == " ::1")
    for type in [2, 5, 12, 39] as [UInt16] {
      #expect(text(type, Octets.name("Ns", "Example")) == " ns.example")
      #expect(text(type, [0xc0, 0x00], before: Octets.name("a", "b")) == " a.b")
      #expect(text(type, [0]) == " .")
    }
    for type in [15, 18, 36] as [UInt16] {
      #expect(text(type, Octets.hex("ffff") + Octets.name("a")) == " 65535 a")
    }
    #expect(text(33, Octets.hex("0000000114cc") + Octets.name("t")) == " 0 1 5324 t")
  }

  // RFC 1035, 3.3.13, with the largest values of 32 bits.
  @Test("SOA is written with both names and its five numbers")
  func authority() {
    #expect(
      text(
        6,
        Octets.name("m") + Octets.name("r") + Octets.hex("ffffffff00000000000000010000000200000003")
      )
        == " m r 4294967295 0 1 2 3")
  }

  @Test("Character strings are quoted, and what would end the quote is escaped")
  func strings() {
    #expect(text(16, [0]) == #" """#)
    #expect(text(16, [1, 0x61, 0, 2, 0x22, 0x5c]) == #" "a" "" "\"\\""#)
    #expect(text(16, [4, 0x20, 0x3b, 0x0a, 0xff]) == #" " ;\010\255""#)
    #expect(text(13, [1, 0x41, 1, 0x62]) == #" "A" "b""#)
    let longest = [UInt8](repeating: 0x78, count: 255)
    #expect(text(99, [255] + longest) == " \"\(String(repeating: "x", count: 255))\"")
  }

  // RFC 8659, 4.1.1: flags, tag, value.
  @Test("CAA is written with flags, tag and quoted value")
  func authorization() {
    #expect(
      text(257, [128, 5] + Array("issueca1.example.net".utf8)) == #" 128 issue "ca1.example.net""#)
    #expect(text(257, [0, 5] + Array("issue".utf8)) == #" 0 issue """#)
  }

  @Test("A name in the data may not reach beyond them")
  func nameBeyondData() {
    var text: [UInt8] = []
    let octets = Octets.name("a", "b")
    DNSData.append(2, Data(octets).bytes, 0, 3, message: 0, to: &text)
    #expect(String(decoding: text, as: UTF8.self) == ##" \# 3 016101"##)
  }
}
