@testable import PacketDecoding

/// A TCP connection from 192.0.2.10, port 50001, to a port of 198.51.100.7, decoded segment by segment.
struct DecodedStream {
  typealias End = DecodedCapture.End

  private var capture: DecodedCapture
  private let port: Int
  /// The sequence numbers that come next.
  private(set) var next = (client: 1000, server: 9000)

  /// - Parameter isOpened: Whether its handshake is decoded first, in packets 1 to 3.
  init(port: Int, depth: DecodingDepth = .applications, isOpened: Bool = true) {
    self.port = port
    capture = DecodedCapture(depth: depth)
    guard isOpened else { return }
    segment(.client, at: 999, flags: 0x02)
    segment(.server, at: 8999, flags: 0x12)
    segment(.client, at: 1000, flags: 0x10)
  }

  /// Sends what comes next.
  mutating func send(_ end: End, _ octets: [UInt8], flags: UInt8 = 0x18) {
    let sequence = end == .client ? next.client : next.server
    segment(end, at: sequence, octets, flags: flags)
    if end == .client { next.client += octets.count } else { next.server += octets.count }
  }

  mutating func send(_ end: End, _ text: String) { send(end, Array(text.utf8)) }

  /// Leaves out octets that come next: they were not captured.
  mutating func lose(_ end: End, _ count: Int) {
    if end == .client { next.client += count } else { next.server += count }
  }

  /// Sends a segment of that sequence number, a millisecond after the one before.
  ///
  /// - Parameter captured: Octets of it that the capture holds; all when `nil`.
  mutating func segment(
    _ end: End, at sequence: Int, _ octets: [UInt8] = [], flags: UInt8 = 0x18,
    acknowledging: Int? = nil, captured: Int? = nil
  ) {
    let acknowledgment = acknowledging ?? (end == .client ? next.server : next.client)
    let (source, destination) = end == .client ? (50001, port) : (port, 50001)
    var header = Octets.tcp(source, destination, flags: flags, octets)
    header.replaceSubrange(4..<12, with: Octets.four(sequence) + Octets.four(acknowledgment))
    capture.send(
      end, 6, header, after: 1_000_000, lost: captured.map { octets.count - $0 } ?? 0)
  }

  /// Lets time pass until the next segment.
  mutating func wait(seconds: Int64) { capture.wait(seconds: seconds) }

  /// Ends the capture.
  mutating func finish() { capture.finish() }

  var batch: RecordBatch { capture.batch }
  var reached: [ProtocolName] { capture.reached }
  var faults: [String] { capture.faults }
  func text(_ range: TextRange?) -> String? { range.map(batch.string) }
}

/// What a UDP datagram decodes to.
extension DecodedFrame {
  /// A datagram from 192.0.2.10 to 198.51.100.7.
  init(udp source: Int, _ destination: Int, _ data: [UInt8]) {
    self.init(Octets.ethernet(Octets.ipv4(17, Octets.udp(source, destination, data))))
  }
}
