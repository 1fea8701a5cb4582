/// The identification that an end of an SSH connection sends first: RFC 4253, section 4.2.
public struct SSHBanner: Equatable, Sendable {
  /// The packet that completes it.
  public var packetNumber: Int64
  /// Such as `2.0`.
  public var protocolVersion: TextRange
  /// Such as `OpenSSH_9.6p1`.
  public var software: TextRange
  /// What stands behind a space; mostly the operating system's package.
  public var comments: TextRange?
}

/// SSH up to its identifications: what follows is a negotiation, then encrypted.
struct SSHStream: StreamReader {
  /// RFC 4253, 4.2: octets of the line, its end included.
  private static let longest = 255
  /// Lines that a server may send before, and their octets: the RFC sets no limit.
  private static let mostBefore = 4096

  private var isDone = BothSides(false)

  var name: ProtocolName { .ssh }

  static func begins(_ octets: RawSpan) -> Bool { octets.starts(with: "SSH-") }

  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading {
    if isDone[side] {
      return StreamReading(consumed: octets.byteCount, foundMessage: true)
    }
    guard let line = octets.line(at: 0, longest: Self.longest) else {
      return octets.byteCount < Self.longest
        ? .more() : StreamReading(consumed: octets.byteCount, next: .stop)
    }
    var reading = StreamReading(consumed: line.next)
    guard SSHStream.begins(octets) else { return reading }
    let range = 4..<line.end
    guard let dash = octets.firstIndex(of: UInt8(ascii: "-"), in: range) else { return reading }
    let space = octets.firstIndex(of: UInt8(ascii: " "), in: dash + 1..<line.end)
    batch.ssh.append(
      SSHBanner(
        packetNumber: context.packetNumber,
        protocolVersion: batch.append(octets, 4..<dash),
        software: batch.append(octets, dash + 1..<(space ?? line.end)),
        comments: space.map { batch.append(octets, $0 + 1..<line.end) }))
    isDone[side] = true
    reading.foundMessage = true
    if isDone[side.other] { reading.next = .stop }
    return reading
  }

  mutating func lose(from side: StreamSide) {
    // The banner was lost, or what follows it.
    isDone[side] = true
  }
}
