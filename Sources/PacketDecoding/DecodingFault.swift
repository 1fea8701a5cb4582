/// Something of a packet, or of a printed capture's text, that could not be decoded.
public struct DecodingFault: Equatable, Sendable {
  /// Why: words that mean one thing each.
  public enum Kind: UInt8, Sendable {
    /// The capture holds fewer octets than the packet had on the wire.
    case cut = 1
    /// The sender's octets contradict themselves or the protocol.
    case malformed = 2
    /// A printed line says something that is not understood.
    case notUnderstood = 3
    /// Fragments of a datagram were not captured, or came too late.
    case incomplete = 4
  }
  /// The packet concerned; 0 for what a printed capture holds beside its packets.
  public var packetNumber: Int64
  /// Why what is wrong could not be decoded.
  public var kind: Kind
  /// The protocol whose header or message is wrong.
  public var layer: ProtocolName
  /// Octets from the start of the packet (printed captures: of its first line) to what is wrong;
  /// of packet 0, from the start of the capture.
  public var offset: Int64
  /// What is wrong, as far as it is the same in each such fault. A static sentence and up to two
  /// numbers, so that a million faults cost no heap.
  public var reason: StaticString
  /// What the packet has; of a printed packet the number that it prints, or its line's.
  public var found: Int64?
  /// What it should have, when the reason is a comparison that failed.
  public var expected: Int64?

  public init(
    packetNumber: Int64, kind: Kind, layer: ProtocolName, offset: Int64, reason: StaticString,
    found: Int64? = nil, expected: Int64? = nil
  ) {
    (self.packetNumber, self.kind, self.layer) = (packetNumber, kind, layer)
    (self.offset, self.reason) = (offset, reason)
    (self.found, self.expected) = (found, expected)
  }

  public static func == (left: DecodingFault, right: DecodingFault) -> Bool {
    left.packetNumber == right.packetNumber && left.kind == right.kind
      && left.layer == right.layer && left.offset == right.offset && left.message == right.message
  }

  /// The sentence that a case keeps: the reason, then what was found and what was expected, as in
  /// `octets of the Ethernet header: 9, expected 14`.
  public var message: String {
    switch (found, expected) {
    case (nil, nil): "\(reason)"
    case (let found?, nil): "\(reason): \(found)"
    case (nil, let expected?): "\(reason), expected \(expected)"
    case (let found?, let expected?): "\(reason): \(found), expected \(expected)"
    }
  }
}
