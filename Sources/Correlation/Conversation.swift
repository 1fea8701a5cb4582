/// A conversation of one capture as flows are made from it: two directions, A the first sender's.
public struct Conversation: Equatable, Sendable {
  /// `stream_id >> 1` of its two streams.
  public var id: Int64
  /// Equal for one conversation in two captures.
  public var key: Int64
  /// Whether A's end is the lower of the two, in any fixed order: tells A from B across
  /// conversations of one key.
  public var aIsLower: Bool
  public var protocolNumber: UInt8?
  public var portA: UInt16?
  public var portB: UInt16?
  public var a: Direction
  public var b: Direction

  /// What one end sent.
  public struct Direction: Equatable, Sendable {
    public var packets: Int64 = 0
    /// Octets on the wire.
    public var bytes: Int64 = 0
    /// Octets of TCP or UDP payload.
    public var payloadBytes: Int64 = 0
    /// Nanoseconds; `nil` when nothing was sent, or the capture has no times.
    public var firstTime: Int64?
    public var lastTime: Int64?
    /// The number of the earliest packet, in its capture.
    public var firstPacket: Int64 = 0
    public var control = TCPControl()
    /// The sequence number of the SYN.
    public var initialSequence: UInt32?

    public init() {}

    /// Adds what another capture, or a later part of this one, shows of the same direction.
    mutating func add(_ other: Direction) {
      // A case may hold counts that no capture has; they are not to trap.
      packets &+= other.packets
      bytes &+= other.bytes
      payloadBytes &+= other.payloadBytes
      firstTime = combine(firstTime, other.firstTime, min)
      lastTime = combine(lastTime, other.lastTime, max)
      control.formUnion(other.control)
      initialSequence = initialSequence ?? other.initialSequence
    }
  }

  public init(
    id: Int64, key: Int64, aIsLower: Bool, protocolNumber: UInt8?, portA: UInt16?, portB: UInt16?,
    a: Direction, b: Direction
  ) {
    (self.id, self.key, self.aIsLower, self.protocolNumber) = (id, key, aIsLower, protocolNumber)
    (self.portA, self.portB, self.a, self.b) = (portA, portB, a, b)
  }

  /// Nanoseconds; `nil` when the capture has no times.
  public var firstTime: Int64? {
    combine(a.firstTime, b.firstTime, min)
  }
}

/// The TCP control bits that one end was seen to send.
public struct TCPControl: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  public static let fin = TCPControl(rawValue: 0x01)
  public static let rst = TCPControl(rawValue: 0x04)
  /// A SYN with ACK, and one without.
  public static let synAck = TCPControl(rawValue: 0x100)
  public static let syn = TCPControl(rawValue: 0x200)
}

/// The earlier or later of two times, of which either may not be known.
func combine(_ one: Int64?, _ other: Int64?, _ choose: (Int64, Int64) -> Int64) -> Int64? {
  guard let one, let other else { return one ?? other }
  return choose(one, other)
}
