// What is no text on the wire and is kept as text: lists of addresses, identifiers of any length.

extension RecordBatch {
  /// Appends the octets of `range` in hexadecimal digits; what is too long is cut.
  ///
  /// - Parameter separator: Stands between octets.
  mutating func append(
    hexadecimal octets: RawSpan, _ range: Range<Int>, separator: UInt8? = nil
  ) -> TextRange {
    let start = text.count
    var index = range.lowerBound
    while index < range.upperBound, let octet = octets.octet(at: index) {
      if isTooLong(since: start) { break }
      if let separator, index > range.lowerBound { text.append(separator) }
      text.append(hexadecimalOctet: octet)
      index += 1
    }
    return TextRange(start: start, count: text.count - start)
  }

  /// Appends addresses, parted by commas; what is too long is cut.
  ///
  /// - Returns: `nil` for none.
  mutating func append(_ addresses: [NetworkAddress]) -> TextRange? {
    append(list: addresses) { $0.write(to: &$1) }
  }

  /// Appends what `write` makes of each item, parted by commas; what is too long is cut.
  ///
  /// - Returns: `nil` for none.
  mutating func append<Item>(
    list: [Item], _ write: (Item, inout [UInt8]) -> Void
  ) -> TextRange? {
    if list.isEmpty { return nil }
    let start = text.count
    for (index, item) in list.enumerated() {
      if isTooLong(since: start) { break }
      if index > 0 { text.append(UInt8(ascii: ",")) }
      write(item, &text)
    }
    return TextRange(start: start, count: text.count - start)
  }

  /// Whether a text that began at `start` is as long as one may be; then that is written behind it.
  private mutating func isTooLong(since start: Int) -> Bool {
    if text.count - start < Self.longestText { return false }
    text.append(contentsOf: "…".utf8)
    return true
  }
}

extension RawSpan {
  /// The IPv4 addresses that fill the span; what is left behind the last is passed over.
  var ipv4Addresses: [NetworkAddress] {
    stride(from: 0, to: byteCount, by: 4).compactMap { ipv4Address(at: $0) }
  }

  /// The IPv6 addresses that fill the span; what is left behind the last is passed over.
  var ipv6Addresses: [NetworkAddress] {
    stride(from: 0, to: byteCount, by: 16).compactMap { ipv6Address(at: $0) }
  }

  /// Where the text that begins at `range` ends: before the first NUL, or with the range.
  func textEnd(_ range: Range<Int>) -> Int { firstIndex(of: 0, in: range) ?? range.upperBound }
}
