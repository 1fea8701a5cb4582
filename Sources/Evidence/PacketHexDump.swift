import CaptureReading
import CaseStore

/// What `hexdump(packet_id)` answers: a packet's octets as `wirecase packet` shows them, read from
/// their source again.
///
/// It reads the case by a connection of its own, since the statement that asks has the other in
/// use. For one thread.
public final class PacketHexDump {
  private let path: String
  private var opened: (reader: CaseReader, sources: [CaptureSource], octets: SourceOctets)?
  /// The packet that was read last.
  private var last: Int64 = 0
  private var failure: String?

  /// - Parameter path: Of the case, which is opened when a packet is first asked for.
  public init(path: String) { self.path = path }

  /// The lines of the dump; `nil` where the case has no such packet, or its octets cannot be had:
  /// `takeLosses` says why.
  public func text(of packetID: Int64) -> String? {
    guard failure == nil else { return nil }
    do {
      let (reader, sources, octets) = try open()
      guard let row = try PacketRow(PacketName(id: packetID), in: reader) else { return nil }
      var captured: [UInt8] = []
      if try !octets.withOctets(of: row, { $0.append(to: &captured) }) {
        // A compressed source is read forward only: what stands before is reached from its start.
        guard packetID <= last else { return nil }
        let again = SourceOctets(sources, in: reader)
        opened?.octets = again
        guard try again.withOctets(of: row, { $0.append(to: &captured) }) else { return nil }
      }
      last = packetID
      return captured.isEmpty ? nil : HexDump.lines(captured).joined(separator: "\n")
    } catch {
      failure = "\(error)"
      return nil
    }
  }

  /// Why packets that were asked for have no octets, a line for each capture. Sources are let go:
  /// those of the next statement are looked at anew.
  public func takeLosses() -> [String] {
    defer { (opened, failure, last) = (nil, nil, 0) }
    if let failure { return ["hexdump: \(failure)"] }
    guard let (_, sources, octets) = opened else { return [] }
    octets.close()
    let names = Dictionary(sources.map { ($0.captureID, $0.name) }) { first, _ in first }
    return octets.losses.sorted { $0.key < $1.key }.map { capture, loss in
      "hexdump: \(names[capture] ?? "capture \(capture)"): no octets: \(loss.reason)"
    }
  }

  private func open() throws -> (
    reader: CaseReader, sources: [CaptureSource], octets: SourceOctets
  ) {
    if let opened { return opened }
    let reader = try CaseReader(path: path)
    let sources = try CaptureSource.all(reader)
    let made = (reader, sources, SourceOctets(sources, in: reader))
    opened = made
    return made
  }
}
