/// The physical lines of a printed capture.
extension CaptureReader {
  /// The most octets of one line that are read: tcpdump's longest, a jumbo packet in hexadecimal
  /// on one line, is shorter.
  static let longestLine = 64 * 1024

  /// The next line of a printed capture; `nil` at its end, and always for other formats.
  ///
  /// A line that is longer than 64 KiB is cut there, with a fault. A last line without a line feed
  /// is a line: that something followed it once, nothing tells.
  public func nextLine() -> PrintedLine? {
    guard format == .tcpdumpText, !isFinished else { return nil }
    guard source.require(1) else {
      finishAtEnd()
      return nil
    }
    lineNumber += 1
    let offset = source.position
    let lineFeed = UInt8(ascii: "\n")
    var end = source.firstIndex(of: lineFeed, limit: Self.longestLine + 2)
    while end == nil, source.available < Self.longestLine + 2,
      source.require(source.available + 1)
    {
      end = source.firstIndex(of: lineFeed, limit: Self.longestLine + 2)
    }
    var length = end ?? source.available
    let endsWithReturn = source.withOctets(length) { $0.octet(at: length - 1) == 0x0d }
    if end != nil && endsWithReturn { length -= 1 }
    let kept = min(length, Self.longestLine)
    let text = source.withOctets(kept) { $0.text(0..<kept) } ?? ""
    if length > Self.longestLine {
      note(
        .cut, at: offset, packet: nil,
        "line \(lineNumber) has more than \(Self.longestLine) octets; the first "
          + "\(Self.longestLine) are read.")
    }
    if let end {
      source.consume(end + 1)
    } else {
      skipLine()
    }
    return PrintedLine(text: text, number: lineNumber, offset: offset)
  }

  /// Takes the rest of a line away, to its line feed or the end.
  private func skipLine() {
    while source.require(1) {
      if let end = source.firstIndex(of: UInt8(ascii: "\n"), limit: source.available) {
        source.consume(end + 1)
        return
      }
      source.consume(source.available)
    }
  }

  /// Some editors write U+FEFF before UTF-8 text; it is no part of the first line.
  func skipByteOrderMark() {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    if source.require(mark.count), source.withOctets(mark.count, { $0.starts(with: mark) }) {
      source.consume(mark.count)
    }
  }
}
