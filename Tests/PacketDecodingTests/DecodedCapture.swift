import Foundation

@testable import PacketDecoding

/// Frames of Ethernet, decoded one after the other, and all that they decode to.
struct DecodedCapture {
  enum End { case client, server }

  var batch = RecordBatch()
  private(set) var decoder: PacketDecoder
  /// Of the last frame, in nanoseconds.
  private var time: Int64 = 0

  init(depth: DecodingDepth = .applications) { decoder = PacketDecoder(depth: depth) }

  /// - Parameters:
  ///   - nanoseconds: Time since the frame before.
  ///   - lost: Octets at its end that the capture does not hold.
  mutating func add(
    _ frame: [UInt8], after nanoseconds: Int64 = 0, lost: Int = 0, isRepetition: Bool = false
  ) {
    time += nanoseconds
    decoder.decode(
      Data(frame.dropLast(lost)).bytes,
      of: Frame(
        number: Int64(batch.packets.count + 1), timestamp: time, offset: 0,
        length: Int64(frame.count), interface: 0, linkType: 1, isRepetition: isRepetition),
      into: &batch)
  }

  /// Adds a datagram of IPv4, of the client, 192.0.2.10, or of the server, 198.51.100.7.
  mutating func send(
    _ end: End, _ number: UInt8, _ payload: [UInt8], after nanoseconds: Int64 = 0, lost: Int = 0
  ) {
    var datagram = Octets.ipv4(number, payload)
    if end == .server { datagram.replaceSubrange(12..<20, with: Octets.hex("c6336407 c000020a")) }
    add(Octets.ethernet(datagram), after: nanoseconds, lost: lost)
  }

  /// Adds a datagram of UDP of the client.
  mutating func send(udp source: Int, _ destination: Int, _ data: [UInt8]) {
    send(.client, 17, Octets.udp(source, destination, data))
  }

  /// Lets time pass until the next frame.
  mutating func wait(seconds: Int64) { time += seconds * 1_000_000_000 }

  /// Ends the capture.
  mutating func finish() { decoder.finish(into: &batch) }

  var reached: [ProtocolName] { batch.packets.map(\.protocolReached) }
  var faults: [String] { batch.faults.map { "\($0.packetNumber) \($0.kind): \($0.message)" } }
}
