import CaseStore

/// What a case holds of one packet, layer by layer, in Wireshark's terms.
public struct PacketDescription: Sendable {
  /// A layer, or what else there is to say.
  public struct Part: Equatable, Sendable {
    public var title: String
    /// Its fields, a line each.
    public var lines: [String]

    init(_ title: String, _ lines: [String?] = []) {
      (self.title, self.lines) = (title, lines.compactMap { $0 })
    }
  }

  public var name: PacketName
  /// From the frame upward, then what the case as a whole says of the packet.
  public var parts: [Part]
  /// The lines of a printed capture that it was read from; `nil` for a packet with octets.
  public var printedLines: ClosedRange<Int64>?

  /// The text, its fields indented, each line without control characters.
  public var lines: [String] {
    parts.flatMap { part in
      [HarmlessText.of(part.title)] + part.lines.map { "    " + HarmlessText.of($0) }
    }
  }

  /// - Throws: `EvidenceError.noPacket` when the case does not hold it; `SQLFault`.
  public init(_ name: PacketName, in reader: CaseReader) throws {
    let rows = PacketRows(reader: reader, id: name.id)
    guard let packet = try rows.row("SELECT * FROM packets WHERE packet_id = :id") else {
      throw EvidenceError.noPacket(name.description)
    }
    self.name = name
    let capture = try rows.row(
      "SELECT * FROM captures WHERE capture_id = :capture", ["capture": .integer(name.capture)])
    let interface = try rows.row(
      "SELECT * FROM interfaces WHERE capture_id = :capture AND interface = :interface",
      ["capture": .integer(name.capture), "interface": packet["interface"]])
    let lines = try rows.row(
      "SELECT first_line, last_line FROM fact_printed_line WHERE packet_id = :id")
    if let first = lines?["first_line"].integer, let last = lines?["last_line"].integer,
      first <= last
    {
      printedLines = first...last
    }
    let layers = PacketLayers(packet: packet, interface: interface)
    parts = [layers.frame(name, of: capture, printedLines)]
    parts += [layers.link].compactMap { $0 }
    parts += try rows.encapsulations()
    parts += [layers.internet, layers.transport].compactMap { $0 }
    parts += try [rows.arp(), rows.icmp(), rows.dns()].compactMap { $0 } + rows.applications()
    parts += try [
      rows.faults(), rows.place(packet), rows.findings(), rows.notes(packet), rows.comments(),
    ]
    .compactMap { $0 }
  }
}

/// The layers that a row of `packets` tells of.
private struct PacketLayers {
  let packet: SQLRow
  let interface: SQLRow?

  func frame(
    _ name: PacketName, of capture: SQLRow?, _ lines: ClosedRange<Int64>?
  ) -> PacketDescription.Part {
    let captured = packet["captured_length"].integer
    let length = packet["length"].integer
    var lengths: String?
    if let captured, let length {
      lengths =
        "Length: \(length) octets on the wire, \(captured) captured"
        + (captured >= 0 && captured < length ? " (cut by \(length - captured))" : "")
    } else if let length {
      lengths = "Length: \(length) octets"
    }
    let words = interface.map { row in
      "Interface: \(row["interface"].description)"
        + (row["name"].text.map { ", \($0)" } ?? "")
        + ", link type \(row["link_type_name"].description)"
    }
    return .init(
      "Frame \(name.number) of \(capture?["name"].text ?? "capture \(name.capture)") (\(name))",
      [
        "Time: \(packet["time"].text ?? "the capture says none")", lengths, words,
        lines.map {
          $0.lowerBound == $0.upperBound
            ? "Printed in: line \($0.lowerBound)"
            : "Printed in: lines \($0.lowerBound) to \($0.upperBound)"
        } ?? packet["byte_offset"].integer.map { "Record: at octet \($0) of the capture" },
        "Protocol: \(packet["protocol"].description)", "Info: \(packet["info"].description)",
      ])
  }

  var link: PacketDescription.Part? {
    let (source, destination) = (packet["eth_src"].text, packet["eth_dst"].text)
    let fields = [
      packet["ethertype"].integer.map {
        "Type: \(HexDump.number($0, 4))" + (Self.etherTypes[$0].map { " (\($0))" } ?? "")
      },
      packet["vlan"].text.map { "VLAN identifiers, outermost first: \($0)" },
      packet["if_index"].integer.map { "Interface index on the host: \($0)" },
    ]
    guard source != nil || destination != nil || fields.contains(where: { $0 != nil }) else {
      return nil
    }
    let type = interface?["link_type_name"].text ?? ""
    let title =
      switch type {
      case "EN10MB": "Ethernet II"
      case "LINUX_SLL": "Linux cooked capture v1"
      case "LINUX_SLL2": "Linux cooked capture v2"
      case "NULL", "LOOP": "Null/Loopback"
      case "RAW", "IPV4", "IPV6": "Raw packet data"
      case "": "Link layer"
      default: "Link layer (\(type))"
      }
    let ends = [source.map { "Src: \($0)" }, destination.map { "Dst: \($0)" }].compactMap { $0 }
    return .init(([title] + ends).joined(separator: ", "), fields)
  }

  private static let etherTypes: [Int64: String] = [
    0x0800: "IPv4", 0x0806: "ARP", 0x86dd: "IPv6",
  ]

  private static let transports: [Int64: String] = [
    1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6", 132: "SCTP",
  ]

  var internet: PacketDescription.Part? {
    guard let source = packet["src"].text, let destination = packet["dst"].text else { return nil }
    // What is not IP has no protocol number.
    guard let number = packet["ip_proto"].integer else { return nil }
    let isVersion6 = source.contains(":")
    return .init(
      "Internet Protocol Version \(isVersion6 ? 6 : 4), Src: \(source), Dst: \(destination)",
      [
        "\(isVersion6 ? "Next Header" : "Protocol"): "
          + (Self.transports[number].map { "\($0) (\(number))" } ?? "\(number)"),
        packet["ttl"].integer.map { "\(isVersion6 ? "Hop Limit" : "Time to Live"): \($0)" },
        packet["ip_id"].integer.map { "Identification: \(HexDump.number($0, 4)) (\($0))" },
        packet["fragment_offset"].integer.map {
          "Fragment Offset: \($0)"
            + (packet["more_fragments"].integer == 1 ? ", more fragments follow" : ", the last")
        },
      ])
  }

  var transport: PacketDescription.Part? {
    guard let source = packet["src_port"].integer, let destination = packet["dst_port"].integer
    else { return nil }
    let title =
      switch packet["ip_proto"].integer {
      case 6: "Transmission Control Protocol"
      case 17: "User Datagram Protocol"
      default: "Ports"
      }
    let flags = packet["tcp_flags"].integer
    let names = [(2, "SYN"), (1, "FIN"), (4, "RST"), (8, "PSH"), (16, "ACK"), (32, "URG")]
    return .init(
      "\(title), Src Port: \(source), Dst Port: \(destination)",
      [
        packet["tcp_seq"].integer.map { "Sequence Number (raw): \($0)" },
        flags.map { flags in
          let set = names.filter { flags & Int64($0.0) != 0 }.map(\.1).joined(separator: ", ")
          return "Flags: \(HexDump.number(flags, 3)) (\(set.isEmpty ? "none" : set))"
        },
        packet["payload_length"].integer.map { "Payload: \($0) octets" },
      ])
  }
}
