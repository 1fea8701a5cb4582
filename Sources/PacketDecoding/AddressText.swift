/// Addresses as people and programs write them, read without allocating.
extension NetworkAddress {
  /// The longest text that is an address: eight groups, the last two as IPv4.
  private static let longestText = 45

  /// The address that all of `text` is: dotted decimal, or RFC 4291, section 2.2, also with an IPv4
  /// address in its last 32 bits. `nil` for what is none, such as `010.0.0.1`, which some programs
  /// read as octal, and for an address with a zone.
  public init?(text: Span<UInt8>) {
    guard text.count <= Self.longestText else { return nil }
    for index in 0..<text.count where text.octet(at: index) == UInt8(ascii: ":") {
      guard let bits = Self.ipv6(text) else { return nil }
      self.init(
        ipv6High: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
      return
    }
    guard let value = Self.ipv4(text, from: 0) else { return nil }
    self.init(ipv4: value)
  }

  /// The bits, most significant first: 32 of an IPv4 address, 128 of an IPv6 address.
  public var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  private static func ipv4(_ text: Span<UInt8>, from start: Int) -> UInt32? {
    guard start <= text.count else { return nil }
    var (address, part, digits, dots) = (UInt32(0), UInt32(0), 0, 0)
    for index in start..<text.count {
      guard let octet = text.octet(at: index) else { return nil }
      if octet == UInt8(ascii: ".") {
        guard digits > 0, dots < 3 else { return nil }
        (address, part, digits, dots) = (address << 8 | part, 0, 0, dots + 1)
      } else {
        guard PrintedText.isDigit(octet), digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(octet - UInt8(ascii: "0"))
        digits += 1
        guard part <= 255 else { return nil }
      }
    }
    return digits > 0 && dots == 3 ? address << 8 | part : nil
  }

  private static func ipv6(_ text: Span<UInt8>) -> UInt128? {
    var (bits, groups) = (UInt128(0), 0)
    // What stands before `::`.
    var head: (bits: UInt128, groups: Int)?
    var index = 0
    func isColon(_ index: Int) -> Bool { text.octet(at: index) == UInt8(ascii: ":") }
    if isColon(0) {
      guard isColon(1) else { return nil }
      head = (0, 0)
      index = 2
    }
    while index < text.count {
      let start = index
      var group = UInt128(0)
      while index - start < 4,
        let digit = text.octet(at: index).flatMap(PrintedText.hexadecimalValue)
      {
        group = group << 4 | UInt128(digit)
        index += 1
      }
      if index > start, index == text.count || isColon(index) {
        (bits, groups) = (bits << 16 | group, groups + 1)
      } else {
        guard let tail = ipv4(text, from: start) else { return nil }
        (bits, groups, index) = (bits << 32 | UInt128(tail), groups + 2, text.count)
      }
      guard groups <= 8 else { return nil }
      if index == text.count { break }
      index += 1
      if isColon(index) {
        guard head == nil else { return nil }
        head = (bits, groups)
        (bits, groups, index) = (0, 0, index + 1)
      } else if index == text.count {
        return nil
      }
    }
    guard let head else { return groups == 8 ? bits : nil }
    guard head.groups + groups < 8 else { return nil }
    return head.bits << UInt128(16 * (8 - head.groups)) | bits
  }
}

extension Span<UInt8> {
  /// The octet at `index`, or `nil` outside the span.
  @inline(__always)
  func octet(at index: Int) -> UInt8? {
    index >= 0 && index < count ? self[index] : nil
  }
}
