/// A domain name in a DNS message: RFC 1035, sections 3.1 and 4.1.4.
enum DNSName {
  /// RFC 1035, 2.3.4: octets of a name on the wire, length octets included.
  private static let longest = 255
  /// Pointers that one name may follow: as many labels as it can hold. Without this, a message of
  /// 64 KiB could cost millions of jumps.
  private static let mostJumps = 127

  /// Reads the name at `offset` of `bytes` and appends it to `text`: lower case, labels parted by
  /// dots, without the final dot; `.` for the root. An octet that is no printable ASCII is written
  /// `\DDD`, a dot or backslash inside a label with a backslash before it (RFC 1035, 5.1).
  ///
  /// Ends whatever the octets are: a compression pointer may only lead to octets before the
  /// labels that it ends, so that each jump leaves fewer octets to jump to.
  ///
  /// - Parameters:
  ///   - message: Where the message starts, which pointers count from.
  ///   - end: Where the message ends.
  /// - Returns: The name's text, and the offset behind the name where it stands; `nil` when it
  ///   runs out of the message, is longer than 255 octets, points forward or jumps too often.
  ///   `text` is then as it was.
  static func read(
    _ bytes: RawSpan, message: Int, end: Int, at offset: Int, into text: inout [UInt8]
  ) -> (text: TextRange, end: Int)? {
    let start = text.count
    var position = offset
    var segmentStart = offset
    var behind: Int?
    var (wireLength, jumps) = (1, 0)
    while position < end, let length = bytes.octet(at: position) {
      switch length {
      case 0:
        if text.count == start { text.append(UInt8(ascii: ".")) }
        return (TextRange(start: start, count: text.count - start), behind ?? position + 1)
      case 1...63:
        let labelEnd = position + 1 + Int(length)
        wireLength += 1 + Int(length)
        guard labelEnd <= end, wireLength <= longest else {
          text.removeSubrange(start...)
          return nil
        }
        if text.count > start { text.append(UInt8(ascii: ".")) }
        var index = position + 1
        while index < labelEnd, let octet = bytes.octet(at: index) {
          append(octet, to: &text)
          index += 1
        }
        position = labelEnd
      case 0xc0...:
        guard position + 2 <= end, let low = bytes.octet(at: position + 1) else {
          text.removeSubrange(start...)
          return nil
        }
        let target = message + (Int(length & 0x3f) << 8 | Int(low))
        jumps += 1
        guard target < segmentStart, jumps <= mostJumps else {
          text.removeSubrange(start...)
          return nil
        }
        if behind == nil { behind = position + 2 }
        (position, segmentStart) = (target, target)
      default:  // 0x40 and 0x80: reserved, RFC 6891 section 5
        text.removeSubrange(start...)
        return nil
      }
    }
    text.removeSubrange(start...)
    return nil
  }

  private static func append(_ octet: UInt8, to text: inout [UInt8]) {
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      text.append(octet | 0x20)
    case UInt8(ascii: "."), UInt8(ascii: "\\"):
      text.append(UInt8(ascii: "\\"))
      text.append(octet)
    case 0x21...0x7e:
      text.append(octet)
    default:
      appendEscaped(octet, to: &text)
    }
  }

  /// `\DDD`, three decimal digits: RFC 1035, 5.1.
  static func appendEscaped(_ octet: UInt8, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\\"))
    text.append(UInt8(ascii: "0") + octet / 100)
    text.append(UInt8(ascii: "0") + octet / 10 % 10)
    text.append(UInt8(ascii: "0") + octet % 10)
  }
}
