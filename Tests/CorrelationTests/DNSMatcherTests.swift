import Testing

@testable import Correlation

@Suite("Questions and what became of them")
struct DNSMatcherTests {
  static let second: Int64 = 1_000_000_000

  /// An event of one client and server; the packet is `packet`, the time in milliseconds.
  private static func event(
    _ kind: DNSEvent.Kind, _ packet: Int64, at milliseconds: Int64?, id: UInt16 = 7,
    name: UInt64? = 1, type: UInt16? = 1, conversation: Int64 = 1, clientIsLower: Bool = true,
    overTCP: Bool = false, rcode: UInt16? = nil
  ) -> DNSEvent {
    DNSEvent(
      kind: kind, packetID: packet, time: milliseconds.map { $0 * 1_000_000 }, streamID: 2,
      conversation: conversation, clientIsLower: clientIsLower, overTCP: overTCP, identifier: id,
      nameHash: name, type: type, responseCode: rcode)
  }

  /// A transaction in a line: its packets, attempts, outcome.
  private static func line(_ transaction: DNSTransaction) -> String {
    let closed = [transaction.responsePacketID, transaction.icmpPacketID].compactMap { $0 }
    return "\(transaction.queryPacketID) \(closed) x\(transaction.attempts) \(transaction.outcome)"
  }

  /// What the events come to, in the order of the first query.
  private func match(_ events: [DNSEvent], limit: Int = 100) -> [String] {
    var matcher = DNSMatcher(limit: limit)
    for event in events { matcher.add(event) }
    matcher.finish()
    return matcher.transactions.sorted { $0.queryPacketID < $1.queryPacketID }.map(Self.line)
  }

  @Test("An answer within 5 s is in time, and has its code and its wait")
  func answered() throws {
    var matcher = DNSMatcher()
    matcher.add(Self.event(.query, 1, at: 0))
    matcher.add(Self.event(.response, 2, at: 5000, rcode: 3))
    let transaction = try #require(matcher.transactions.first)
    #expect(Self.line(transaction) == "1 [2] x1 answered")
    #expect(transaction.roundTrip == 5 * Self.second && transaction.responseCode == 3)
  }

  @Test("An answer after 5 s is late")
  func late() {
    #expect(
      match([Self.event(.query, 1, at: 0), Self.event(.response, 2, at: 5001)])
        == ["1 [2] x1 late"])
  }

  @Test("The wait is counted from the first attempt")
  func waitFromFirstAttempt() {
    let events = [
      Self.event(.query, 1, at: 0), Self.event(.query, 2, at: 5000),
      Self.event(.response, 3, at: 5010),
    ]
    #expect(match(events) == ["1 [3] x2 late"])
  }

  @Test("An ICMP error that quotes the query refuses it")
  func refused() {
    #expect(
      match([Self.event(.query, 1, at: 0), Self.event(.refusal, 2, at: 1)])
        == ["1 [2] x1 refused"])
  }

  @Test("A question that nobody answered is timed out")
  func unanswered() {
    #expect(match([Self.event(.query, 1, at: 0)]) == ["1 [] x1 timedOut"])
  }

  @Test("Without times an answer is an answer, and has no wait")
  func withoutTimes() {
    let events = [Self.event(.query, 1, at: nil), Self.event(.response, 2, at: nil)]
    #expect(match(events) == ["1 [2] x1 answered"])
  }

  @Test("The same question again while it is open is a retry, and is told of")
  func retries() {
    var matcher = DNSMatcher()
    for (packet, time) in [(1, 0), (2, 5000), (3, 15_000)] as [(Int64, Int64)] {
      matcher.add(Self.event(.query, packet, at: time))
    }
    matcher.finish()
    #expect(matcher.transactions.map(Self.line) == ["1 [] x3 timedOut"])
    #expect(
      matcher.retries == [
        DNSRetry(packetID: 2, position: 0, queryPacketID: 1, queryPosition: 0),
        DNSRetry(packetID: 3, position: 0, queryPacketID: 1, queryPosition: 0),
      ])
  }

  @Test(
    "After an answer, or a refusal, the same question is a new one",
    arguments: [
      DNSEvent.Kind.response, .refusal,
    ])
  func reuseAfterTheEnd(kind: DNSEvent.Kind) {
    let events = [
      Self.event(.query, 1, at: 0), Self.event(kind, 2, at: 10), Self.event(.query, 3, at: 20),
    ]
    let outcome = kind == .response ? "answered" : "refused"
    #expect(match(events) == ["1 [2] x1 \(outcome)", "3 [] x1 timedOut"])
  }

  @Test("30 s after the last attempt the same question is a retry, later a new one")
  func reuseAfterAWhile() {
    let again = [
      Self.event(.query, 1, at: 0), Self.event(.query, 2, at: 30_000),
      Self.event(.query, 3, at: 60_000),
    ]
    #expect(match(again) == ["1 [] x3 timedOut"])
    let later = [
      Self.event(.query, 1, at: 0), Self.event(.query, 2, at: 30_001),
      Self.event(.response, 3, at: 30_010),
    ]
    #expect(match(later) == ["1 [] x1 timedOut", "2 [3] x1 answered"])
  }

  @Test("Questions of one identifier are told apart by name and by type")
  func namesApart() {
    let events = [
      Self.event(.query, 1, at: 0, name: 1), Self.event(.query, 2, at: 1, name: 2),
      Self.event(.query, 3, at: 2, name: 2, type: 28),
      Self.event(.response, 4, at: 3, name: 1), Self.event(.response, 5, at: 4, name: 2, type: 28),
      Self.event(.response, 6, at: 5, name: 2),
    ]
    #expect(
      match(events) == ["1 [4] x1 answered", "2 [6] x1 answered", "3 [5] x1 answered"])
  }

  @Test("An answer that does not show its question takes the newest, then the one before")
  func withoutName() {
    let events = [
      Self.event(.query, 1, at: 0, name: 1), Self.event(.query, 2, at: 1, name: 2),
      Self.event(.response, 3, at: 2, name: nil, type: nil),
      Self.event(.response, 4, at: 3, name: nil, type: nil),
    ]
    #expect(match(events) == ["1 [4] x1 answered", "2 [3] x1 answered"])
  }

  @Test("A refusal that shows the type but not the name takes only a question of that type")
  func typeAlone() {
    let events = [
      Self.event(.query, 1, at: 0, type: 28), Self.event(.refusal, 2, at: 1, name: nil, type: 1),
    ]
    #expect(match(events) == ["1 [] x1 timedOut"])
  }

  @Test("Another identifier, name, direction, transport or conversation is no answer")
  func noAnswer() {
    let query = Self.event(.query, 1, at: 0)
    let others = [
      Self.event(.response, 2, at: 1, id: 8), Self.event(.response, 2, at: 1, name: 9),
      Self.event(.response, 2, at: 1, clientIsLower: false),
      Self.event(.response, 2, at: 1, overTCP: true),
      Self.event(.response, 2, at: 1, conversation: 2),
    ]
    for other in others { #expect(match([query, other]) == ["1 [] x1 timedOut"], "\(other)") }
  }

  @Test("An answer without a question, and a second answer, change nothing")
  func strayAnswers() {
    let events = [
      Self.event(.response, 1, at: 0), Self.event(.query, 2, at: 1),
      Self.event(.response, 3, at: 2), Self.event(.response, 4, at: 3),
      Self.event(.refusal, 5, at: 4),
    ]
    #expect(match(events) == ["2 [3] x1 answered"])
  }

  @Test("A question is forgotten after 60 s, not before")
  func forgotten() {
    let query = Self.event(.query, 1, at: 0)
    #expect(match([query, Self.event(.response, 2, at: 60_000)]) == ["1 [2] x1 late"])
    #expect(match([query, Self.event(.response, 2, at: 60_001)]) == ["1 [] x1 timedOut"])
  }

  @Test("A question whose time is not known is not forgotten, and keeps no later one open")
  func unknownTime() {
    let events = [
      Self.event(.query, 1, at: nil, name: 1), Self.event(.query, 2, at: 0, name: 2),
      Self.event(.response, 3, at: 60_001, name: 2), Self.event(.query, 4, at: 60_002, name: 2),
      Self.event(.response, 5, at: 130_000, name: nil, type: nil),
    ]
    #expect(match(events) == ["1 [5] x1 answered", "2 [] x1 timedOut", "4 [] x1 timedOut"])
  }

  @Test("A query that shows no name, long after, leaves the question open that it could have been")
  func queryWithoutName() {
    let events = [
      Self.event(.query, 1, at: 0), Self.event(.query, 2, at: 30_001, name: nil, type: nil),
      Self.event(.response, 3, at: 30_002),
    ]
    #expect(match(events) == ["1 [3] x1 late", "2 [] x1 timedOut"])
    let soon = [Self.event(.query, 1, at: 0), Self.event(.query, 2, at: 1, name: nil, type: nil)]
    #expect(match(soon) == ["1 [] x2 timedOut"])
  }

  @Test("With too many open questions the oldest is given up, and that is told")
  func overflow() {
    var matcher = DNSMatcher(limit: 2)
    matcher.add(Self.event(.query, 1, at: 0, name: 1))
    matcher.add(Self.event(.query, 2, at: 1, name: 2))
    #expect(!matcher.hasOverflowed && matcher.transactions.isEmpty)
    matcher.add(Self.event(.query, 3, at: 2, name: 3))
    #expect(matcher.hasOverflowed)
    #expect(matcher.transactions.map(Self.line) == ["1 [] x1 timedOut"])
    matcher.add(Self.event(.response, 4, at: 3, name: 2))
    matcher.finish()
    #expect(
      matcher.transactions.dropFirst().map(Self.line) == ["2 [4] x1 answered", "3 [] x1 timedOut"])
  }

  @Test("A place in the table is used again, and keeps nothing of its last question")
  func reusedSlots() {
    var events: [DNSEvent] = []
    for round in 0..<50 as Range<Int64> {
      events.append(Self.event(.query, round * 2, at: round, name: UInt64(round)))
      events.append(Self.event(.response, round * 2 + 1, at: round, name: UInt64(round)))
    }
    let expected = (0..<50).map { "\($0 * 2) [\($0 * 2 + 1)] x1 answered" }
    #expect(match(events, limit: 1) == expected)
  }

  @Test("100,000 questions under one identifier, all open, take no more than 20 s to settle")
  func hostileRun() {
    var matcher = DNSMatcher()
    let clock = ContinuousClock()
    let spent = clock.measure {
      for number in 0..<100_000 as Range<Int64> {
        matcher.add(Self.event(.query, number, at: 0, name: UInt64(number)))
      }
      for number in 0..<100_000 as Range<Int64> {
        matcher.add(Self.event(.response, 100_000 + number, at: 1, name: nil, type: nil))
      }
      matcher.finish()
    }
    #expect(matcher.transactions.count == 100_000)
    #expect(matcher.transactions.allSatisfy { $0.outcome == .answered })
    // A search through the open ones would look at five thousand million of them.
    #expect(spent < .seconds(20))
  }
}
