/// What stands before the network layer of a printed packet: interface and direction of `-i any`,
/// the link-level header of `-e`, VLAN tags, MPLS labels, and the network protocol's name.
enum PrintedLinkLayer {
  /// The protocols that tcpdump names first and that are not decoded here.
  private static let others = [
    "STP ", "LLDP", "LACPv", "MarkerProtocolv", "CDPv", "VTPv", "VRRPv", "UDLD", "DTPv", "EAP",
    "EAPOL", "IS-IS", "ISO", "ES-IS", "IPX", "AT ", "atalk", "aarp", "LLC", "SNAP", "802.1",
    "802.3",
    "Loopback", "Slow Protocols", "MPCP", "OAM", "CFMv", "CFM", "PTP", "PPPoE", "LCP", "IPCP",
    "IP6CP", "CHAP", "PAP", "ethertype ", "Unknown Ethertype", "loopback", "Beacon ",
    "Acknowledgment ", "Data IV", "Probe ", "Realtek", "RRCP", "HomePlug", "MACsec", "NSH",
    "unnumbered",
    "REVARP", "decnet", "LAT", "MS NLB", "TIPC", "GeoNet", "BSSID:", "Authentication",
    "DeAuthentication", "Assoc ", "ReAssoc ", "Disassociation", "Clear-To-Send",
    "Request-To-Send", "Power Save-Poll", "[|",
  ]

  /// The words between an interface's name and the rest: the direction in cooked captures.
  private static let directions = ["In", "Out", "B", "M", "P"]

  /// Whether `text` begins as a packet without a time does.
  static func begins(_ text: PrintedText) -> Bool {
    var text = text
    takeInterface(&text)
    if text.starts(with: "IP ") || text.starts(with: "IP6 ") {
      _ = text.takeWord()
      text.skipBlanks()
      if text.starts(with: "(") || text.starts(with: "truncated-ip") || text.starts(with: "bad-") {
        return true
      }
      _ = text.takeWord()
      return text.starts(with: " > ")
    }
    for word in ["ARP, ", "arp who-has ", "arp reply ", "RARP, ", "AF IPv", "ip: ", "ip6: "]
    where text.starts(with: word) { return true }
    for word in [
      "ifindex ", "ethertype ", "MPLS (", "PPPoE ", "IS-IS, ", "IPv4, length ", "IPv6, length ",
      "IP (0x", "IP6 (0x", "STP 802.1", "LLDP, ", "LACPv", "CDPv", "802.1", "802.3",
    ] where text.starts(with: word) { return true }
    let start = text.position
    return text.eui48(start..<start + 17) != nil
      && text.octet(at: start + 17).map(PrintedText.isBlank) == true
  }

  /// Takes `ifb0  In  ` away, and ` In ` before a link-level address.
  ///
  /// - Returns: Whether it stood there: the capture is a cooked one.
  @discardableResult
  static func takeInterface(_ text: inout PrintedText) -> Bool {
    let start = text.position
    text.skipBlanks()
    let first = text.takeWord()
    text.skipBlanks()
    let behindFirst = text.position
    let second = text.takeWord()
    if directions.contains(where: { text.equals(second, $0) }), !first.isEmpty {
      text.skipBlanks()
      return true
    }
    if directions.contains(where: { text.equals(first, $0) }) {
      text.move(to: behindFirst)
      return true
    }
    text.move(to: start)
    return false
  }

  /// Whether the network protocol's name is one that is known and not decoded.
  static func isOther(_ text: PrintedText) -> Bool {
    // IEEE 802.11 with radiotap headers begins with the rate: `1.0 Mb/s 2412 MHz 11b …`.
    others.contains { text.starts(with: $0) }
      || text.firstIndex(of: " Mb/s ", before: text.position + 8) != nil
  }
}

extension PrintedPacketDecoder {
  /// Takes everything before the network layer away and says what the network layer is.
  mutating func decodeLink(_ text: inout PrintedText) -> Network {
    if PrintedLinkLayer.takeInterface(&text) { record.protocolReached = .sll }
    if text.take("ifindex ") {
      record.link.interfaceIndex = text.takeNumber(as: UInt32.self)
      text.skipBlanks()
    }
    // Apple's PKTAP names the link type and the lengths first.
    if text.starts(with: "DLT "), let mark = text.firstIndex(of: ": ") { text.move(to: mark + 2) }
    takeHardwareAddresses(&text)
    var network = takeEtherTypes(&text)
    takeShims(&text)
    if let named = takeNetworkName(&text) { network = named }
    if let network { return network }
    if let shape = networkByShape(text) { return shape }
    let isLinkKnown = record.protocolReached != .frame || record.link.etherType != nil
    return isLinkKnown || PrintedLinkLayer.isOther(text) ? .other : .unknown
  }

  /// `16:47:eb:ab:aa:87 (oui Unknown) > Broadcast, `, or the sender alone in a cooked capture.
  private mutating func takeHardwareAddresses(_ text: inout PrintedText) {
    let start = text.position
    guard let source = takeHardwareAddress(&text) else { return }
    record.link.source = source
    if record.protocolReached == .sll { return }
    guard text.take("> ") else { return text.move(to: start) }
    record.protocolReached = .eth
    let word = text.position
    if let destination = takeHardwareAddress(&text) {
      record.link.destination = destination
    } else {
      text.move(to: word)
      _ = text.takeWord()
      text.skipBlanks()
    }
    text.take(", ")
  }

  /// An address with its manufacturer, if any, and the blank behind it.
  private func takeHardwareAddress(_ text: inout PrintedText) -> UInt64? {
    let start = text.position
    let length = text.starts(with: "Broadcast") ? 9 : 17
    guard let address = text.eui48(start..<start + length) else { return nil }
    text.move(to: start + length)
    text.skipBlanks()
    if text.starts(with: "(oui ") {
      _ = text.takeParenthesized()
      text.skipBlanks()
    }
    return address
  }

  /// `ethertype IPv4 (0x0800), length 108: `, `IPv4, length 108: ` (`-q`), `AF IPv4 (2), …`, and
  /// VLAN tags with the EtherTypes behind them.
  private mutating func takeEtherTypes(_ text: inout PrintedText) -> Network? {
    var network: Network?
    let quietNames: [(String, Network)] = [
      ("IPv4, length ", .ipv4), ("IPv6, length ", .ipv6), ("ARP, length ", .arp),
    ]
    var isReading = true
    while isReading {
      text.skipBlanks()
      if text.starts(with: "ethertype ") {
        guard let type = takeEtherType(&text) else { return network }
        record.link.etherType = type
        network =
          switch type {
          case EtherType.ipv4: .ipv4
          case EtherType.ipv6: .ipv6
          case EtherType.arp: .arp
          default: nil
          }
      } else if text.take("vlan ") {
        guard let identifier = text.takeNumber(as: UInt16.self), identifier < 4096
        else { return network }
        record.link.appendVLAN(identifier)
        record.protocolReached = .vlan
        if text.take(", p ") { _ = text.takeNumber() }
        text.take(", DEI")
        text.take(", ")
      } else if text.starts(with: "AF IPv") {
        record.protocolReached = .null
        network = text.starts(with: "AF IPv4") ? .ipv4 : .ipv6
        guard let length = text.firstIndex(of: "length ") else { return network }
        text.move(to: length)
      } else if let name = quietNames.first(where: { text.starts(with: $0.0) }) {
        if record.protocolReached == .frame { record.protocolReached = .null }
        network = name.1
        text.move(to: text.position + name.0.utf8.count - "length ".utf8.count)
      } else if record.protocolReached != .frame, record.length == nil, text.take("length ") {
        record.length = text.takeNumber(as: Int64.self)
        if !text.take(":") { text.take(",") }
      } else {
        isReading = false
      }
    }
    return network
  }

  /// `ethertype IPv6 (0x86dd), `
  private func takeEtherType(_ text: inout PrintedText) -> UInt16? {
    guard let number = text.firstIndex(of: "(0x", before: text.position + 64) else { return nil }
    text.move(to: number)
    text.take("(")
    guard let type = text.takeHexadecimal(), text.take(")") else { return nil }
    if !text.take(",") { text.take(":") }
    return UInt16(exactly: type)
  }

  /// MPLS labels and PPPoE's session, which stand between the link and the network layer.
  private mutating func takeShims(_ text: inout PrintedText) {
    while text.take("MPLS ") {
      while text.takeParenthesized() != nil { text.skipBlanks() }
      // PPP's number and the frame's length: `MPLS (0x0281), length 48: MPLS (label …`.
      if text.take(", length ") {
        record.length = text.takeNumber(as: Int64.self)
        text.take(": ")
      }
    }
    if text.starts(with: "PPPoE "), let session = text.firstIndex(of: "[ses ") {
      text.move(to: session)
      _ = text.takeBracketed(UInt8(ascii: "["), UInt8(ascii: "]"))
      text.skipBlanks()
    }
  }

  /// `IP `, `IP6 `, `ARP, ` and their variants.
  private mutating func takeNetworkName(_ text: inout PrintedText) -> Network? {
    let names: [(String, Network)] = [
      ("IP ", .ipv4), ("IP6 ", .ipv6), ("ip: ", .ipv4), ("ip6: ", .ipv6), ("ARP, ", .arp),
      ("arp ", .arp), ("RARP, ", .arp),
    ]
    guard let name = names.first(where: { text.starts(with: $0.0) }) else { return nil }
    text.move(to: text.position + name.0.utf8.count)
    // PPP has its protocol's number and the frame's length behind the name: `IP (0x0021), …`.
    if text.starts(with: "(0x"), text.takeParenthesized() != nil, text.take(", length ") {
      let length = text.takeNumber(as: Int64.self)
      record.length = record.length ?? length
      text.take(": ")
      if text.take("IP ") || text.take("IP6 ") { return name.1 }
    }
    return name.1
  }

  /// The network layer, where only the form of what follows tells: `-q` on a cooked interface.
  private func networkByShape(_ text: PrintedText) -> Network? {
    var text = text
    if text.starts(with: "(tos ") { return .ipv4 }
    if text.starts(with: "(hlim ") || text.starts(with: "(flowlabel ")
      || text.starts(with: "(class ")
    {
      return .ipv6
    }
    let source = text.takeWord()
    guard text.starts(with: " > "), !source.isEmpty else { return nil }
    return source.contains { text.octet(at: $0) == UInt8(ascii: ":") } ? .ipv6 : .ipv4
  }
}
