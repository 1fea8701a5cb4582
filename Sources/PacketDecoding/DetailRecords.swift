/// A stretch of a batch's `text`: UTF-8 octets that a record refers to.
public struct TextRange: Equatable, Sendable {
  public var start: Int32
  public var count: Int32
  public init(start: Int, count: Int) {
    (self.start, self.count) = (Int32(clamping: start), Int32(clamping: count))
  }
}

/// A DNS message: RFC 1035, section 4.1.
///
/// A printed message may not say all of it: then a field is `nil`.
public struct DNSRecord: Equatable, Sendable {
  /// The packet that holds the message.
  public var packetNumber: Int64
  /// `tcp` or `udp`.
  public var overTCP: Bool
  public var identifier: UInt16
  public var isResponse: Bool
  public var opcode: UInt8?
  /// The response code; with EDNS (RFC 6891, 6.1.3) all twelve bits of it.
  public var responseCode: UInt16?
  public var authoritative: Bool?
  public var truncated: Bool?
  public var recursionDesired: Bool?
  public var recursionAvailable: Bool?
  /// The first question: its name in lower case, without the final dot (`.` for the root),
  /// in RFC 4343's escapes; its type and class.
  public var questionName: TextRange?
  public var questionType: UInt16?
  public var questionClass: UInt16?
  /// The counts of the header, as the sender wrote them.
  public var questionCount: UInt16?
  public var answerCount: UInt16?
  public var authorityCount: UInt16?
  public var additionalCount: UInt16?
  /// The requestor's UDP payload size of an OPT record: RFC 6891, 6.1.2.
  public var ednsPayloadSize: UInt16?
  /// The answer section as text, its records parted by `; `, each in master-file form:
  /// `name TTL class type data`, without the name where it is the question's and without the
  /// class where it is IN. Records beyond 64 KiB of one message's text are left out.
  public var answers: TextRange?
  /// The authority and additional sections, likewise; without the OPT record.
  public var authority: TextRange?
  public var additional: TextRange?

  public init(packetNumber: Int64, overTCP: Bool, identifier: UInt16, isResponse: Bool) {
    (self.packetNumber, self.overTCP) = (packetNumber, overTCP)
    (self.identifier, self.isResponse) = (identifier, isResponse)
  }
}

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

/// An ARP packet for IPv4 over Ethernet: RFC 826.
public struct ARPRecord: Equatable, Sendable {
  public var packetNumber: Int64
  /// 1 request, 2 reply.
  public var operation: UInt16
  /// EUI-48 addresses in the low 48 bits.
  public var senderHardware: UInt64?
  public var senderAddress: NetworkAddress?
  public var targetHardware: UInt64?
  public var targetAddress: NetworkAddress?

  public init(packetNumber: Int64, operation: UInt16) {
    (self.packetNumber, self.operation) = (packetNumber, operation)
  }
}

/// Where a printed packet stands in its text, by line number from 1.
public struct PrintedLineRecord: Equatable, Sendable {
  public var packetNumber: Int64
  public var firstLine: Int64
  public var lastLine: Int64
  public init(packetNumber: Int64, firstLine: Int64, lastLine: Int64) {
    (self.packetNumber, self.firstLine, self.lastLine) = (packetNumber, firstLine, lastLine)
  }
}
