/// A 64-bit key that both directions of a conversation have, and no other conversation but by
/// accident: whoever joins by it compares the ends as well.
///
/// SipHash-2-4 (Aumasson and Bernstein, 2012) under a fixed key, over both ends, the lower first,
/// and the protocol; the mark of its domain is taken exclusive-or with that. The key must be the same in
/// every case and every version, since cases store it; a random one for each process would not do.
public struct ConversationKey: Hashable, Sendable {
  /// The key, as cases store it; all 64 bits are its own, the sign means nothing.
  public var value: Int64

  /// The key of what `packet` belongs to. What is not IP is told by its link-layer addresses and
  /// EtherType.
  ///
  /// - Parameter domain: 0 for times in UTC; a number of its own for each capture whose clock
  ///   cannot be compared with another's, so that conversations are not joined across them.
  public init(of packet: PacketRecord, domain: UInt64) {
    guard let source = packet.network.source, let destination = packet.network.destination else {
      let link = packet.link
      self.init(
        Self.words(link.source), Self.words(link.destination),
        protocolWord: 1 << 40 | UInt64(link.etherType ?? 0), domain: domain)
      return
    }
    self.init(
      source: source, sourcePort: packet.transport.sourcePort, destination: destination,
      destinationPort: packet.transport.destinationPort,
      protocolNumber: packet.network.protocolNumber, domain: domain)
  }

  /// The key of a conversation between two ends, such as that of a datagram that an ICMP error
  /// quotes; `domain` as above.
  public init(
    source: NetworkAddress, sourcePort: UInt16?, destination: NetworkAddress,
    destinationPort: UInt16?, protocolNumber: UInt8?, domain: UInt64
  ) {
    let number = UInt64(protocolNumber ?? 0) | (protocolNumber == nil ? 256 : 0)
    self.init(
      Self.words(source, sourcePort), Self.words(destination, destinationPort),
      protocolWord: number, domain: domain)
  }

  /// Whether the source comes before the destination, in an order that serves only to name the
  /// two ends of a conversation.
  public static func isLower(
    _ source: NetworkAddress, _ sourcePort: UInt16?, _ destination: NetworkAddress,
    _ destinationPort: UInt16?
  ) -> Bool {
    if source.high != destination.high { return source.high < destination.high }
    if source.low != destination.low { return source.low < destination.low }
    if source.kind != destination.kind { return source.kind.rawValue < destination.kind.rawValue }
    return (sourcePort ?? 0) <= (destinationPort ?? 0)
  }

  /// Three words for each end.
  private init(
    _ one: (UInt64, UInt64, UInt64), _ other: (UInt64, UInt64, UInt64), protocolWord: UInt64,
    domain: UInt64
  ) {
    let (lower, upper) = one <= other ? (one, other) : (other, one)
    var hash = SipHash24()
    hash.add(lower.0)
    hash.add(lower.1)
    hash.add(lower.2)
    hash.add(upper.0)
    hash.add(upper.1)
    hash.add(upper.2)
    hash.add(protocolWord)
    hash.add(0)
    value = Int64(bitPattern: hash.finish(octetCount: 64)) ^ Self.mark(ofDomain: domain)
  }

  /// What the keys of a domain differ in from those of the same ends in domain 0, bit by bit: so a
  /// capture's keys are brought to another domain without their ends, of which a host's number in a
  /// printed capture is not kept.
  public static func mark(ofDomain domain: UInt64) -> Int64 {
    guard domain != 0 else { return 0 }
    var hash = SipHash24()
    hash.add(domain)
    return Int64(bitPattern: hash.finish(octetCount: 8))
  }

  private static func words(_ address: NetworkAddress, _ port: UInt16?) -> (
    UInt64, UInt64, UInt64
  ) {
    (
      address.high, address.low,
      UInt64(address.kind.rawValue) << 32 | UInt64(port ?? 0) | (port == nil ? 1 << 16 : 0)
    )
  }

  private static func words(_ hardwareAddress: UInt64?) -> (UInt64, UInt64, UInt64) {
    (0, hardwareAddress ?? 0, hardwareAddress == nil ? 1 << 40 : 2 << 40)
  }
}
