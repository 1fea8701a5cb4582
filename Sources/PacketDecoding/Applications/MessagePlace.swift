/// Which message of a packet: what a row of another message refers to.
public struct MessagePlace: Equatable, Sendable {
  public var packetNumber: Int64
  /// Among the messages of its protocol in that packet, from 0.
  public var position: Int32

  public init(packetNumber: Int64, position: Int32) {
    (self.packetNumber, self.position) = (packetNumber, position)
  }
}
