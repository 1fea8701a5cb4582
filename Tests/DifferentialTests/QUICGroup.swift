/// Packets of QUIC with a long header.
extension FieldGroup {
  static let quicGroups = [quic]

  // Of Handshake packets Wirecase keeps the first of each end.
  private static let quic = FieldGroup(
    name: "quic",
    fields: ["packet_type", "version", "dcid", "scid", "token_length", "is_decrypted"],
    least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295,
        CASE packet_type WHEN 'initial' THEN 0 WHEN '0-rtt' THEN 1 ELSE 3 END,
        version, NULLIF(dcid, ''), NULLIF(scid, ''), token_length, is_decrypted
      FROM quic_packets
      WHERE packet_type IN ('initial', '0-rtt', 'retry')
      ORDER BY packet_id, position
      """
  ) { packet, _ in
    packet.messages("quic").compactMap { layer in
      guard let type = layer.number("quic.long.packet_type"), type != "2" else { return nil }
      let token = layer.fields.first { $0.name == "quic.retry_token" }
      // It shows the frames of what it could decrypt.
      let hasFrames = layer.fields.contains { $0.name == "quic.frame_type" }
      return [
        type, layer["quic.version"], digits(layer["quic.dcid"]), digits(layer["quic.scid"]),
        token.map { String($0.octets.utf8.count / 2) } ?? layer.number("quic.token_length"),
        type == "0" ? (hasFrames ? "1" : "0") : nil,
      ]
    }
  }

  /// Octets that Wireshark shows with colons between them.
  private static func digits(_ octets: String?) -> String? {
    octets?.replacing(":", with: "")
  }
}
