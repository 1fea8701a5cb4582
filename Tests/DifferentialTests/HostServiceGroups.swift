import Foundation

/// What hosts are given when they join a network, and whose time they take.
///
/// Wireshark shows an address of 0.0.0.0, and names that are empty; to Wirecase these are none. It does not put
/// options together that stand in several parts (RFC 3396), and shows nothing of a message that has options and was
/// cut, were it in the padding behind them. Classless routes are lines of text to it.
extension FieldGroup {
  static let hostServiceGroups = [dhcp, dhcpv6, ntp]

  private static let dhcp = FieldGroup(
    name: "dhcp", fields: numbers.map(\.name) + texts.map(\.name) + ["client_mac"],
    least: leastOfApplications,
    sql: """
      SELECT m.packet_id & 4294967295,
        CASE op WHEN 'request' THEN 1 ELSE 2 END,
        CASE message_type WHEN 'DISCOVER' THEN 1 WHEN 'OFFER' THEN 2 WHEN 'REQUEST' THEN 3
          WHEN 'DECLINE' THEN 4 WHEN 'ACK' THEN 5 WHEN 'NAK' THEN 6 WHEN 'RELEASE' THEN 7
          WHEN 'INFORM' THEN 8 WHEN 'LEASEQUERY' THEN 10 WHEN 'LEASEUNASSIGNED' THEN 11
          WHEN 'LEASEUNKNOWN' THEN 12 WHEN 'LEASEACTIVE' THEN 13 ELSE message_type END,
        xid, m.seconds, is_broadcast, lease_seconds, client_ip, your_ip, server_ip, relay_ip,
        server_id, requested_ip, subnet_mask, routers, dns_servers, domain, parameters, client_mac
      FROM dhcp_messages AS m
      JOIN packets AS p ON p.packet_id = m.packet_id
      WHERE p.captured_length = p.length OR message_type IS NULL
      ORDER BY m.packet_id
      """
  ) { packet, _ in
    packet.messages("dhcp").filter { $0["dhcp.type"] != nil }.map { dhcp in
      var row: [String?] = numbers.map { dhcp.number($0.field) }
      row += texts.map { dhcp.list($0.field) }
      // The second hardware address is that of a client's identifier.
      row.append(dhcp["dhcp.hw.mac_addr"])
      return row
    }
  }

  /// A column, and Wireshark's field for it.
  private struct Pair: Sendable {
    var name: String
    var field: String

    init(_ name: String, _ field: String) { (self.name, self.field) = (name, "dhcp." + field) }
  }

  private static let numbers: [Pair] = [
    Pair("op", "type"), Pair("message_type", "option.dhcp"), Pair("xid", "id"),
    Pair("seconds", "secs"), Pair("is_broadcast", "flags.bc"),
    Pair("lease_seconds", "option.ip_address_lease_time"),
  ]

  private static let texts: [Pair] = [
    Pair("client_ip", "ip.client"), Pair("your_ip", "ip.your"), Pair("server_ip", "ip.server"),
    Pair("relay_ip", "ip.relay"), Pair("server_id", "option.dhcp_server_id"),
    Pair("requested_ip", "option.requested_ip_address"), Pair("subnet_mask", "option.subnet_mask"),
    Pair("routers", "option.router"), Pair("dns_servers", "option.domain_name_server"),
    Pair("domain", "option.domain_name"), Pair("parameters", "option.request_list_item"),
  ]

  private static let dhcpv6 = FieldGroup(
    name: "dhcpv6", fields: ["transaction_id", "client_duid", "fqdn", "parameters"],
    least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295, transaction_id, client_duid, fqdn, parameters
      FROM dhcpv6_messages ORDER BY packet_id
      """
  ) { packet, _ in
    packet.messages("dhcpv6").map { dhcpv6 in
      // Wireshark writes a final dot.
      let name = dhcpv6["dhcpv6.client_domain"].map {
        dnsName($0.hasSuffix(".") ? String($0.dropLast()) : $0)
      }
      return [
        dhcpv6.number("dhcpv6.xid"), dhcpv6["dhcpv6.duid.bytes"]?.replacing(":", with: ""), name,
        dhcpv6.list("dhcpv6.requested_option_code"),
      ]
    }
  }

  private static let ntp = FieldGroup(
    name: "ntp",
    fields: [
      "version", "stratum", "poll", "precision", "root_delay_ns", "root_dispersion_ns",
      "reference_ts", "origin_ts", "receive_ts", "transmit_ts", "opcode", "is_response", "items",
    ],
    least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295, version, stratum, poll, precision, root_delay_ns,
        root_dispersion_ns, reference_ts, origin_ts, receive_ts, transmit_ts, opcode,
        CASE mode WHEN 'control' THEN is_response END, items
      FROM ntp_messages ORDER BY packet_id
      """
  ) { packet, _ in
    packet.messages("ntp").map { ntp in
      let precision = ntp["ntp.precision"].flatMap { Int($0) }
      var row = ["flags.vn", "stratum", "ppoll"].map { ntp.number("ntp." + $0) }
      row.append(precision.map { String($0 > 127 ? $0 - 256 : $0) })
      for field in ["ntp.rootdelay", "ntp.rootdispersion"] {
        let fraction = ntp.number(field).flatMap { Int64($0) }
        row.append(fraction.map { String($0 * 1_000_000_000 / 65536) })
      }
      row += ["reftime", "org", "rec", "xmt"].map { ntp["ntp." + $0].flatMap(nanoseconds) }
      row += ["flags2.opcode", "flags2.r", "count"].map { ntp.number("ntp.ctrl." + $0) }
      return row
    }
  }

  /// `Aug 11, 2022 13:23:30.188058000 UTC` in nanoseconds since 1970; `nil` for `NULL`.
  @Sendable private static func nanoseconds(_ text: String) -> String? {
    let parts = text.replacing(" UTC", with: "").split(separator: ".")
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "MMM d, yyyy HH:mm:ss"
    guard parts.count == 2, let date = format.date(from: String(parts[0])),
      let fraction = Int64(parts[1])
    else { return nil }
    return String(Int64(date.timeIntervalSince1970) * 1_000_000_000 + fraction)
  }
}

extension DissectedPacket.Layer {
  /// All values of a field, parted by commas; `nil` for none, for an empty text and for 0.0.0.0 in a header.
  fileprivate func list(_ field: String) -> String? {
    let values = fields.filter { $0.name == field && !$0.show.isEmpty }.map(\.show)
    let isNone = values.isEmpty || field.hasPrefix("dhcp.ip.") && values == ["0.0.0.0"]
    return isNone ? nil : values.joined(separator: ",")
  }
}
