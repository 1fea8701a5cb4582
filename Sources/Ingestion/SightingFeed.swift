import CaseStore
import Correlation
import PacketDecoding

/// Tells which packets of the capture that is being read were seen before, or are seen first there, as
/// long as its packets stand in the order of time: then the outcome is that of deriving it from the
/// facts of all captures afterwards, and costs no second look at them.
///
/// What several captures show is read beside, in the same order. A conversation of which every packet
/// was seen before says nothing of its own: it goes on with the flow of the one that was seen first.
struct SightingFeed {
  private let order: CaptureOrder
  /// `nil` once nothing is compared any more.
  private var earlier: SightingsAhead?
  private var matcher: SightingMatcher
  private var next: EarlierSightings.Packet?
  /// The packets of conversations that were seen before, while these go on.
  private var seen: [Int64: Seen] = [:]
  private var places = SightingPlaces()
  private let firstNew: Int64
  /// The time of the last packet that may be a sighting.
  private var now: Int64
  /// Whether the capture can be told of as it is read; once not, never again.
  private var isUsable = true
  private var tiedCaptures: Set<Int64> = []
  /// Keys that were handed over lately.
  private var lately: Set<Int64> = []

  /// What was seen before of a conversation.
  private struct Seen {
    var packets: Int64 = 0
    /// The first of its packets that was, and the conversation that shows it first.
    var firstPacketID: Int64 = .max
    var shownBy: Int64 = 0
  }

  /// Conversations that are counted at once, about twice as many as a `ConversationTable` keeps.
  private static let limit = 2 * ConversationTable.usualLimit

  /// - Parameter begin: The time of the capture's first packet.
  init?(_ captures: EarlierCaptures, from begin: Int64, size: Int64?, sha256: String?) {
    guard let earlier = captures.sightings(from: begin, size: size, sha256: sha256) else {
      return nil
    }
    order = earlier.order
    self.earlier = SightingsAhead(earlier)
    firstNew = captures.firstNew
    matcher = SightingMatcher(firstNew: captures.firstNew)
    now = begin
    places.rank = order.rank
    readNext()
  }

  /// Gives up: the packets are out of order, or repeat each other.
  mutating func giveUp() {
    isUsable = false
    earlier = nil
  }

  /// Takes the next packet.
  ///
  /// - Parameter message: What tells its message from others, as `PacketIdentity.Marks` numbers it.
  mutating func add(_ packet: PacketRecord, streamID: Int64, key: Int64, message: Int64) {
    guard isUsable, let time = packet.timestamp else { return }
    guard time >= now else { return giveUp() }
    guard let source = packet.network.source, let destination = packet.network.destination else {
      return
    }
    now = time
    let transport = packet.transport
    let sighting = Sighting(
      packetID: firstNew | packet.number, time: time, place: places.number(of: packet),
      streamID: streamID)
    while let other = next, other.sighting.order < sighting.order {
      matcher.add(other.sighting, of: other.identity)
      readNext()
    }
    matcher.add(
      sighting,
      of: PacketIdentity(
        conversation: key,
        isFromLower: places.isFromLower(
          source, transport.sourcePort, destination, transport.destinationPort),
        marks: .init(
          payloadLength: transport.payloadLength, tcpFlags: transport.tcp?.flags.rawValue,
          message: message, identification: packet.network.identification,
          fragmentOffset: packet.network.fragment?.offset,
          content: transport.tcp == nil ? transport.payloadHash : transport.tcp?.sequence)))
  }

  private mutating func readNext() {
    next = earlier?.next()
    // Of a damaged case: deriving, which reads the same rows, says so.
    if next == nil, earlier?.hasFailed ?? false { giveUp() }
  }

  /// Reads on as far as others may show the last packets, and settles all.
  mutating func finish() {
    guard isUsable else { return }
    let end = now.addingReportingOverflow(SightingMatcher.settling)
    while let other = next, end.overflow || other.sighting.time <= end.partialValue {
      matcher.add(other.sighting, of: other.identity)
      readNext()
    }
    matcher.finish()
    now = .max
    earlier = nil
  }

  /// Appends what was told to `batch`.
  mutating func drain(to batch: inout FactBatch) {
    if matcher.hasOverflowed { giveUp() }
    guard isUsable else { return }
    for duplicate in matcher.duplicates {
      batch.duplicates.append(
        DuplicateFact(
          packetID: duplicate.packetID, firstPacketID: duplicate.firstPacketID))
      if duplicate.packetID >= firstNew { count(duplicate) }
    }
    let changes = matcher.changes
    batch.firstSightings.append(contentsOf: changes.firstSightings)
    for key in changes.conversations where lately.insert(key).inserted {
      batch.touchedKeys.append(key)
    }
    batch.untoldKeys.append(contentsOf: changes.untold)
    tiedCaptures.formUnion(changes.tiedCaptures)
    if lately.count > Self.limit { lately.removeAll(keepingCapacity: true) }
    matcher.duplicates.removeAll(keepingCapacity: true)
    matcher.changes = .init()
    if seen.count > Self.limit || places.count > Self.limit { giveUp() }
  }

  private mutating func count(_ duplicate: SightingMatcher.Duplicate) {
    let conversation = duplicate.sighting.streamID >> 1
    var sum = seen[conversation] ?? Seen()
    sum.packets += 1
    if duplicate.packetID < sum.firstPacketID {
      sum.firstPacketID = duplicate.packetID
      sum.shownBy = duplicate.first.streamID >> 1
    }
    seen[conversation] = sum
  }

  /// Says of the conversations that `batch` ends which others showed before.
  mutating func conclude(_ batch: inout FactBatch) {
    guard isUsable else { return }
    for index in batch.conversations.indices {
      let conversation = batch.conversations[index].conversation
      guard let sum = seen.removeValue(forKey: conversation.id),
        sum.packets == conversation.a.packets + conversation.b.packets
      else { continue }
      batch.conversations[index].shownBy = sum.shownBy
    }
  }

  /// Packets before that time are all told; `nil` where nothing is told any more.
  var settledTime: Int64? {
    guard isUsable else { return nil }
    return now == .max ? .max : now &- SightingMatcher.settling
  }

  /// Whether all was told right, now that the source is known whole.
  func isRight(size: Int64, sha256: String) -> Bool {
    isUsable && order.isRight(tied: tiedCaptures, size: size, sha256: sha256)
  }
}

/// The places of a capture that is being read, told apart as `deriving/earlier-places.sql` does and numbered
/// as they come.
private struct SightingPlaces {
  /// The high 32 bits of each number.
  var rank: Int64 = 0
  private var last: (place: CapturePlace, number: Int64)?
  private var numbers: [CapturePlace: Int64] = [:]
  var count: Int { numbers.count }
  /// The texts of two addresses.
  private var source: [UInt8] = []
  private var destination: [UInt8] = []

  mutating func number(of packet: PacketRecord) -> Int64 {
    let place = CapturePlace(of: packet)
    if let last, last.place == place { return last.number }
    let number = numbers[place] ?? rank << 32 + Int64(numbers.count)
    numbers[place] = number
    last = (place, number)
    return number
  }

  /// Which end sent a packet, in the order of `deriving/earlier-streams.sql`: by ports, else by the
  /// addresses as cases store them.
  mutating func isFromLower(
    _ source: NetworkAddress, _ sourcePort: UInt16?, _ destination: NetworkAddress,
    _ destinationPort: UInt16?
  ) -> Bool {
    if let sourcePort, let destinationPort, sourcePort != destinationPort {
      return sourcePort < destinationPort
    }
    self.source.removeAll(keepingCapacity: true)
    self.destination.removeAll(keepingCapacity: true)
    source.write(to: &self.source)
    destination.write(to: &self.destination)
    return !self.destination.lexicographicallyPrecedes(self.source)
  }
}
