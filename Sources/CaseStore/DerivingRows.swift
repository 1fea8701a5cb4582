import Correlation
import GRDB
import PacketDecoding

// Rows of the statements in `Schema/deriving` as the algorithms of `Correlation` take them, and what
// these yield as rows.

// Columns of the statements that yield a row for each conversation or message are taken by position:
// looking a name up costs more than all else.

extension Conversation {
  /// A row of `deriving/conversations.sql`.
  init(_ row: Row) {
    let number: Int64? = row[2]
    self.init(
      id: row[0], key: row[1], aIsLower: row[7],
      protocolNumber: number.map { UInt8(clamping: $0) },
      portA: (row[4] as Int64?).map { UInt16(clamping: $0) },
      portB: (row[6] as Int64?).map { UInt16(clamping: $0) },
      a: Direction(row, from: 8), b: Direction(row, from: 15))
  }
}

extension Conversation.Direction {
  /// - Parameter first: The first of its seven columns.
  init(_ row: Row, from first: Int) {
    self.init()
    packets = row[first] ?? 0
    bytes = row[first + 1] ?? 0
    payloadBytes = row[first + 2] ?? 0
    firstTime = row[first + 3]
    lastTime = row[first + 4]
    control = TCPControl(rawValue: UInt16(clamping: row[first + 5] as Int64? ?? 0))
      .intersection([.fin, .rst, .syn, .synAck])
    initialSequence = (row[first + 6] as Int64?).map { UInt32(clamping: $0) }
  }
}

extension PrintedErrorLinker.Packet {
  /// A row of `deriving/printed-packets.sql`; `nil` for what is not IP.
  init?(_ row: Row) {
    guard let source = row["src"] as String?, let destination = row["dst"] as String? else {
      return nil
    }
    self.init(
      id: row["packet_id"], time: row["ts"], streamID: row["stream_id"], source: source,
      destination: destination, destinationPort: row["dst_port"], protocolNumber: row["ip_proto"],
      identifier: row["txid"], isResponse: row["is_response"] ?? false)
  }
}

extension PrintedErrorLinker.Quote {
  /// A row of `deriving/printed-packets.sql`; `nil` for a packet that is no such error.
  init?(_ row: Row) {
    guard let source = row["quoted_src"] as String?,
      let destination = row["quoted_dst"] as String?
    else { return nil }
    self.init(
      source: source, destination: destination, destinationPort: row["quoted_dst_port"],
      protocolNumber: row["quoted_ip_proto"])
  }
}

extension DNSEvent {
  /// A row of `deriving/dns-events.sql`.
  init(_ row: Row) {
    let (isRefusal, isResponse): (Bool, Bool) = (row[0], row[5])
    let senderIsLower: Bool = row[6]
    let name: String? = row[9]
    self.init(
      kind: isRefusal ? .refusal : isResponse ? .response : .query, packetID: row[1],
      position: row[13], time: row[2], streamID: row[3], conversation: row[4],
      clientIsLower: isResponse ? !senderIsLower : senderIsLower, overTCP: row[7],
      identifier: UInt16(clamping: row[8] as Int64? ?? 0),
      nameHash: name.map { RecordBatch.hash($0.utf8) },
      type: (row[10] as Int64?).map { UInt16(clamping: $0) },
      responseCode: (row[12] as Int64?).map { UInt16(clamping: $0) })
  }
}

extension DNSTransaction {
  /// Binds the columns of `derived_dns_transaction`.
  func bind(to row: InsertStatement.Row) {
    row.bind(1, queryPacketID)
    row.bind(2, queryPosition)
    row.bind(3, responsePacketID)
    row.bind(4, responsePosition)
    row.bind(5, icmpPacketID)
    row.bind(6, streamID)
    row.bind(7, time)
    row.bind(8, attempts)
    row.bind(9, responseCode)
    row.bind(10, roundTrip)
    row.bind(11, Int64(outcome.rawValue))
  }
}

extension DNSRetry {
  /// Binds the columns of `derived_dns_retry`.
  func bind(to row: InsertStatement.Row) {
    row.bind(1, packetID)
    row.bind(2, position)
    row.bind(3, queryPacketID)
    row.bind(4, queryPosition)
  }
}
