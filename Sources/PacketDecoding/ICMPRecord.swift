/// An ICMP or ICMPv6 message: RFC 792 and RFC 4443.
public struct ICMPRecord: Equatable, Sendable {
  public var packetNumber: Int64
  /// 4 for ICMP, 6 for ICMPv6.
  public var version: UInt8
  public var type: UInt8
  public var code: UInt8
  /// Echo's identifier and sequence number.
  public var identifier: UInt16?
  public var sequence: UInt16?
  /// The next-hop MTU of "fragmentation needed" and "packet too big", octets.
  public var nextHopMTU: UInt32?
  /// The gateway of a redirect.
  public var gateway: NetworkAddress?
  /// What an error quotes of the datagram that caused it.
  public var quoted: QuotedDatagram?

  public init(packetNumber: Int64, version: UInt8, type: UInt8, code: UInt8) {
    (self.packetNumber, self.version) = (packetNumber, version)
    (self.type, self.code) = (type, code)
  }
}

/// The datagram that an ICMP error quotes, as far as the quote reaches.
public struct QuotedDatagram: Equatable, Sendable {
  public var source: NetworkAddress?
  public var destination: NetworkAddress?
  public var protocolNumber: UInt8?
  public var identification: UInt32?
  /// Octets of the quoted IP datagram, from its own header.
  public var length: Int32?
  public var sourcePort: UInt16?
  public var destinationPort: UInt16?
  /// A quoted TCP segment's sequence number.
  public var tcpSequence: UInt32?
  /// The quoted DNS message, when the ports say that it is one.
  public var dnsIdentifier: UInt16?
  public var dnsQuestionName: TextRange?
  public var dnsQuestionType: UInt16?

  public init() {}
}
