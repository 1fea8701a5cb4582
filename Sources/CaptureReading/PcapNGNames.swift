/// The records of a pcapng name resolution block: type, length, value padded to 32 bits, until
/// type 0; the value of type 1 is an IPv4 address and its names, each ended by a zero octet, that
/// of type 2 an IPv6 address and its names.
///
/// Source: draft-ietf-opsawg-pcapng, section 4.5.
enum PcapNGNames {
  /// Calls `body` with each address and name that `allowance` has room for, in order.
  ///
  /// - Returns: `false` when a record contradicts the block; those before it were seen.
  static func forEach(
    _ octets: RawSpan, _ block: PcapNGBlock, _ allowance: inout TextAllowance,
    _ body: (NameResolution) -> Void
  ) -> Bool {
    var isWellFormed = true
    // The records are laid out as options are, and end as options end.
    let fits = PcapNGOptions.forEach(
      octets, in: 8..<block.bodyEnd, bigEndian: block.isBigEndian
    ) { type, value in
      let width = type == 1 ? 4 : type == 2 ? 16 : 0
      // Other types, EUI addresses among them, are names of something else.
      guard width > 0 else { return }
      guard value.count > width else {
        isWellFormed = false
        return
      }
      let address = address(octets, value.prefix(width))
      var start = value.lowerBound + width
      while start < value.upperBound {
        let end = (start..<value.upperBound).first { octets.octet(at: $0) == 0 }
        let range = start..<(end ?? value.upperBound)
        if !range.isEmpty, let name = PcapNGOptions.text(octets, range, &allowance) {
          body(NameResolution(address: address, name: name))
        }
        start = (end ?? value.upperBound) + 1
      }
    }
    return fits && isWellFormed
  }

  /// The address of 4 or 16 octets.
  private static func address(_ octets: RawSpan, _ range: Range<Int>) -> NameResolution.Address {
    let start = range.lowerBound
    if range.count == 4 { return .ipv4(octets.integer(at: start, bigEndian: true) ?? 0) }
    return .ipv6(
      high: octets.integer(at: start, bigEndian: true) ?? 0,
      low: octets.integer(at: start + 8, bigEndian: true) ?? 0)
  }
}
