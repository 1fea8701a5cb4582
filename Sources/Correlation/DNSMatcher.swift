/// A DNS message, or an ICMP error that quotes one, as matching sees it.
public struct DNSEvent: Equatable, Sendable {
  public enum Kind: Sendable { case query, response, refusal }

  /// Whether an ICMP message says that the datagram it quotes went no further: destination
  /// unreachable, time exceeded, parameter problem. A redirect, a source quench, and what tells of
  /// a path's MTU do not: the datagram went on, or is sent again (RFC 792, RFC 1191, RFC 8201).
  ///
  /// - Parameter version: 4 for ICMP, 6 for ICMPv6 (RFC 4443).
  public static func isRefusal(version: UInt8, type: UInt8, code: UInt8) -> Bool {
    version == 4
      ? (type == 3 && code != 4) || type == 11 || type == 12 : type == 1 || type == 3 || type == 4
  }

  public var kind: Kind
  public var packetID: Int64
  /// Of the message among those of its packet, from 0; 0 for a refusal.
  public var position: Int64
  /// Nanoseconds; `nil` when the capture has no times.
  public var time: Int64?
  /// Of the message's own direction; 0 for a refusal.
  public var streamID: Int64
  /// Equal for both directions of a conversation, and across captures.
  public var conversation: Int64
  /// Whether the one who asks is the lower end of the conversation, in any fixed order.
  public var clientIsLower: Bool
  public var overTCP: Bool
  public var identifier: UInt16
  /// The first question, told by a hash of its name; `nil` when the message does not show it.
  public var nameHash: UInt64?
  public var type: UInt16?
  /// Of a response.
  public var responseCode: UInt16?

  public init(
    kind: Kind, packetID: Int64, position: Int64 = 0, time: Int64?, streamID: Int64,
    conversation: Int64, clientIsLower: Bool, overTCP: Bool, identifier: UInt16, nameHash: UInt64?,
    type: UInt16?,
    responseCode: UInt16? = nil
  ) {
    (self.kind, self.packetID, self.position, self.time) = (kind, packetID, position, time)
    (self.streamID, self.conversation) = (streamID, conversation)
    (self.clientIsLower, self.overTCP) = (clientIsLower, overTCP)
    (self.identifier, self.nameHash, self.type) = (identifier, nameHash, type)
    self.responseCode = responseCode
  }
}

/// One DNS question, its retries, its fate.
public struct DNSTransaction: Equatable, Sendable {
  /// Raw values are those of `lookup_outcome`.
  public enum Outcome: UInt8, Sendable {
    case answered = 1
    case refused = 2
    case timedOut = 3
    case late = 4
    case unobserved = 5
  }
  public var queryPacketID: Int64
  /// Of the query among the messages of its packet, from 0; likewise of the answer.
  public var queryPosition: Int64
  public var responsePacketID: Int64?
  public var responsePosition: Int64?
  public var icmpPacketID: Int64?
  public var streamID: Int64
  /// Nanoseconds, of the first attempt.
  public var time: Int64?
  public var attempts: Int64
  /// Of the answer.
  public var responseCode: UInt16?
  /// Nanoseconds from the first attempt to the answer.
  public var roundTrip: Int64?
  public var outcome: Outcome
}

/// A query that asks again what its transaction asked first.
public struct DNSRetry: Equatable, Sendable {
  public var packetID: Int64
  /// Of the query among the messages of its packet, from 0; likewise of the transaction's first.
  public var position: Int64
  public var queryPacketID: Int64
  public var queryPosition: Int64
}

/// Matches answers and refusals to questions, in the order of time.
///
/// A question is open from its first query until an answer or a refusal, or until it is
/// forgotten. The same question again (ends, transport, identifier, name and type) while it is
/// open is a retry; after it was closed, or long after the last attempt, it is a new question
/// that uses the identifier again.
public struct DNSMatcher: Sendable {
  /// An answer within this time is in time: the usual resolver's own time-out (RFC 1035, 4.2.1,
  /// asks for two to five seconds).
  public static let timeout: Int64 = 5_000_000_000
  /// A repeated query within this time of the last is a retry. Stub resolvers repeat after 5 s,
  /// and some after twice and four times that.
  static let retryWindow: Int64 = 30_000_000_000
  /// A question without an answer is forgotten after this time, so that what is open stays
  /// bounded: no resolver waits longer, and an answer after it would be nobody's.
  static let horizon: Int64 = 60_000_000_000

  /// Questions that can be open at once; the oldest is given up for a new one. 262,144 take
  /// about 30 MiB.
  let limit: Int
  /// Whether a question was given up for want of room.
  public private(set) var hasOverflowed = false
  /// What was closed since it was last taken.
  public var transactions: [DNSTransaction] = []
  public var retries: [DNSRetry] = []

  /// Whose question, under which identifier.
  private struct Asker: Hashable {
    var conversation: Int64
    var identifier: UInt16
    var clientIsLower: Bool
    var overTCP: Bool
  }

  /// What was asked, by whom.
  private struct Question: Hashable {
    var asker: Asker
    var nameHash: UInt64?
    var type: UInt16?
  }

  private struct Slot {
    var question: Question
    var transaction: DNSTransaction
    var lastAttempt: Int64?
    /// The neighbours among the asker's open questions, and among all, in the order of opening;
    /// -1 for none.
    var olderOfAsker: Int32
    var newerOfAsker: Int32 = -1
    var older: Int32
    var newer: Int32 = -1
  }

  /// Slots of open questions, and those that are free.
  private var slots: [Slot] = []
  private var free: [Int32] = []
  /// The slot of each open question, and the newest of each asker: every step takes constant
  /// time, whatever a hostile capture repeats.
  private var open: [Question: Int32] = [:]
  private var newestOfAsker: [Asker: Int32] = [:]
  /// The ends of the list in the order of opening.
  private var oldest: Int32 = -1
  private var newest: Int32 = -1

  public init(limit: Int = 262_144) {
    self.limit = max(1, limit)
  }

  /// Takes the next event. Events come in the order of time, those of one time in the order of
  /// packets, those of one packet in the order of its messages.
  public mutating func add(_ event: DNSEvent) {
    if let time = event.time { forget(before: time &- Self.horizon) }
    let asker = Asker(
      conversation: event.conversation, identifier: event.identifier,
      clientIsLower: event.clientIsLower, overTCP: event.overTCP)
    let question = Question(asker: asker, nameHash: event.nameHash, type: event.type)
    let found = openQuestion(question, at: event.time)
    switch event.kind {
    case .query: ask(event, question, found)
    case .response:
      guard let found else { return }
      slots[found].transaction.responsePacketID = event.packetID
      slots[found].transaction.responsePosition = event.position
      slots[found].transaction.responseCode = event.responseCode
      if let asked = slots[found].transaction.time, let answered = event.time {
        let wait = answered &- asked
        slots[found].transaction.roundTrip = wait
        slots[found].transaction.outcome = wait <= Self.timeout ? .answered : .late
      } else {
        slots[found].transaction.outcome = .answered
      }
      close(found)
    case .refusal:
      guard let found else { return }
      slots[found].transaction.icmpPacketID = event.packetID
      slots[found].transaction.outcome = .refused
      close(found)
    }
  }

  /// Closes every question that is still open.
  public mutating func finish() {
    while oldest >= 0 { close(Int(oldest)) }
  }

  private mutating func ask(_ event: DNSEvent, _ question: Question, _ found: Int?) {
    if let found {
      let last = slots[found].lastAttempt
      if let time = event.time, let last, time &- last > Self.retryWindow {
        // A query that does not show what it asks is no word about what another asked.
        if slots[found].question == question { close(found) }
      } else {
        slots[found].transaction.attempts += 1
        slots[found].lastAttempt = event.time ?? last
        retries.append(
          DNSRetry(
            packetID: event.packetID, position: event.position,
            queryPacketID: slots[found].transaction.queryPacketID,
            queryPosition: slots[found].transaction.queryPosition))
        return
      }
    }
    if open.count >= limit {
      hasOverflowed = true
      close(Int(oldest))
    }
    begin(event, question)
  }

  private mutating func begin(_ event: DNSEvent, _ question: Question) {
    let new = Slot(
      question: question,
      transaction: DNSTransaction(
        queryPacketID: event.packetID, queryPosition: event.position, responsePacketID: nil,
        responsePosition: nil, icmpPacketID: nil, streamID: event.streamID, time: event.time,
        attempts: 1, roundTrip: nil,
        outcome: .timedOut),
      lastAttempt: event.time, olderOfAsker: newestOfAsker[question.asker] ?? -1, older: newest)
    let index: Int32
    if let reused = free.popLast() {
      index = reused
      slots[Int(index)] = new
    } else {
      index = Int32(slots.count)
      slots.append(new)
    }
    open[question] = index
    newestOfAsker[question.asker] = index
    if new.olderOfAsker >= 0 { slots[Int(new.olderOfAsker)].newerOfAsker = index }
    if newest >= 0 { slots[Int(newest)].newer = index } else { oldest = index }
    newest = index
  }

  /// The open question that an event belongs to. A printed answer, or a short quote, does not show
  /// the question: then it is the asker's newest.
  private mutating func openQuestion(_ question: Question, at time: Int64?) -> Int? {
    if let exact = open[question].map(Int.init), !closeIfForgotten(exact, at: time) { return exact }
    guard question.nameHash == nil || question.type == nil else { return nil }
    while let newest = newestOfAsker[question.asker], closeIfForgotten(Int(newest), at: time) {}
    guard let index = newestOfAsker[question.asker] else { return nil }
    let other = slots[Int(index)].question
    let sameName = question.nameHash == nil || question.nameHash == other.nameHash
    let sameType = question.type == nil || question.type == other.type
    return sameName && sameType ? Int(index) : nil
  }

  /// Closes a question that was to be forgotten: `forget` stops at the first whose time is not known.
  private mutating func closeIfForgotten(_ index: Int, at time: Int64?) -> Bool {
    guard let time, let asked = slots[index].transaction.time, asked < time &- Self.horizon
    else { return false }
    close(index)
    return true
  }

  private mutating func forget(before time: Int64) {
    while oldest >= 0, let asked = slots[Int(oldest)].transaction.time, asked < time {
      close(Int(oldest))
    }
  }

  private mutating func close(_ index: Int) {
    let slot = slots[index]
    transactions.append(slot.transaction)
    open[slot.question] = nil
    if slot.older >= 0 { slots[Int(slot.older)].newer = slot.newer } else { oldest = slot.newer }
    if slot.newer >= 0 { slots[Int(slot.newer)].older = slot.older } else { newest = slot.older }
    if slot.olderOfAsker >= 0 { slots[Int(slot.olderOfAsker)].newerOfAsker = slot.newerOfAsker }
    if slot.newerOfAsker >= 0 {
      slots[Int(slot.newerOfAsker)].olderOfAsker = slot.olderOfAsker
    } else {
      newestOfAsker[slot.question.asker] = slot.olderOfAsker >= 0 ? slot.olderOfAsker : nil
    }
    free.append(Int32(index))
  }
}
