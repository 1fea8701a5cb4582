/// DNS messages and what answers what; and what has DNS's form on the local network, each a protocol of its
/// own to both.
extension FieldGroup {
  static let dnsGroups = [dns, dnsTransactions, localNames]

  // Wireshark shows aa, ra and rcode of responses only: a query's mean nothing (RFC 1035, 4.1.1).
  private static let dns = FieldGroup(
    name: "dns",
    fields: [
      "txid", "is_response", "opcode", "aa", "tc", "rd", "ra", "rcode", "qname", "qtype", "qclass",
      "question_count", "answer_count", "authority_count", "additional_count",
      "edns_payload_size", "answers", "authority", "additional",
    ], least: leastOfPackets,
    sql: """
      SELECT packet_id & 4294967295, txid, is_response, opcode, CASE is_response WHEN 1 THEN aa END,
        tc, rd, CASE is_response WHEN 1 THEN ra END, CASE is_response WHEN 1 THEN rcode END, qname,
        qtype, qclass, question_count, answer_count, authority_count, additional_count,
        edns_payload_size, answers, authority, additional
      FROM dns_messages ORDER BY packet_id, position
      """,
    comparable: wholeRecords
  ) { packet, _ in
    packet.messages("dns").map { dns in
      let type = dns.fields.first { $0.name == "dns.qry.type" }
      let records = DNSRecordText.records(of: dns)
      var row = [
        dns.number("dns.id"), dns.number("dns.flags.response"), dns["dns.flags.opcode"],
        dns.number("dns.flags.authoritative"), dns.number("dns.flags.truncated"),
        dns.number("dns.flags.recdesired"), dns.number("dns.flags.recavail"),
        responseCode(dns), dns["dns.qry.name"].map(dnsName),
        type.flatMap(DissectedPacket.Layer.mnemonic).map(dnsType), dns.number("dns.qry.class"),
      ]
      row += ["queries", "answers", "auth_rr", "add_rr"].map { dns["dns.count." + $0] }
      row.append(dns.number("dns.rr.udp_payload_size"))
      return row + records
    }
  }

  /// A row whose sections, its last three columns, name each owner.
  @Sendable private static func wholeRecords(_ row: [String?]) -> [String?] {
    wholeRecords(row, question: row[8])
  }

  @Sendable private static func namedRecords(_ row: [String?]) -> [String?] {
    wholeRecords(row, question: row[4])
  }

  private static func wholeRecords(_ row: [String?], question: String?) -> [String?] {
    row.dropLast(3) + row.suffix(3).map { $0.map { DNSRecordText.whole($0, question) } }
  }

  /// With the bits that EDNS adds: RFC 6891, 6.1.3.
  private static func responseCode(_ dns: DissectedPacket.Layer) -> String? {
    guard let code = dns["dns.flags.rcode"].flatMap({ Int($0) }) else { return nil }
    let upper = dns.number("dns.resp.ext_rcode").flatMap { Int($0) } ?? 0
    return String(upper << 4 | code)
  }

  /// A name as Wirecase writes it: lower case, `.` for the root.
  static func dnsName(_ text: String) -> String { text == "<Root>" ? "." : text.lowercased() }

  /// A type's mnemonic; Wireshark writes the type that asks for all as `*`.
  static func dnsType(_ text: String) -> String { text == "*" ? "ANY" : text }

  // Records of NetBIOS have fields of their own.
  private static let localNames = FieldGroup(
    name: "names",
    fields: [
      "txid", "is_response", "opcode", "tc", "qname", "question_count", "answer_count",
      "authority_count", "additional_count", "answers", "authority", "additional",
    ], least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295, txid, is_response, opcode, tc, qname, question_count, answer_count,
        authority_count, additional_count, CASE WHEN protocol <> 'nbns' THEN answers END,
        CASE WHEN protocol <> 'nbns' THEN authority END,
        CASE WHEN protocol <> 'nbns' THEN additional END
      FROM name_messages ORDER BY packet_id, position
      """,
    comparable: namedRecords
  ) { packet, _ in
    ["mdns", "llmnr", "nbns"].flatMap { name in
      packet.messages(name).map { message in
        let prefix = name == "nbns" ? "nbns." : "dns."
        var row = ["id", "flags.response", "flags.opcode", "flags.truncated"].map {
          message.number(prefix + $0)
        }
        row.append(name == "nbns" ? message["nbns.name"] : message["dns.qry.name"].map(dnsName))
        row += ["queries", "answers", "auth_rr", "add_rr"].map {
          message.number(prefix + "count." + $0)
        }
        return row + (name == "nbns" ? [nil, nil, nil] : DNSRecordText.records(of: message))
      }
    }
  }

  // tshark pairs by conversation and identifier alone, and without a time-out. Of an event that several
  // interfaces saw, a case has one transaction, so packets stand for their first sighting; and since
  // tshark's time is between any two of the sightings, only those of packets seen once are compared.
  private static let dnsTransactions = FieldGroup(
    name: "dns_transactions", fields: ["response_to", "time"], least: leastOfPackets,
    sql: """
      SELECT m.packet_id & 4294967295, t.query_packet_id & 4294967295,
        CASE WHEN NOT EXISTS (
          SELECT 1 FROM sightings
          WHERE packet_id IN (m.packet_id, t.query_packet_id)
        ) THEN t.rtt_ns END
      FROM dns_messages AS m
      LEFT JOIN dns_transactions AS t
        ON t.response_packet_id = COALESCE(m.duplicate_of, m.packet_id)
        AND t.response_position = m.position
      WHERE m.is_response = 1
      ORDER BY m.packet_id, m.position
      """
  ) { packet, sightings in
    packet.messages("dns").filter { $0.number("dns.flags.response") == "1" }.map { dns in
      let query = dns["dns.response_to"].flatMap { Int64($0) }
      let isSeenOnce = sightings.isAlone(packet.number) && query.map(sightings.isAlone) ?? true
      return [
        query.map { String(sightings.first(of: $0)) },
        isSeenOnce ? dns.nanoseconds("dns.time") : nil,
      ]
    }
  }
}
