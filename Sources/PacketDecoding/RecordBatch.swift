/// What a run of packets decodes to, in the order of the packets: the unit that travels from the
/// thread that decodes to the thread that stores.
///
/// A batch is emptied and filled again, so that its arrays are allocated once.
public struct RecordBatch: Sendable {
  /// One of each packet, in the order of their numbers.
  public var packets: [PacketRecord] = []
  /// The DNS messages of the packets, in their order.
  public var dns: [DNSRecord] = []
  /// The ICMP and ICMPv6 messages of the packets, in their order.
  public var icmp: [ICMPRecord] = []
  /// The ARP packets among the packets, in their order.
  public var arp: [ARPRecord] = []
  /// The identifications of SSH, in the packets' order; likewise the following.
  public var ssh: [SSHBanner] = []
  public var http: [HTTPMessage] = []
  public var sessionLines: [SessionLine] = []
  public var logins: [LoginAttempt] = []
  public var loginResults: [LoginResult] = []
  public var tlsHandshakes: [TLSHandshake] = []
  public var quic: [QUICPacket] = []
  public var tlsCertificates: [TLSCertificate] = []
  public var tlsAlerts: [TLSAlert] = []
  public var dhcp: [DHCPMessage] = []
  public var dhcpv6: [DHCPv6Message] = []
  public var ntp: [NTPMessage] = []
  public var syslog: [SyslogMessage] = []
  public var smb: [SMBMessage] = []
  public var snmp: [SNMPMessage] = []
  public var sip: [SIPMessage] = []
  public var rtp: [RTPStream] = []
  public var names: [NameMessage] = []
  /// What was around the packets, in their order; for each the outermost first.
  public var encapsulations: [EncapsulationRecord] = []
  /// Where each packet stands in its text; empty for captures of octets.
  public var lines: [PrintedLineRecord] = []
  /// What could not be decoded, of packets and of a printed capture's other lines.
  public var faults: [DecodingFault] = []
  /// UTF-8 octets that the records' `TextRange`s refer to.
  public var text: [UInt8] = []

  public init() {}

  /// The octets of `range`, as text; octets that are not UTF-8 are replaced by U+FFFD.
  public func string(_ range: TextRange) -> String {
    let start = min(max(0, Int(range.start)), text.count)
    let end = min(start + max(0, Int(range.count)), text.count)
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  /// What was around a packet, the outermost first.
  public func encapsulations(ofPacket number: Int64) -> [EncapsulationRecord] {
    let first = Self.firstIndex(of: number, in: encapsulations) { $0.packetNumber }
    return Array(encapsulations[first...].prefix { $0.packetNumber == number })
  }

  /// Notes what an earlier packet was read as, where it is still in the batch.
  mutating func note(_ name: ProtocolName, ofPacket number: Int64) {
    let index = Self.firstIndex(of: number, in: packets) { $0.number }
    guard index < packets.count, packets[index].number == number else { return }
    packets[index].protocolReached = name
  }

  /// Where the first record of a packet stands, or would: records stand in the order of their packets.
  private static func firstIndex<Record>(
    of number: Int64, in records: [Record], _ packet: (Record) -> Int64
  ) -> Int {
    var (low, high) = (0, records.count)
    while low < high {
      let middle = low + (high - low) / 2
      if packet(records[middle]) < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Appends `string` to the batch's text.
  public mutating func append(text string: some StringProtocol) -> TextRange {
    let start = text.count
    text.append(contentsOf: string.utf8)
    return TextRange(start: start, count: text.count - start)
  }

  /// Empties the batch and keeps its memory.
  public mutating func removeAll() {
    packets.removeAll(keepingCapacity: true)
    dns.removeAll(keepingCapacity: true)
    icmp.removeAll(keepingCapacity: true)
    arp.removeAll(keepingCapacity: true)
    ssh.removeAll(keepingCapacity: true)
    http.removeAll(keepingCapacity: true)
    sessionLines.removeAll(keepingCapacity: true)
    logins.removeAll(keepingCapacity: true)
    loginResults.removeAll(keepingCapacity: true)
    tlsHandshakes.removeAll(keepingCapacity: true)
    quic.removeAll(keepingCapacity: true)
    tlsCertificates.removeAll(keepingCapacity: true)
    tlsAlerts.removeAll(keepingCapacity: true)
    dhcp.removeAll(keepingCapacity: true)
    dhcpv6.removeAll(keepingCapacity: true)
    ntp.removeAll(keepingCapacity: true)
    syslog.removeAll(keepingCapacity: true)
    smb.removeAll(keepingCapacity: true)
    snmp.removeAll(keepingCapacity: true)
    sip.removeAll(keepingCapacity: true)
    rtp.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    encapsulations.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
  }
}

/// A stretch of a batch's `text`: UTF-8 octets that a record refers to.
public struct TextRange: Equatable, Sendable {
  /// Octets of the text before it.
  public var start: Int32
  /// Its own octets.
  public var count: Int32

  /// Numbers that 32 bits do not hold are clamped.
  public init(start: Int, count: Int) {
    (self.start, self.count) = (Int32(clamping: start), Int32(clamping: count))
  }
}
