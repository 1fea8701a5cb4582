import Testing

@testable import CaptureReading

/// Each piece counts for its octets and 32 more; the limits are made small here.
@Suite("Text beside the packets of a pcapng file")
struct TextAllowanceTests {
  private static func text(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x63, count: count) }

  /// Reads `bytes` to the end under small limits.
  private func read(
    _ bytes: [UInt8], limit: Int, _ judge: (CaptureReader) throws -> Void
  ) throws {
    try withFile(bytes) { path in
      let reader = try CaptureReader(location: .file(path: path))
      reader.pcapng.allowances.packetComments = .init("comments on packets", limit: limit)
      reader.pcapng.allowances.descriptions = .init("descriptions", limit: limit)
      reader.pcapng.allowances.names = .init("names", limit: limit)
      while try reader.next({ _, _ in }) {}
      try judge(reader)
    }
  }

  @Test("Comments on packets are kept up to the limit; one fault counts the others")
  func packetComments() throws {
    var file = PcapNGFixture()
    file.section()
    file.interface()
    for _ in 0..<5 { file.enhanced([1], options: [(1, Self.text(68)), (1, Self.text(68))]) }
    try read(file.bytes, limit: 300) { reader in
      #expect(reader.collectedText == 300)
      #expect(reader.takePacketComments().map(\.packetNumber) == [1, 1, 2])
      #expect(reader.collectedText == 0)
      let faults = reader.takeFaults()
      #expect(faults.map(\.kind) == [.unsupported] && reader.isComplete)
      #expect(
        faults.first?.message
          == "7 comments on packets are left out: more than the 300 octets that are kept.")
    }
  }

  @Test("Comments of sections and descriptions of interfaces are kept up to the limit together")
  func descriptions() throws {
    var file = PcapNGFixture()
    for _ in 0..<4 {
      file.section(options: [(1, Self.text(68))])
      file.interface(options: [(2, Self.text(18))])
    }
    file.enhanced([1])
    try read(file.bytes, limit: 300) { reader in
      #expect(reader.sections.map(\.comments.count) == [1, 1, 0, 0])
      #expect(reader.interfaces.map(\.name?.count) == [18, 18, nil, nil])
      #expect(reader.interfaces.count == 4 && reader.packetNumber == 1)
      #expect(
        reader.takeFaults().map(\.message)
          == ["4 descriptions are left out: more than the 300 octets that are kept."])
    }
  }

  @Test("Names of addresses are kept up to the limit; one fault counts the others")
  func names() throws {
    var file = PcapNGFixture()
    file.section()
    file.block(4) {
      for index in 0..<5 as Range<UInt8> {
        $0.add(UInt16(1))
        $0.add(UInt16(8))
        $0.add([192, 0, 2, index] + Array("abc\0".utf8))
      }
    }
    try read(file.bytes, limit: 100) { reader in
      #expect(reader.takeNameResolutions().count == 2)
      #expect(
        reader.takeFaults().map(\.message)
          == ["3 names are left out: more than the 100 octets that are kept."])
    }
  }

  @Test("A short piece still fits where a long one did not")
  func shortBehindLong() {
    var allowance = TextAllowance("texts", limit: 100)
    #expect([68, 69, 0, 0].map { allowance.takes($0) } == [true, false, false, false])
    allowance = TextAllowance("texts", limit: 100)
    #expect([69, .max - 32, 36, 0].map { allowance.takes($0) } == [false, false, true, true])
    #expect(allowance.leftOut == 2)
  }
}
