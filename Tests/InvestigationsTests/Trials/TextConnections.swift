import CaseFixtures

/// TCP connections to one server in which lines of text are sent, of captures that begin in the middle of
/// them.
struct TextConnections {
  var capture = CaptureFile()
  private let server: Endpoint
  /// The sequence numbers that come next, by who sends and to which end.
  private var next: [String: UInt32] = [:]

  /// - Parameter port: Of the server, 198.51.100.80.
  init(port: UInt16) { server = Endpoint("198.51.100.80", port) }

  /// Sends to the server, so many milliseconds after noon.
  mutating func ask(_ time: Int64, _ client: Endpoint, _ text: String) {
    send(time, client, server, text)
  }

  /// Sends from the server.
  mutating func answer(_ time: Int64, _ client: Endpoint, _ text: String) {
    send(time, server, client, text)
  }

  private mutating func send(
    _ time: Int64, _ source: Endpoint, _ destination: Endpoint, _ text: String
  ) {
    let key = "\(source) \(destination)"
    let back = "\(destination) \(source)"
    let sequence = next[key] ?? 1
    capture.add(
      time,
      .tcp(
        source, destination, flags: 24, sequence: sequence, acknowledgment: next[back] ?? 1,
        Array(text.utf8)))
    next[key] = sequence + UInt32(text.utf8.count)
  }
}
