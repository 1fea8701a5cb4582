import CaptureReading
import CaseStore
import Foundation

/// Writes packets of a case, as they stand in their sources, to a pcapng file, with a manifest
/// beside it.
///
/// The file has one section, an interface for each interface of each capture, and the packets in the
/// order of time, each with a comment that says where it is from. Memory is bounded: the sources are
/// passed over once, and the packets are put in order on the disk where they are many.
public struct PacketExport {
  /// What came of an export.
  public struct Outcome: Equatable, Sendable {
    /// `nil` when there was nothing to write, and nothing was written.
    public var manifest: ExportManifest?
    public var packetsWritten: Int64
    /// What was left out of each capture and why, in the order of their numbers.
    public var losses: [CaptureLoss]
  }

  /// The packets of one capture that have no octets.
  public struct CaptureLoss: Equatable, Sendable {
    public var capture: String
    public var packets: Int64
    /// Why, in words.
    public var reason: String
    /// Something stands where the source was, and it is not the source.
    public var isChanged: Bool
  }

  private let reader: CaseReader
  private let actor: Actor
  private let sources: [Int64: CaptureSource]
  /// Octets of packets that are kept in memory.
  var capacity = 32 << 20

  public init(_ reader: CaseReader, by actor: Actor) throws {
    (self.reader, self.actor) = (reader, actor)
    sources = Dictionary(
      try CaptureSource.all(reader).map { ($0.captureID, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Writes the packets to `path`, and `path` with `ExportManifest.suffix` beside it.
  ///
  /// Both are there at the end, or neither.
  ///
  /// - Throws: `EvidenceError`, `SQLFault`, `CaseError`.
  public func write(_ selection: SelectedPackets, to path: String) throws -> Outcome {
    try NewFile.checkMayWrite(path)
    try NewFile.checkMayWrite(path + ExportManifest.suffix)
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard let caseFile = ContentDigest.ofFile(reader.path) else {
      throw CaseError.notReadable(path: reader.path, reason: "its digest cannot be taken")
    }
    let order = TimeOrder(folder: folder, capacity: capacity)
    let octets = SourceOctets(Array(sources.values), in: reader)
    var interfaces = try Interfaces(reader, sources)
    var block = PcapNGOctets()
    try selection.forEach(in: reader) { packet in
      let source = sources[packet.name.capture]
      _ = try octets.withOctets(of: packet) { span in
        let place = interfaces.place(of: packet)
        block.removeAll()
        block.addPacket(
          interface: place.index, time: place.time,
          length: UInt32(clamping: packet.place.length), span,
          comment: Self.comment(packet, of: source, selection.label))
        try order.add(time: packet.time ?? .max, tie: packet.name.id, block.octets)
      }
    }
    octets.close()
    // Of a source that turned out to be another, nothing is used.
    interfaces.leaveOut(captures: Set(octets.losses.keys))
    let losses = octets.losses.sorted { $0.key < $1.key }.map { id, loss in
      CaptureLoss(
        capture: sources[id]?.name ?? "", packets: loss.packets, reason: loss.reason,
        isChanged: loss.isChanged)
    }
    var outcome = Outcome(manifest: nil, packetsWritten: 0, losses: losses)
    guard interfaces.packets.values.contains(where: { $0 > 0 }) else { return outcome }
    let file = try NewFile(path)
    let listed = try write(order, interfaces, to: file)
    outcome.packetsWritten = interfaces.packets.values.reduce(0, +)
    let manifest = ExportManifest(
      asked: .init(option: selection.option, sql: selection.sql),
      caseFile: .init(
        path: URL(filePath: reader.path).path, sha256: caseFile.sha256, size: caseFile.size),
      by: actor,
      file: .init(
        path: URL(filePath: path).lastPathComponent, sha256: file.sha256, size: file.size),
      captures: captures(interfaces, octets), packetCount: outcome.packetsWritten, packets: listed)
    let beside = try NewFile(path + ExportManifest.suffix)
    try beside.write(manifest.json())
    try beside.finish()
    try file.publish()
    do { try beside.publish() } catch {
      file.withdraw()
      throw error
    }
    outcome.manifest = manifest
    return outcome
  }

  /// Writes section, interfaces and packets.
  ///
  /// - Returns: The packets in their order; `nil` when they are more than a manifest lists.
  private func write(
    _ order: TimeOrder, _ interfaces: Interfaces, to file: NewFile
  ) throws -> [ExportManifest.Packet]? {
    var head = PcapNGOctets()
    head.addSection(CaptureSection(application: "wirecase \(actor.programVersion)"))
    for description in interfaces.descriptions { description.add(to: &head) }
    try file.write(head.octets)
    let total = interfaces.packets.values.reduce(0, +)
    var listed: [ExportManifest.Packet]? = total <= ExportManifest.mostListed ? [] : nil
    try order.drain { id, block in
      let name = PacketName(id: id)
      var block = block
      guard let index = PcapNGOctets.interface(ofPacketBlock: block),
        let number = interfaces.number(of: index)
      else { return }
      PcapNGOctets.setInterface(number, ofPacketBlock: &block)
      try file.write(block)
      listed?.append(
        .init(packetID: id, capture: sources[name.capture]?.name ?? "", number: name.number))
    }
    try file.finish()
    return listed
  }

  private func captures(
    _ interfaces: Interfaces, _ octets: SourceOctets
  ) -> [ExportManifest.Capture] {
    sources.values.sorted { $0.captureID < $1.captureID }.compactMap { source in
      let (written, loss) = (
        interfaces.packets[source.captureID] ?? 0, octets.losses[source.captureID]
      )
      guard written > 0 || loss != nil else { return nil }
      return ExportManifest.Capture(
        captureID: source.captureID, name: source.name, path: source.path, sha256: source.sha256,
        knownBy: octets.proofs[source.captureID]?.rawValue, packetsWritten: written,
        packetsLeftOut: loss?.packets ?? 0, reason: loss?.reason)
    }
  }

  /// Such as `finding 3 (dns-unanswered); client1.pcap packet 65`.
  private static func comment(
    _ packet: PacketRow, of source: CaptureSource?, _ label: String?
  ) -> String {
    let place = "\(source?.name ?? "capture \(packet.name.capture)") packet \(packet.name.number)"
    let time = packet.time == nil ? "; the capture says no time" : ""
    return HarmlessText.of((label.map { "\($0); " } ?? "") + place + time)
  }
}

/// An interface of an exported file. Its times are nanoseconds.
private struct Description {
  var linkType: UInt16
  /// 0 for no limit.
  var snapLength: UInt32
  var name: String
  var description: String
  /// Seconds that are added to each time: below zero where times lie before 1970.
  var offsetSeconds: Int64

  func add(to octets: inout PcapNGOctets) {
    octets.addInterface(
      linkType: linkType, snapLength: snapLength, name: name, description: description,
      offsetSeconds: offsetSeconds)
  }
}

/// The interfaces of an exported file, numbered as their first packets come.
private struct Interfaces {
  private struct Key: Hashable {
    var capture: Int64
    var interface: Int64
  }

  private struct Use {
    var description: Description
    var capture: Int64
    /// In the file; `nil` for what is left out.
    var number: UInt32?
  }

  private let rows: [Key: SQLRow]
  private let sources: [Int64: CaptureSource]
  private var indices: [Key: Int] = [:]
  private var uses: [Use] = []
  /// Packets by capture.
  private(set) var packets: [Int64: Int64] = [:]

  init(_ reader: CaseReader, _ sources: [Int64: CaptureSource]) throws {
    self.sources = sources
    var rows: [Key: SQLRow] = [:]
    for row in try reader.rows(
      "SELECT capture_id, interface, link_type, snap_length, name, description FROM interfaces")
    {
      guard let capture = row["capture_id"].integer, let index = row["interface"].integer else {
        continue
      }
      rows[Key(capture: capture, interface: index)] = row
    }
    self.rows = rows
  }

  /// Counts a packet, and tells the index of its interface, which is not yet its number, and its
  /// time as that interface counts.
  mutating func place(of packet: PacketRow) -> (index: UInt32, time: UInt64) {
    let key = Key(capture: packet.name.capture, interface: packet.interface)
    let index: Int
    if let known = indices[key] {
      index = known
    } else {
      index = uses.count
      indices[key] = index
      uses.append(Use(description: description(key), capture: key.capture, number: UInt32(index)))
    }
    packets[key.capture, default: 0] += 1
    let limit = uses[index].description.snapLength
    if limit > 0 && packet.place.capturedLength > Int(limit) {
      uses[index].description.snapLength = UInt32(clamping: packet.place.capturedLength)
    }
    guard let time = packet.time else { return (UInt32(index), 0) }
    // From the whole second before the first packet of the capture: never below zero.
    let counted = Int128(time) - Int128(uses[index].description.offsetSeconds) * 1_000_000_000
    return (UInt32(index), UInt64(clamping: counted))
  }

  private func description(_ key: Key) -> Description {
    let (row, source) = (rows[key], sources[key.capture])
    let capture = source?.name ?? "capture \(key.capture)"
    let own = row?["description"].text.map { " (\($0))" } ?? ""
    let first = source?.firstTime ?? 0
    return Description(
      linkType: UInt16(clamping: row?["link_type"].integer ?? 0),
      snapLength: UInt32(clamping: row?["snap_length"].integer ?? 0),
      name: HarmlessText.of(row?["name"].text ?? capture),
      description: HarmlessText.of("\(capture), interface \(key.interface)\(own)"),
      offsetSeconds: first < 0 ? first / 1_000_000_000 - 1 : 0)
  }

  /// Takes the interfaces of captures out, and numbers the others anew.
  mutating func leaveOut(captures: Set<Int64>) {
    var next: UInt32 = 0
    for index in uses.indices {
      if captures.contains(uses[index].capture) {
        uses[index].number = nil
      } else {
        uses[index].number = next
        next += 1
      }
    }
    for capture in captures { packets[capture] = nil }
  }

  /// In the order of their numbers.
  var descriptions: [Description] { uses.filter { $0.number != nil }.map(\.description) }

  /// The number of the interface with that index; `nil` when it is left out.
  func number(of index: UInt32) -> UInt32? {
    uses.indices.contains(Int(index)) ? uses[Int(index)].number : nil
  }
}
