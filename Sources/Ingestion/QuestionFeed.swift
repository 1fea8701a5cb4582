import CaseStore
import Correlation
import PacketDecoding

/// Matches DNS questions while their capture is read, as long as its packets stand in the order
/// of time: then the outcome is the same as deriving it from the facts afterwards, and costs no
/// second look at them.
struct QuestionFeed {
  private var matcher = DNSMatcher()
  private let captureID: Int64
  private let domain: UInt64
  /// Keys of conversations that matching must look at once more: an ICMP error quotes too little.
  private(set) var unmatchedKeys: Set<Int64> = []
  /// Whether the capture can be matched as it is read; once not, never again.
  private(set) var isUsable: Bool
  /// Whether messages wait until it is known that they were not seen before, in another capture.
  private var waits = false
  /// Those that wait, in their order, from `head` on.
  private var waiting: [Waiting] = []
  private var head = 0

  /// A message that may have been seen before.
  private struct Waiting {
    var event: DNSEvent
    var wasSeen = false
  }

  /// Messages that wait at the most; they take about 40 MiB.
  private static let limit = 262_144

  /// - Parameter isUsable: `false` for captures whose packets do not say what matching needs.
  init(captureID: Int64, domain: UInt64, isUsable: Bool) {
    (self.captureID, self.domain, self.isUsable) = (captureID, domain, isUsable)
  }

  /// Gives up: the packets are out of order.
  mutating func giveUp() { isUsable = false }

  /// Takes a DNS message of the packet that was placed last.
  ///
  /// - Parameter position: Its number among those of the packet, from 0.
  mutating func add(
    _ message: DNSRecord, at position: Int64, of packet: PacketRecord, streamID: Int64, key: Int64,
    in batch: RecordBatch
  ) {
    guard isUsable, let time = packet.timestamp, let source = packet.network.source,
      let destination = packet.network.destination
    else { return giveUp() }
    let senderIsLower = ConversationKey.isLower(
      source, packet.transport.sourcePort, destination, packet.transport.destinationPort)
    match(
      DNSEvent(
        kind: message.isResponse ? .response : .query, packetID: captureID << 32 | packet.number,
        position: position, time: time, streamID: streamID, conversation: key,
        clientIsLower: message.isResponse ? !senderIsLower : senderIsLower,
        overTCP: message.overTCP, identifier: message.identifier,
        nameHash: message.questionName.map(batch.hash), type: message.questionType,
        responseCode: message.responseCode))
  }

  private mutating func match(_ event: DNSEvent) {
    guard !waits else {
      waiting.append(Waiting(event: event))
      if waiting.count - head > Self.limit { giveUp() }
      return
    }
    matcher.add(event)
    if matcher.hasOverflowed { giveUp() }
  }

  /// What was seen before is nothing to match; so from now on messages wait until that is known.
  mutating func waitForSightings() { waits = true }

  /// Takes what was told of packets of the capture.
  mutating func note(seen duplicates: some Sequence<DuplicateFact>) {
    for duplicate in duplicates where duplicate.packetID >> 32 == captureID {
      var index = firstWaiting(of: duplicate.packetID)
      while index < waiting.count, waiting[index].event.packetID == duplicate.packetID {
        waiting[index].wasSeen = true
        index += 1
      }
    }
  }

  /// Where the messages of a packet wait, or would.
  private func firstWaiting(of packetID: Int64) -> Int {
    var (low, high) = (head, waiting.count)
    while low < high {
      let middle = low + (high - low) / 2
      if waiting[middle].event.packetID < packetID { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Matches those before a time up to which all packets are told.
  mutating func match(before time: Int64) {
    while isUsable, head < waiting.count,
      waiting[head].event.time.map({ $0 < time }) ?? true
    {
      if !waiting[head].wasSeen { matcher.add(waiting[head].event) }
      head += 1
    }
    if matcher.hasOverflowed { giveUp() }
    if head > 4096, head * 2 > waiting.count {
      waiting.removeFirst(head)
      head = 0
    }
  }

  /// Matches all that waits: sightings are not told any more.
  mutating func stopWaiting() {
    guard waits else { return }
    waits = false
    match(before: .max)
  }

  private mutating func leaveForLater(_ key: Int64) {
    // A set that a hostile capture fills would cost memory: then everything is matched later.
    unmatchedKeys.insert(key)
    if unmatchedKeys.count > 65_536 { giveUp() }
  }

  /// Takes an ICMP error that quotes a DNS message; one that quotes too little of it is left for
  /// later.
  mutating func add(
    _ error: ICMPRecord, of packet: PacketRecord, quotedKey: Int64?, in batch: RecordBatch
  ) {
    guard isUsable, let quoted = error.quoted, let key = quotedKey,
      DNSEvent.isRefusal(version: error.version, type: error.type, code: error.code),
      quoted.destinationPort == 53, let source = quoted.source,
      let destination = quoted.destination, let time = packet.timestamp
    else { return }
    guard let identifier = quoted.dnsIdentifier, quoted.dnsQuestionName != nil,
      quoted.dnsQuestionType != nil
    else { return leaveForLater(key) }
    // What it refuses may have been seen before, where this is not, or not where this was.
    if waits { leaveForLater(key) }
    match(
      DNSEvent(
        kind: .refusal, packetID: captureID << 32 | packet.number, time: time, streamID: 0,
        conversation: key,
        clientIsLower: ConversationKey.isLower(
          source, quoted.sourcePort, destination, quoted.destinationPort),
        overTCP: quoted.protocolNumber == 6, identifier: identifier,
        nameHash: quoted.dnsQuestionName.map(batch.hash), type: quoted.dnsQuestionType))
  }

  /// Appends what was settled to `batch`.
  mutating func drain(to batch: inout FactBatch) {
    batch.transactions.append(contentsOf: matcher.transactions)
    batch.retries.append(contentsOf: matcher.retries)
    matcher.transactions.removeAll(keepingCapacity: true)
    matcher.retries.removeAll(keepingCapacity: true)
  }

  /// Settles what is still open.
  mutating func finish(to batch: inout FactBatch) {
    stopWaiting()
    matcher.finish()
    drain(to: &batch)
  }
}
