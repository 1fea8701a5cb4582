/// A message of DHCP, or of BOOTP, which has no options: RFC 2131, section 2, and RFC 951, section 3.
///
/// An address that is 0.0.0.0 is none. Options are those of RFC 2132, but for those that name another source.
public struct DHCPMessage: Equatable, Sendable {
  /// The packet that holds it.
  public var packetNumber: Int64
  /// 1 to a server, 2 to a client.
  public var operation: UInt8
  /// `xid`: what the client chose, the same in what it sends and in what answers.
  public var transactionID: UInt32
  /// Since the client began, as it says.
  public var seconds: UInt16
  /// Whether the client asks that answers go to all of its network.
  public var isBroadcast: Bool
  /// Octets parted by colons, whatever their number; `nil` for none.
  public var clientHardware: TextRange?
  /// `ciaddr`: the address that the client has.
  public var clientAddress: NetworkAddress?
  /// `yiaddr`: the address that it is given.
  public var yourAddress: NetworkAddress?
  /// `siaddr`: the server that comes next, for what is booted.
  public var serverAddress: NetworkAddress?
  /// `giaddr`: the relay that brought the message to the server.
  public var relayAddress: NetworkAddress?
  /// Option 66, else `sname`.
  public var serverName: TextRange?
  /// Option 67, else `file`.
  public var bootFile: TextRange?

  /// Option 53; `nil` for BOOTP.
  public var messageType: UInt8?
  /// Option 54.
  public var serverIdentifier: NetworkAddress?
  /// Option 50.
  public var requestedAddress: NetworkAddress?
  /// Option 51.
  public var leaseSeconds: UInt32?
  /// Option 1.
  public var subnetMask: NetworkAddress?
  /// Option 3, parted by commas.
  public var routers: TextRange?
  /// Option 6, parted by commas.
  public var dnsServers: TextRange?
  /// Option 15.
  public var domain: TextRange?
  /// Option 12.
  public var hostName: TextRange?
  /// Option 81, RFC 4702.
  public var fqdn: TextRange?
  /// Option 60.
  public var vendorClass: TextRange?
  /// Option 61, hexadecimal.
  public var clientIdentifier: TextRange?
  /// Option 56.
  public var message: TextRange?
  /// Option 55: the options that the client asks for, parted by commas.
  public var parameters: TextRange?
  /// Option 121, RFC 3442: such as `10.0.0.0/8 192.0.2.1`, parted by commas.
  public var routes: TextRange?
  /// Option 252, by which clients find a proxy's settings.
  public var proxyURL: TextRange?
  /// Option 82, RFC 3046, suboption 1, hexadecimal.
  public var circuitID: TextRange?
  /// Suboption 2.
  public var remoteID: TextRange?
}

extension DHCPMessage: DatagramApplication {
  static var name: ProtocolName { .dhcp }

  /// Where fields begin: RFC 2131, figure 1.
  private enum Offset {
    static let hardware = 28, serverName = 44, bootFile = 108, cookie = 236, options = 240
  }
  /// RFC 2131, section 3.
  private static let cookie: UInt32 = 0x6382_5363
  /// Octets of `chaddr`.
  private static let longestHardware: UInt8 = 16

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    guard looksLikeOne(payload, context), var message = DHCPMessage(payload, context, &batch) else {
      return false
    }
    if payload.byteCount >= Offset.options, hasCookie(payload) {
      message.readOptions(payload, context, &batch)
    } else {
      message.readNames(payload, overload: 0, &batch)
      if context.isCut {
        context.fault(
          .cut, .dhcp, at: payload.byteCount, "octets of the DHCP message",
          found: payload.byteCount, expected: Offset.options, &batch)
      }
    }
    batch.dhcp.append(message)
    return true
  }

  private static func hasCookie(_ payload: RawSpan) -> Bool {
    payload.bigEndian(at: Offset.cookie, as: UInt32.self) == cookie
  }

  /// Whether it is one: by the cookie, else by both ports, for BOOTP and for what was cut before it.
  private static func looksLikeOne(_ payload: RawSpan, _ context: PayloadContext) -> Bool {
    guard let operation = payload.octet(at: 0), let length = payload.octet(at: 2),
      operation == 1 || operation == 2, length <= longestHardware
    else { return false }
    if hasCookie(payload) { return true }
    let ports: ClosedRange<UInt16> = 67...68
    return ports.contains(context.sourcePort) && ports.contains(context.destinationPort)
      && payload.byteCount >= (context.isCut ? Offset.serverName : Offset.cookie)
  }

  /// The fields that stand before the names.
  private init?(_ payload: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch) {
    guard let operation = payload.octet(at: 0), let length = payload.octet(at: 2),
      let transactionID = payload.bigEndian(at: 4, as: UInt32.self),
      let seconds = payload.bigEndian(at: 8, as: UInt16.self),
      let flags = payload.bigEndian(at: 10, as: UInt16.self),
      let client = payload.ipv4Address(at: 12), let your = payload.ipv4Address(at: 16),
      let server = payload.ipv4Address(at: 20), let relay = payload.ipv4Address(at: 24)
    else { return nil }
    packetNumber = context.packetNumber
    (self.operation, self.transactionID, self.seconds) = (operation, transactionID, seconds)
    isBroadcast = flags & 0x8000 != 0
    func some(_ address: NetworkAddress) -> NetworkAddress? { address.low == 0 ? nil : address }
    (clientAddress, yourAddress) = (some(client), some(your))
    (serverAddress, relayAddress) = (some(server), some(relay))
    if length > 0 {
      clientHardware = batch.append(
        hexadecimal: payload, Offset.hardware..<Offset.hardware + Int(length),
        separator: UInt8(ascii: ":"))
    }
  }

  /// `sname` and `file`, where they hold no options.
  ///
  /// - Parameter overload: The value of option 52.
  private mutating func readNames(
    _ payload: RawSpan, overload: UInt8, _ batch: inout RecordBatch
  ) {
    func text(_ range: Range<Int>) -> Range<Int>? {
      let range = range.clamped(to: 0..<payload.byteCount)
      let end = payload.textEnd(range)
      return end > range.lowerBound ? range.lowerBound..<end : nil
    }
    if overload & 2 == 0, let range = text(Offset.serverName..<Offset.bootFile) {
      serverName = batch.append(payload, range)
    }
    if overload & 1 == 0, let range = text(Offset.bootFile..<Offset.cookie) {
      bootFile = batch.append(payload, range)
    }
  }

  private mutating func readOptions(
    _ payload: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    var options = DHCPOptions()
    options.collect(payload, Offset.options..<payload.byteCount, context, &batch)
    if context.isCut && !options.isEnded && !options.hasFault {
      context.fault(
        .cut, .dhcp, at: payload.byteCount, "the DHCP options' end was not captured", &batch)
    }
    // RFC 2132, 9.3: 1 `file` holds options, 2 `sname` does, 3 both; RFC 3396, section 5: in that order.
    let overload = options.first(52).flatMap { payload.octet(at: $0.lowerBound) } ?? 0
    if overload & 1 != 0 {
      options.collect(payload, Offset.bootFile..<Offset.cookie, context, &batch)
    }
    if overload & 2 != 0 {
      options.collect(payload, Offset.serverName..<Offset.bootFile, context, &batch)
    }
    readNames(payload, overload: overload, &batch)
    for code in DHCPOptions.read {
      guard let first = options.first(code) else { continue }
      // What is longer than an option can be stands in several, RFC 3396; a number never is.
      if options.count(code) > 1, !DHCPOptions.isNumber(code) {
        reading(options.joined(code, payload)) {
          take(code, $0, context, at: first.lowerBound, &batch)
        }
      } else {
        take(code, payload.extracting(first), context, at: first.lowerBound, &batch)
      }
    }
  }
}
