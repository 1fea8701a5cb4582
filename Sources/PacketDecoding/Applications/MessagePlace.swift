/// Which message of a packet: what a row of another message refers to.
public struct MessagePlace: Equatable, Sendable {
  /// The packet that completes the message.
  public var packetNumber: Int64
  /// Among the messages of its kind in that packet, from 0.
  public var position: Int32

  /// A place by its two numbers.
  public init(packetNumber: Int64, position: Int32) {
    (self.packetNumber, self.position) = (packetNumber, position)
  }

  /// The place of the packet's next message, behind those of its kind that are there.
  init<Message>(
    ofPacket number: Int64, behind messages: [Message], _ packet: (Message) -> Int64
  ) {
    let count = messages.reversed().prefix { packet($0) == number }.count
    self.init(packetNumber: number, position: Int32(clamping: count))
  }
}
