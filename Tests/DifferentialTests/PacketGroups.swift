/// The layers up to TCP and UDP, ICMP and ARP.
extension FieldGroup {
  static let packetGroups = [frame, link, encapsulations, ip, ports, tcp, icmp, arp]

  private static let frame = FieldGroup(
    name: "frame", fields: ["ts", "captured_length", "length"], least: leastOfPackets,
    sql: "SELECT number, ts, captured_length, length FROM packets"
  ) { packet, _ in
    packet.layers.filter { $0.name == "frame" }.map {
      [$0.nanoseconds("frame.time_epoch"), $0["frame.cap_len"], $0["frame.len"]]
    }
  }

  // The outermost link layer: a tunnel's inner Ethernet header is none of a packet's link. A Linux cooked
  // capture has no destination.
  private static let link = FieldGroup(
    name: "link", fields: ["eth_src", "eth_dst", "vlan"], least: leastOfPackets,
    sql: """
      SELECT number, eth_src, eth_dst, vlan FROM packets
      WHERE eth_src IS NOT NULL OR eth_dst IS NOT NULL OR vlan IS NOT NULL
      """
  ) { packet, _ in
    let link = packet.carried.prefix { !$0.isIP && $0.name != "arp" }
    let tags = link.compactMap { $0.number("vlan.id") ?? $0.number("ieee8021ad.id") }
    guard let first = link.first(where: { ["eth", "sll", "wlan"].contains($0.name) })
    else { return [] }
    return [
      [
        first["eth.src"] ?? first["sll.src.eth"] ?? first["wlan.sa"],
        first["eth.dst"] ?? first["wlan.da"], tags.isEmpty ? nil : tags.joined(separator: ","),
      ]
    ]
  }

  private static let ip = FieldGroup(
    name: "ip", fields: ["src", "dst", "proto", "ttl", "id", "fragment_offset", "more_fragments"],
    least: leastOfPackets,
    sql: """
      SELECT number, src, dst, ip_proto, ttl, ip_id, fragment_offset, more_fragments FROM packets
      WHERE src IS NOT NULL
      """
  ) { packet, _ in
    guard let ip = packet.ip else { return [] }
    if ip.name == "ip" {
      // Wireshark shows the offset as it is written, in units of eight octets. Of a datagram that is
      // whole, Wirecase says nothing about fragments.
      let units = ip.number("ip.frag_offset").flatMap { Int($0) }
      let more = ip.number("ip.flags.mf")
      let isWhole = units == 0 && more == "0"
      return [
        [
          ip["ip.src"], ip["ip.dst"], ip["ip.proto"], ip["ip.ttl"], ip.number("ip.id"),
          isWhole ? nil : units.map { String($0 * 8) }, isWhole ? nil : more,
        ]
      ]
    }
    // The protocol behind the extension headers, each of which is a layer of its own.
    let extensions = packet.datagram.dropFirst().prefix { $0.name.hasPrefix("ipv6.") }
    let next = extensions.last?.fields.first { $0.name.hasSuffix(".nxt") }?.show
    let fragment = extensions.first { $0.name == "ipv6.fraghdr" }
    return [
      [
        ip["ipv6.src"], ip["ipv6.dst"], next ?? ip["ipv6.nxt"], ip["ipv6.hlim"],
        fragment?.number("ipv6.fraghdr.ident"),
        fragment?.number("ipv6.fraghdr.offset").flatMap { Int($0) }.map { String($0 * 8) },
        fragment?.number("ipv6.fraghdr.more"),
      ]
    ]
  }

  private static let ports = FieldGroup(
    name: "ports", fields: ["src_port", "dst_port", "payload_length"], least: leastOfPackets,
    sql: """
      SELECT number, src_port, dst_port, payload_length FROM packets
      WHERE src_port IS NOT NULL OR payload_length IS NOT NULL
      """
  ) { packet, _ in
    guard let transport = packet.datagram.last(where: { $0.name == "tcp" || $0.name == "udp" })
    else { return [] }
    let name = transport.name
    // UDP counts its header's eight octets as well.
    let length =
      transport["tcp.len"]
      ?? transport["udp.length"].flatMap { Int($0) }.map { String($0 - 8) }
    return [[transport[name + ".srcport"], transport[name + ".dstport"], length]]
  }

  private static let tcp = FieldGroup(
    name: "tcp", fields: ["flags", "seq"], least: leastOfPackets,
    sql: "SELECT number, tcp_flags, tcp_seq FROM packets WHERE tcp_flags IS NOT NULL"
  ) { packet, _ in
    guard let tcp = packet.datagram.last(where: { $0.name == "tcp" }) else { return [] }
    // The eight control bits of RFC 9293; Wireshark shows the reserved ones with them.
    let flags = tcp.number("tcp.flags").flatMap { Int($0) }.map { String($0 & 0xff) }
    return [[flags, tcp["tcp.seq_raw"]]]
  }

  // Of a quote that ends before a port or a question, the view takes them from the very packet, where the
  // capture has it; tshark has the quote alone. So that would be listed.
  private static let icmp = FieldGroup(
    name: "icmp",
    fields: [
      "version", "type", "code", "identifier", "sequence", "quoted_src", "quoted_dst",
      "quoted_ip_proto", "quoted_ip_id", "quoted_src_port", "quoted_dst_port", "quoted_tcp_seq",
      "quoted_dns_txid", "quoted_qname", "quoted_qtype",
    ], least: leastOfPackets,
    sql: """
      SELECT packet_id & 4294967295, version, type, code, identifier, sequence, quoted_src,
        quoted_dst, quoted_ip_proto, quoted_ip_id, quoted_src_port, quoted_dst_port,
        quoted_tcp_seq, quoted_dns_txid, quoted_qname, quoted_qtype
      FROM icmp_messages
      """
  ) { packet, _ in
    guard let icmp = packet.datagram.last(where: { $0.name == "icmp" || $0.name == "icmpv6" })
    else { return [] }
    let isV4 = icmp.name == "icmp"
    let type = icmp[icmp.name + ".type"]
    var row = [isV4 ? "4" : "6", type, icmp[icmp.name + ".code"]]
    // Wirecase keeps them of an echo; Wireshark has them of time stamps and address masks as well.
    if let type, (isV4 ? ["0", "8"] : ["128", "129"]).contains(type) {
      row += [
        icmp.number(isV4 ? "icmp.ident" : "icmpv6.echo.identifier"),
        icmp.number(isV4 ? "icmp.seq" : "icmpv6.echo.sequence_number"),
      ]
    } else {
      row += [nil, nil]
    }
    return [row + quote(packet)]
  }

  /// What an ICMP error quotes, from `quoted_src` on.
  private static func quote(_ packet: DissectedPacket) -> [String?] {
    let quoted = packet.quoted
    let ip = quoted.first { $0.isIP }
    let transport = quoted.first { $0.name == "tcp" || $0.name == "udp" }
    let dns = quoted.first { $0.name == "dns" }
    let type = dns?.fields.first { $0.name == "dns.qry.type" }
    return [
      ip.flatMap { $0[$0.name + ".src"] }, ip.flatMap { $0[$0.name + ".dst"] },
      ip?["ip.proto"] ?? quoted.dropFirst().first { $0.name == "ipv6.fraghdr" }?["ipv6.fraghdr.nxt"]
        ?? ip?["ipv6.nxt"],
      ip?.number("ip.id")
        ?? quoted.first { $0.name == "ipv6.fraghdr" }?.number("ipv6.fraghdr.ident"),
      transport.flatMap { $0[$0.name + ".srcport"] },
      transport.flatMap { $0[$0.name + ".dstport"] },
      // Of a quote that ends there, Wireshark has only this; relative numbers are switched off.
      transport.flatMap { $0["tcp.seq_raw"] ?? $0["tcp.seq"] },
      dns?.number("dns.id"), dns?["dns.qry.name"].map(dnsName),
      type.flatMap(DissectedPacket.Layer.mnemonic).map(dnsType),
    ]
  }

  // Wireshark dissects Reverse ARP (RFC 903), which has an EtherType and two operations of its own, under
  // the same name. Wirecase does not decode it.
  private static let arp = FieldGroup(
    name: "arp", fields: ["operation", "sender_mac", "sender_ip", "target_mac", "target_ip"],
    least: leastOfPackets,
    sql: """
      SELECT packet_id & 4294967295, operation, sender_mac, sender_ip, target_mac, target_ip
      FROM arp_messages
      """
  ) { packet, _ in
    let arp = packet.carried.filter { $0.name == "arp" && !["3", "4"].contains($0["arp.opcode"]) }
    return arp.suffix(1).map {
      [
        $0["arp.opcode"], $0["arp.src.hw_mac"], $0["arp.src.proto_ipv4"], $0["arp.dst.hw_mac"],
        $0["arp.dst.proto_ipv4"],
      ]
    }
  }
}
