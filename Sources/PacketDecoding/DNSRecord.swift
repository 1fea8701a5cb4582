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
