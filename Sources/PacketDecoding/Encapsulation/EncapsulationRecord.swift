/// A header that a packet was wrapped in on its way: a tunnel, or a label.
///
/// The record of the packet tells what is inside; these tell what was around it.
public struct EncapsulationRecord: Equatable, Sendable {
  public var packetNumber: Int64
  /// 1 for the outermost.
  public var depth: UInt8
  /// Such as `.gre` and `.vxlan`; for IP in IP the outer `.ip` or `.ipv6`.
  public var kind: ProtocolName
  /// The ends of the outer IP datagram; `nil` for what has none of its own, such as a label.
  public var source: NetworkAddress?
  public var destination: NetworkAddress?
  /// What tells it from others between the same ends: the network identifier of VXLAN, GENEVE and
  /// NVGRE, GRE's key, GTP-U's tunnel endpoint identifier, the innermost MPLS label, the session of
  /// PPPoE and ERSPAN.
  public var identifier: UInt32?

  public init(
    packetNumber: Int64, depth: UInt8, kind: ProtocolName, source: NetworkAddress? = nil,
    destination: NetworkAddress? = nil, identifier: UInt32? = nil
  ) {
    (self.packetNumber, self.depth, self.kind) = (packetNumber, depth, kind)
    (self.source, self.destination, self.identifier) = (source, destination, identifier)
  }
}
