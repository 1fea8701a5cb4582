/// What a printed datagram carries, told by how tcpdump begins to print it.
enum PrintedContent: Equatable, Sendable {
  case tcp
  case icmp
  case icmpv6
  /// A protocol without ports, by its number where the print tells.
  case portless(UInt8?)
  /// A protocol with ports that is neither TCP nor UDP.
  case other(UInt8)
  /// Anything else; with ports it is UDP, whose contents print in a hundred ways.
  case unnamed

  /// The protocols whose ports tcpdump prints behind the hosts: TCP, UDP, DCCP, SCTP, UDP-Lite.
  static let protocolsWithPorts: Set<UInt8> = [6, 17, 33, 132, 136]

  /// The first words of the protocols that have none, with their numbers: IANA, Assigned
  /// Internet Protocol Numbers.
  private static let portlessNames: [(String, UInt8?)] = [
    ("igmp ", 2), ("IP ", 4), ("IP6 ", 41), ("GREv", 47), ("gre", 47), ("RSVPv", 46),
    ("ESP(", 50), ("AH(", 51), ("EIGRP", 88), ("OSPFv", 89), ("PIMv", 103), ("PIM, ", 103),
    ("IPComp(", 108), ("VRRPv", 112), ("CARPv", 112), ("PGM, ", 113), ("nd ", 77),
    ("no next header", nil), ("mobility: ", nil), ("frag ", nil),
  ]

  /// Reads no further than the first words of `text`.
  init(_ text: PrintedText) {
    var text = text
    if text.starts(with: "Flags [") || text.starts(with: "tcp ") || text.starts(with: "[|tcp]")
      || PrintedTCP.hasOldFlags(text)
    {
      self = .tcp
    } else if text.starts(with: "ICMP ") || text.starts(with: "icmp: ")
      || text.starts(with: "[|icmp]")
    {
      self = .icmp
    } else if text.starts(with: "ICMP6, ") || text.starts(with: "icmp6: ")
      || text.starts(with: "[|icmp6]")
    {
      self = .icmpv6
    } else if text.take("ip-proto-") {
      self = .portless(text.takeNumber(as: UInt8.self))
    } else if text.starts(with: "sctp") || text.starts(with: "[|sctp]") {
      self = .other(132)
    } else if text.starts(with: "DCCP ") || text.starts(with: "[|dccp]") {
      self = .other(33)
    } else if let name = Self.portlessNames.first(where: { text.starts(with: $0.0) }) {
      self = .portless(name.1)
    } else {
      self = .unnamed
    }
  }

  var hasPorts: Bool {
    switch self {
    case .tcp, .other, .unnamed: true
    case .icmp, .icmpv6, .portless: false
    }
  }

  /// `nil` when the print does not name it.
  var protocolNumber: UInt8? {
    switch self {
    case .tcp: IPProtocol.tcp
    case .icmp: IPProtocol.icmp
    case .icmpv6: IPProtocol.icmpv6
    case .portless(let number): number
    case .other(let number): number
    case .unnamed: nil
    }
  }
}

extension PrintedPacketDecoder {
  /// Decodes what the packet's datagram carries.
  mutating func decodeContent(
    _ text: inout PrintedText, of datagram: PrintedDatagram, _ batch: inout RecordBatch
  ) {
    switch PrintedContent(text) {
    case .tcp: decodeTCP(&text, of: datagram, &batch)
    case .icmp: decodeICMP(&text, of: datagram, &batch)
    case .icmpv6: decodeICMPv6(&text, of: datagram, &batch)
    case .portless, .other: break
    case .unnamed:
      if datagram.network.protocolNumber == IPProtocol.udp {
        decodeUDP(&text, of: datagram, &batch)
      }
    }
  }

  /// Decodes a UDP datagram. Its payload is DNS on DNS's ports, as tcpdump takes it; elsewhere
  /// only its length is read.
  ///
  /// The length is printed as `UDP, length 20`, or is that of the IP datagram less both headers.
  private mutating func decodeUDP(
    _ text: inout PrintedText, of datagram: PrintedDatagram, _ batch: inout RecordBatch
  ) {
    guard
      record.transport.sourcePort != nil || record.transport.destinationPort != nil
        || text.starts(with: "UDP") || !text.starts(with: "[|")
    else {
      return fault(.cut, .udp, at: text.position, "the UDP header is cut, on line", &batch)
    }
    record.protocolReached = .udp
    if !datagram.isFragment, let length = datagram.payloadLength, length >= 8 {
      record.transport.payloadLength = length - Int32(UDPHeader.size)
    }
    if text.take("UDP, length ") || text.take("udp ") || text.take("UDP, length: ") {
      record.transport.payloadLength = text.takeNumber(as: Int32.self)
    } else if text.starts(with: "UDP, bad length ") {
      fault(
        .malformed, .udp, at: text.position, "the UDP length is beyond IP's, on line", &batch)
    } else if !datagram.isFragment, PrintedDNS.isExpected(record.transport) {
      decodeDNS(&text, overTCP: false, &batch)
    }
  }
}
