import CaseStore

/// Reads what a case holds of one packet beside its row in `packets`.
struct PacketRows {
  let reader: CaseReader
  let id: Int64

  func rows(_ sql: String, _ parameters: [String: SQLValue] = [:]) throws -> [SQLRow] {
    try reader.rows(sql, parameters: parameters.merging(["id": .integer(id)]) { first, _ in first })
  }

  func row(_ sql: String, _ parameters: [String: SQLValue] = [:]) throws -> SQLRow? {
    try reader.firstRow(
      sql, parameters: parameters.merging(["id": .integer(id)]) { first, _ in first })
  }

  /// `192.0.2.10:53`; of IPv6 `[2001:db8::1]:53`.
  static func end(_ address: SQLValue, _ port: SQLValue) -> String {
    guard let address = address.text else { return "?" }
    guard let port = port.integer else { return address }
    return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  // MARK: - Protocols

  /// What the packet was wrapped in, the outermost first.
  func encapsulations() throws -> [PacketDescription.Part] {
    try rows("SELECT * FROM encapsulations WHERE packet_id = :id ORDER BY depth").map { row in
      let ends = [row["src"].text.map { "Src: \($0)" }, row["dst"].text.map { "Dst: \($0)" }]
      return .init(
        (["Wrapped in \(row["protocol"].description)"] + ends.compactMap { $0 })
          .joined(separator: ", "),
        [row["identifier"].integer.map { "Identifier: \($0)" }])
    }
  }

  func arp() throws -> PacketDescription.Part? {
    guard let message = try row("SELECT * FROM arp_messages WHERE packet_id = :id") else {
      return nil
    }
    let operation = message["operation"].integer ?? 0
    let word = [1: "request", 2: "reply"][operation] ?? "operation \(operation)"
    func end(_ which: String) -> String {
      "\(message["\(which)_ip"].text ?? "?"), MAC \(message["\(which)_mac"].text ?? "?")"
    }
    return .init(
      "Address Resolution Protocol (\(word))",
      ["Sender: \(end("sender"))", "Target: \(end("target"))"])
  }

  func icmp() throws -> PacketDescription.Part? {
    guard let message = try row("SELECT * FROM icmp_messages WHERE packet_id = :id") else {
      return nil
    }
    func number(_ column: String, _ word: String) -> String? {
      message[column].integer.map { "\(word): \($0)" }
    }
    var quote: String?
    if message["quoted_src"] != .null {
      let ends =
        "\(Self.end(message["quoted_src"], message["quoted_src_port"])) > "
        + Self.end(message["quoted_dst"], message["quoted_dst_port"])
      quote =
        "Quotes: \(ends)"
        + (message["quoted_ip_proto"].integer.map { ", protocol \($0)" } ?? "")
        + (message["quoted_length"].integer.map { ", \($0) octets" } ?? "")
        + (message["quoted_ip_id"].integer.map { ", identification \($0)" } ?? "")
        + (message["quoted_tcp_seq"].integer.map { ", sequence number \($0)" } ?? "")
    }
    var question: String?
    if message["quoted_dns_txid"] != .null || message["quoted_qname"] != .null {
      question =
        "Quoted DNS question:"
        + (message["quoted_dns_txid"].integer.map { " \(HexDump.number($0, 4))" } ?? "")
        + (message["quoted_qtype"].text.map { " \($0)" } ?? "")
        + (message["quoted_qname"].text.map { " \($0)" } ?? "")
    }
    return .init(
      message["version"].integer == 6
        ? "Internet Control Message Protocol v6" : "Internet Control Message Protocol",
      [
        "Type: \(message["type"].description), code: \(message["code"].description), "
          + message["name"].description,
        number("identifier", "Identifier"), number("sequence", "Sequence"),
        number("next_hop_mtu", "MTU of next hop"),
        message["gateway"].text.map { "Gateway: \($0)" }, quote, question,
        message["original_packet_id"].integer.map { "Quotes packet: \(PacketName(id: $0))" },
      ])
  }

  func dns() throws -> [PacketDescription.Part] {
    try rows("SELECT * FROM dns_messages WHERE packet_id = :id ORDER BY position").map(Self.dns)
  }

  private static func dns(_ message: SQLRow) -> PacketDescription.Part {
    let isResponse = message["is_response"].integer == 1
    let flags = [
      ("aa", "authoritative"), ("tc", "truncated"), ("rd", "recursion desired"),
      ("ra", "recursion available"),
    ]
    .filter { message[$0.0].integer == 1 }.map(\.1)
    let operation = message["opcode"].integer.map { $0 == 0 ? "standard query" : "opcode \($0)" }
    var lines: [String?] = [
      message["txid"].integer.map { "Transaction ID: \(HexDump.number($0, 4))" },
      "Flags: " + ([operation].compactMap { $0 } + flags).joined(separator: ", "),
    ]
    if isResponse {
      lines.append(
        message["rcode"].integer.map {
          "Reply code: \(message["rcode_name"].text ?? "code \($0)") (\($0))"
        })
    }
    let counts = [
      ("question_count", "Questions"), ("answer_count", "Answer RRs"),
      ("authority_count", "Authority RRs"), ("additional_count", "Additional RRs"),
    ].compactMap { column, word in message[column].integer.map { "\(word): \($0)" } }
    if !counts.isEmpty { lines.append(counts.joined(separator: ", ")) }
    if let name = message["qname"].text {
      let kind = message["qtype"].text.map { ": type \($0)" } ?? ""
      let group = message["qclass"].integer.map { $0 == 1 ? ", class IN" : ", class \($0)" } ?? ""
      lines += ["Queries", "    \(name)\(kind)\(group)"]
    }
    for (column, word) in [
      ("answers", "Answers"), ("authority", "Authoritative nameservers"),
      ("additional", "Additional records"),
    ] {
      guard let records = message[column].text, !records.isEmpty else { continue }
      lines.append(word)
      lines += records.split(separator: "; ").map { "    \($0)" }
    }
    lines.append(message["edns_payload_size"].integer.map { "EDNS payload size: \($0)" })
    return .init(
      "Domain Name System (\(isResponse ? "response" : "query")"
        + (message["transport"].text == "tcp" ? ", TCP)" : ")"), lines)
  }

  // MARK: - The case

  func faults() throws -> PacketDescription.Part? {
    let faults = try rows(
      """
      SELECT kind, layer, byte_offset, message FROM faults
      WHERE capture_id = :capture AND packet_id = :id
      """, ["capture": .integer(id >> 32)])
    if faults.isEmpty { return nil }
    return .init(
      "Faults",
      faults.map { fault in
        "\(fault["kind"].description), \(fault["layer"].description)"
          + (fault["byte_offset"].integer.map { ", octet \($0)" } ?? "")
          + ": \(fault["message"].description)"
      })
  }

  /// Flow, question and sightings.
  func place(_ packet: SQLRow) throws -> PacketDescription.Part? {
    var lines: [String?] = []
    if let flow = try row(
      "SELECT * FROM flows WHERE flow_id = :flow", ["flow": packet["flow_id"]]),
      let number = flow["flow_id"].integer, flow["client"] != .null
    {
      lines.append(
        "Flow \(number): \(Self.end(flow["client"], flow["client_port"])) to "
          + Self.end(flow["server"], flow["server_port"])
          + (flow["service"].text.map { " (\($0))" } ?? "")
          + (flow["state"].text.map { ", state \($0)" } ?? "")
          + "; packets to server: \(flow["packets_to_server"].description), to client: "
          + flow["packets_to_client"].description)
    }
    if let question = try TransactionSearch(reader: reader).transaction(of: PacketName(id: id)) {
      lines.append(Self.line(of: question))
    }
    if let first = packet["duplicate_of"].integer {
      lines.append("Seen before, as: \(PacketName(id: first))")
    } else {
      let others = try rows(
        "SELECT packet_id FROM derived_duplicate WHERE first_packet_id = :id ORDER BY packet_id"
      ).compactMap { $0.values.first?.integer.map { PacketName(id: $0).description } }
      if !others.isEmpty { lines.append("Also seen as: \(others.joined(separator: " "))") }
    }
    return lines.isEmpty ? nil : .init("In the case", lines)
  }

  private static func line(of question: SQLRow) -> String {
    func packet(_ column: String, _ word: String) -> String {
      question[column].integer.map { ", \(word) \(PacketName(id: $0))" } ?? ""
    }
    let wait = question["rtt_ns"].integer.map { " after \(Double($0 / 1000) / 1000) ms" } ?? ""
    let attempts = question["attempts"].integer ?? 1
    return "DNS question \(question["qtype"].text ?? "") \(question["qname"].text ?? "?"): "
      + (question["outcome"].text ?? "") + wait + packet("query_packet_id", "query")
      + (attempts > 1 ? " (the first of \(attempts))" : "")
      + packet("response_packet_id", "answer") + packet("icmp_packet_id", "ICMP error")
  }

  func findings() throws -> PacketDescription.Part? {
    let found = try rows(
      """
      SELECT finding_id, investigation, severity, summary FROM findings AS f
      WHERE EXISTS (
        SELECT 1 FROM finding_evidence AS e
        WHERE e.finding_id = f.finding_id AND e.packet_id = :id)
      ORDER BY finding_id
      """)
    if found.isEmpty { return nil }
    return .init(
      "Findings that cite it",
      found.map { finding in
        "Finding \(finding["finding_id"].description) (\(finding["investigation"].description), "
          + "\(finding["severity"].description)): \(finding["summary"].description)"
      })
  }

  /// What analysts wrote about the packet, and about its flow.
  func notes(_ packet: SQLRow) throws -> PacketDescription.Part? {
    // Cases of the first versions have none.
    guard try row("SELECT 1 FROM sqlite_schema WHERE name = 'notes'") != nil else { return nil }
    let notes = try rows(
      """
      SELECT note_id, time, who, text, flow_id FROM notes
      WHERE packet_id = :id AND flow_id IS NULL OR flow_id = :flow
      ORDER BY note_id
      """, ["flow": packet["flow_id"]])
    if notes.isEmpty { return nil }
    return .init(
      "Notes",
      notes.map { note in
        "Note \(note["note_id"].description)\(note["flow_id"] == .null ? "" : " on its flow") by "
          + "\(note["who"].description), \(note["time"].description): \(note["text"].description)"
      })
  }

  func comments() throws -> PacketDescription.Part? {
    let comments = try rows("SELECT text FROM comments WHERE packet_id = :id")
    return comments.isEmpty
      ? nil : .init("Comments", comments.map { $0["text"].description })
  }
}
