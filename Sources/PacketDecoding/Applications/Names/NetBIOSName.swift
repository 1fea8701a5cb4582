/// The names of NetBIOS over TCP/IP: RFC 1001, section 14, and RFC 1002, section 4.2.
enum NetBIOSName {
  /// Octets of a name, of which the last tells what it is for.
  private static let length = 16

  /// Makes the name that stands in `text`, each of its half octets a letter from `a` to `p` (RFC 1001, 14.1),
  /// readable where it is such: `WORKGROUP<1d>`, with the scope behind it, if there is one. The blanks that
  /// fill it up, or zeros, are left out. Any other name stays as it is.
  ///
  /// - Returns: Where it stands now.
  static func decode(_ range: TextRange, in text: inout [UInt8]) -> TextRange {
    let (start, count) = (Int(range.start), Int(range.count))
    guard count >= 2 * length, start + count == text.count,
      count == 2 * length || text[start + 2 * length] == UInt8(ascii: ".")
    else { return range }
    var octets: [UInt8] = []
    octets.reserveCapacity(length)
    for index in 0..<length {
      let (high, low) = (text[start + 2 * index], text[start + 2 * index + 1])
      guard (UInt8(ascii: "a")...UInt8(ascii: "p")).contains(high),
        (UInt8(ascii: "a")...UInt8(ascii: "p")).contains(low)
      else { return range }
      octets.append((high - UInt8(ascii: "a")) << 4 | (low - UInt8(ascii: "a")))
    }
    let scope = Array(text[(start + 2 * length)...])
    text.removeSubrange(start...)
    append(octets, to: &text)
    text.append(contentsOf: scope)
    return TextRange(start: start, count: text.count - start)
  }

  /// Appends a name of sixteen octets: `WORKGROUP<1d>`.
  private static func append(_ octets: [UInt8], to text: inout [UInt8]) {
    let name = octets.dropLast()
    let filler = name.last == 0 ? UInt8(0) : UInt8(ascii: " ")
    let end = name.lastIndex { $0 != filler }.map { $0 + 1 } ?? 0
    for octet in name[..<end] {
      switch octet {
      case UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""):
        text.append(UInt8(ascii: "\\"))
        text.append(octet)
      case 0x20...0x7e: text.append(octet)
      default: DNSName.appendEscaped(octet, to: &text)
      }
    }
    text.append(UInt8(ascii: "<"))
    text.append(hexadecimalOctet: octets.last ?? 0)
    text.append(UInt8(ascii: ">"))
  }

  private static let nameService: UInt16 = 0x20
  private static let nodeStatus: UInt16 = 0x21
  private static let groupFlag: UInt16 = 0x8000

  /// Appends mnemonic and data of a record that NetBIOS alone has.
  ///
  /// - Returns: `false`, and nothing is appended, for what is none, or has not the form of it.
  static func append(
    _ type: UInt16, _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) -> Bool {
    let kept = text.count
    let isKnown =
      switch type {
      case nameService: appendAddresses(bytes, start, end, to: &text)
      case nodeStatus: appendStatus(bytes, start, end, to: &text)
      default: false
      }
    if !isKnown { text.removeSubrange(kept...) }
    return isKnown
  }

  /// RFC 1002, 4.2.1.3 and 4.2.13: flags and an address each, `group` before that of a group.
  private static func appendAddresses(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) -> Bool {
    guard (end - start) % 6 == 0 else { return false }
    text.append(contentsOf: "NB".utf8)
    var offset = start
    while offset < end, let flags = bytes.bigEndian(at: offset, as: UInt16.self),
      let address = bytes.ipv4Address(at: offset + 2)
    {
      text.append(contentsOf: flags & groupFlag == 0 ? " ".utf8 : " group ".utf8)
      address.write(to: &text)
      offset += 6
    }
    return true
  }

  /// RFC 1002, 4.2.18: a number of names, sixteen octets and flags each, then the unit's EUI-48 address and
  /// its counters.
  private static func appendStatus(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) -> Bool {
    guard let count = bytes.octet(at: start), start + 1 + Int(count) * 18 + 6 <= end
    else { return false }
    text.append(contentsOf: "NBSTAT".utf8)
    for index in 0..<Int(count) {
      let offset = start + 1 + index * 18
      let octets = (0..<length).compactMap { bytes.octet(at: offset + $0) }
      guard octets.count == length, let flags = bytes.bigEndian(at: offset + 16, as: UInt16.self)
      else { return false }
      text.append(contentsOf: flags & groupFlag == 0 ? " \"".utf8 : " group \"".utf8)
      append(octets, to: &text)
      text.append(UInt8(ascii: "\""))
    }
    for index in 0..<6 {
      text.append(UInt8(ascii: index == 0 ? " " : ":"))
      text.append(hexadecimalOctet: bytes.octet(at: start + 1 + Int(count) * 18 + index) ?? 0)
    }
    return true
  }
}
