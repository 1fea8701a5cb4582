import Correlation
import Testing

/// Sequences made by hand; what each segment is follows from RFC 9293 and from what Wireshark's User's
/// Guide, 7.5, says of `tcp.analysis.*`.
@Suite("What the sequence numbers of a TCP connection tell")
struct TCPSequenceTests {
  private typealias Events = TCPSequence.Events

  /// What is found of each segment, and the names for it.
  private struct Followed {
    var sequence = TCPSequence()
    /// Milliseconds.
    var time: Int64 = 0
    var origin: (a: UInt32, b: UInt32) = (0, 0)

    /// A segment, its numbers counted from where its direction begins.
    ///
    /// - Parameter acknowledgment: `nil` for none.
    mutating func add(
      _ isA: Bool, _ number: UInt32, _ length: UInt32 = 0, acknowledgment: UInt32? = 0,
      window: UInt16 = 500, after milliseconds: Int64 = 1,
      _ change: (inout TCPSequence.Segment) -> Void = { _ in }
    ) -> Events {
      time += milliseconds
      let (own, other) = isA ? (origin.a, origin.b) : (origin.b, origin.a)
      var segment = TCPSequence.Segment(
        sequence: own &+ number, acknowledgment: acknowledgment.map { other &+ $0 },
        window: window, length: length, time: time * 1_000_000)
      change(&segment)
      return sequence.add(segment, sentByA: isA)
    }

    /// SYN, SYN ACK, ACK, with so many milliseconds between them.
    mutating func open(_ trip: Int64 = 10) -> [Events] {
      [
        add(true, 0, acknowledgment: nil) { $0.isSYN = true },
        add(false, 0, acknowledgment: 1, after: trip) { $0.isSYN = true },
        add(true, 1, acknowledgment: 1, after: trip),
      ]
    }
  }

  /// Where each direction's numbers begin: small, around 2^31, and before they wrap around.
  private static let origins: [UInt32] = [0, 0x7fff_ffff, .max - 1, .max - 700, .max]

  @Test("Nothing is told of a connection in which nothing is lost", arguments: origins)
  func ordinary(origin: UInt32) {
    var all = Followed(origin: (origin, origin ^ 0x8000_0000))
    #expect(all.open() == [[], [], []])
    for round in 0..<4 as Range<UInt32> {
      #expect(all.add(true, 1 + round * 500, 500, acknowledgment: 1 + round * 300) == [])
      #expect(all.add(false, 1 + round * 300, 300, acknowledgment: 501 + round * 500) == [])
    }
    #expect(all.add(true, 2001, acknowledgment: 1201) { $0.isFIN = true } == [])
    #expect(all.add(false, 1201, acknowledgment: 2002) { $0.isFIN = true } == [])
    #expect(all.add(true, 2002, acknowledgment: 1202) == [])
  }

  @Test(
    "What was sent before is sent again: octets, a SYN, a FIN, and what the other end has already",
    arguments: origins)
  func sentAgain(origin: UInt32) {
    var all = Followed(origin: (origin, 5))
    #expect(all.add(true, 0, acknowledgment: nil) { $0.isSYN = true } == [])
    #expect(
      all.add(true, 0, acknowledgment: nil, after: 1000) { $0.isSYN = true } == .retransmission)
    #expect(all.add(false, 0, acknowledgment: 1) { $0.isSYN = true } == [])
    #expect(all.add(true, 1, 500, acknowledgment: 1) == [])
    #expect(all.add(true, 501, 500, acknowledgment: 1) == [])
    #expect(all.add(true, 1, 500, acknowledgment: 1, after: 300) == .retransmission)
    #expect(all.add(true, 501, 100, acknowledgment: 1) == .retransmission)
    #expect(all.add(false, 1, acknowledgment: 1001) == [])
    #expect(all.add(true, 1001, acknowledgment: 1) { $0.isFIN = true } == [])
    #expect(
      all.add(true, 1001, acknowledgment: 1, after: 300) { $0.isFIN = true } == .retransmission)
  }

  @Test(
    "Octets before a segment are missing; what fills the gap in time was overtaken, and once only")
  func overtaken() {
    for origin in Self.origins {
      var all = Followed(origin: (5, origin))
      _ = all.open(10)
      #expect(all.add(false, 1, 100, acknowledgment: 1) == [])
      #expect(all.add(false, 301, 100, acknowledgment: 1) == .lostSegment)
      #expect(all.add(false, 101, 100, acknowledgment: 1, after: 5) == .outOfOrder)
      // Again within the time: the gap is closed there, and only there.
      #expect(all.add(false, 101, 100, acknowledgment: 1) == .retransmission)
      #expect(all.add(false, 201, 100, acknowledgment: 1) == .outOfOrder)
      #expect(all.add(false, 401, 100, acknowledgment: 1) == [])
    }
  }

  @Test("What fills a gap later than the first round trip took is sent again")
  func late() {
    for (trip, wait, expected) in [
      (10, 19, Events.outOfOrder), (10, 21, .retransmission), (1, 1, .outOfOrder),
      (1, 2, .retransmission),
    ] as [(Int64, Int64, Events)] {
      var all = Followed()
      _ = all.open(trip)
      _ = all.add(false, 101, 100, acknowledgment: 1)
      #expect(all.add(false, 1, 100, acknowledgment: 1, after: wait) == expected, "\(trip) \(wait)")
    }
    // Without a handshake 3 ms; without times none is early.
    for (time, expected) in [(2, Events.outOfOrder), (3, .retransmission)] as [(Int64, Events)] {
      var all = Followed()
      _ = all.add(true, 101, 100)
      #expect(all.add(true, 1, 100, after: time) == expected)
    }
    var all = Followed()
    _ = all.add(true, 101, 100) { $0.time = nil }
    #expect(all.add(true, 1, 100) { $0.time = nil } == .retransmission)
  }

  @Test("Two equal acknowledgments ask for what is then sent again at once, however fast")
  func fast() {
    for (repeats, wait, expected) in [
      (2, 1, Events.retransmission), (1, 1, .outOfOrder), (2, 25, .outOfOrder),
    ] as [(Int, Int64, Events)] {
      var all = Followed()
      _ = all.open(100)
      #expect(all.add(false, 101, 100, acknowledgment: 1) == .lostSegment)
      // As the third segment of the handshake did.
      for _ in 0..<repeats { #expect(all.add(true, 1, acknowledgment: 1) == []) }
      #expect(all.add(false, 1, 100, acknowledgment: 1, after: wait) == expected)
    }
  }

  @Test("A window of zero counts unless the segment opens, closes or breaks the connection")
  func zeroWindow() {
    var all = Followed()
    _ = all.open()
    #expect(all.add(true, 1, acknowledgment: 1, window: 0) == .zeroWindow)
    #expect(all.add(true, 1, acknowledgment: 1, window: 1) == [])
    for change in [\TCPSequence.Segment.isReset, \.isFIN, \.isSYN] {
      var other = all
      #expect(
        !other.add(true, 1, acknowledgment: 1, window: 0) { $0[keyPath: change] = true }
          .contains(.zeroWindow))
    }
  }

  @Test("A probe of a closed window leaves nothing out, whether its octet is taken or not")
  func probes() {
    for isTaken in [false, true] {
      var all = Followed()
      _ = all.open()
      _ = all.add(true, 1, acknowledgment: 1, window: 0)
      #expect(all.add(false, 1, 1, acknowledgment: 1) == [])
      let next: UInt32 = isTaken ? 2 : 1
      #expect(all.add(true, 1, acknowledgment: next) == [])
      #expect(all.add(false, next, 100, acknowledgment: 1) == [])
    }
  }

  @Test("A keep-alive repeats the last octet, or none; its answer is no duplicate")
  func keepAlive() {
    for length in [0, 1] as [UInt32] {
      var all = Followed(origin: (.max - 3, 9))
      _ = all.open()
      _ = all.add(true, 1, 3, acknowledgment: 1)
      _ = all.add(false, 1, acknowledgment: 4)
      #expect(all.add(true, 3, length, acknowledgment: 1, after: 60_000) == .keepAlive)
      #expect(all.add(false, 1, acknowledgment: 4) == [])
    }
  }

  @Test(
    "A reset tells nothing of what is missing, and one that refuses a connection begins nothing")
  func reset() {
    var all = Followed()
    _ = all.open()
    #expect(all.add(true, 900, acknowledgment: 1, window: 0) { $0.isReset = true } == [])
    var refused = Followed(origin: (70, 0))
    _ = refused.add(true, 0, acknowledgment: nil) { $0.isSYN = true }
    #expect(refused.add(false, 0, acknowledgment: 1) { $0.isReset = true } == [])
    #expect(refused.add(false, 5000, acknowledgment: 1) { $0.isSYN = true } == [])
  }

  @Test("The middle of a connection, seen from one side alone, tells what is missing there")
  func middle() {
    var all = Followed(origin: (.max - 99, 0))
    #expect(all.add(true, 0, 100) == [])
    #expect(all.add(true, 200, 100) == .lostSegment)
    #expect(all.add(true, 100, 100, after: 500) == .retransmission)
  }

  @Test("Of more than four gaps the oldest is forgotten")
  func gaps() {
    var all = Followed()
    _ = all.open(1000)
    // Gaps at 1, 201, 401, 601 and 801.
    for gap in 0..<5 as Range<UInt32> {
      #expect(all.add(false, 101 + gap * 200, 100, acknowledgment: 1) == .lostSegment)
    }
    #expect(all.add(false, 1, 100, acknowledgment: 1) == .retransmission)
    for gap in [4, 1, 3, 2] as [UInt32] {
      #expect(all.add(false, 1 + gap * 200, 100, acknowledgment: 1) == .outOfOrder)
    }
  }

  @Test("Whatever comes, nothing traps")
  func hostile() {
    var random = SystemRandomNumberGenerator()
    let numbers: [UInt32] = [0, 1, 2, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, .max - 1, .max]
    let times: [Int64?] = [nil, .min, -1, 0, 1, .max]
    var all = TCPSequence()
    var both = 0
    for _ in 0..<20_000 {
      func one() -> UInt32 { numbers.randomElement(using: &random) ?? 0 }
      var segment = TCPSequence.Segment(
        sequence: one(), acknowledgment: Bool.random() ? one() : nil,
        window: UInt16.random(in: 0...2), length: one(), time: times.randomElement() ?? nil)
      (segment.isSYN, segment.isFIN) = (Int.random(in: 0..<5) == 0, Int.random(in: 0..<5) == 0)
      segment.isReset = Int.random(in: 0..<5) == 0
      let events = all.add(segment, sentByA: Bool.random())
      if events.isSuperset(of: [.retransmission, .outOfOrder]) { both += 1 }
    }
    #expect(both == 0)
  }

  @Test("Old octets with new ones behind them overlap", arguments: origins)
  func overlap(origin: UInt32) {
    var all = Followed(origin: (origin, 0))
    _ = all.open()
    _ = all.add(true, 1, 500, acknowledgment: 1)
    #expect(all.add(true, 301, 500, acknowledgment: 1).contains(.overlap))
    // What is sent again whole, or after a gap, does not.
    #expect(!all.add(true, 301, 500, acknowledgment: 1).contains(.overlap))
    #expect(!all.add(true, 901, 100, acknowledgment: 1).contains(.overlap))
  }
}
