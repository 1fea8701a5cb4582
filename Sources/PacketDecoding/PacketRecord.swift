/// What decoding keeps of one packet: fixed size, no heap.
///
/// `nil` means that the packet, or the printed line that stands for it, does not say. What only
/// some packets have (a DNS message, an ICMP message, …) stands in a `RecordBatch` beside it.
public struct PacketRecord: Equatable, Sendable {
  /// 1 for the first packet of a capture, as Wireshark's `frame.number`.
  public var number: Int64
  /// Nanoseconds since 1970-01-01 UTC, or since midnight when the capture prints only a clock.
  public var timestamp: Int64?
  /// Octets before the packet's record (printed captures: its first line) in the capture,
  /// after decompression.
  public var offset: Int64
  /// Octets captured, and octets on the wire.
  public var capturedLength: Int64?
  public var length: Int64?
  /// The interface's index in its capture, across sections; 0 where the format knows only one.
  public var interface: Int32
  public var link = LinkHeader()
  public var network = NetworkHeader()
  public var transport = TransportHeader()
  /// The innermost protocol that was decoded: where decoding stopped.
  public var protocolReached = ProtocolName.frame

  public init(number: Int64, timestamp: Int64?, offset: Int64, interface: Int32 = 0) {
    (self.number, self.timestamp, self.offset, self.interface) =
      (number, timestamp, offset, interface)
  }
}

/// What the link layer said of a packet.
public struct LinkHeader: Hashable, Sendable {
  /// EUI-48 addresses, most significant octet first, in the low 48 bits. Linux cooked captures
  /// have only the source.
  public var source: UInt64?
  public var destination: UInt64?
  /// The EtherType of what the link layer carries, after VLAN tags.
  public var etherType: UInt16?
  /// The 802.1Q and 802.1ad VLAN identifiers, outermost first, 16 bits each from the least
  /// significant up, each plus one so that 0 means none. At most four are kept.
  public var vlans: UInt64 = 0
  /// The interface's index on the capturing host, which Linux cooked captures, version 2, give
  /// with each packet.
  public var interfaceIndex: UInt32?
  /// Tells the encapsulations around the packet from others; 0 when there are none. The same for both
  /// directions, so that it is a part of where the packet was seen.
  public var tunnel: UInt64 = 0
  /// The same with everything that a `fact_encapsulation` row says, so that it differs by direction.
  public var tunnelDirection: UInt64 = 0

  public init() {}

  /// The VLAN identifiers, outermost first.
  public var vlanIdentifiers: [UInt16] {
    (0..<4).compactMap { index in
      let slot = UInt16(truncatingIfNeeded: vlans >> UInt64(16 * index))
      return slot == 0 ? nil : slot - 1
    }
  }

  /// Keeps `identifier`, 12 bits, as the next inner tag; `false` when four are kept already.
  @discardableResult
  public mutating func appendVLAN(_ identifier: UInt16) -> Bool {
    for index in 0..<4 where UInt16(truncatingIfNeeded: vlans >> UInt64(16 * index)) == 0 {
      vlans |= UInt64((identifier & 0x0fff) + 1) << UInt64(16 * index)
      return true
    }
    return false
  }
}

/// What the network layer said of a packet: RFC 791 and RFC 8200.
public struct NetworkHeader: Equatable, Sendable {
  public var source: NetworkAddress?
  public var destination: NetworkAddress?
  /// IPv4's protocol, or the upper-layer protocol behind IPv6's extension headers.
  public var protocolNumber: UInt8?
  /// IPv4's time to live, IPv6's hop limit.
  public var timeToLive: UInt8?
  /// IPv4's identification, or that of an IPv6 fragment header.
  public var identification: UInt32?
  public var fragment: Fragment?

  /// One piece of a fragmented datagram.
  public struct Fragment: Equatable, Sendable {
    /// Octets before this piece in the datagram's payload.
    public var offset: Int32
    public var moreFragments: Bool
    public init(offset: Int32, moreFragments: Bool) {
      (self.offset, self.moreFragments) = (offset, moreFragments)
    }
  }

  public init() {}
}

/// What the transport layer said of a packet: RFC 768 and RFC 9293.
public struct TransportHeader: Equatable, Sendable {
  public var sourcePort: UInt16?
  public var destinationPort: UInt16?
  /// Octets of payload that the headers promise, captured or not.
  public var payloadLength: Int32?
  public var tcp: TCPFields?
  /// A hash of the first octets of the payload, which forwarding leaves as they are: tells packets
  /// apart that are neither TCP, whose sequence number does, nor DNS. See `payloadHash(_:_:_:)`.
  public var payloadHash: UInt32?

  public init() {}
}

/// The fields of a TCP header that a case keeps: RFC 9293, section 3.1.
public struct TCPFields: Equatable, Sendable {
  /// CWR, ECE, URG, ACK, PSH, RST, SYN, FIN, from bit 7 down.
  public var flags: TCPFlags
  public var sequence: UInt32?
  public var acknowledgment: UInt32?
  public var window: UInt16?
  /// Options; RFC 9293 section 3.2, RFC 7323, RFC 2018.
  public var maximumSegmentSize: UInt16?
  public var windowScale: UInt8?
  public var selectiveAcknowledgmentPermitted = false

  public init(
    flags: TCPFlags, sequence: UInt32? = nil, acknowledgment: UInt32? = nil, window: UInt16? = nil
  ) {
    (self.flags, self.sequence, self.acknowledgment, self.window) =
      (flags, sequence, acknowledgment, window)
  }
}

/// TCP's control bits: RFC 9293, section 3.1.
public struct TCPFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static let fin = TCPFlags(rawValue: 0x01)
  public static let syn = TCPFlags(rawValue: 0x02)
  public static let rst = TCPFlags(rawValue: 0x04)
  public static let psh = TCPFlags(rawValue: 0x08)
  public static let ack = TCPFlags(rawValue: 0x10)
  public static let urg = TCPFlags(rawValue: 0x20)
  public static let ece = TCPFlags(rawValue: 0x40)
  public static let cwr = TCPFlags(rawValue: 0x80)
}

/// The protocols that decoding can stop at, under Wireshark's filter names.
///
/// The raw values are stored in cases: they are never changed, only added to.
public enum ProtocolName: UInt8, CaseIterable, Sendable {
  /// Nothing was decoded: the link type is not known, or the packet holds too little.
  case frame = 0
  case eth = 1
  case vlan = 2
  case sll = 3
  case raw = 4
  case null = 5
  case arp = 6
  case ip = 7
  case ipv6 = 8
  case icmp = 9
  case icmpv6 = 10
  case tcp = 11
  case udp = 12
  case dns = 13
  case llc = 14
  case ppp = 15
  case pppoed = 16
  case pppoes = 17
  case mpls = 18
  case gre = 19
  case erspan = 20
  case nvgre = 21
  case vxlan = 22
  case geneve = 23
  case gtp = 24
  case teredo = 25
  case wlan = 26
  case radiotap = 27
  case nflog = 28
  case pktap = 29
  case http = 30
  case tls = 31
  case quic = 32
  case dhcp = 33
  case dhcpv6 = 34
  case ntp = 35
  case ssh = 36
  case smtp = 37
  case ftp = 38
  case imap = 39
  case pop = 40
  case smb = 41
  case smb2 = 42
  case snmp = 43
  case sip = 44
  case rtp = 45
  case syslog = 46
  case mdns = 47
  case llmnr = 48
  case nbns = 49
  case ldap = 50
  case mysql = 51
  case pgsql = 52
  case resp = 53
  case rdp = 54
  case bgp = 55
  case kerberos = 56
  case mqtt = 57
  case mbtcp = 58

  /// The name as Wireshark's filters spell it.
  public var name: String { String(describing: self) }

  /// How deep in a packet without encapsulations the protocol stands, from 0 for nothing decoded: those
  /// of one depth stand for each other, and each is carried by those of a smaller one.
  var depth: Int {
    switch self {
    case .frame: 0
    case .eth, .sll, .raw, .null, .ppp, .wlan, .radiotap, .nflog, .pktap: 1
    case .vlan, .llc, .mpls, .pppoed, .pppoes: 2
    case .arp, .ip, .ipv6: 3
    case .icmp, .icmpv6, .tcp, .udp, .gre: 4
    // Applications, and tunnels in UDP.
    default: 5
    }
  }

  /// Whether it is what a conversation is for, rather than what carries that.
  public var isApplication: Bool { self == .dns || rawValue >= Self.http.rawValue }
}
