/// Addresses as tcpdump prints them.
extension PrintedText {
  /// The IPv4 address that the octets of `range` are: four decimal numbers up to 255.
  func ipv4Address(_ range: Range<Int>) -> UInt32? {
    var part = part(range)
    guard let address = part.takeIPv4Address(), part.isAtEnd else { return nil }
    return address
  }

  /// Takes an IPv4 address in dotted decimal away; what follows it is not looked at.
  mutating func takeIPv4Address() -> UInt32? {
    let start = position
    var address: UInt32 = 0
    for index in 0..<4 {
      guard index == 0 || take("."), let octet = takeNumber(as: UInt8.self) else {
        move(to: start)
        return nil
      }
      address = address << 8 | UInt32(octet)
    }
    return address
  }

  /// The IPv6 address that the octets of `range` are: RFC 4291, section 2.2, also with an IPv4
  /// address in its last 32 bits.
  func ipv6Address(_ range: Range<Int>) -> NetworkAddress? {
    let range = range.clamped(to: 0..<end)
    let address = NetworkAddress(text: octets.span.extracting(range))
    return address?.kind == .ipv6 ? address : nil
  }

  /// The EUI-48 address that the octets of `range` are, in the low 48 bits; `Broadcast`, which
  /// tcpdump writes without `-n`, is one.
  func eui48(_ range: Range<Int>) -> UInt64? {
    if equals(range, "Broadcast") { return 0xffff_ffff_ffff }
    guard range.count == 17 else { return nil }
    var value: UInt64 = 0
    for index in 0..<6 {
      let start = range.lowerBound + 3 * index
      guard let high = octet(at: start).flatMap(Self.hexadecimalValue),
        let low = octet(at: start + 1).flatMap(Self.hexadecimalValue),
        index == 5 || octet(at: start + 2) == UInt8(ascii: ":")
      else { return nil }
      value = value << 8 | UInt64(high << 4 | low)
    }
    return value
  }
}

extension PrintedPacketDecoder {
  /// The host that the octets of `range` stand for: an address, or a name, which is given a
  /// number. `nil` when they can be neither, or there are more names than are kept.
  mutating func host(_ text: PrintedText, _ range: Range<Int>) -> NetworkAddress? {
    if let address = text.ipv4Address(range) { return NetworkAddress(ipv4: address) }
    var hasColon = false
    for index in range {
      switch text.octet(at: index) {
      case UInt8(ascii: ":")?: hasColon = true
      case (0x21...0x7e)?: break
      default: return nil
      }
    }
    if hasColon { return text.ipv6Address(range) }
    guard !range.isEmpty, range.count <= Self.longestName else { return nil }
    return names.number(of: text.string(range).lowercased()).map(NetworkAddress.init(name:))
  }

  /// RFC 1035, 2.3.4, in presentation form.
  private static let longestName = 253

  /// A host with what may be its port: `192.0.2.1.53`, `2001:db8::1.53`, `ns.example.com.domain`.
  ///
  /// An address ends where it is complete, so that what follows its dot is the port. A name does
  /// not: whether its last label is a port, only the protocol tells.
  ///
  /// - Parameter namesHavePorts: Whether the protocol has ports.
  /// - Returns: The host, and the port's range when there is one.
  mutating func endpoint(
    _ text: PrintedText, _ range: Range<Int>, namesHavePorts: Bool
  ) -> (host: NetworkAddress, port: Range<Int>?)? {
    var part = text.part(range)
    if let address = part.takeIPv4Address() {
      if part.isAtEnd { return (NetworkAddress(ipv4: address), nil) }
      if part.take("."), !part.isAtEnd { return (NetworkAddress(ipv4: address), part.rest) }
    }
    var (lastColon, lastDot, dots) = (-1, -1, 0)
    for index in range {
      if text.octet(at: index) == UInt8(ascii: ":") { (lastColon, dots) = (index, 0) }
      if text.octet(at: index) == UInt8(ascii: ".") { (lastDot, dots) = (index, dots + 1) }
    }
    if lastColon >= 0 {
      // Behind the last colon: `1`, `1.53`, `192.0.2.1` or `192.0.2.1.53`.
      if dots == 1 || dots == 4, let address = text.ipv6Address(range.lowerBound..<lastDot) {
        return (address, lastDot + 1..<range.upperBound)
      }
      return text.ipv6Address(range).map { ($0, nil) }
    }
    if namesHavePorts, lastDot > range.lowerBound, lastDot + 1 < range.upperBound {
      return host(text, range.lowerBound..<lastDot).map { ($0, lastDot + 1..<range.upperBound) }
    }
    return host(text, range).map { ($0, nil) }
  }

  /// The port that the octets of `range` stand for, by number or by service name; a name that is
  /// not in the table is a fault.
  mutating func port(
    _ text: PrintedText, _ range: Range<Int>?, _ batch: inout RecordBatch
  ) -> UInt16? {
    guard let range else { return nil }
    if let number = text.number(range, as: UInt16.self) { return number }
    if let number = ServiceNames.port(text.string(range)) { return number }
    fault(
      .notUnderstood, record.protocolReached, at: range.lowerBound,
      "a service name without a known port, on line", &batch)
    return nil
  }
}
