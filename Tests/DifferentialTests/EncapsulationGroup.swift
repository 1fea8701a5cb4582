/// Headers that a packet is wrapped in, with the ends outside: a row for each, the outermost first.
extension FieldGroup {
  static let encapsulations = FieldGroup(
    name: "encapsulations", fields: ["protocol", "src", "dst", "identifier"],
    least: leastOfPackets,
    sql: """
      SELECT packet_id & 4294967295, protocol, src, dst, identifier FROM encapsulations
      ORDER BY packet_id, depth
      """
  ) { packet, _ in
    let carried = packet.carried
    guard let innermost = carried.lastIndex(where: \.isIP) else { return [] }
    // Without an IP datagram inside, Wirecase keeps the packet as the outer one.
    return carried[..<innermost].indices.compactMap { index in
      let (layer, next) = (carried[index], carried[index + 1])
      guard let (name, identifier) = header(layer, before: next) else { return nil }
      // What a label or a session wraps has ends of its own only where IP is outside.
      let outer = carried[...index].last(where: \.isIP)
      return [
        name, outer.flatMap { $0[$0.name + ".src"] }, outer.flatMap { $0[$0.name + ".dst"] },
        identifier,
      ]
    }
  }

  /// The encapsulation that a layer is, as Wirecase calls it, and the identifier that it keeps.
  private static func header(
    _ layer: DissectedPacket.Layer, before next: DissectedPacket.Layer
  ) -> (name: String, identifier: String?)? {
    switch layer.name {
    // One row for all labels, with the innermost.
    case "mpls": next.name == "mpls" ? nil : ("mpls", layer.number("mpls.label"))
    case "gre": gre(layer, before: next)
    case "erspan": ("erspan", layer.number("erspan.spanid"))
    case "vxlan": ("vxlan", layer.number("vxlan.vni"))
    case "geneve": ("geneve", layer.number("geneve.vni"))
    case "gtp": ("gtp", layer.number("gtp.teid"))
    case "teredo": ("teredo", nil)
    case "pppoes": ("pppoes", layer.number("pppoe.session_id"))
    case "ip", "ipv6": next.isIP ? (layer.name, nil) : nil
    default: nil
    }
  }

  private static func gre(
    _ layer: DissectedPacket.Layer, before next: DissectedPacket.Layer
  ) -> (name: String, identifier: String?)? {
    // GRE is how ERSPAN is carried, no header of its own.
    if next.name == "erspan" { return nil }
    let key = layer.number("gre.key").flatMap { UInt32($0) }
    // Wireshark knows no NVGRE: Ethernet behind a key alone, whose upper 24 bits are a virtual subnet
    // from 0x1000 up (RFC 7637, 3.2).
    if next.name == "eth", let key, key >= 0x10_0000, layer.number("gre.flags.checksum") == "0",
      layer.number("gre.flags.sequence_number") == "0"
    {
      return ("nvgre", String(key >> 8))
    }
    return ("gre", key.map { String($0) })
  }
}
