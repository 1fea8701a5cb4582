/// Whether text looks like what tcpdump prints, judged by its early lines.
///
/// A packet's first line is `[number] [time] what-it-is`, with the time in one of the forms of
/// tcpdump(1): `13:24:32.192571`, a date before it (`-tttt`), seconds since 1970 (`-tt`), a
/// difference (`-ttt`), or none (`-t`). Lines before the first packet may be messages of tcpdump's
/// own, a shell's prompt, or indented details of a packet that is not there.
enum PrintedPacketRecognition {
  /// Lines that are looked at; beyond them text is not taken for tcpdump's.
  private static let lines = 16
  /// Octets that they may have in all.
  private static let octets = 16 * 1024

  /// Looks at the source without taking anything away, reading no more than the answer needs.
  static func recognises(_ source: ByteSource) -> Bool {
    var (start, seen) = (0, 0)
    while seen < lines {
      guard let end = lineEnd(from: start, source), end > start || source.available > start else {
        return false
      }
      let line = source.withOctets(end) { $0.text(start..<end) } ?? ""
      switch judge(start == 0 ? withoutByteOrderMark(line) : line) {
      case .packet: return true
      case .other: return false
      case .undecided: break
      }
      (start, seen) = (end + 1, seen + 1)
    }
    return false
  }

  /// Where the line from `start` ends; `nil` at the end or beyond `octets`.
  private static func lineEnd(from start: Int, _ source: ByteSource) -> Int? {
    var searched = start
    while true {
      let lineFeed = source.withOctets(min(source.available, octets)) { span in
        (searched..<max(searched, span.byteCount)).first {
          span.octet(at: $0) == UInt8(ascii: "\n")
        }
      }
      if let lineFeed { return lineFeed }
      searched = max(searched, min(source.available, octets))
      if source.available >= octets { return nil }
      if !source.require(source.available + 1) {
        return source.available > start ? source.available : nil
      }
    }
  }

  private static func withoutByteOrderMark(_ line: String) -> String {
    line.unicodeScalars.first == "\u{feff}" ? String(line.unicodeScalars.dropFirst()) : line
  }

  enum Verdict { case packet, undecided, other }

  /// Judges one line.
  static func judge(_ line: String) -> Verdict {
    if line.utf8.contains(0) { return .other }
    let words = line.split(whereSeparator: \.isWhitespace)
    if words.isEmpty { return .undecided }
    if isPacket(words) { return .packet }
    let ownMessages = [
      "tcpdump:", "listening on ", "reading from file", "dropped privs", "$ ", "# ",
    ]
    let isIndented = line.utf8.first == UInt8(ascii: " ") || line.utf8.first == UInt8(ascii: "\t")
    return isIndented || ownMessages.contains(where: line.hasPrefix) ? .undecided : .other
  }

  private static func isPacket(_ words: [Substring]) -> Bool {
    var rest = words[...]
    if let number = rest.first, number.utf8.allSatisfy(isDigit) { rest = rest.dropFirst() }
    if let date = rest.first, isDate(date) { rest = rest.dropFirst() }
    let isTimed = rest.first.map { isClock($0) || isSeconds($0) } ?? false
    if isTimed { rest = rest.dropFirst() }
    guard let first = rest.first else { return false }
    let hasDirection = rest.dropFirst().dropLast().contains(">")
    let says = { (word: Substring) in rest.contains(word) }
    if isTimed {
      return hasDirection || says("length") || says("ARP,") || says("IP") || says("IP6")
    }
    return hasDirection && (first == "IP" || first == "IP6" || says("ethertype"))
      || first == "ARP,"
  }

  private static func isDigit(_ octet: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
  }

  /// Whether `text` is digits alone, as many as `count` allows.
  private static func isNumber(_ text: Substring, _ count: ClosedRange<Int>) -> Bool {
    count.contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
  }

  /// `2026-11-23`
  private static func isDate(_ word: Substring) -> Bool {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && isNumber(parts[0], 4...4) && isNumber(parts[1], 2...2)
      && isNumber(parts[2], 2...2)
  }

  /// `20:35:23.929504`, with 6 or 9 digits after the point, or a minus sign before it all.
  private static func isClock(_ word: Substring) -> Bool {
    let parts = (word.hasPrefix("-") ? word.dropFirst() : word)
      .split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, isNumber(parts[0], 2...2), isNumber(parts[1], 2...2) else {
      return false
    }
    let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
    return seconds.count == 2 && isNumber(seconds[0], 2...2) && isNumber(seconds[1], 6...9)
  }

  /// `1795466123.929504`
  private static func isSeconds(_ word: Substring) -> Bool {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && isNumber(parts[0], 1...12) && isNumber(parts[1], 6...9)
  }
}
