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
      let address = addressText(octets, value.prefix(width))
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

  /// Four octets in dotted decimal, 16 in the form of RFC 5952.
  private static func addressText(_ octets: RawSpan, _ range: Range<Int>) -> String {
    if range.count == 4 {
      return range.map { String(octets.octet(at: $0) ?? 0) }.joined(separator: ".")
    }
    let groups = stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
      octets.integer(at: $0, bigEndian: true, as: UInt16.self) ?? 0
    }
    if groups.prefix(5).allSatisfy({ $0 == 0 }) && groups[5] == 0xffff {
      // Section 5: an IPv4-mapped address in mixed form.
      return "::ffff:" + addressText(octets, range.suffix(4))
    }
    // Section 4.2: the longest run of two or more zero groups, the first of equals, is "::".
    var longest = 0..<0
    for start in groups.indices {
      let end = groups[start...].firstIndex { $0 != 0 } ?? groups.endIndex
      if end - start >= 2 && end - start > longest.count { longest = start..<end }
    }
    let text = { (part: ArraySlice<UInt16>) in
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }
}
