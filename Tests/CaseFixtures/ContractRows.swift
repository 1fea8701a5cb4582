import CaseStore

/// What the contract's views show of a case, without ids, which say in which order captures came: two
/// cases of the same captures show the same.
public enum ContractRows {
  private static let queries = [
    """
    SELECT name, packets, first_ts, last_ts, complete, sha256 FROM captures ORDER BY sha256
    """,
    """
    SELECT c.name, p.number, p.ts, p.src, p.dst, p.protocol, p.info, p.tcp_seq,
      dc.name, p.duplicate_of & 4294967295
    FROM packets AS p JOIN captures AS c ON c.capture_id = p.capture_id
    LEFT JOIN captures AS dc ON dc.capture_id = p.duplicate_of >> 32
    ORDER BY c.sha256, p.number
    """,
    """
    SELECT ip_proto, client, client_port, server, server_port, service, first_ts, last_ts,
      packets_to_server, packets_to_client, bytes_to_server, bytes_to_client, state
    FROM flows ORDER BY 7, 3, 5, 2, 4, 1, 9
    """,
    """
    SELECT ts, client, client_port, server, server_port, transport, txid, qname, qtype, attempts,
      rcode, rtt_ns, outcome, response_packet_id & 4294967295, icmp_packet_id & 4294967295
    FROM dns_transactions ORDER BY 1, 3, 7, 8, 9
    """,
    """
    SELECT i.ts, i.src, i.dst, i.type, i.code, o.ts
    FROM icmp_messages AS i LEFT JOIN packets AS o ON o.packet_id = i.original_packet_id
    ORDER BY 1, 2, 3
    """,
    """
    SELECT a.name, b.name, o.offset_ns, o.spread_ns, o.packets
    FROM clock_offsets AS o JOIN captures AS a USING (capture_id)
    JOIN captures AS b ON b.capture_id = o.other_capture_id ORDER BY 1, 2
    """,
  ]

  /// The rows of each query, in an order of their own: where rows are equal in what they are ordered
  /// by, as those of one capture printed twice, ids would tell.
  public static func of(_ reader: CaseReader) throws -> [[String]] {
    try queries.map { try reader.lines($0).sorted() }
  }

  /// Every row of every table of facts, ids included: two cases of the same captures, in the same
  /// order, have the same. When a capture was read, and by which program, is left out.
  public static func facts(_ reader: CaseReader) throws -> [String: [String]] {
    var rows: [String: [String]] = [:]
    let tables = try reader.lines(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'fact_%' ORDER BY name")
    for table in tables {
      let columns = try reader.lines("SELECT name FROM pragma_table_info('\(table)')")
        .filter { !["ingested_at", "program_version", "tried_at"].contains($0) }
      let list = columns.joined(separator: ", ")
      rows[table] = try reader.lines("SELECT \(list) FROM \(table) ORDER BY \(list)")
    }
    return rows
  }
}
