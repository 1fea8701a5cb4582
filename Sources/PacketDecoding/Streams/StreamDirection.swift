/// What one end of a TCP connection sent, put in order: RFC 9293, 3.4 and 3.10.7.4.
///
/// Of octets that come twice, those that came first count, as with most receivers.
struct StreamDirection: Sendable {
  /// Octets that are kept of a message that goes on, and of segments that came before their turn.
  static let mostPending = 128 << 10
  static let mostAhead = 256 << 10
  static let mostSegmentsAhead = 128
  /// Nanoseconds that a segment waits for those before it: longer than a sender waits before it sends again
  /// what was lost (RFC 6298, 2).
  static let patience: Int64 = 3_000_000_000

  /// A segment that came before its turn.
  private struct Ahead: Sendable {
    var sequence: UInt32
    var octets: [UInt8]
    /// Octets on the wire, of which the capture may hold fewer.
    var length: Int
    /// Its packet.
    var context: PayloadContext
  }

  /// The sequence number that comes next; `nil` before the first segment.
  private(set) var next: UInt32?
  /// Octets in order that are to be read again, with more.
  var pending: [UInt8] = []
  /// Octets that must be pending before they are read again.
  var wanted = 0
  /// Octets to come that nobody reads.
  var skip = 0
  /// Whether a gap was told already.
  var hasToldGap = false
  /// The number behind its last octet, once a FIN told it.
  private var end: UInt32?
  private(set) var hasEnded = false
  private var ahead: [Ahead] = []

  var hasGap: Bool { !ahead.isEmpty }
  /// Octets that are kept.
  var held: Int { pending.count + waitingOctets }
  /// Octets that segments take that wait, with what is kept beside each.
  private var waitingOctets = 0
  private static let overhead = MemoryLayout<Ahead>.stride + 32

  /// What is to be done with a segment.
  enum Turn {
    /// It is next: read it from that octet on.
    case read(from: Int)
    /// It waits for what is missing before it, or it is nothing new.
    case wait
    /// It does not fit beside those that wait: what is missing is given up.
    case giveUp
  }

  /// Begins at `sequence`, the number of the first octet.
  mutating func begin(at sequence: UInt32) {
    self = StreamDirection()
    next = sequence
  }

  /// Takes a segment of `length` octets on the wire, of which `octets` were captured.
  mutating func take(
    _ octets: RawSpan, length: Int, at sequence: UInt32, _ context: PayloadContext
  ) -> Turn {
    guard let next else {
      self.next = sequence
      return .read(from: 0)
    }
    let distance = Int(Int32(bitPattern: sequence &- next))
    if distance <= 0 { return -distance < length ? .read(from: -distance) : .wait }
    guard ahead.count < Self.mostSegmentsAhead, held + octets.byteCount <= Self.mostAhead
    else { return .giveUp }
    var copy: [UInt8] = []
    copy.reserveCapacity(octets.byteCount)
    copy.append(contentsOf: octets)
    let place = ahead.firstIndex { Int32(bitPattern: $0.sequence &- sequence) > 0 } ?? ahead.count
    waitingOctets += copy.count + Self.overhead
    ahead.insert(
      Ahead(sequence: sequence, octets: copy, length: length, context: context), at: place)
    return .wait
  }

  /// Goes on by `count` octets, read or not.
  mutating func advance(by count: Int) {
    next = next.map { $0 &+ UInt32(truncatingIfNeeded: count) }
  }

  /// The segment that waited and is next; with it, the octets of it that came before, and its packet.
  mutating func takeNext() -> (octets: [UInt8], length: Int, from: Int, context: PayloadContext)? {
    while let next, let first = ahead.first {
      let distance = Int(Int32(bitPattern: first.sequence &- next))
      guard distance <= 0 else { return nil }
      ahead.removeFirst()
      waitingOctets -= first.octets.count + Self.overhead
      if -distance < first.length { return (first.octets, first.length, -distance, first.context) }
    }
    return nil
  }

  /// Octets that are missing before the first segment that waits.
  var missing: Int? {
    guard let next, let first = ahead.first else { return nil }
    return max(0, Int(Int32(bitPattern: first.sequence &- next)))
  }

  /// The first segment that waits: its packet, and how many octets are missing before it.
  var waiting: (packet: Int64, missing: Int)? {
    guard let first = ahead.first, let missing else { return nil }
    return (first.context.packetNumber, missing)
  }

  /// Whether a segment has waited for too long, at a time in nanoseconds.
  func isOverdue(at time: Int64?) -> Bool {
    guard let since = ahead.first?.context.time, let time else { return false }
    let (waited, overflow) = time.subtractingReportingOverflow(since)
    return overflow || waited > Self.patience
  }

  /// Whether what is missing will not come, since the other end has acknowledged it.
  func isGivenUp(by acknowledgment: UInt32) -> Bool {
    guard let first = ahead.first else { return false }
    return Int32(bitPattern: acknowledgment &- first.sequence) >= 0
  }

  /// Notes that the last octet has the number before `sequence`.
  mutating func close(at sequence: UInt32) {
    if next == nil { next = sequence }
    end = end ?? sequence
  }

  /// Notes whether the end is reached now.
  mutating func noteEnd() {
    if let end, let next, Int32(bitPattern: next &- end) >= 0 { hasEnded = true }
  }

  /// Lets go of all that is kept.
  mutating func release() {
    (pending, ahead, wanted, skip, waitingOctets) = ([], [], 0, 0, 0)
  }
}
