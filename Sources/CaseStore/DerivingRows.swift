import Correlation
import GRDB
import PacketDecoding

// Rows of the statements in `Schema/deriving` as the algorithms of `Correlation` take them, and what
// these yield as rows.

extension Conversation {
  /// A row of `deriving/conversations.sql`.
  init(_ row: Row) {
    let number: Int64? = row["ip_proto"]
    self.init(
      id: row["id"], key: row["conversation_key"], aIsLower: row["a_is_lower"],
      protocolNumber: number.map { UInt8(clamping: $0) },
      portA: (row["src_port"] as Int64?).map { UInt16(clamping: $0) },
      portB: (row["dst_port"] as Int64?).map { UInt16(clamping: $0) },
      a: Direction(row, prefix: ""), b: Direction(row, prefix: "b_"))
  }
}

extension Conversation.Direction {
  init(_ row: Row, prefix: String) {
    self.init()
    packets = row[prefix + "packets"] ?? 0
    bytes = row[prefix + "bytes"] ?? 0
    payloadBytes = row[prefix + "payload_bytes"] ?? 0
    firstTime = row[prefix + "first_ts"]
    lastTime = row[prefix + "last_ts"]
    control = TCPControl(rawValue: UInt16(clamping: row[prefix + "tcp_flags"] as Int64? ?? 0))
      .intersection([.fin, .rst, .syn, .synAck])
    initialSequence = (row[prefix + "tcp_isn"] as Int64?).map { UInt32(clamping: $0) }
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
    let (isRefusal, isResponse): (Bool, Bool) = (row["is_refusal"], row["is_response"])
    let senderIsLower: Bool = row["sender_is_lower"]
    let name: String? = row["qname"]
    self.init(
      kind: isRefusal ? .refusal : isResponse ? .response : .query, packetID: row["packet_id"],
      time: row["ts"], streamID: row["stream_id"], conversation: row["conversation_key"],
      clientIsLower: isResponse ? !senderIsLower : senderIsLower, overTCP: row["transport"],
      identifier: UInt16(clamping: row["txid"] as Int64? ?? 0),
      nameHash: name.map { RecordBatch.hash($0.utf8) },
      type: (row["qtype"] as Int64?).map { UInt16(clamping: $0) },
      responseCode: (row["rcode"] as Int64?).map { UInt16(clamping: $0) })
  }
}

extension DNSTransaction {
  /// Binds the columns of `derived_dns_transaction`.
  func bind(to row: InsertStatement.Row) {
    row.bind(1, queryPacketID)
    row.bind(2, responsePacketID)
    row.bind(3, icmpPacketID)
    row.bind(4, streamID)
    row.bind(5, time)
    row.bind(6, attempts)
    row.bind(7, responseCode)
    row.bind(8, roundTrip)
    row.bind(9, Int64(outcome.rawValue))
  }
}

extension DNSRetry {
  /// Binds the columns of `derived_dns_retry`.
  func bind(to row: InsertStatement.Row) {
    row.bind(1, packetID)
    row.bind(2, queryPacketID)
  }
}
