/// A network-layer address, held in 128 bits without allocation.
///
/// An IPv4 address fills the lowest 32 bits of `low`; an IPv6 address fills both words, most
/// significant bits first. Printed captures may name a host instead of giving its address: then
/// `low` is the host's number in a `HostNames` table.
public struct NetworkAddress: Hashable, Sendable {
  /// What the 128 bits mean.
  public enum Kind: UInt8, Sendable {
    case ipv4 = 4
    case ipv6 = 6
    /// A host name as a printed capture gave it; `low` is its number in a `HostNames` table.
    case name = 255
  }

  public var high: UInt64
  public var low: UInt64
  public var kind: Kind

  /// The IPv4 address whose 32 bits, most significant first, are `value`.
  public init(ipv4 value: UInt32) {
    (high, low, kind) = (0, UInt64(value), .ipv4)
  }

  /// The IPv6 address whose 128 bits are `high`, then `low`.
  public init(ipv6High high: UInt64, low: UInt64) {
    (self.high, self.low, kind) = (high, low, .ipv6)
  }

  /// The host that a printed capture names, by its number in a `HostNames` table.
  public init(name number: Int) {
    (high, low, kind) = (0, UInt64(number), .name)
  }
}

extension NetworkAddress {
  /// Appends the address as text: dotted decimal for IPv4, RFC 5952 for IPv6. A name is written
  /// as nothing; its text is in the table that numbered it.
  public func write(to text: inout [UInt8]) {
    switch kind {
    case .ipv4: Self.writeIPv4(UInt32(truncatingIfNeeded: low), to: &text)
    case .ipv6: writeIPv6(to: &text)
    case .name: break
    }
  }

  private static func writeIPv4(_ value: UInt32, to text: inout [UInt8]) {
    for index in 0..<4 {
      if index > 0 { text.append(UInt8(ascii: ".")) }
      text.append(decimal: UInt64(value >> UInt32(24 - 8 * index) & 0xff))
    }
  }

  private func group(_ index: Int) -> UInt64 {
    (index < 4 ? high >> UInt64(48 - 16 * index) : low >> UInt64(112 - 16 * index)) & 0xffff
  }

  /// RFC 5952, section 4: lower case, no leading zeros, the longest run of two or more zero
  /// groups (the first of equals) shortened to `::`; section 5: IPv4-mapped addresses in mixed form.
  private func writeIPv6(to text: inout [UInt8]) {
    if high == 0 && low >> 32 == 0xffff {
      text.append(contentsOf: "::ffff:".utf8)
      return Self.writeIPv4(UInt32(truncatingIfNeeded: low), to: &text)
    }
    // With no run of zeros, start and length add up to 0, where no colon is due anyway.
    var (longestStart, longestLength) = (-1, 1)
    var index = 0
    while index < 8 {
      let start = index
      while index < 8 && group(index) == 0 { index += 1 }
      if index - start > longestLength { (longestStart, longestLength) = (start, index - start) }
      index += 1
    }
    index = 0
    while index < 8 {
      if index == longestStart {
        text.append(contentsOf: "::".utf8)
        index += longestLength
        continue
      }
      if index > 0 && index != longestStart + longestLength { text.append(UInt8(ascii: ":")) }
      text.append(hexadecimal: group(index))
      index += 1
    }
  }
}

extension [UInt8] {
  /// Appends `value` in decimal digits.
  mutating func append(decimal value: UInt64) {
    if value >= 10 { append(decimal: value / 10) }
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }

  /// Appends `value` in lower-case hexadecimal digits, without leading zeros.
  mutating func append(hexadecimal value: UInt64) {
    if value >= 16 { append(hexadecimal: value / 16) }
    append(hexadecimalDigit: UInt8(truncatingIfNeeded: value & 15))
  }

  /// Appends the two lower-case hexadecimal digits of `octet`.
  mutating func append(hexadecimalOctet octet: UInt8) {
    append(hexadecimalDigit: octet >> 4)
    append(hexadecimalDigit: octet & 15)
  }

  private mutating func append(hexadecimalDigit digit: UInt8) {
    append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
  }
}
