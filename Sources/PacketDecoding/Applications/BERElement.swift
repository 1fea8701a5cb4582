/// A value in the basic encoding rules, with a tag of one octet and a length that is told: X.690, 8.1.
struct BERElement {
  var tag: UInt8
  /// Where its content stands, as far as the enclosing one goes.
  var content: Range<Int>
  /// Octets that its length counts beyond that.
  var missing: Int

  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let sequence: UInt8 = 0x30

  /// - Returns: `nil` where no such tag and length stand within `range`.
  init?(_ octets: RawSpan, _ range: Range<Int>) {
    let end = min(octets.byteCount, range.upperBound)
    var index = range.lowerBound
    guard index <= end - 2, let tag = octets.octet(at: index),
      let first = octets.octet(at: index + 1), tag & 0x1f != 0x1f
    else { return nil }
    index += 2
    var length = Int(first)
    if first & 0x80 != 0 {
      let count = Int(first & 0x7f)
      guard count >= 1, count <= 4, index + count <= end else { return nil }
      length = (0..<count).reduce(0) { $0 << 8 | Int(octets.octet(at: index + $1) ?? 0) }
      index += count
    }
    self.tag = tag
    content = index..<min(end, index + length)
    missing = length - content.count
  }

  /// The element that begins at `offset`; `nil` likewise.
  init?(_ octets: RawSpan, at offset: Int) {
    guard offset >= 0, offset < octets.byteCount else { return nil }
    self.init(octets, offset..<octets.byteCount)
  }

  /// Octets of its content, and where it ends, by its own count.
  var length: Int { content.count + missing }
  var end: Int { content.lowerBound + length }

  /// The value of an INTEGER; `nil` for one of more than eight octets.
  func integer(_ octets: RawSpan) -> Int64? {
    guard tag == Self.integer, missing == 0, 1...8 ~= content.count,
      let first = octets.octet(at: content.lowerBound)
    else { return nil }
    return content.dropFirst().reduce(Int64(Int8(bitPattern: first))) {
      $0 << 8 | Int64(octets.octet(at: $1) ?? 0)
    }
  }
}

/// Elements that stand behind each other.
struct BERElements {
  private(set) var rest: Range<Int>

  init(_ range: Range<Int>) { rest = range }

  /// The next one; `nil` where it has another tag, or is not all there.
  mutating func next(_ octets: RawSpan, _ tag: UInt8? = nil) -> BERElement? {
    guard let element = BERElement(octets, rest), element.missing == 0,
      tag == nil || element.tag == tag
    else { return nil }
    rest = element.content.upperBound..<rest.upperBound
    return element
  }

  /// The elements of the next one, as far as they are there; `nil` where it has another tag.
  mutating func enter(_ octets: RawSpan, _ tag: UInt8) -> BERElements? {
    guard let element = BERElement(octets, rest), element.tag == tag else { return nil }
    rest = element.content.upperBound..<rest.upperBound
    return BERElements(element.content)
  }

  mutating func integer(_ octets: RawSpan) -> Int64? { next(octets)?.integer(octets) }
}

extension RecordBatch {
  /// Appends an object identifier, such as `1.3.6.1.2.1.1.5.0`: X.690, 8.19.
  ///
  /// - Returns: `nil`, and the text as it was, for what is none.
  mutating func append(oid octets: RawSpan, _ range: Range<Int>) -> TextRange? {
    let start = text.count
    var value: UInt64 = 0
    var (isFirst, isEnded) = (true, false)
    // SMIv2 has 128 numbers at the most, RFC 2578, 3.5.
    guard range.count <= 640 else { return nil }
    for index in range {
      guard let octet = octets.octet(at: index), value < 1 << 56 else { break }
      value = value << 7 | UInt64(octet & 0x7f)
      isEnded = octet & 0x80 == 0
      guard isEnded else { continue }
      if isFirst {
        let root = min(value / 40, 2)
        text.append(decimal: root)
        value -= root * 40
        isFirst = false
      }
      text.append(UInt8(ascii: "."))
      text.append(decimal: value)
      value = 0
    }
    guard isEnded, value == 0 else {
      text.removeSubrange(start...)
      return nil
    }
    return TextRange(start: start, count: text.count - start)
  }
}
