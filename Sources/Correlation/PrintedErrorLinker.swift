/// Tells which packets ICMP errors quote that do not print the client's port, in one look at their
/// capture from its first packet to its last.
///
/// An error quotes a packet that nobody answered and no other error quotes: where it prints the
/// server's port, the oldest of the last 5 s, else the latest before. One that does not print that
/// port either is a router's, which answers at once: it quotes the latest.
public struct PrintedErrorLinker: Sendable {
  /// A packet of the capture.
  public struct Packet: Sendable {
    public var id: Int64
    /// Nanoseconds; `nil` when the capture has no times.
    public var time: Int64?
    /// Of its direction: `2n` or `2n + 1` of conversation `n`.
    public var streamID: Int64
    public var source: String
    public var destination: String
    public var destinationPort: Int64?
    public var protocolNumber: Int64?
    /// Of the DNS message in it.
    public var identifier: Int64?
    public var isResponse: Bool

    public init(
      id: Int64, time: Int64?, streamID: Int64, source: String, destination: String,
      destinationPort: Int64? = nil, protocolNumber: Int64? = nil, identifier: Int64? = nil,
      isResponse: Bool = false
    ) {
      (self.id, self.time, self.streamID) = (id, time, streamID)
      (self.source, self.destination) = (source, destination)
      (self.destinationPort, self.protocolNumber) = (destinationPort, protocolNumber)
      (self.identifier, self.isResponse) = (identifier, isResponse)
    }
  }

  /// What an error prints of the packet that it quotes.
  public struct Quote: Sendable {
    public var source: String
    public var destination: String
    public var destinationPort: Int64?
    public var protocolNumber: Int64?

    public init(
      source: String, destination: String, destinationPort: Int64?, protocolNumber: Int64?
    ) {
      (self.source, self.destination) = (source, destination)
      (self.destinationPort, self.protocolNumber) = (destinationPort, protocolNumber)
    }
  }

  private struct Ends: Hashable {
    var source: String
    var destination: String
  }

  /// A packet this much older than an error is no longer taken before a later one.
  static let usualDelay: Int64 = 5_000_000_000
  /// Packets between two hosts that may be open at once; the oldest is given up for a new one, so
  /// that a hostile log costs a bounded time a line.
  static let limit = 4096

  /// Packets that nothing answered yet, by their ends, the oldest first.
  private var open: [Ends: [Packet]] = [:]
  /// Those of each conversation that any packet back would answer: they hold no DNS message.
  private var openWithoutMessage: [Int64: Int] = [:]

  public init() {}

  /// Forgets the capture before: the next packet is another's.
  public mutating func begin() {
    open.removeAll()
    openWithoutMessage.removeAll()
  }

  /// Takes the next packet.
  public mutating func add(_ packet: Packet) {
    answer(with: packet)
    if packet.isResponse { return }
    let ends = Ends(source: packet.source, destination: packet.destination)
    if open[ends, default: []].count >= Self.limit { close(ends, at: 0) }
    open[ends, default: []].append(packet)
    if packet.identifier == nil { openWithoutMessage[packet.streamID >> 1, default: 0] += 1 }
  }

  /// The packet that an error quotes, which no later error quotes; `nil` when none fits.
  public mutating func original(of quote: Quote, at time: Int64?) -> Int64? {
    let ends = Ends(source: quote.source, destination: quote.destination)
    guard let candidates = open[ends] else { return nil }
    func fits(_ packet: Packet) -> Bool {
      (quote.destinationPort == nil || quote.destinationPort == packet.destinationPort)
        && (quote.protocolNumber == nil || quote.protocolNumber == packet.protocolNumber)
    }
    func isRecent(_ packet: Packet) -> Bool {
      guard let time, let sent = packet.time else { return true }
      return time &- sent <= Self.usualDelay
    }
    let recent =
      quote.destinationPort == nil
      ? nil : candidates.firstIndex { fits($0) && isRecent($0) }
    guard let index = recent ?? candidates.lastIndex(where: fits) else { return nil }
    let id = candidates[index].id
    close(ends, at: index)
    return id
  }

  /// Closes what `packet` answers: the question of its identifier, and whatever else its
  /// conversation left open.
  private mutating func answer(with packet: Packet) {
    let isAwaited = openWithoutMessage[packet.streamID >> 1, default: 0] > 0
    guard isAwaited || packet.isResponse else { return }
    let ends = Ends(source: packet.destination, destination: packet.source)
    guard let candidates = open[ends] else { return }
    for (index, candidate) in candidates.enumerated().reversed()
    where candidate.streamID == packet.streamID ^ 1 {
      if candidate.identifier == nil
        || (packet.isResponse && candidate.identifier == packet.identifier)
      {
        close(ends, at: index)
      }
    }
  }

  private mutating func close(_ ends: Ends, at index: Int) {
    guard let packet = open[ends]?.remove(at: index), packet.identifier == nil else { return }
    openWithoutMessage[packet.streamID >> 1, default: 1] -= 1
  }
}
