/// The addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32` (RFC 4632, section
/// 3.1; RFC 4291, section 2.3).
///
/// An IPv4-mapped prefix (`::ffff:192.0.2.0/120`) is the IPv4 prefix that it holds.
public final class NetworkPrefix: Sendable {
  let kind: NetworkAddress.Kind
  private let bits: UInt128
  let length: Int

  init(_ kind: NetworkAddress.Kind, _ bits: UInt128, length: Int) {
    (self.kind, self.bits, self.length) = (kind, bits, length)
  }

  /// - Parameter text: An address, `/` and how many bits count; those behind them do not matter. An
  ///   address alone is a prefix of all its bits.
  /// - Returns: `nil` for what is none.
  public convenience init?(text: Span<UInt8>) {
    var slash = text.count
    for index in 0..<text.count where text.octet(at: index) == UInt8(ascii: "/") {
      slash = index
      break
    }
    guard let address = NetworkAddress(text: text.extracting(0..<slash)) else { return nil }
    let width = address.kind == .ipv4 ? 32 : 128
    var length = width
    if slash < text.count {
      guard (2...4).contains(text.count - slash) else { return nil }
      length = 0
      for index in slash + 1..<text.count {
        guard let octet = text.octet(at: index), PrintedText.isDigit(octet) else { return nil }
        length = length * 10 + Int(octet - UInt8(ascii: "0"))
      }
      guard length <= width else { return nil }
    }
    if let mapped = address.mappedIPv4, length >= 96 {
      self.init(.ipv4, UInt128(mapped), length: length - 96)
    } else {
      self.init(address.kind, address.bits, length: length)
    }
  }

  /// Whether the address begins with the bits. An IPv4-mapped address is in IPv4 prefixes as the
  /// IPv4 address that it holds, and in IPv6 prefixes by its own bits.
  public func contains(_ address: NetworkAddress) -> Bool {
    if address.kind == kind {
      return (address.bits ^ bits) >> UInt128((kind == .ipv4 ? 32 : 128) - length) == 0
    }
    guard kind == .ipv4, let mapped = address.mappedIPv4 else { return false }
    return (UInt128(mapped) ^ bits) >> UInt128(32 - length) == 0
  }
}

extension NetworkAddress {
  /// The IPv4 address that an IPv4-mapped IPv6 address holds: RFC 4291, section 2.5.5.2.
  var mappedIPv4: UInt32? {
    kind == .ipv6 && bits >> 32 == 0xffff ? UInt32(truncatingIfNeeded: low) : nil
  }

  /// Whether the address is not globally reachable, by the most specific entry for it in IANA's
  /// special-purpose address registries. An IPv4-mapped address is what the IPv4 address is that it
  /// holds.
  ///
  /// Source: RFC 6890 and the registries that it began, iana-ipv4-special-registry and
  /// iana-ipv6-special-registry, as of 2025. Entries whose reach is "N/A" (6to4, TEREDO, the first
  /// ORCHID) are not counted as private, nor is what has no entry, such as multicast.
  public var isPrivate: Bool {
    if let mapped = mappedIPv4 { return NetworkAddress(ipv4: mapped).isPrivate }
    var found: (length: Int, isPrivate: Bool) = (-1, false)
    for entry in kind == .ipv4 ? SpecialAddresses.ipv4 : SpecialAddresses.ipv6
    where entry.prefix.length > found.length && entry.prefix.contains(self) {
      found = (entry.prefix.length, !entry.isReachable)
    }
    return found.isPrivate
  }
}

/// The entries of the registries that decide.
private enum SpecialAddresses {
  struct Entry: Sendable {
    let prefix: NetworkPrefix
    /// Globally, or not known.
    let isReachable: Bool

    init(_ prefix: String, isReachable: Bool = false) {
      // What is none would match nothing; a test names an address of each entry.
      self.prefix =
        NetworkPrefix(text: Array(prefix.utf8).span) ?? NetworkPrefix(.name, 0, length: 0)
      self.isReachable = isReachable
    }
  }

  static let ipv4: [Entry] =
    [
      "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
      "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
      "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
    ].map { Entry($0) }
    + ["192.0.0.9/32", "192.0.0.10/32"].map { Entry($0, isReachable: true) }

  static let ipv6: [Entry] =
    [
      "::1/128", "::/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
      "2001:2::/48", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
    ].map { Entry($0) }
    + [
      "2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32",
      "2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28",
    ].map { Entry($0, isReachable: true) }
}
