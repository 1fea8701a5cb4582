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
    matcher.add(
      DNSEvent(
        kind: message.isResponse ? .response : .query, packetID: captureID << 32 | packet.number,
        position: position, time: time, streamID: streamID, conversation: key,
        clientIsLower: message.isResponse ? !senderIsLower : senderIsLower,
        overTCP: message.overTCP, identifier: message.identifier,
        nameHash: message.questionName.map(batch.hash), type: message.questionType,
        responseCode: message.responseCode))
    if matcher.hasOverflowed { giveUp() }
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
    else {
      // A set that a hostile capture fills would cost memory: then everything is matched later.
      unmatchedKeys.insert(key)
      if unmatchedKeys.count > 65_536 { giveUp() }
      return
    }
    matcher.add(
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
    matcher.finish()
    drain(to: &batch)
  }
}
