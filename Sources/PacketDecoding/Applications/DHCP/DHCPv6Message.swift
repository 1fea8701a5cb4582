/// A message of DHCPv6: RFC 8415, section 8; of one that relays brought, that which the client or server sent.
public struct DHCPv6Message: Equatable, Sendable {
  /// The packet that holds it.
  public var packetNumber: Int64
  /// RFC 8415, section 7.3; that of a relay only where what it brought cannot be read.
  public var messageType: UInt8 = 0
  /// 24 bits, which the client chose; `nil` for a relay's message.
  public var transactionID: UInt32?
  /// Relays that brought it; `nil` where client and server spoke with each other.
  public var relays: UInt8?
  /// Of the relay next to the client: its address on the client's link.
  public var linkAddress: NetworkAddress?
  /// Of the same: the client's address.
  public var peerAddress: NetworkAddress?
  /// Of the same: where it heard the client, option 18, hexadecimal.
  public var interfaceID: TextRange?
  /// Option 1, hexadecimal.
  public var clientDUID: TextRange?
  /// Option 2, hexadecimal.
  public var serverDUID: TextRange?
  /// Option 5 in options 3 and 4, parted by commas.
  public var addresses: TextRange?
  /// Option 26 in option 25, such as `2001:db8::/56`, parted by commas.
  public var prefixes: TextRange?
  /// Seconds that the first of them is valid.
  public var validSeconds: UInt32?
  /// Option 13 of the message, else the first that stands beside an address or prefix.
  public var statusCode: UInt16?
  /// What that option says beside the code: RFC 8415, section 21.13.
  public var statusMessage: TextRange?
  /// Option 23, RFC 3646, parted by commas.
  public var dnsServers: TextRange?
  /// Option 24, RFC 3646, parted by commas.
  public var domains: TextRange?
  /// Option 39, RFC 4704.
  public var fqdn: TextRange?
  /// Option 6: the options that the client asks for, parted by commas.
  public var parameters: TextRange?
}

extension DHCPv6Message: DatagramApplication {
  static let ports: ClosedRange<UInt16> = 546...547
  static var name: ProtocolName { .dhcpv6 }

  /// The numbers that messages over UDP have: IANA, DHCPv6 Message Types.
  private static let types: ClosedRange<UInt8> = 1...23

  static func read(
    _ payload: RawSpan, _ context: PayloadContext, into batch: inout RecordBatch
  ) -> Bool {
    guard let type = payload.octet(at: 0), types.contains(type), payload.byteCount >= 4 else {
      return false
    }
    // A relay may use any port of its own, RFC 8357: then each option has to be whole.
    let isAtBoth = ports.contains(context.sourcePort) && ports.contains(context.destinationPort)
    let begin = DHCPv6Reader.isRelay(type) ? DHCPv6Reader.relayHeader : DHCPv6Reader.header
    guard
      isAtBoth
        || begin <= payload.byteCount
          && DHCPv6Reader.areWhole(payload, begin..<payload.byteCount)
    else {
      return false
    }
    var reader = DHCPv6Reader(context)
    reader.read(payload, &batch)
    batch.dhcpv6.append(reader.finish(&batch))
    return true
  }
}
