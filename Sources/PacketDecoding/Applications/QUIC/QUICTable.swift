/// The QUIC connections whose Initial packets are read, bounded in number and octets.
///
/// The one that was silent longest goes first when there is no room; should it go on, its packets are not opened.
struct QUICTable: Sendable {
  /// Connections, and octets that all of them keep, at the most.
  static let mostConnections = 4096
  static let mostOctets = 16 << 20

  private var connections: [QUICConnection] = []
  private var keys: [StreamKey] = []
  private var index: [StreamKey: Int32] = [:]
  private var recency = RecencyOrder()
  private(set) var octets = 0
  private let limit: Int
  private let octetLimit: Int

  init(limit: Int = Self.mostConnections, octetLimit: Int = Self.mostOctets) {
    (self.limit, self.octetLimit) = (max(1, limit), octetLimit)
  }

  var count: Int { index.count }

  /// Reads a datagram.
  ///
  /// - Returns: Whether it is QUIC, with a long header; where it is not, `batch` is as it was.
  mutating func read(
    _ datagram: RawSpan, of record: PacketRecord, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> Bool {
    guard let header = QUICLongHeader(datagram, at: 0),
      let (key, side) = StreamKey.of(record)
    else { return false }
    let isExpected = context.isAt(QUICLongHeader.port) || index[key] != nil
    guard header.isTelling(datagram, isCut: context.isCut, isExpected: isExpected) else {
      return false
    }
    let slot = self.slot(of: key)
    octets -= connections[slot].held
    let isRead = connections[slot].read(datagram, from: side, context, into: &batch)
    octets += connections[slot].held
    while octets > octetLimit, recency.oldest >= 0, recency.oldest != Int32(slot) {
      forget(recency.oldest)
    }
    return isRead
  }

  private mutating func slot(of key: StreamKey) -> Int {
    if let known = index[key] {
      recency.touch(known)
      return Int(known)
    }
    if index.count >= limit { forget(recency.oldest) }
    let slot = recency.add()
    if Int(slot) == connections.count {
      connections.append(QUICConnection())
      keys.append(key)
    } else {
      keys[Int(slot)] = key
    }
    index[key] = slot
    return Int(slot)
  }

  private mutating func forget(_ slot: Int32) {
    octets -= connections[Int(slot)].held
    index[keys[Int(slot)]] = nil
    connections[Int(slot)] = QUICConnection()
    recency.remove(slot)
  }
}

extension PacketDecoder {
  /// Reads a UDP datagram's data as QUIC, whatever its ports.
  ///
  /// - Returns: Whether it is.
  mutating func decodeQUIC(
    _ datagram: RawSpan, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> Bool {
    QUICLongHeader.begins(datagram) && quic.read(datagram, of: record, context, into: &batch)
  }
}
