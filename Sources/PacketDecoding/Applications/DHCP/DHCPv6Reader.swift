/// Reads a DHCPv6 message: relays' first, then the options of what they brought, RFC 8415, section 21.
struct DHCPv6Reader {
  /// Octets before the options.
  static let header = 4, relayHeader = 34
  /// Relays whose messages are opened; RFC 8415, 7.6, lets eight pass one on.
  private static let mostRelays = 16
  /// Options that stand in each other: an association's, an address's, its status.
  private static let deepest = 3
  /// Addresses or prefixes that are kept.
  private static let most = 256

  private let context: PayloadContext
  private var message: DHCPv6Message
  private var addresses: [NetworkAddress] = []
  private var prefixes: [(address: NetworkAddress, length: UInt8)] = []

  init(_ context: PayloadContext) {
    self.context = context
    message = DHCPv6Message(packetNumber: context.packetNumber)
  }

  /// RELAY-FORW and RELAY-REPL.
  static func isRelay(_ type: UInt8) -> Bool { type == 12 || type == 13 }

  /// Whether options fill the range exactly.
  static func areWhole(_ octets: RawSpan, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound, let length = octets.bigEndian(at: index + 2, as: UInt16.self) {
      index += 4 + Int(length)
    }
    return index == range.upperBound
  }

  mutating func read(_ octets: RawSpan, _ batch: inout RecordBatch) {
    var range = 0..<octets.byteCount
    while let type = octets.octet(at: range.lowerBound), range.count >= Self.header {
      message.messageType = type
      guard Self.isRelay(type) else {
        message.transactionID = octets.bigEndian(at: range.lowerBound, as: UInt32.self)
          .map { $0 & 0xff_ffff }
        return readOptions(octets, range.after(Self.header), depth: 0, &batch)
      }
      let relays = Int(message.relays ?? 0)
      guard relays < Self.mostRelays, range.count >= Self.relayHeader else { break }
      message.relays = UInt8(clamping: relays + 1)
      message.linkAddress = octets.ipv6Address(at: range.lowerBound + 2)
      message.peerAddress = octets.ipv6Address(at: range.lowerBound + 18)
      message.interfaceID = nil
      var brought: Range<Int>?
      var rest = range.after(Self.relayHeader)
      while let option = nextOption(octets, &rest, &batch) {
        if option.code == 9 && brought == nil { brought = option.value }
        if option.code == 18 {
          message.interfaceID = batch.append(hexadecimal: octets, option.value)
        }
      }
      guard let brought else { break }
      range = brought
    }
    context.fault(
      kind, .dhcpv6, at: range.lowerBound,
      "no message that a DHCPv6 relay brings, or too many relays",
      &batch)
  }

  /// What was read, with its lists.
  mutating func finish(_ batch: inout RecordBatch) -> DHCPv6Message {
    message.addresses = batch.append(addresses)
    message.prefixes = batch.append(list: prefixes) { prefix, text in
      prefix.address.write(to: &text)
      text.append(UInt8(ascii: "/"))
      text.append(decimal: UInt64(prefix.length))
    }
    return message
  }

  private var kind: DecodingFault.Kind { context.isCut ? .cut : .malformed }

  /// The option that `rest` begins with, which is left behind; `nil` at the end, and where one is beyond it.
  private func nextOption(
    _ octets: RawSpan, _ rest: inout Range<Int>, _ batch: inout RecordBatch
  ) -> (code: UInt16, value: Range<Int>)? {
    if rest.isEmpty { return nil }
    let (index, end) = (rest.lowerBound, rest.upperBound)
    let start = index + 4
    rest = end..<end
    guard start <= end, let code = octets.bigEndian(at: index, as: UInt16.self),
      let length = octets.bigEndian(at: index + 2, as: UInt16.self)
    else {
      context.fault(
        kind, .dhcpv6, at: index, "octets of a DHCPv6 option's header", found: end - index,
        expected: 4, &batch)
      return nil
    }
    let behind = start + Int(length)
    guard behind <= end else {
      context.fault(
        kind, .dhcpv6, at: index, "octets of a DHCPv6 option", found: end - start,
        expected: Int(length), &batch)
      return nil
    }
    rest = behind..<end
    return (code, start..<behind)
  }

  /// - Parameter depth: Options that these stand in.
  private mutating func readOptions(
    _ octets: RawSpan, _ range: Range<Int>, depth: Int, _ batch: inout RecordBatch
  ) {
    var rest = range
    while let (code, value) = nextOption(octets, &rest, &batch) {
      guard value.count >= Self.least(code) else {
        context.fault(
          .malformed, .dhcpv6, at: value.lowerBound, "octets of a DHCPv6 option's value",
          found: value.count, expected: Self.least(code), &batch)
        continue
      }
      switch code {
      case 3, 4, 25, 5, 26:
        readAssigned(octets, code, value, &batch)
        if depth < Self.deepest {
          let inner = value.after(Self.least(code))
          readOptions(octets, inner, depth: depth + 1, &batch)
        }
      case 13 where depth == 0 || message.statusCode == nil:
        message.statusCode = octets.bigEndian(at: value.lowerBound, as: UInt16.self)
        let text = value.after(2)
        message.statusMessage = text.isEmpty ? nil : batch.append(octets, text)
      default:
        if depth == 0 { readOfMessage(octets, code, value, &batch) }
      }
    }
  }

  /// The least octets of an option's value; of those that hold options, the octets before these.
  private static func least(_ code: UInt16) -> Int {
    switch code {
    case 3, 25: 12
    case 4: 4
    case 5: 24
    case 26: 25
    case 13: 2
    case 23: 16
    default: 0
    }
  }

  /// An address or a prefix that is assigned, or asked for.
  private mutating func readAssigned(
    _ octets: RawSpan, _ code: UInt16, _ value: Range<Int>, _ batch: inout RecordBatch
  ) {
    let start = value.lowerBound
    if code == 5, addresses.count < Self.most, let address = octets.ipv6Address(at: start) {
      addresses.append(address)
      let seconds = octets.bigEndian(at: start + 20, as: UInt32.self)
      message.validSeconds = message.validSeconds ?? seconds
    }
    if code == 26, prefixes.count < Self.most, let length = octets.octet(at: start + 8),
      let address = octets.ipv6Address(at: start + 9)
    {
      prefixes.append((address, length))
      let seconds = octets.bigEndian(at: start + 4, as: UInt32.self)
      message.validSeconds = message.validSeconds ?? seconds
    }
  }

  private mutating func readOfMessage(
    _ octets: RawSpan, _ code: UInt16, _ value: Range<Int>, _ batch: inout RecordBatch
  ) {
    switch code {
    case 1: message.clientDUID = batch.append(hexadecimal: octets, value)
    case 2: message.serverDUID = batch.append(hexadecimal: octets, value)
    case 6:
      let codes = stride(from: value.lowerBound, to: value.upperBound - 1, by: 2)
      message.parameters = batch.append(
        list: codes.map { octets.bigEndian(at: $0, as: UInt16.self) ?? 0 }
      ) { $1.append(decimal: UInt64($0)) }
    case 23: message.dnsServers = batch.append(octets.extracting(value).ipv6Addresses)
    case 24: readDomains(octets, value, &batch)
    case 39 where value.count > 1:
      // RFC 4704, 4.2: a name that is not fully qualified has no root at its end.
      var name: [UInt8] = []
      name.append(contentsOf: octets.extracting(value.after(1)))
      name.append(0)
      message.fqdn = reading(name) {
        DNSName.read($0, message: 0, end: $0.byteCount, at: 0, into: &batch.text)?.text
      }
    default: break
    }
  }

  /// Names, each as in DNS, up to one that is none.
  private mutating func readDomains(
    _ octets: RawSpan, _ value: Range<Int>, _ batch: inout RecordBatch
  ) {
    let start = batch.text.count
    var index = value.lowerBound
    while index < value.upperBound, batch.text.count - start < RecordBatch.longestText {
      if index > value.lowerBound { batch.text.append(UInt8(ascii: ",")) }
      guard
        let name = DNSName.read(
          octets, message: value.lowerBound, end: value.upperBound, at: index, into: &batch.text)
      else {
        if index > value.lowerBound { batch.text.removeLast() }
        context.fault(
          .malformed, .dhcpv6, at: index, "a name in a DHCPv6 option is none", &batch)
        break
      }
      index = name.end
    }
    if batch.text.count > start {
      message.domains = TextRange(start: start, count: batch.text.count - start)
    }
  }
}

extension Range<Int> {
  /// What is left behind the first `count`; nothing where there are fewer.
  fileprivate func after(_ count: Int) -> Range<Int> {
    Swift.min(lowerBound + count, upperBound)..<upperBound
  }
}
