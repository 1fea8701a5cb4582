import Testing

@testable import PacketDecoding

@Suite("DNS resource records, RFC 1035")
struct DNSResourceRecordTests {
  /// A response about `example.com` whose answers are `records`.
  private func answers(
    _ records: [UInt8], count: Int = 1, additional: Int = 0
  ) -> DecodedFrame {
    DecodedFrame(
      Octets.ipv6(
        17,
        Octets.udp(
          53, 50001,
          Octets.dns(
            flags: 0x8180, counts: [1, count, 0, additional],
            Octets.question(Octets.name("example", "com")) + records), length: 0), length: 0),
      link: .raw)
  }

  private let owner = Octets.hex("c00c")

  @Test("The owner is written where it is not the question's name, whatever its case")
  func owners() {
    let address = Octets.hex("c6336401")
    let records =
      Octets.resource(Octets.name("EXAMPLE", "COM"), type: 1, ttl: 0, address)
      + Octets.resource([3, 0x77, 0x77, 0x77, 0xc0, 0x0c], type: 1, ttl: -1, address)
      + Octets.resource([0], type: 1, class: 4, ttl: 1, address)
      + Octets.resource(Octets.hex("c014"), type: 1, class: 513, ttl: 1, address)
    let frame = answers(records, count: 4)
    #expect(
      frame.text(frame.dns?.answers)
        == "0 A 198.51.100.1; www.example.com 4294967295 A 198.51.100.1; "
        + ". 1 HS A 198.51.100.1; com 1 CLASS513 A 198.51.100.1")
    #expect(frame.faults == [])
  }

  @Test("An OPT record is kept as its fields, in whatever place: RFC 6891, 6.1.2 and 6.1.3")
  func opt() {
    let opt = Octets.resource([0], type: 41, class: 4096, ttl: 0x1700_8000, Octets.hex("000a0000"))
    let address = Octets.resource(owner, type: 1, Octets.hex("c6336401"))
    for (records, count) in [(opt, 1), (address + opt, 2), (opt + address, 2)] {
      let frame = answers(records, count: 0, additional: count)
      #expect(frame.dns?.ednsPayloadSize == 4096)
      // The upper eight of twelve bits are 0x17; the header's four are 0.
      #expect(frame.dns?.responseCode == 0x170)
      #expect(frame.text(frame.dns?.additional) == (count == 1 ? nil : "300 A 198.51.100.1"))
      #expect(frame.faults == [])
    }
  }

  @Test("Data beyond the end of the message are malformed; records before are kept")
  func dataBeyondEnd() {
    let address = Octets.hex("c6336401")
    let frame = answers(
      Octets.resource(owner, type: 1, address)
        + Octets.resource(owner, type: 16, length: 5, [3, 0x61, 0x62, 0x63]), count: 2)
    #expect(frame.text(frame.dns?.answers) == "300 A 198.51.100.1")
    // 48 octets before the message, 12 of header, 17 of question, 16 of record.
    #expect(
      frame.faults
        == ["malformed dns@93: a record's data reach beyond the end of the message"])
  }

  @Test("A record cut at any length is not kept", arguments: 0..<16)
  func cutRecord(count: Int) {
    let record = Octets.resource(owner, type: 1, Octets.hex("c6336401"))
    let frame = answers(Array(record.prefix(count)))
    #expect(frame.dns?.answers == nil && frame.batch.faults.count == 1)
    #expect(frame.batch.text == Array("example.com".utf8))
  }

  @Test("The text of one message's records ends soon behind 64 KiB, and the message is read on")
  func textLimit() throws {
    // A pointer of two octets stands for a name of 253: 4000 records claim a megabyte.
    let longest = ["a", "b", "c"].map { String(repeating: $0, count: 63) }
    let name = Octets.name(longest[0], longest[1], longest[2], String(repeating: "d", count: 61))
    let first = Octets.resource(name, type: 1, Octets.hex("c6336401"))
    let records = (0..<4000).flatMap { _ in
      Octets.resource(Octets.hex("c01d"), type: 1, Octets.hex("c6336401"))
    }
    let frame = answers(first + records, count: 2000, additional: 2001)
    let message = try #require(frame.dns)
    let kept = try #require(message.answers)
    #expect(frame.batch.text.count > 65_536 && frame.batch.text.count < 65_536 + 300)
    // Records of equal text: "; ", the name, " 300 A 198.51.100.1".
    let (number, remainder) = (Int(kept.count) + 2).quotientAndRemainder(dividingBy: 2 + 253 + 19)
    #expect(number > 200 && remainder == 0)
    #expect(message.additional == nil, "the limit is the message's, not the section's")
    #expect(message.additionalCount == 2001 && frame.faults == [])
  }

  @Test("Records of which each is as long as a message still end")
  func largeRecords() throws {
    let data = [UInt8](repeating: 0xff, count: 65_000)
    let frame = answers(Octets.resource(owner, type: 65_280, data))
    let text = try #require(frame.text(frame.dns?.answers))
    #expect(text.hasPrefix(##"300 TYPE65280 \# 65000 ffff"##))
    #expect(text.utf8.count == 23 + 130_000 && frame.faults == [])
  }
}
