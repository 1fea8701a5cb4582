import Foundation
import Testing

@testable import PacketDecoding

@Suite("DNS names, RFC 1035")
struct DNSNameTests {
  /// The name at `offset` of a message that is all of `octets`.
  private func read(
    _ octets: [UInt8], at offset: Int = 0, message: Int = 0, end: Int? = nil
  ) -> (text: String, end: Int)? {
    var text = Array("before".utf8)
    let name = DNSName.read(
      Data(octets).bytes, message: message, end: end ?? octets.count, at: offset, into: &text)
    guard let name else {
      #expect(text == Array("before".utf8), "a name that cannot be read leaves the text as it was")
      return nil
    }
    let start = Int(name.text.start)
    #expect(start == 6 && start + Int(name.text.count) == text.count)
    return (String(decoding: text[start...], as: UTF8.self), name.end)
  }

  // RFC 1035, 4.1.4: F.ISI.ARPA at 20, FOO.F.ISI.ARPA at 40, ARPA at 64, the root at 92.
  @Test("The example of RFC 1035, section 4.1.4, reads as it says")
  func compression() {
    var octets = [UInt8](repeating: 0xee, count: 93)
    octets.replaceSubrange(20..<32, with: Octets.name("F", "ISI", "ARPA"))
    octets.replaceSubrange(40..<46, with: Octets.hex("03464f4fc014"))
    octets.replaceSubrange(64..<66, with: Octets.hex("c01a"))
    octets[92] = 0
    #expect(read(octets, at: 20).map { "\($0)" } == "(text: \"f.isi.arpa\", end: 32)")
    #expect(read(octets, at: 40).map { "\($0)" } == "(text: \"foo.f.isi.arpa\", end: 46)")
    #expect(read(octets, at: 64).map { "\($0)" } == "(text: \"arpa\", end: 66)")
    #expect(read(octets, at: 92).map { "\($0)" } == "(text: \".\", end: 93)")
  }

  @Test("Pointers count from where the message starts")
  func messageOffset() {
    let octets = [9, 9, 9] + Octets.name("a") + Octets.hex("0162c000")
    #expect(read(octets, at: 6, message: 3)?.text == "b.a")
  }

  @Test("Letters of ASCII are written small, and no others: RFC 4343, section 3")
  func letters() {
    #expect(read([4, 0x41, 0x5a, 0x5b, 0x40, 0])?.text == "az[@")
    #expect(read([2, 0xc4, 0xe4, 0])?.text == "\\196\\228")
  }

  // RFC 1035, 5.1: `\X` and `\DDD`.
  @Test("Octets that would be misread are escaped as in master files")
  func escapes() {
    #expect(read([3, 0x61, 0x2e, 0x62, 1, 0x5c, 0])?.text == "a\\.b.\\\\")
    #expect(
      read([6, 0x00, 0x09, 0x20, 0x7f, 0x80, 0xff, 0])?.text == "\\000\\009\\032\\127\\128\\255")
    #expect(read([3, 0x21, 0x7e, 0x3b, 0])?.text == "!~;")
  }

  @Test("A label has 63 octets at most; 64 and 128 begin reserved kinds")
  func labels() {
    let longest = [UInt8](repeating: 0x61, count: 63)
    #expect(read([63] + longest + [0])?.text == String(repeating: "a", count: 63))
    for length in [64, 65, 127, 128, 191] as [UInt8] {
      #expect(read([length] + [UInt8](repeating: 0x61, count: 200) + [0]) == nil)
    }
  }

  @Test("A name has 255 octets at most, its lengths and the root counted")
  func nameLength() {
    let label = [63] + [UInt8](repeating: 0x61, count: 63)
    let three = label + label + label
    // 3 × 64, then 62 and the root: 255. One octet more is too long.
    let longest = three + [61] + [UInt8](repeating: 0x62, count: 61) + [0]
    #expect(longest.count == 255)
    #expect(read(longest)?.text.utf8.count == 253)
    let tooLong = three + [62] + [UInt8](repeating: 0x62, count: 62) + [0]
    #expect(read(tooLong) == nil)
    // Compression makes it no shorter.
    #expect(read(longest + [1, 0x63, 0xc0, 0x00], at: 255) == nil)
    // As many labels as fit: 127 of one octet.
    let many: [UInt8] = Array([[UInt8]](repeating: [1, 0x61], count: 127).joined()) + [0]
    #expect(many.count == 255 && read(many)?.text.utf8.count == 253)
    #expect(read([1, 0x61] + many) == nil)
  }

  @Test("A pointer to itself, forward or into its own labels is none")
  func forwardPointers() {
    #expect(read([0xc0, 0x00]) == nil)
    #expect(read([0xc0, 0x02, 0]) == nil)
    #expect(read([0xc0, 0xff, 0]) == nil)
    #expect(read([1, 0x61, 0xc0, 0x00]) == nil)
    #expect(read([1, 0x61, 0xc0, 0x02]) == nil)
    // Two that point at each other, from either.
    #expect(read([0xc0, 0x02, 0xc0, 0x00]) == nil)
    #expect(read([0xc0, 0x02, 0xc0, 0x00], at: 2) == nil)
    // Back to labels that run on into the pointer.
    #expect(read([1, 0x61, 1, 0x62, 0xc0, 0x00], at: 2) == nil)
  }

  @Test("A pointer reaches 16383 octets back, and its upper bits are not part of it")
  func farPointer() {
    let octets =
      [UInt8](repeating: 0xee, count: 16_383) + Octets.name("far") + [0xff, 0xff]
    #expect(read(octets, at: 16_388)?.text == "far")
  }

  @Test("Pointers that lead to pointers are followed as often as a name has labels")
  func pointerChain() {
    // The name `a`, an octet of padding, then pointers, each to the one before.
    var octets: [UInt8] = [1, 0x61, 0, 0]
    for jump in 0..<200 { octets += Octets.two(0xc000 | (jump == 0 ? 0 : 2 + 2 * jump)) }
    #expect(read(octets, at: 4)?.text == "a")
    #expect(read(octets, at: 4 + 2 * 126)?.text == "a")
    #expect(read(octets, at: 4 + 2 * 127) == nil)
  }

  @Test("A name cut at any length is none")
  func cut() {
    let name = Octets.name("www", "example", "com")
    for end in 0..<name.count { #expect(read(name, end: end) == nil) }
    #expect(read(name + [0xc0], at: name.count) == nil)
    #expect(read(name, at: name.count) == nil)
    // The message ends before the span does.
    #expect(read([1, 0x61, 0xc0, 0x00], at: 2, end: 3) == nil)
  }
}
