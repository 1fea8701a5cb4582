import CaptureReading
import CaseStore

/// A packet as the case holds it, with what finds its octets in its source.
public struct PacketRow: Sendable {
  public var name: PacketName
  /// Nanoseconds; `nil` when the capture does not say.
  public var time: Int64?
  public var place: PacketPlace
  /// Index in its capture.
  public var interface: Int64

  /// The columns of `packets` that a row is made of.
  static let columns =
    "packet_id, ts, byte_offset, captured_length, length, interface"

  /// - Parameter values: Of `columns`.
  init?(_ values: [SQLValue]) {
    guard values.count == 6, let id = values[0].integer else { return nil }
    name = PacketName(id: id)
    time = values[1].integer
    place = PacketPlace(
      offset: values[2].integer ?? 0, capturedLength: Int(clamping: values[3].integer ?? -1),
      length: values[4].integer ?? values[3].integer ?? 0)
    interface = values[5].integer ?? 0
  }

  /// The packet of that name; `nil` when the case does not hold it.
  ///
  /// - Throws: `SQLFault`.
  public init?(_ name: PacketName, in reader: CaseReader) throws {
    let row = try reader.firstRow(
      "SELECT \(Self.columns) FROM packets WHERE packet_id = :id",
      parameters: ["id": .integer(name.id)])
    guard let row, let packet = PacketRow(row.values) else { return nil }
    self = packet
  }
}

/// Reads the octets of packets from the sources of a case again: from what the case keeps of them, or
/// else from the files that were read.
///
/// Packets are asked for in the order of their identifiers: so each source is opened once and
/// passed over once. A source that is not the one which was read gives no octets.
public final class SourceOctets {
  /// Why a capture gives no octets, and how many packets that costs.
  public struct Loss: Equatable, Sendable {
    public var isChanged: Bool
    public var reason: String
    public var packets: Int64
  }

  /// By capture.
  public private(set) var losses: [Int64: Loss] = [:]
  /// What each source that was used was known by.
  public private(set) var proofs: [Int64: CaptureSource.State.Proof] = [:]
  /// Packets whose octets were lent, by capture.
  private var lent: [Int64: Int64] = [:]
  private let sources: [Int64: CaptureSource]
  private let reader: CaseReader
  private var open: (capture: Int64, octets: RecordedPackets, look: CaptureSource.Look?)?

  public init(_ sources: [CaptureSource], in reader: CaseReader) {
    self.reader = reader
    self.sources = Dictionary(sources.map { ($0.captureID, $0) }) { first, _ in first }
  }

  /// Lends the octets of a packet to `body`.
  ///
  /// - Returns: `false` where there are none; `losses` says why.
  /// - Throws: What `body` throws.
  public func withOctets(of packet: PacketRow, _ body: (RawSpan) throws -> Void) throws -> Bool {
    let capture = packet.name.capture
    if losses[capture] != nil {
      losses[capture]?.packets += 1
      return false
    }
    if open?.capture != capture {
      close()
      if let loss = openSource(capture) {
        losses[capture] = loss
        return false
      }
    }
    guard let octets = open?.octets else { return false }
    if try octets.withOctets(of: packet.place, body) {
      lent[capture, default: 0] += 1
      return true
    }
    let source = sources[capture]
    let place = source?.isEmbedded == true ? "what the case keeps of it" : source?.place ?? ""
    let reason = octets.failure ?? "has no packet \(packet.name.number) where one was read"
    lose(capture, "\(place): \(reason)")
    losses[capture]?.packets += 1
    open = nil
    return false
  }

  /// Ends the reading: a source that was changed while it was read counts as changed, and what it
  /// gave is not to be used.
  public func close() {
    defer { open = nil }
    guard let open, let source = sources[open.capture], !source.isEmbedded, let path = source.place
    else { return }
    if CaptureSource.look(at: path) != open.look {
      lose(open.capture, "\(path): was changed while it was read")
    }
  }

  /// - Returns: Why there are no octets; `nil` when the source is open.
  private func openSource(_ capture: Int64) -> Loss? {
    guard let source = sources[capture] else {
      return Loss(isChanged: false, reason: "the case does not say where it was read", packets: 1)
    }
    guard source.holdsOctets, let format = source.format else {
      return Loss(
        isChanged: false, reason: "it is what tcpdump printed, which holds no octets", packets: 1)
    }
    if source.isEmbedded { return openEmbedded(source, format) }
    let look = source.place.flatMap(CaptureSource.look)
    switch source.state() {
    case .missing(let reason): return Loss(isChanged: false, reason: reason, packets: 1)
    case .changed(let reason): return Loss(isChanged: true, reason: reason, packets: 1)
    case .same(let proof):
      do {
        open = (capture, try RecordedPackets(path: source.place ?? "", format: format), look)
        proofs[capture] = proof
        return nil
      } catch {
        return Loss(isChanged: false, reason: "\(error)", packets: 1)
      }
    }
  }

  /// - Returns: Likewise.
  private func openEmbedded(_ source: CaptureSource, _ format: CaptureFormat) -> Loss? {
    do {
      let octets = try RecordedPackets(source.packed(in: reader), format: format)
      open = (source.captureID, octets, nil)
      proofs[source.captureID] = .embedded
      return nil
    } catch {
      return Loss(isChanged: true, reason: "what the case keeps of it: \(error)", packets: 1)
    }
  }

  private func lose(_ capture: Int64, _ reason: String) {
    losses[capture] = Loss(isChanged: true, reason: reason, packets: lent[capture] ?? 0)
    proofs[capture] = nil
  }
}
