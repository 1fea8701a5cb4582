/// A resource record's data as text, in master-file form: RFC 1035 section 5, RFC 3597 section 5.
enum DNSData {
  /// Appends a blank and the data in `bytes[start..<end]`.
  ///
  /// The common types are written as their RFCs write them; any other, and data that do not have
  /// their type's form, as RFC 3597 writes unknown data: `\# length hex`.
  static func append(
    _ type: UInt16, _ bytes: RawSpan, _ start: Int, _ end: Int, message: Int,
    to text: inout [UInt8]
  ) {
    text.append(UInt8(ascii: " "))
    let kept = text.count
    if !appendKnown(type, bytes, start, end, message: message, to: &text) {
      text.removeSubrange(kept...)
      appendUnknown(bytes, start, end, to: &text)
    }
  }

  private static func appendUnknown(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) {
    text.append(contentsOf: "\\# ".utf8)
    text.append(decimal: UInt64(max(0, end - start)))
    if end > start { text.append(UInt8(ascii: " ")) }
    var index = start
    while index < end, let octet = bytes.octet(at: index) {
      text.append(hexadecimalOctet: octet)
      index += 1
    }
  }

  /// - Returns: `false` when the type has no form here, or the data do not have it.
  private static func appendKnown(
    _ type: UInt16, _ bytes: RawSpan, _ start: Int, _ end: Int, message: Int,
    to text: inout [UInt8]
  ) -> Bool {
    switch type {
    case 1:  // A, RFC 1035 3.4.1
      guard end - start == 4, let address = bytes.ipv4Address(at: start) else { return false }
      address.write(to: &text)
      return true
    case 28:  // AAAA, RFC 3596 2.2
      guard end - start == 16, let address = bytes.ipv6Address(at: start) else { return false }
      address.write(to: &text)
      return true
    case 2, 5, 12, 39:  // NS, CNAME, PTR, RFC 1035 3.3; DNAME, RFC 6672 2.1
      return appendName(bytes, start, end, message: message, to: &text) == end
    case 15, 18, 36:  // MX, RFC 1035 3.3.9; AFSDB, RFC 1183; KX, RFC 2230: a number and a name
      guard appendNumber(bytes, start, end, to: &text) else { return false }
      return appendName(bytes, start + 2, end, message: message, to: &text) == end
    case 33:  // SRV, RFC 2782: priority, weight, port, target
      for index in 0..<3 {
        guard appendNumber(bytes, start + 2 * index, end, to: &text) else { return false }
      }
      return appendName(bytes, start + 6, end, message: message, to: &text) == end
    case 6: return appendAuthority(bytes, start, end, message: message, to: &text)
    case 13, 16, 99:  // HINFO, TXT, SPF: RFC 1035 3.3.2 and 3.3.14
      return appendStrings(bytes, start, end, to: &text)
    case 257:  // CAA, RFC 8659 4.1: flags, tag, value
      return appendAuthorization(bytes, start, end, to: &text)
    default: return false
    }
  }

  /// SOA, RFC 1035 3.3.13: two names and five numbers of 32 bits.
  private static func appendAuthority(
    _ bytes: RawSpan, _ start: Int, _ end: Int, message: Int, to text: inout [UInt8]
  ) -> Bool {
    guard let contact = appendName(bytes, start, end, message: message, to: &text)
    else { return false }
    text.append(UInt8(ascii: " "))
    guard let numbers = appendName(bytes, contact, end, message: message, to: &text),
      end - numbers == 20
    else { return false }
    for index in 0..<5 {
      guard let value = bytes.bigEndian(at: numbers + 4 * index, as: UInt32.self)
      else { return false }
      text.append(UInt8(ascii: " "))
      text.append(decimal: UInt64(value))
    }
    return true
  }

  private static func appendAuthorization(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) -> Bool {
    guard let flags = bytes.octet(at: start), let tagLength = bytes.octet(at: start + 1),
      start + 2 + Int(tagLength) <= end
    else { return false }
    text.append(decimal: UInt64(flags))
    text.append(UInt8(ascii: " "))
    let value = start + 2 + Int(tagLength)
    appendOctets(bytes, start + 2, value, to: &text)
    text.append(UInt8(ascii: " "))
    appendQuoted(bytes, value, end, to: &text)
    return true
  }

  /// A number of 16 bits and the blank behind it.
  private static func appendNumber(
    _ bytes: RawSpan, _ offset: Int, _ end: Int, to text: inout [UInt8]
  ) -> Bool {
    guard offset + 2 <= end, let value = bytes.bigEndian(at: offset, as: UInt16.self)
    else { return false }
    text.append(decimal: UInt64(value))
    text.append(UInt8(ascii: " "))
    return true
  }

  /// - Returns: The offset behind the name, or `nil` when there is none within the data.
  private static func appendName(
    _ bytes: RawSpan, _ start: Int, _ end: Int, message: Int, to text: inout [UInt8]
  ) -> Int? {
    DNSName.read(bytes, message: message, end: end, at: start, into: &text)?.end
  }

  /// Character strings, each behind its length octet, quoted and parted by blanks.
  private static func appendStrings(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) -> Bool {
    var offset = start
    while offset < end, let length = bytes.octet(at: offset) {
      let next = offset + 1 + Int(length)
      guard next <= end else { return false }
      if offset > start { text.append(UInt8(ascii: " ")) }
      appendQuoted(bytes, offset + 1, next, to: &text)
      offset = next
    }
    return offset == end && end > start
  }

  private static func appendQuoted(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) {
    text.append(UInt8(ascii: "\""))
    appendOctets(bytes, start, end, to: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// Octets as they are where they are printable ASCII, escaped as RFC 1035, 5.1, asks elsewhere.
  private static func appendOctets(
    _ bytes: RawSpan, _ start: Int, _ end: Int, to text: inout [UInt8]
  ) {
    var index = start
    while index < end, let octet = bytes.octet(at: index) {
      switch octet {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(UInt8(ascii: "\\"))
        text.append(octet)
      case 0x20...0x7e: text.append(octet)
      default: DNSName.appendEscaped(octet, to: &text)
      }
      index += 1
    }
  }
}
