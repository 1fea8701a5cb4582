import CaseStore

/// What a case holds of a packet's application protocols: each has a view of its own, and all of these begin
/// and end with the same columns.
extension PacketRows {
  /// What such a view says of the packet and its ends, which other layers say.
  private static let common: Set<String> = [
    "packet_id", "flow_id", "ts", "src", "src_port", "dst", "dst_port", "position", "capture_id",
    "duplicate_of", "clock",
  ]

  /// The names that Wireshark has for what a view is of.
  private static let titles: [String: String] = [
    "dhcp_messages": "Dynamic Host Configuration Protocol",
    "dhcpv6_messages": "Dynamic Host Configuration Protocol for IPv6",
    "http_messages": "Hypertext Transfer Protocol",
    "logins": "Login",
    "name_messages": "Name resolution on the local network",
    "ntp_messages": "Network Time Protocol",
    "quic_packets": "QUIC",
    "rtp_streams": "Real-Time Transport Protocol",
    "session_commands": "Commands in clear",
    "sip_messages": "Session Initiation Protocol",
    "smb_messages": "Server Message Block Protocol version 2",
    "snmp_messages": "Simple Network Management Protocol",
    "ssh_banners": "SSH Protocol",
    "syslog_messages": "Syslog message",
    "tls_alerts": "Transport Layer Security, alert",
    "tls_certificates": "Transport Layer Security, certificate",
    "tls_handshakes": "Transport Layer Security, handshake",
  ]

  /// The messages that the packet holds or completes, in their order for each protocol.
  func applications() throws -> [PacketDescription.Part] {
    let views = try reader.views().filter { view in
      Set(["packet_id", "flow_id", "position"]).isSubset(of: view.columns.map(\.name))
    }
    return try views.flatMap { view in
      try rows("SELECT * FROM \(view.name) WHERE packet_id = :id ORDER BY position").map { row in
        PacketDescription.Part(
          Self.titles[view.name] ?? Self.words(view.name),
          view.columns.map(\.name).filter { !Self.common.contains($0) }.map { column in
            if case .null = row[column] { return nil }
            if column.hasSuffix("packet_id"), let id = row[column].integer {
              return "\(Self.words(String(column.dropLast(3)))): \(PacketName(id: id))"
            }
            return "\(Self.words(column)): \(row[column].description)"
          })
      }
    }
  }

  /// `user_agent` as `User agent`.
  private static func words(_ name: String) -> String {
    let words = name.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
