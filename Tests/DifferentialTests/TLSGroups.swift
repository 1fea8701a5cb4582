/// What TLS says in clear: hellos, over TCP and QUIC, certificates and alerts.
extension FieldGroup {
  static let tlsGroups = [hellos, certificates, alerts]

  private static let hellos = FieldGroup(
    name: "tls",
    fields: [
      "type", "version", "legacy_version", "server_name", "alpn", "cipher_suite", "ja3", "ja3s",
    ],
    least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295, 1 + is_server, version, legacy_version, server_name, alpn,
        cipher_suite_code, ja3, ja3s
      FROM tls_handshakes ORDER BY packet_id, position
      """
  ) { packet, _ in
    packet.messages("tls").flatMap { layer in
      messages(of: layer).compactMap { fields in
        guard let type = fields.first?.show, type == "1" || type == "2" else { return nil }
        func all(_ name: String) -> [String] {
          fields.filter { $0.name == "tls.handshake." + name }.map(\.show)
        }
        let legacy = all("version").first.map(DissectedPacket.Layer.decimal)
        // Those of RFC 8701 are higher than any.
        let offered = all("extensions.supported_version").map(DissectedPacket.Layer.decimal)
          .compactMap(Int.init).filter { $0 < 0x0a0a }.max()
        let protocols = all("extensions_alpn_str")
        return [
          type, version(offered.map(String.init) ?? legacy), version(legacy),
          all("extensions_server_name").first?.lowercased(),
          protocols.isEmpty ? nil : protocols.joined(separator: ","),
          type == "2" ? all("ciphersuite").first.map(DissectedPacket.Layer.decimal) : nil,
          all("ja3").first, all("ja3s").first,
        ]
      }
    }
  }

  // Of the first certificate of a chain.
  private static let certificates = FieldGroup(
    name: "x509",
    fields: ["serial", "not_before", "not_after", "names"], least: leastOfApplications,
    sql: """
      SELECT packet_id & 4294967295, serial, not_before_time, not_after_time, alternative_names
      FROM tls_certificates ORDER BY packet_id, position
      """
  ) { packet, _ in
    packet.messages("tls").flatMap { layer in
      messages(of: layer).compactMap { fields in
        guard fields.first?.show == "11",
          let first = fields.firstIndex(where: { $0.name == "tls.handshake.certificate" })
        else { return nil }
        let certificate = fields[(first + 1)...].prefix { $0.name != "tls.handshake.certificate" }
        func all(_ name: String) -> [String] {
          certificate.filter { $0.name == name && !$0.show.isEmpty }.map(\.show)
        }
        // `2014-03-30 09:29:15 (UTC)`
        let times = all("x509af.utcTime").map {
          $0.replacing(" (UTC)", with: "Z").replacing(" ", with: "T")
        }
        var serial = (all("x509af.serialNumber").first ?? "").replacing(":", with: "")
        if serial.count > 2, serial.hasPrefix("00") { serial.removeFirst(2) }
        let names = all("x509ce.dNSName").map { $0.lowercased() }
        return [
          serial, times.first, times.dropFirst().first,
          names.isEmpty ? nil : names.joined(separator: ","),
        ]
      }
    }
  }

  // None that is in clear is in a capture at hand, and of the encrypted ones there are seven: two of them listed.
  private static let alerts = FieldGroup(
    name: "tls.alert",
    fields: ["is_encrypted"], least: 70,
    sql: """
      SELECT packet_id & 4294967295, is_encrypted FROM tls_alerts ORDER BY packet_id, position
      """
  ) { packet, _ in
    packet.messages("tls").flatMap { layer in
      parts(of: layer, from: "tls.alert_message").map { fields in
        [fields.contains { $0.name == "tls.alert_message.level" } ? "0" : "1"]
      }
    }
  }

  /// The fields of each handshake message, its type first.
  private static func messages(of layer: DissectedPacket.Layer) -> [[DissectedPacket.Field]] {
    parts(of: layer, from: "tls.handshake.type")
  }

  /// The fields of a layer, in parts that begin with a field of that name.
  private static func parts(
    of layer: DissectedPacket.Layer, from name: String
  ) -> [[DissectedPacket.Field]] {
    var parts: [[DissectedPacket.Field]] = []
    for field in layer.fields {
      if field.name == name {
        parts.append([field])
      } else if !parts.isEmpty {
        parts[parts.count - 1].append(field)
      }
    }
    return parts
  }

  private static func version(_ number: String?) -> String? {
    switch number {
    case "768": "SSL 3.0"
    case "769": "TLS 1.0"
    case "770": "TLS 1.1"
    case "771": "TLS 1.2"
    case "772": "TLS 1.3"
    default: number
    }
  }
}
