/// The TCP connections whose octets are read, bounded in number and octets.
///
/// The one that was silent longest goes first when there is no room; should it go on, it is one whose
/// beginning was not captured.
struct StreamTable: Sendable {
  /// Connections, and octets that all of them keep, at the most.
  static let mostConnections = 32_768
  static let mostOctets = 64 << 20

  private var connections: [StreamConnection] = []
  private var keys: [StreamKey] = []
  private var index: [StreamKey: Int32] = [:]
  private var recency = RecencyOrder()
  private(set) var octets = 0
  /// Connections in which segments wait for others.
  private var gaps = 0
  /// The slot of the last segment, since the next is often of the same connection.
  private var last: Int32 = -1
  private let limit: Int
  private let octetLimit: Int

  init(limit: Int = Self.mostConnections, octetLimit: Int = Self.mostOctets) {
    (self.limit, self.octetLimit) = (max(1, limit), octetLimit)
  }

  var count: Int { index.count }

  /// Takes a segment.
  ///
  /// - Returns: The protocol that its payload was read as, if it was.
  mutating func add(
    _ segment: StreamSegment, _ payload: RawSpan, of record: PacketRecord,
    _ context: PayloadContext, into batch: inout RecordBatch
  ) -> ProtocolName? {
    let isControl = !segment.flags.isDisjoint(with: [.syn, .fin, .rst])
    // What only acknowledges tells no more than that missing octets will not come.
    guard segment.length > 0 || isControl || gaps > 0,
      let (key, side) = StreamKey.of(record)
    else { return nil }
    let opens = segment.length > 0 || segment.flags.contains(.syn)
    guard let slot = slot(of: key, opens: opens) else { return nil }
    let (held, hadGap) = (connections[slot].held, connections[slot].hasGap)
    let reached = connections[slot].add(segment, payload, from: side, context, into: &batch)
    octets += connections[slot].held - held
    gaps += (connections[slot].hasGap ? 1 : 0) - (hadGap ? 1 : 0)
    while octets > octetLimit, recency.oldest >= 0, recency.oldest != slot {
      drop(Int(recency.oldest), context, &batch)
    }
    return reached
  }

  /// Tells of segments that wait for others at the end of a capture.
  func finish(into batch: inout RecordBatch) {
    guard gaps > 0 else { return }
    for slot in index.values.sorted() where connections[Int(slot)].hasGap {
      connections[Int(slot)].finish(into: &batch)
    }
  }

  private mutating func slot(of key: StreamKey, opens: Bool) -> Int? {
    if last >= 0, keys[Int(last)] == key, index[key] == last {
      return Int(last)
    }
    if let known = index[key] {
      recency.touch(known)
      last = known
      return Int(known)
    }
    guard opens else { return nil }
    if index.count >= limit { forget(Int(recency.oldest)) }
    let slot = recency.add()
    if Int(slot) == connections.count {
      connections.append(StreamConnection())
      keys.append(key)
    } else {
      connections[Int(slot)] = StreamConnection()
      keys[Int(slot)] = key
    }
    index[key] = slot
    last = slot
    return Int(slot)
  }

  /// Lets a connection go for want of room, and says so.
  private mutating func drop(
    _ slot: Int, _ context: PayloadContext, _ batch: inout RecordBatch
  ) {
    if connections[slot].held > 0 {
      context.fault(
        .incomplete, .tcp, at: -context.offset,
        "another connection's unread octets were given up for want of room",
        found: connections[slot].held, &batch)
    }
    forget(slot)
  }

  private mutating func forget(_ slot: Int) {
    octets -= connections[slot].held
    gaps -= connections[slot].hasGap ? 1 : 0
    index[keys[slot]] = nil
    connections[slot] = StreamConnection()
    recency.remove(Int32(slot))
    if last == Int32(slot) { last = -1 }
  }
}

/// What tells connections apart: both ends, and where in the network they were seen. What they were wrapped in
/// does not count: mirrored ports often send each direction through a tunnel of its own.
struct StreamKey: Hashable, Sendable {
  private var lower: NetworkAddress
  private var upper: NetworkAddress
  private var lowerPort: UInt16
  private var upperPort: UInt16
  private var interface: Int32
  private var interfaceIndex: UInt32?
  private var vlans: UInt64
  /// The link-layer addresses of both ends, exclusive-or; 0 where only one is known.
  private var hardware: UInt64

  /// The key of a packet's connection and who of its ends sent it; `nil` for what has no ends.
  static func of(_ record: PacketRecord) -> (StreamKey, StreamSide)? {
    guard let source = record.network.source, let destination = record.network.destination,
      let sourcePort = record.transport.sourcePort,
      let destinationPort = record.transport.destinationPort
    else { return nil }
    let link = record.link
    let isLower = ConversationKey.isLower(source, sourcePort, destination, destinationPort)
    var hardware: UInt64 = 0
    if let one = link.source, let other = link.destination { hardware = one ^ other }
    let key = StreamKey(
      lower: isLower ? source : destination, upper: isLower ? destination : source,
      lowerPort: isLower ? sourcePort : destinationPort,
      upperPort: isLower ? destinationPort : sourcePort, interface: record.interface,
      interfaceIndex: link.interfaceIndex, vlans: link.vlans,
      hardware: hardware)
    return (key, isLower ? .lower : .upper)
  }

  /// Few words, since every segment is hashed.
  func hash(into hasher: inout Hasher) {
    if lower.kind == .ipv4, upper.kind == .ipv4 {
      hasher.combine(lower.low << 32 | upper.low)
    } else {
      hasher.combine(lower.high)
      hasher.combine(lower.low)
      hasher.combine(upper.high)
      hasher.combine(upper.low)
    }
    hasher.combine(UInt64(lowerPort) << 16 | UInt64(upperPort) ^ hardware << 8)
    hasher.combine(
      vlans ^ UInt64(interfaceIndex ?? 0) << 32 ^ UInt64(UInt32(bitPattern: interface)))
  }
}

/// Slots in the order of their last use.
struct RecencyOrder: Sendable {
  private var older: [Int32] = []
  private var newer: [Int32] = []
  private var free: [Int32] = []
  private(set) var oldest: Int32 = -1
  private var newest: Int32 = -1

  /// A slot, the newest of all: one that was removed, or the next number.
  mutating func add() -> Int32 {
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
    } else {
      slot = Int32(older.count)
      older.append(-1)
      newer.append(-1)
    }
    append(slot)
    return slot
  }

  /// Makes the slot the newest.
  mutating func touch(_ slot: Int32) {
    guard slot != newest else { return }
    unlink(slot)
    append(slot)
  }

  mutating func remove(_ slot: Int32) {
    unlink(slot)
    free.append(slot)
  }

  private mutating func append(_ slot: Int32) {
    older[Int(slot)] = newest
    newer[Int(slot)] = -1
    if newest >= 0 { newer[Int(newest)] = slot } else { oldest = slot }
    newest = slot
  }

  private mutating func unlink(_ slot: Int32) {
    let (before, after) = (older[Int(slot)], newer[Int(slot)])
    if before >= 0 { newer[Int(before)] = after } else { oldest = after }
    if after >= 0 { older[Int(after)] = before } else { newest = before }
  }
}
