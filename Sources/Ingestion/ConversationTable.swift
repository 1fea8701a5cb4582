import CaseStore
import Correlation
import PacketDecoding

/// The conversations of the capture that is being read: gives each packet its stream, and counts.
///
/// At most `limit` conversations are kept; the one that was silent longest is put away for a new
/// one, and begins anew should it go on. Deriving puts such parts together again, so that memory
/// is bounded and flows are the same.
struct ConversationTable {
  /// 65,536 conversations take about 30 MiB, and are more than talk at once behind most capture
  /// points.
  static let usualLimit = 65_536

  /// What tells conversations apart: the place, both ends and the protocol; the lower end first. Packets
  /// of another origin than the first of their direction are apart by it.
  private struct Key: Hashable {
    var lower: NetworkAddress?
    var upper: NetworkAddress?
    var lowerPort: UInt16?
    var upperPort: UInt16?
    var protocolNumber: UInt8?
    /// For what is not IP.
    var etherType: UInt16?
    var place: CapturePlace

    /// Few words, since every packet is hashed: what usual packets lack is left out, and a word says
    /// what is there.
    func hash(into hasher: inout Hasher) {
      var shape = UInt64(protocolNumber ?? 0) | UInt64(lowerPort ?? 0) << 8
      shape |= UInt64(upperPort ?? 0) << 24 | UInt64(etherType ?? 0) << 40
      shape |= (protocolNumber == nil ? 1 << 56 : 0) | (place.vlans == 0 ? 0 : 1 << 57)
      if place.tunnel != 0 { shape ^= place.tunnel }
      if let lower, let upper {
        if lower.kind == .ipv4, upper.kind == .ipv4 {
          shape |= 1 << 58
          hasher.combine(lower.low << 32 | upper.low)
        } else {
          shape |= 1 << 59
          hasher.combine(lower.high)
          hasher.combine(lower.low)
          hasher.combine(upper.high)
          hasher.combine(upper.low)
        }
      }
      hasher.combine(shape)
      if place.vlans != 0 { hasher.combine(place.vlans) }
      hasher.combine(
        UInt64(place.interfaceIndex ?? 0) << 32 | UInt64(UInt32(bitPattern: place.interface)))
      hasher.combine(place.lowerHardware)
      hasher.combine(place.upperHardware)
    }
  }

  private struct Entry {
    var key: Key
    var conversation: Conversation
    var addressA: NetworkAddress?
    var addressB: NetworkAddress?
    var linkA: Int64?
    var linkB: Int64?
    /// The origins of the first packet of each direction.
    var originA: UInt64?
    var originB: UInt64?
    var handshakeA = ConversationFact.Handshake()
    var handshakeB = ConversationFact.Handshake()
    var application: ProtocolName?
    /// The neighbours in the order of the last packet, or -1.
    var older: Int32
    var newer: Int32
  }

  private struct LinkKey: Hashable {
    var interface: Int32
    var header: LinkHeader
  }

  private let limit: Int
  private let domain: UInt64
  private let assembler: FlowAssembler
  private var nextConversationID: Int64
  private var nextLinkID: Int64
  private var entries: [Entry] = []
  /// What TCP's sequence numbers say, in the slots of the entries; as far as the last that is TCP.
  private var sequences: [TCPSequence] = []
  /// Whether sequence numbers are followed.
  private let followsTCP: Bool
  /// TCP segments whose numbers were followed; `nil` where none are.
  private(set) var followedSegments: Int64?
  private var free: [Int32] = []
  private var index: [Key: Int32] = [:]
  private var oldest: Int32 = -1
  private var newest: Int32 = -1
  /// At the end, the slots that are still to be put away, the highest id first.
  private var closing: [Int32] = []
  /// Links of this capture. Bounded as conversations are, by starting afresh when it is full.
  private var links: [LinkKey: Int64] = [:]

  /// - Parameter followsTCP: Whether events of TCP are looked for. What is printed leaves out where
  ///   its numbers count from, so that none can be told there.
  init(
    numbers session: CapturePass.Numbers, domain: UInt64, limit: Int = Self.usualLimit,
    followsTCP: Bool = true
  ) {
    self.limit = max(1, limit)
    self.followsTCP = followsTCP
    followedSegments = followsTCP ? 0 : nil
    self.domain = domain
    assembler = FlowAssembler(knownServices: session.knownServices)
    nextConversationID = session.firstConversationID
    nextLinkID = session.firstLinkID
  }

  /// The stream of `packet`, which is counted; conversations that had to go, new links, and what TCP's
  /// sequence numbers tell, are appended to `batch`.
  ///
  /// - Parameter isRepetition: Whether a mirrored port copied it: then nobody sent it again.
  /// - Returns: The stream's id, and its conversation's key.
  mutating func add(
    _ packet: PacketRecord, isRepetition: Bool = false, to batch: inout FactBatch
  ) -> (Int64, key: Int64) {
    var (key, fromLower) = key(of: packet)
    var sharedKey: Int64?
    if let origin = Self.origin(of: packet.link),
      let other = conversation(key, fromLower, ofAnotherThan: origin)
    {
      sharedKey = other.key
      if fromLower { key.place.lowerHardware ^= origin } else { key.place.upperHardware ^= origin }
    }
    var slot: Int32
    if let found = index[key] {
      slot = found
      let sentByA = entries[Int(slot)].conversation.aIsLower == fromLower
      if beginsAnew(packet, entries[Int(slot)].conversation, sentByA: sentByA) {
        close(slot, to: &batch)
        slot = open(packet, key, fromLower, sharedKey, &batch)
      } else {
        touch(slot)
      }
    } else {
      slot = open(packet, key, fromLower, sharedKey, &batch)
    }
    let sentByA = entries[Int(slot)].conversation.aIsLower == fromLower
    count(packet, slot, sentByA: sentByA, &batch)
    if followsTCP, !isRepetition, let segment = TCPSequence.Segment(packet) {
      follow(segment, of: packet, slot, sentByA: sentByA, &batch)
    }
    let id = entries[Int(slot)].conversation.id * 2 + (sentByA ? 0 : 1)
    return (id, entries[Int(slot)].conversation.key)
  }

  /// Puts up to `count` conversations away, in the order of their ids, in which a database takes
  /// them best. No packet may follow.
  ///
  /// - Returns: Whether none is left.
  mutating func finish(_ count: Int, to batch: inout FactBatch) -> Bool {
    if closing.isEmpty {
      closing = index.values.sorted {
        entries[Int($0)].conversation.id > entries[Int($1)].conversation.id
      }
    }
    for _ in 0..<count {
      guard let slot = closing.popLast() else { return true }
      close(slot, to: &batch)
    }
    return closing.isEmpty
  }

  private func key(of packet: PacketRecord) -> (Key, fromLower: Bool) {
    let (network, transport, link) = (packet.network, packet.transport, packet.link)
    let place = CapturePlace(of: packet)
    guard let source = network.source, let destination = network.destination else {
      return (
        Key(etherType: link.etherType, place: place),
        (link.source ?? 0) <= (link.destination ?? 0)
      )
    }
    let fromLower = ConversationKey.isLower(
      source, transport.sourcePort, destination, transport.destinationPort)
    let key =
      fromLower
      ? Key(
        lower: source, upper: destination, lowerPort: transport.sourcePort,
        upperPort: transport.destinationPort, protocolNumber: network.protocolNumber, place: place)
      : Key(
        lower: destination, upper: source, lowerPort: transport.destinationPort,
        upperPort: transport.sourcePort, protocolNumber: network.protocolNumber, place: place)
    return (key, fromLower)
  }

  /// What a stream's packets have in common that is not common to both directions, as one number: the
  /// sender, where a capture shows no receiver, and what encapsulations say; `nil` where a packet has
  /// neither. A direction's label may change while its conversation goes on.
  private static func origin(of link: LinkHeader) -> UInt64? {
    // Marked, since an address of zeros is one too.
    let sender = link.destination == nil ? link.source.map { $0 | 1 << 48 } : nil
    return link.tunnel == 0 ? sender : link.tunnelDirection ^ (sender ?? 0)
  }

  /// The conversation of that key when its packets of the same direction are of another origin:
  /// a stream has one link, and a packet of `origin` would be shown with the other's.
  private func conversation(
    _ key: Key, _ fromLower: Bool, ofAnotherThan origin: UInt64
  ) -> Conversation? {
    guard let slot = index[key] else { return nil }
    let entry = entries[Int(slot)]
    let known = entry.conversation.aIsLower == fromLower ? entry.originA : entry.originB
    return known == nil || known == origin ? nil : entry.conversation
  }

  /// Whether a SYN without ACK, of another sequence number than before, opens another connection
  /// between the same ports.
  private func beginsAnew(
    _ packet: PacketRecord, _ conversation: Conversation, sentByA: Bool
  ) -> Bool {
    guard let tcp = packet.transport.tcp, tcp.flags.contains(.syn), !tcp.flags.contains(.ack)
    else { return false }
    return (sentByA ? conversation.a : conversation.b).initialSequence != tcp.sequence
  }

  /// - Parameter sharedKey: The key of the conversation whose flow this one is a part of; `nil` for
  ///   the packet's own.
  private mutating func open(
    _ packet: PacketRecord, _ key: Key, _ fromLower: Bool, _ sharedKey: Int64?,
    _ batch: inout FactBatch
  ) -> Int32 {
    if index.count >= limit { close(oldest, to: &batch) }
    let conversation = Conversation(
      id: nextConversationID,
      key: sharedKey ?? ConversationKey(of: packet, domain: domain).value,
      aIsLower: fromLower, protocolNumber: packet.network.protocolNumber,
      portA: packet.transport.sourcePort, portB: packet.transport.destinationPort,
      a: .init(), b: .init())
    nextConversationID += 1
    let entry = Entry(
      key: key, conversation: conversation, addressA: packet.network.source,
      addressB: packet.network.destination, older: newest, newer: -1)
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
      entries[Int(slot)] = entry
    } else {
      slot = Int32(entries.count)
      entries.append(entry)
    }
    if sequences.indices.contains(Int(slot)) { sequences[Int(slot)] = TCPSequence() }
    index[key] = slot
    if newest >= 0 { entries[Int(newest)].newer = slot } else { oldest = slot }
    newest = slot
    return slot
  }

  private mutating func follow(
    _ segment: TCPSequence.Segment, of packet: PacketRecord, _ slot: Int32, sentByA: Bool,
    _ batch: inout FactBatch
  ) {
    while sequences.count <= Int(slot) { sequences.append(TCPSequence()) }
    followedSegments = (followedSegments ?? 0) + 1
    let events = sequences[Int(slot)].add(segment, sentByA: sentByA)
    if events.isEmpty { return }
    for event in TCPSequence.Event.allCases where events.contains(.init(event)) {
      batch.tcpEvents.append(TCPEventFact(number: packet.number, event: event))
    }
  }

  private mutating func count(
    _ packet: PacketRecord, _ slot: Int32, sentByA: Bool, _ batch: inout FactBatch
  ) {
    if packet.protocolReached.isApplication, entries[Int(slot)].application == nil {
      entries[Int(slot)].application = packet.protocolReached
    }
    let link = sentByA ? entries[Int(slot)].linkA : entries[Int(slot)].linkB
    if link == nil {
      let found = linkID(packet, &batch)
      if sentByA {
        entries[Int(slot)].linkA = found
        entries[Int(slot)].originA = Self.origin(of: packet.link)
      } else {
        entries[Int(slot)].linkB = found
        entries[Int(slot)].originB = Self.origin(of: packet.link)
      }
    }
    if sentByA {
      entries[Int(slot)].conversation.a.count(packet)
      entries[Int(slot)].handshakeA.note(packet)
    } else {
      entries[Int(slot)].conversation.b.count(packet)
      entries[Int(slot)].handshakeB.note(packet)
    }
  }

  private mutating func linkID(_ packet: PacketRecord, _ batch: inout FactBatch) -> Int64 {
    let key = LinkKey(interface: packet.interface, header: packet.link)
    if let known = links[key] { return known }
    if links.count >= limit { links.removeAll(keepingCapacity: true) }
    let id = nextLinkID
    nextLinkID += 1
    links[key] = id
    batch.links.append(
      LinkFact(
        id: id, interface: packet.interface, header: packet.link,
        encapsulations: packet.link.tunnel == 0
          ? [] : batch.records.encapsulations(ofPacket: packet.number)))
    return id
  }

  /// Makes the entry the newest.
  private mutating func touch(_ slot: Int32) {
    guard slot != newest else { return }
    unlink(slot)
    entries[Int(slot)].older = newest
    entries[Int(slot)].newer = -1
    if newest >= 0 { entries[Int(newest)].newer = slot } else { oldest = slot }
    newest = slot
  }

  private mutating func unlink(_ slot: Int32) {
    let (older, newer) = (entries[Int(slot)].older, entries[Int(slot)].newer)
    if older >= 0 { entries[Int(older)].newer = newer } else { oldest = newer }
    if newer >= 0 { entries[Int(newer)].older = older } else { newest = older }
  }

  private mutating func close(_ slot: Int32, to batch: inout FactBatch) {
    let entry = entries[Int(slot)]
    batch.conversations.append(
      ConversationFact(
        flow: assembler.flow(of: entry.conversation), addressA: entry.addressA,
        addressB: entry.addressB, linkA: entry.linkA, linkB: entry.linkB,
        handshakeA: entry.handshakeA, handshakeB: entry.handshakeB,
        application: entry.application))
    index[entry.key] = nil
    unlink(slot)
    free.append(slot)
  }
}

extension Conversation.Direction {
  /// Counts a packet of this direction.
  fileprivate mutating func count(_ packet: PacketRecord) {
    let isEarliest = packet.timestamp.map { time in firstTime.map { time < $0 } ?? true }
    if isEarliest ?? (packets == 0) { firstPacket = packet.number }
    packets += 1
    bytes += packet.length ?? packet.capturedLength ?? 0
    payloadBytes += Int64(max(0, packet.transport.payloadLength ?? 0))
    if let time = packet.timestamp {
      firstTime = min(firstTime ?? time, time)
      lastTime = max(lastTime ?? time, time)
    }
    guard let tcp = packet.transport.tcp else { return }
    if tcp.flags.contains(.fin) { control.insert(.fin) }
    if tcp.flags.contains(.rst) { control.insert(.rst) }
    if tcp.flags.contains(.syn) {
      control.insert(tcp.flags.contains(.ack) ? .synAck : .syn)
      initialSequence = initialSequence ?? tcp.sequence
    }
  }
}

extension ConversationFact.Handshake {
  /// Keeps what a SYN says, and every control bit.
  fileprivate mutating func note(_ packet: PacketRecord) {
    guard let tcp = packet.transport.tcp else { return }
    flags = (flags ?? 0) | tcp.flags.rawValue
    if tcp.flags.contains(.syn) {
      maximumSegmentSize = tcp.maximumSegmentSize ?? maximumSegmentSize
      windowScale = tcp.windowScale ?? windowScale
    }
  }
}

extension TCPSequence.Segment {
  /// `nil` for what is no whole TCP segment: a fragment of one, or a header without its lengths.
  fileprivate init?(_ packet: PacketRecord) {
    guard let tcp = packet.transport.tcp, let sequence = tcp.sequence, let window = tcp.window,
      let length = packet.transport.payloadLength, packet.network.fragment == nil
    else { return nil }
    self.init(
      sequence: sequence, acknowledgment: tcp.flags.contains(.ack) ? tcp.acknowledgment : nil,
      window: window, length: UInt32(clamping: length), time: packet.timestamp)
    isSYN = tcp.flags.contains(.syn)
    isFIN = tcp.flags.contains(.fin)
    isReset = tcp.flags.contains(.rst)
  }
}
