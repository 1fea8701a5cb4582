/// Base64, RFC 4648, section 4: what hides passwords from nobody.
enum Base64 {
  /// Octets of text that are decoded; what is longer is cut.
  private static let longest = 4096

  /// - Parameters:
  ///   - stop: The octet at which decoding ends, so that what follows is never in memory.
  ///   - times: How often it must come; what is decoded holds it one time less.
  /// - Returns: `nil` where other characters stand in it, and where that octet does not come so often: then it
  ///   may all be secret.
  static func decode(
    _ octets: RawSpan, _ range: Range<Int>, until stop: Unicode.Scalar? = nil,
    times: Int = 1
  ) -> [UInt8]? {
    var decoded: [UInt8] = []
    var (bits, count) = (UInt32(0), 0)
    var stops = 0
    for index in range.prefix(longest) {
      guard let octet = octets.octet(at: index) else { return nil }
      if octet == UInt8(ascii: "=") { break }
      guard let value = value(octet) else { return nil }
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      let next = UInt8(truncatingIfNeeded: bits >> UInt32(count))
      if let stop, stop.value == next {
        stops += 1
        if stops == times { return decoded }
      }
      decoded.append(next)
    }
    return stop == nil ? decoded : nil
  }

  /// Whether it may stand in base64, its padding included.
  static func isDigit(_ octet: UInt8?) -> Bool {
    guard let octet else { return false }
    return octet == UInt8(ascii: "=") || value(octet) != nil
  }

  private static func value(_ octet: UInt8) -> UInt32? {
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(octet) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(octet) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(octet) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
