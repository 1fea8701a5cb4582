/// What the sequence numbers of one TCP connection show that its segments alone do not: octets sent
/// again, octets that came late or were never captured, a receiver that stopped reading.
///
/// The rules are those that Wireshark documents for `tcp.analysis.*` (User's Guide, 7.5 TCP
/// Analysis), with fixed memory: all arithmetic is that of RFC 9293, 3.4, modulo 2^32. It differs where
///
/// - fast and spurious retransmissions are retransmissions here, and duplicate acknowledgments are
///   counted but not told: bare ones that nothing was lost for are many;
/// - what comes late is out of order only where it fills a gap, and is else sent again; Wireshark 4.0
///   goes by the time alone. Four gaps are kept: of more, the oldest is forgotten, and what fills
///   it counts as sent again;
/// - the octet of a window probe was seen when it is acknowledged, or when more follows it; Wireshark
///   4.0 takes it for lost;
/// - an acknowledgment number counts only with the ACK bit, a sequence number also where the next
///   one is 0, and the first segment of a direction begins nothing when it is a reset, since one that
///   refuses a connection has the number 0;
/// - Multipath TCP (RFC 8684), where equal acknowledgments may be none, is not looked at.
public struct TCPSequence: Sendable {
  /// What a segment is found to be. The raw values are stored in cases: never changed, only added to.
  public enum Event: UInt8, CaseIterable, Sendable {
    /// It holds octets, a SYN or a FIN that were sent before.
    case retransmission = 1
    /// It fills a gap within the time in which segments overtake each other.
    case outOfOrder = 2
    /// Octets before it were not captured.
    case lostSegment = 3
    /// Its sender takes no more octets.
    case zeroWindow = 4
    /// It repeats the last octet, or none, to hear whether the other end is there.
    case keepAlive = 5
    /// It holds octets that were sent before, and new ones behind them.
    case overlap = 6
  }

  /// Several of them: a segment can be more than one thing.
  public struct Events: OptionSet, Equatable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public init(_ event: Event) { rawValue = 1 << event.rawValue }

    public static let retransmission = Events(.retransmission)
    public static let outOfOrder = Events(.outOfOrder)
    public static let lostSegment = Events(.lostSegment)
    public static let zeroWindow = Events(.zeroWindow)
    public static let keepAlive = Events(.keepAlive)
    public static let overlap = Events(.overlap)
  }

  /// What is looked at of a segment.
  public struct Segment: Sendable {
    public var sequence: UInt32
    /// `nil` without the ACK bit.
    public var acknowledgment: UInt32?
    /// As the header says it, not scaled.
    public var window: UInt16
    /// Octets of payload.
    public var length: UInt32
    public var isSYN = false
    public var isFIN = false
    public var isReset = false
    /// Nanoseconds; `nil` when the capture has no times.
    public var time: Int64?

    public init(
      sequence: UInt32, acknowledgment: UInt32? = nil, window: UInt16 = 0, length: UInt32 = 0,
      time: Int64? = nil
    ) {
      (self.sequence, self.acknowledgment, self.window) = (sequence, acknowledgment, window)
      (self.length, self.time) = (length, time)
    }

    /// Whether it opens, closes or breaks the connection.
    fileprivate var isControl: Bool { isSYN || isFIN || isReset }
    /// Octets of sequence space: a SYN or a FIN takes one.
    fileprivate var occupied: UInt32 { length &+ (isSYN || isFIN ? 1 : 0) }
  }

  /// Segments overtake each other within the first round trip of a connection, or within that long
  /// where it was not seen; nanoseconds.
  private static let usualReordering: Int64 = 3_000_000
  /// The longest time from the last duplicate acknowledgment to a fast retransmission, nanoseconds.
  private static let fastRetransmission: Int64 = 20_000_000

  private var a = Direction()
  private var b = Direction()
  private var reordering = Self.usualReordering
  private var handshake = Handshake.unseen
  private var synTime = Self.noTime
  private static let noTime = Int64.min

  private enum Handshake: UInt8 { case unseen, synOfA, synOfB, answeredToA, answeredToB, done }

  public init() {}

  /// Takes the next segment of the connection as it was captured.
  ///
  /// - Parameter sentByA: Which of the two ends sent it; either may be called A.
  public mutating func add(_ segment: Segment, sentByA: Bool) -> Events {
    if handshake != .done { timeHandshake(segment, sentByA: sentByA) }
    return sentByA
      ? Self.follow(segment, &a, &b, reordering) : Self.follow(segment, &b, &a, reordering)
  }

  /// Measures the first round trip: from the SYN to its sender's first acknowledgment behind the
  /// SYN ACK.
  private mutating func timeHandshake(_ segment: Segment, sentByA: Bool) {
    if segment.isSYN, segment.acknowledgment == nil {
      (handshake, synTime) = (sentByA ? .synOfA : .synOfB, segment.time ?? Self.noTime)
    } else if segment.isSYN {
      if handshake == (sentByA ? .synOfB : .synOfA) {
        handshake = sentByA ? .answeredToB : .answeredToA
      }
    } else if segment.acknowledgment != nil, handshake == (sentByA ? .answeredToA : .answeredToB) {
      handshake = .done
      if let trip = Self.elapsed(from: synTime, to: segment.time), trip > 0 { reordering = trip }
    }
  }

  private static func follow(
    _ segment: Segment, _ own: inout Direction, _ other: inout Direction, _ reordering: Int64
  ) -> Events {
    // The octet of a probe was seen: what follows it leaves none out.
    if own.known.contains(.probes), segment.sequence == own.next &+ 1 { own.next &+= 1 }
    var events: Events = []
    var repeatsAcknowledgment = false
    let distance = own.known.contains(.next) ? signed(segment.sequence, own.next) : 0
    let isExpected = own.known.contains(.next) && distance == 0
    // It asks a receiver that takes nothing whether that has changed, and may have to be sent again.
    let isProbe =
      segment.length == 1 && isExpected && other.known.contains(.window) && other.window == 0
    if !isProbe {
      if segment.window == 0, !segment.isControl { events.insert(.zeroWindow) }
      if distance > 0, !segment.isReset {
        events.insert(.lostSegment)
        own.gaps.open(from: own.next, to: segment.sequence)
      } else if distance == -1, segment.length <= 1, !segment.isControl {
        events.insert(.keepAlive)
      } else if isExpected, segment.length == 0, segment.window != 0, !segment.isControl,
        own.window == segment.window, let number = segment.acknowledgment,
        own.known.contains(.acknowledged), own.acknowledged == number,
        !other.known.contains(.keepsAlive)
      {
        repeatsAcknowledgment = true
      }
    }
    if distance < 0, segment.length > 0, signed(segment.sequence &+ segment.length, own.next) > 0,
      // More than the octet that a probe may have brought before.
      distance < -1
    {
      events.insert(.overlap)
    }
    if segment.occupied > 0, !events.contains(.keepAlive) {
      events.formUnion(own.judge(segment, distance, other, reordering))
    }
    own.note(
      segment, isKeepAlive: events.contains(.keepAlive), isProbe: isProbe,
      repeatsAcknowledgment: repeatsAcknowledgment)
    // Some receivers keep the octet of a probe.
    if other.known.contains(.probes), let number = segment.acknowledgment,
      number == other.next &+ 1
    {
      other.next = number
    }
    return events
  }

  /// How far `number` lies behind `other`, by the nearer way round.
  @inline(__always)
  fileprivate static func signed(_ number: UInt32, _ other: UInt32) -> Int32 {
    Int32(bitPattern: number &- other)
  }

  /// `nil` where a time is not known, or the clock went back.
  fileprivate static func elapsed(from start: Int64, to end: Int64?) -> Int64? {
    guard start != noTime, let end else { return nil }
    let (time, overflow) = end.subtractingReportingOverflow(start)
    return overflow || time < 0 ? nil : time
  }

  /// What one end sent.
  private struct Direction: Sendable {
    /// The sequence number that comes next, and when the one before it was seen.
    var next: UInt32 = 0
    /// What it acknowledged last, when, and how often it did so again.
    var acknowledged: UInt32 = 0
    var nextTime = noTime
    var acknowledgedTime = noTime
    var window: UInt16 = 0
    var duplicates: UInt8 = 0
    var known: Known = []
    var gaps = Gaps()

    struct Known: OptionSet {
      let rawValue: UInt8
      static let next = Known(rawValue: 1)
      static let acknowledged = Known(rawValue: 2)
      static let window = Known(rawValue: 4)
      /// The last segment was a keep-alive.
      static let keepsAlive = Known(rawValue: 8)
      /// The last segment was a probe of a window of zero.
      static let probes = Known(rawValue: 16)
    }

    /// Whether a segment that occupies sequence numbers does so again, or late.
    mutating func judge(
      _ segment: Segment, _ distance: Int32, _ other: Direction, _ reordering: Int64
    ) -> Events {
      let end = segment.sequence &+ segment.length
      // Gaps are looked up before the segment closes one.
      let isNew = distance < 0 && gaps.close(from: segment.sequence, to: end)
      if segment.length > 0, other.known.contains(.acknowledged),
        signed(end, other.acknowledged) <= 0
      {
        return .retransmission
      }
      // More than the octet that a probe may have brought before.
      guard distance < 0, !(distance == -1 && segment.length > 1) else { return [] }
      if other.duplicates >= 2, other.acknowledged == segment.sequence,
        let time = elapsed(from: other.acknowledgedTime, to: segment.time),
        time < fastRetransmission
      {
        return .retransmission
      }
      if isNew, end != next, let time = elapsed(from: nextTime, to: segment.time), time < reordering
      {
        return .outOfOrder
      }
      return .retransmission
    }

    /// Keeps what the next segments are judged by.
    mutating func note(
      _ segment: Segment, isKeepAlive: Bool, isProbe: Bool, repeatsAcknowledgment: Bool
    ) {
      let end = segment.sequence &+ segment.occupied
      if !known.contains(.next) {
        if !segment.isReset {
          known.insert(.next)
          (next, nextTime) = (end, segment.time ?? noTime)
          // Nothing before it was seen.
          if !segment.isSYN {
            gaps.open(from: segment.sequence &- 1 << 30, to: segment.sequence)
          }
        }
      } else if !isProbe, signed(end, next) > 0 {
        (next, nextTime) = (end, segment.time ?? noTime)
      }
      if let number = segment.acknowledgment {
        if !known.contains(.acknowledged) || number != acknowledged {
          duplicates = 0
        } else if repeatsAcknowledgment, duplicates < .max {
          duplicates += 1
        }
        acknowledged = number
        acknowledgedTime = segment.time ?? noTime
        known.insert(.acknowledged)
      } else {
        known.remove(.acknowledged)
      }
      window = segment.window
      known.insert(.window)
      known.remove([.keepsAlive, .probes])
      if isKeepAlive { known.insert(.keepsAlive) }
      if isProbe { known.insert(.probes) }
    }
  }

  /// Stretches of sequence numbers that were passed over, the oldest first.
  private struct Gaps: Sendable {
    private var stretches = InlineArray<4, (start: UInt32, end: UInt32)>(repeating: (0, 0))
    private var filled: UInt8 = 0
    private var count: Int { Int(filled) }

    /// Adds a stretch; the oldest goes when there are four.
    mutating func open(from start: UInt32, to end: UInt32) {
      if count == stretches.count { remove(0) }
      stretches[count] = (start, end)
      filled += 1
    }

    private mutating func remove(_ index: Int) {
      var position = index
      while position + 1 < count {
        stretches[position] = stretches[position + 1]
        position += 1
      }
      filled -= 1
    }

    /// Takes the numbers from `start` up to `end` out of what is open; of none, the place counts.
    ///
    /// - Returns: Whether one of them was open.
    mutating func close(from start: UInt32, to end: UInt32) -> Bool {
      var wasOpen = false
      var index = count - 1
      while index >= 0 {
        let gap = stretches[index]
        let (behindStart, behindEnd) = (signed(start, gap.start), signed(end, gap.end))
        if signed(start, gap.end) < 0,
          start == end ? behindStart >= 0 : signed(end, gap.start) > 0
        {
          wasOpen = true
          if start == end { return true }
          switch (behindStart > 0, behindEnd < 0) {
          case (false, false): remove(index)
          case (true, false): stretches[index].end = start
          case (false, true): stretches[index].start = end
          case (true, true):
            stretches[index].end = start
            open(from: end, to: gap.end)
          }
        }
        index -= 1
      }
      return wasOpen
    }
  }
}
