import Correlation
import PacketDecoding

/// Decoded packets with their places in the case: what the store writes in one go.
public struct FactBatch: Sendable {
  public var records = RecordBatch()
  /// The stream of each packet of `records`.
  public var streamIDs: [Int64] = []
  /// The conversation key of what each ICMP message of `records` quotes.
  public var quotedKeys: [Int64?] = []
  /// Packets whose octets are those of another shortly before.
  public var repetitions: [Repetition] = []
  /// What TCP's sequence numbers tell of packets, in their order.
  public var tcpEvents: [TCPEventFact] = []
  /// Links seen for the first time.
  public var links: [LinkFact] = []
  /// Conversations that ended, or were put away, with the flow that each is by itself.
  public var conversations: [ConversationFact] = []
  /// DNS questions that were settled, where matching went along with decoding.
  public var transactions: [DNSTransaction] = []
  public var retries: [DNSRetry] = []
  /// Packets that were seen before, in the order of telling, where sightings were told along with
  /// decoding; packets that were, and are first sightings now.
  public var duplicates: [DuplicateFact] = []
  public var firstSightings: [Int64] = []
  /// Keys of conversations of which something else is told than before; and of those whose packets
  /// were not told.
  public var touchedKeys: [Int64] = []
  public var untoldKeys: [Int64] = []
  /// Comments on packets, and names of addresses, that the capture carries.
  public var comments: [CaptureFacts.Comment] = []
  public var names: [CaptureFacts.Name] = []
  /// Names that a printed capture uses for hosts, by number, up to this batch.
  public var hostNames: [String] = []
  /// Octets of the source that were read up to this batch.
  public var sourceOctets: Int64 = 0

  public init() {}

  /// Empties the batch and keeps its memory.
  public mutating func removeAll() {
    records.removeAll()
    streamIDs.removeAll(keepingCapacity: true)
    quotedKeys.removeAll(keepingCapacity: true)
    repetitions.removeAll(keepingCapacity: true)
    tcpEvents.removeAll(keepingCapacity: true)
    links.removeAll(keepingCapacity: true)
    conversations.removeAll(keepingCapacity: true)
    transactions.removeAll(keepingCapacity: true)
    retries.removeAll(keepingCapacity: true)
    duplicates.removeAll(keepingCapacity: true)
    firstSightings.removeAll(keepingCapacity: true)
    touchedKeys.removeAll(keepingCapacity: true)
    untoldKeys.removeAll(keepingCapacity: true)
    comments.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    hostNames.removeAll()
  }
}

/// A row of `fact_repetition`, by numbers in the capture.
public struct Repetition: Sendable {
  /// Of the packet that repeats another.
  public var number: Int64
  /// Of the first that had its octets.
  public var firstNumber: Int64

  public init(number: Int64, firstNumber: Int64) {
    (self.number, self.firstNumber) = (number, firstNumber)
  }
}

/// A row of `derived_duplicate`, by packets as cases number them.
public struct DuplicateFact: Sendable {
  public var packetID: Int64
  /// Its first sighting.
  public var firstPacketID: Int64

  public init(packetID: Int64, firstPacketID: Int64) {
    (self.packetID, self.firstPacketID) = (packetID, firstPacketID)
  }
}

/// A row of `fact_tcp_event`, by number in the capture.
public struct TCPEventFact: Sendable {
  public var number: Int64
  public var event: TCPSequence.Event

  public init(number: Int64, event: TCPSequence.Event) {
    (self.number, self.event) = (number, event)
  }
}

/// A row of `fact_link`, with the rows of `fact_encapsulation` that it has.
public struct LinkFact: Sendable {
  public var id: Int64
  public var interface: Int32
  public var header: LinkHeader
  public var encapsulations: [EncapsulationRecord]

  public init(
    id: Int64, interface: Int32, header: LinkHeader, encapsulations: [EncapsulationRecord] = []
  ) {
    (self.id, self.interface, self.header) = (id, interface, header)
    self.encapsulations = encapsulations
  }
}

/// The two rows of `fact_stream` that a conversation is, and the flow that it is by itself.
public struct ConversationFact: Sendable {
  /// The flow, whose sum is the conversation.
  public var flow: Flow
  public var addressA: NetworkAddress?
  public var addressB: NetworkAddress?
  public var linkA: Int64?
  public var linkB: Int64?
  public var handshakeA: Handshake
  public var handshakeB: Handshake
  /// The protocol that its packets were first read as.
  public var application: ProtocolName?
  /// Where each of its packets was seen before: the conversation that shows the first of them first,
  /// whose flow it goes on with; then it is none by itself.
  public var shownBy: Int64?
  public var conversation: Conversation { flow.sum }

  /// What a SYN says of its sender.
  public struct Handshake: Sendable {
    public var maximumSegmentSize: UInt16?
    public var windowScale: UInt8?
    /// Every control bit that was seen.
    public var flags: UInt8?
    public init() {}
  }

  public init(
    flow: Flow, addressA: NetworkAddress?, addressB: NetworkAddress?, linkA: Int64?, linkB: Int64?,
    handshakeA: Handshake, handshakeB: Handshake, application: ProtocolName? = nil
  ) {
    (self.flow, self.addressA, self.addressB) = (flow, addressA, addressB)
    (self.linkA, self.linkB) = (linkA, linkB)
    (self.handshakeA, self.handshakeB) = (handshakeA, handshakeB)
    self.application = application
  }
}
