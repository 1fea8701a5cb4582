/// An ARP packet for IPv4 over Ethernet: RFC 826.
public struct ARPRecord: Equatable, Sendable {
  public var packetNumber: Int64
  /// 1 request, 2 reply.
  public var operation: UInt16
  /// EUI-48 addresses in the low 48 bits.
  public var senderHardware: UInt64?
  public var senderAddress: NetworkAddress?
  public var targetHardware: UInt64?
  public var targetAddress: NetworkAddress?

  public init(packetNumber: Int64, operation: UInt16) {
    (self.packetNumber, self.operation) = (packetNumber, operation)
  }
}
