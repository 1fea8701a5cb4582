import Testing

@testable import CaptureReading

@Suite("Lines of printed captures")
struct PrintedLineReadingTests {
  private func lines(_ bytes: [UInt8]) throws -> (lines: [PrintedLine], faults: [ReadingFault]) {
    try withFile(bytes) { path in
      let reader = try CaptureReader(location: .file(path: path), format: .tcpdumpText)
      var lines: [PrintedLine] = []
      while let line = reader.nextLine() { lines.append(line) }
      #expect(try !reader.next { _, _ in } && reader.isComplete)
      return (lines, reader.takeFaults())
    }
  }

  @Test("Lines end with a line feed, with or without a carriage return; the last may have none")
  func endings() throws {
    let (lines, faults) = try lines(Array("\u{feff}a b\r\n\n\tc\rd\nend".utf8))
    #expect(
      lines == [
        PrintedLine(text: "a b", number: 1, offset: 3),
        PrintedLine(text: "", number: 2, offset: 8),
        PrintedLine(text: "\tc\rd", number: 3, offset: 9),
        PrintedLine(text: "end", number: 4, offset: 14),
      ])
    #expect(faults.isEmpty)
  }

  @Test("Octets that are not UTF-8 are replaced")
  func replacement() throws {
    #expect(try lines([65, 0xff, 66, 10]).lines.map(\.text) == ["A\u{fffd}B"])
  }

  @Test("A line of 64 KiB is whole, a longer one is cut there with a fault")
  func longLines() throws {
    let limit = 65_536
    let whole = [UInt8](repeating: 65, count: limit)
    for end in [[10], [13, 10]] as [[UInt8]] {
      let (lines, faults) = try lines(whole + end + [66, 10])
      #expect(lines.map(\.text.utf8.count) == [limit, 1] && faults.isEmpty)
    }
    for more in [1, 2, 700_000] {
      let long = whole + [UInt8](repeating: 65, count: more)
      let (lines, faults) = try lines([66, 10] + long + [10, 66, 10])
      #expect(lines.map(\.text.utf8.count) == [1, limit, 1])
      #expect(lines.map(\.number) == [1, 2, 3])
      #expect(lines.map(\.offset) == [0, 2, Int64(2 + long.count + 1)])
      #expect(faults.map(\.kind) == [.cut] && faults.map(\.byteOffset) == [2])
    }
    let unended = try lines(whole + [65, 65, 65])
    #expect(unended.lines.map(\.text.utf8.count) == [limit] && unended.faults.count == 1)
  }
}
