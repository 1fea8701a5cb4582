/// Where a DHCP message's options stand: RFC 2132, section 2.
struct DHCPOptions {
  /// Those that are read; option 52 is read before them.
  static let read: [UInt8] = [
    1, 3, 6, 12, 15, 50, 51, 53, 54, 55, 56, 60, 61, 66, 67, 81, 82, 121, 252,
  ]
  /// Whether the option holds one number or address, and so never stands in several parts.
  static func isNumber(_ code: UInt8) -> Bool { [1, 50, 51, 52, 53, 54].contains(code) }

  /// Whether the last octets that were looked through had an end.
  private(set) var isEnded = false
  private(set) var hasFault = false
  private var entries: [(code: UInt8, range: Range<Int>)] = []

  /// Looks through `range` of the message: code, length and value of each, 0 to pad and 255 at the end.
  mutating func collect(
    _ payload: RawSpan, _ range: Range<Int>, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    var index = range.lowerBound
    isEnded = false
    while index < range.upperBound, let code = payload.octet(at: index) {
      if code == 0 {
        index += 1
        continue
      }
      if code == 255 {
        isEnded = true
        return
      }
      let start = index + 2
      let length = index + 1 < range.upperBound ? Int(payload.octet(at: index + 1) ?? 0) : 1
      guard start + length <= range.upperBound else {
        hasFault = true
        let isCut = context.isCut && range.upperBound == payload.byteCount
        return context.fault(
          isCut ? .cut : .malformed, .dhcp, at: index, "octets of a DHCP option",
          found: max(0, range.upperBound - start), expected: length, &batch)
      }
      if code == 52 || Self.read.contains(code) { entries.append((code, start..<start + length)) }
      index = start + length
    }
  }

  /// The value of the first option of that code.
  func first(_ code: UInt8) -> Range<Int>? { entries.first { $0.code == code }?.range }

  func count(_ code: UInt8) -> Int { entries.count { $0.code == code } }

  /// The values of all of that code, one behind the other: RFC 3396.
  func joined(_ code: UInt8, _ payload: RawSpan) -> [UInt8] {
    var octets: [UInt8] = []
    for entry in entries where entry.code == code {
      octets.append(contentsOf: payload.extracting(entry.range))
    }
    return octets
  }
}

extension DHCPMessage {
  /// Takes the value of an option.
  ///
  /// - Parameter offset: Octets of the message before it.
  mutating func take(
    _ code: UInt8, _ value: RawSpan, _ context: PayloadContext, at offset: Int,
    _ batch: inout RecordBatch
  ) {
    let count = value.byteCount
    let (isFit, expected) =
      switch code {
      case 1, 50, 51, 54: (count == 4, 4)
      case 53: (count == 1, 1)
      case 3, 6: (count > 0 && count.isMultiple(of: 4), 4)
      case 81: (count >= 3, 3)
      default: (true, 0)
      }
    guard isFit else {
      return context.fault(
        .malformed, .dhcp, at: offset, "octets of a DHCP option's value", found: count,
        expected: expected, &batch)
    }
    switch code {
    case 1: subnetMask = value.ipv4Address(at: 0)
    case 3: routers = batch.append(value.ipv4Addresses)
    case 6: dnsServers = batch.append(value.ipv4Addresses)
    case 50: requestedAddress = value.ipv4Address(at: 0)
    case 51: leaseSeconds = value.bigEndian(at: 0, as: UInt32.self)
    case 53: messageType = value.octet(at: 0)
    case 54: serverIdentifier = value.ipv4Address(at: 0)
    case 55:
      parameters = batch.append(list: (0..<count).compactMap { value.octet(at: $0) }) {
        $1.append(decimal: UInt64($0))
      }
    case 61 where count > 0: clientIdentifier = batch.append(hexadecimal: value, 0..<count)
    case 81: fqdn = Self.name(value, &batch)
    case 82: readRelayInformation(value, context, at: offset, &batch)
    case 121: readRoutes(value, context, at: offset, &batch)
    default: takeText(code, value, &batch)
    }
  }

  /// NVT text; a NUL behind it is none of it, RFC 2132, section 2.
  private mutating func takeText(_ code: UInt8, _ value: RawSpan, _ batch: inout RecordBatch) {
    let end = value.textEnd(0..<value.byteCount)
    if end == 0 { return }
    let text = batch.append(value, 0..<end)
    switch code {
    case 12: hostName = text
    case 15: domain = text
    case 56: message = text
    case 60: vendorClass = text
    case 66: serverName = text
    case 67: bootFile = text
    case 252: proxyURL = text
    default: break
    }
  }

  /// The name of option 81, behind its flags: as in DNS where bit E is set, else as text.
  private static func name(_ value: RawSpan, _ batch: inout RecordBatch) -> TextRange? {
    guard let flags = value.octet(at: 0), value.byteCount > 3 else { return nil }
    guard flags & 4 != 0 else {
      return batch.append(value, 3..<value.textEnd(3..<value.byteCount))
    }
    // RFC 4702, 2.3.1: a name that is not fully qualified has no root at its end.
    var octets: [UInt8] = []
    octets.append(contentsOf: value)
    octets.append(0)
    return reading(octets) {
      DNSName.read($0, message: 3, end: $0.byteCount, at: 3, into: &batch.text)?.text
    }
  }

  private mutating func readRelayInformation(
    _ value: RawSpan, _ context: PayloadContext, at offset: Int, _ batch: inout RecordBatch
  ) {
    var index = 0
    while let code = value.octet(at: index) {
      let (start, length) = (index + 2, Int(value.octet(at: index + 1) ?? 1))
      guard start + length <= value.byteCount else {
        return context.fault(
          .malformed, .dhcp, at: offset, "octets of a relay agent's suboption",
          found: max(0, value.byteCount - start), expected: length, &batch)
      }
      switch code {
      case 1: circuitID = batch.append(hexadecimal: value, start..<start + length)
      case 2: remoteID = batch.append(hexadecimal: value, start..<start + length)
      default: break
      }
      index = start + length
    }
  }

  /// Each route: the width of its destination, as many octets of that as are significant, its router.
  private mutating func readRoutes(
    _ value: RawSpan, _ context: PayloadContext, at offset: Int, _ batch: inout RecordBatch
  ) {
    var found: [(destination: NetworkAddress, width: UInt8, router: NetworkAddress)] = []
    var index = 0
    while let width = value.octet(at: index) {
      let significant = (Int(width) + 7) / 8
      guard width <= 32, let router = value.ipv4Address(at: index + 1 + significant) else {
        context.fault(
          .malformed, .dhcp, at: offset, "a classless route beyond its option, or wider than 32",
          &batch)
        break
      }
      var destination: UInt32 = 0
      for position in 0..<significant {
        let octet = UInt32(value.octet(at: index + 1 + position) ?? 0)
        destination |= octet << UInt32(24 - 8 * position)
      }
      found.append((NetworkAddress(ipv4: destination), width, router))
      index += 1 + significant + 4
    }
    routes = batch.append(list: found) { route, text in
      route.destination.write(to: &text)
      text.append(UInt8(ascii: "/"))
      text.append(decimal: UInt64(route.width))
      text.append(UInt8(ascii: " "))
      route.router.write(to: &text)
    }
  }
}
