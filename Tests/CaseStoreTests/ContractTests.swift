import CaseFixtures
import CaseStore
import Testing

@Suite("What the case promises to whoever writes SQL")
struct ContractTests {
  let folder: CaseFolder
  let reader: CaseReader

  init() throws {
    folder = try CaseFolder()
    reader = try folder.read(CaseCreationTests.capture())
  }

  /// The views and the columns that they promise at least.
  private static let promises: [String: String] = [
    "captures":
      "capture_id, name, path, format, sha256, size, packets, first_time, last_time, complete, "
      + "ingested_at",
    "packets":
      "packet_id, capture_id, number, ts, time, captured_length, length, src, src_port, dst, "
      + "dst_port, ip_proto, protocol, ttl, tcp_flags, flow_id, duplicate_of, info",
    "flows":
      "flow_id, ip_proto, client, client_port, server, server_port, service, first_ts, last_ts, "
      + "packets_to_server, packets_to_client, bytes_to_server, bytes_to_client, state",
    "dns_messages":
      "packet_id, ts, src, src_port, dst, dst_port, transport, txid, is_response, opcode, rcode, "
      + "qname, qtype, aa, tc, rd, ra, answers",
    "dns_transactions":
      "query_packet_id, response_packet_id, icmp_packet_id, ts, time, client, client_port, server, "
      + "server_port, transport, txid, qname, qtype, attempts, rcode, rtt_ns, outcome",
    "icmp_messages":
      "packet_id, ts, src, dst, version, type, code, name, quoted_src, quoted_src_port, quoted_dst, "
      + "quoted_dst_port, quoted_ip_proto, quoted_dns_txid, quoted_qname, original_packet_id",
    "findings": "finding_id, investigation, severity, first_time, last_time, summary",
    "finding_evidence": "finding_id, packet_id",
    "faults": "capture_id, packet_id, byte_offset, layer, message",
  ]

  @Test("Each view has its columns", arguments: promises.keys.sorted())
  func columns(view: String) throws {
    let found = try reader.lines("SELECT name FROM pragma_table_info('\(view)')")
    let promised = (Self.promises[view] ?? "").split(separator: ", ").map(String.init)
    #expect(promised.filter { !found.contains($0) } == [])
    #expect(try reader.value("SELECT type FROM sqlite_schema WHERE name = '\(view)'") == "view")
  }

  @Test("Each outcome that the contract names has its number")
  func outcomes() throws {
    #expect(
      try reader.lines("SELECT name FROM lookup_outcome ORDER BY name")
        == ["answered", "late", "refused", "timed-out", "unobserved"])
  }

  @Test(
    "A question about one address, packet or flow goes through an index, not through all packets",
    arguments: [
      "SELECT * FROM packets WHERE src = '192.0.2.10'",
      "SELECT * FROM packets WHERE dst = '192.0.2.10'",
      "SELECT * FROM packets WHERE src = '192.0.2.10' AND dst = '198.51.100.53'",
      "SELECT packet_id, info FROM packets WHERE packet_id = 4294967297",
      "SELECT count(*) FROM packets WHERE packet_id BETWEEN 4294967297 AND 8589934591",
      "SELECT * FROM packets WHERE packet_id = (2 << 32 | 65)",
      "SELECT * FROM packets WHERE stream_id = 2",
      """
      SELECT * FROM packets
      WHERE stream_id IN (SELECT stream_id FROM flow_streams WHERE flow_id = 7)
      """,
      "SELECT * FROM dns_messages WHERE packet_id = 4294967297",
      "SELECT * FROM dns_messages WHERE src = '192.0.2.10'",
      "SELECT * FROM dns_transactions WHERE client = '192.0.2.10'",
      "SELECT * FROM dns_transactions WHERE server = '198.51.100.53'",
      "SELECT * FROM dns_transactions WHERE client = '192.0.2.10' AND server = '198.51.100.53'",
      "SELECT * FROM dns_transactions WHERE query_packet_id = 4294967297",
      "SELECT * FROM icmp_messages WHERE packet_id = 4294967297",
      "SELECT * FROM flows WHERE flow_id = 1",
      "SELECT * FROM faults WHERE capture_id = 1",
    ])
  func plans(sql: String) throws {
    let plan = try reader.rows("EXPLAIN QUERY PLAN " + sql).compactMap { $0["detail"].text }
    // A table is named by its alias: p, q, t, i and f are packets and what stands beside them.
    // Sources that could not be read are few, and what a view found is read as it comes.
    let scanned = plan.filter { $0.hasPrefix("SCAN ") }
      .filter { !["SCAN fact_unread_source", "SCAN faults"].contains($0) }
    #expect(scanned == [], "\(sql): \(plan)")
    #expect(plan.contains { $0.hasPrefix("SEARCH ") })
  }

  @Test("Plain text is what a tool without functions of ours reads")
  func plainSQL() throws {
    // Views use functions of SQLite 3.40 alone: none that a program would have to add.
    let known: Set<String> = [
      "cast", "coalesce", "count", "instr", "length", "max", "min", "printf", "replace", "rtrim",
      "strftime",
      "substr", "sum",
    ]
    let views = try reader.lines("SELECT sql FROM sqlite_schema WHERE type = 'view'")
    var called: Set<String> = []
    for view in views {
      let code = view.split(separator: "\n").map { $0.split(separator: "--").first ?? "" }
        .joined(separator: "\n")
      for match in code.matches(of: /([a-zA-Z_]+)\(/) { called.insert(match.1.lowercased()) }
    }
    #expect(called.subtracting(known) == [])
    #expect(called.contains("strftime"))
  }
}
