/// Reads one capture from its beginning to its end: octets in, raw packets or printed lines out.
///
/// ```swift
/// let reader = try CaptureReader(location: .file(path: "office.pcapng"))
/// while try reader.next({ packet, octets in print(packet.number, octets.byteCount) }) {}
/// for fault in reader.takeFaults() { print(fault.byteOffset, fault.message) }
/// ```
///
/// What can be read is handed out first and judged second: a capture that is cut or malformed
/// ends with a fault, and every packet before it has been handed out. Memory does not grow with
/// the capture, as long as what `take…` members give is taken now and then. For one thread.
public final class CaptureReader {
  /// The most octets of one packet that are believed. libpcap keeps at most 262144 of a packet of
  /// any link type but D-Bus and USB, and their messages stay far below 16 MiB in practice; a
  /// larger claim is nonsense that was read as a length, and would cost memory for nothing.
  static let longestPacket = 16 << 20

  /// The most interfaces and sections of one capture that are kept: the largest hosts have some
  /// thousands, while a file of empty descriptions could fill memory.
  static let mostInterfaces = 65_536

  /// The most faults of single packets that are listed one by one; the others are counted. A
  /// capture with one wrong header may have a fault in each of its millions of packets.
  static let mostListedFaults = 1_000

  /// Where the octets come from.
  public let location: CaptureLocation
  /// What was asked for, or told by content.
  public let format: CaptureFormat
  /// `gzip` or `zstd`, when the source is compressed.
  public let compression: String?
  /// The interfaces declared so far; a pcap file has one, a printed capture none.
  public internal(set) var interfaces: [CaptureInterface] = []
  /// The sections of a pcapng file that have begun so far.
  public internal(set) var sections: [CaptureSection] = []
  /// `false` once the capture turned out to be cut, or its framing lost, so that what follows is
  /// not read.
  public private(set) var isComplete = true

  let source: ByteSource
  /// The number of the last packet that was met, handed out or not.
  var packetNumber: Int64 = 0
  /// Nothing more is read: the end, or where reading had to stop.
  private(set) var isFinished = false
  var names: [NameResolution] = []
  var comments: [PacketComment] = []
  var (nameOctets, commentOctets) = (0, 0)
  var pcapng = PcapNGState()
  private let pcap: PcapFileHeader?
  private let filter: PacketFilter?
  /// Whether the filter has judged a packet.
  private var hasFiltered = false
  /// The link types of later packets that the filter cannot judge, and what became of theirs.
  private var unjudged: [Int32: Unjudged] = [:]
  private var faults: [ReadingFault] = []
  private var listedFaults = 0
  private var unlistedFaults: Int64 = 0
  var lineNumber: Int64 = 0
  private var repeated = RepeatedPackets()

  /// Opens a source and reads its file header.
  ///
  /// - Parameters:
  ///   - format: The format; `nil` to tell it by content.
  ///   - filter: Only packets that it takes are handed out.
  ///   - observer: Sees each octet of the source as it is there (compressed, when it is), once and
  ///     in order; octets of the last packets are seen before those are handed out, and all of them
  ///     only after `drain`.
  /// - Throws: What stops the reading of the source altogether.
  public convenience init(
    location: CaptureLocation, format: CaptureFormat? = nil, filter: PacketFilter? = nil,
    observer: ((RawSpan) -> Void)? = nil
  ) throws(ReadingError) {
    try self.init(
      ByteSource(location, observer: observer), at: location, format: format, filter: filter)
  }

  /// Opens a source that is kept in packed blocks.
  ///
  /// - Throws: Likewise.
  public convenience init(_ packed: PackedSource, format: CaptureFormat) throws(ReadingError) {
    try self.init(
      ByteSource(packed, name: packed.name), at: .file(path: packed.name), format: format,
      filter: nil)
  }

  private init(
    _ source: ByteSource, at location: CaptureLocation, format: CaptureFormat?,
    filter: PacketFilter?
  ) throws(ReadingError) {
    (self.location, self.source, self.filter) = (location, source, filter)
    compression = source.compression?.rawValue
    guard source.require(1) else {
      guard let failure = source.failure else { throw .empty(name: source.name) }
      throw .malformedHeader(name: source.name, offset: 0, reason: failure.reason)
    }
    self.format = try CaptureContent(source).format(asked: format, name: source.name)
    switch self.format {
    case .pcap:
      _ = source.require(PcapFileHeader.length)
      let header = try source.withOctets(PcapFileHeader.length) {
        octets throws(ReadingError) in try PcapFileHeader(octets, name: location.name)
      }
      pcap = header
      source.consume(PcapFileHeader.length)
      interfaces.append(CaptureInterface(header))
      try filter?.prepare(for: header.linkType)
    case .pcapng:
      pcap = nil
      try checkFirstSection()
    case .tcpdumpText:
      pcap = nil
      if filter != nil { throw .filterOnText(name: source.name) }
      skipByteOrderMark()
    }
  }

  /// Octets read from the source so far, compressed where it is.
  public var sourceOctets: Int64 { source.sourceOctets }

  /// Octets that the source had when it was opened; `nil` when it is no regular file.
  public var sourceSize: Int64? { source.sourceSize }

  /// Octets of the comments and names that can be taken, with what holding them takes.
  public var collectedText: Int { nameOctets + commentOctets }

  /// Hands the next packet that the filter takes to `body`.
  ///
  /// The octets are those of the packet as captured, and stay where they are only while `body`
  /// runs; it must not call the reader. When `body` throws, the packet counts as handed out.
  ///
  /// - Returns: `false` at the end, or where reading had to stop, which a fault says then; always
  ///   for a printed capture.
  /// - Throws: What `body` throws, and `ReadingError.filter` when the filter does not compile for
  ///   the link type of the first packet. Later packets whose link type does not know its words
  ///   are left out with one fault, and the capture is not complete.
  public func next(_ body: (RawPacket, RawSpan) throws -> Void) throws -> Bool {
    switch format {
    case .pcap:
      guard let pcap else { return false }
      return try nextPcapPacket(pcap, body)
    case .pcapng:
      return try nextPcapNGPacket(body)
    case .tcpdumpText:
      return false
    }
  }

  /// The faults met since the last call. Those that concern single packets are listed up to a
  /// thousand; how many more there are, the last one says.
  public func takeFaults() -> [ReadingFault] {
    defer { faults.removeAll() }
    return faults
  }

  /// The names that a pcapng file has given to addresses since the last call; how many more there
  /// are than a capture may have, a fault says at the end.
  public func takeNameResolutions() -> [NameResolution] {
    defer {
      names.removeAll()
      nameOctets = 0
    }
    return names
  }

  /// The comments on packets that were handed out since the last call, likewise.
  public func takePacketComments() -> [PacketComment] {
    defer {
      comments.removeAll()
      commentOctets = 0
    }
    return comments
  }

  /// Ends the reading before the end of the capture, which the user asked for; no packets follow.
  ///
  /// The rest of a regular file is read for the observer's sake. A pipe's is not, since its writer
  /// may go on for ever: a fault says that the observer has seen a part.
  public func leaveRest() {
    guard !isFinished, source.sourceSize == nil, !source.fileHasEnded else { return drain() }
    finish()
    faults.append(
      ReadingFault(
        kind: .cut, byteOffset: source.position, packetNumber: nil,
        message: "the pipe is read no further, as the packet limit asks; size and digest are those "
          + "of the \(source.sourceOctets) octets that were read."))
  }

  /// Reads the rest of the source, so that the observer has seen all of it; no packets follow.
  /// Does nothing at the end.
  public func drain() {
    let failureBefore = source.failure != nil
    let wasFinished = isFinished
    source.drain()
    if !failureBefore, let failure = source.failure {
      stop(failure.kind, at: source.position, packet: nil, failure.reason)
    } else if !wasFinished {
      finish()
    }
  }
}

/// What the readers of the formats share.
extension CaptureReader {
  /// Judges a packet by the filter and hands it out.
  ///
  /// - Parameters:
  ///   - record: Its record or block.
  ///   - range: Its octets in that.
  /// - Returns: Whether the filter took it.
  @inline(__always)
  func handOut(
    _ packet: RawPacket, _ record: RawSpan, _ range: Range<Int>,
    _ body: (RawPacket, RawSpan) throws -> Void
  ) throws -> Bool {
    let octets = record.extracting(range)
    if let filter, try !takes(packet, octets, filter) { return false }
    var packet = packet
    packet.repeats = repeated.original(
      of: packet, octets, at: packet.offset + Int64(range.lowerBound), in: source)
    try body(packet, octets)
    return true
  }

  /// Packets that are left out because the filter does not compile for their link type.
  private struct Unjudged {
    var reason: String
    var firstPacket: Int64
    var offset: Int64
    var packets: Int64 = 1
  }

  /// Whether the filter takes a packet.
  private func takes(
    _ packet: RawPacket, _ octets: RawSpan, _ filter: PacketFilter
  ) throws(ReadingError) -> Bool {
    if !unjudged.isEmpty, unjudged[packet.linkType] != nil {
      unjudged[packet.linkType]?.packets += 1
      return false
    }
    do throws(ReadingError) {
      let isTaken = try filter.matches(octets, length: packet.length, linkType: packet.linkType)
      hasFiltered = true
      return isTaken
    } catch {
      guard hasFiltered, case .filter(_, _, let reason) = error else { throw error }
      unjudged[packet.linkType] = Unjudged(
        reason: reason, firstPacket: packet.number, offset: packet.offset)
      isComplete = false
      return false
    }
  }

  /// Records a fault for each link type that the filter could not judge.
  private func noteUnjudged() {
    for (linkType, left) in unjudged.sorted(by: { $0.value.firstPacket < $1.value.firstPacket }) {
      note(
        .unsupported, at: left.offset, packet: left.firstPacket,
        "the filter '\(filter?.expression ?? "")' cannot judge link type "
          + "\(linkTypeName(linkType)): \(left.reason); its packets, \(left.packets) from packet "
          + "\(left.firstPacket) on, are left out. Give a filter that fits each link type.")
    }
    unjudged = [:]
  }

  /// Records a fault after which reading goes on.
  func note(_ kind: ReadingFault.Kind, at offset: Int64, packet: Int64?, _ message: String) {
    guard listedFaults < Self.mostListedFaults else {
      unlistedFaults += 1
      return
    }
    listedFaults += 1
    faults.append(
      ReadingFault(kind: kind, byteOffset: offset, packetNumber: packet, message: message))
  }

  /// Records the fault that ends the reading; `reason` is a sentence without its full stop.
  func stop(_ kind: ReadingFault.Kind, at offset: Int64, packet: Int64?, _ reason: String) {
    let kept =
      switch (format, packetNumber) {
      case (.tcpdumpText, _): "the lines before it are kept"
      case (_, 0): "no packet is kept"
      case (_, 1): "packet 1 is kept"
      default: "packets 1 to \(packetNumber) are kept"
      }
    finish()
    isComplete = false
    faults.append(
      ReadingFault(
        kind: kind, byteOffset: offset, packetNumber: packet,
        message: "\(reason); \(kept). Ask for the original file."))
  }

  /// Ends the reading where the source ends, with the source's fault when it has one.
  func finishAtEnd() {
    if let failure = source.failure {
      stop(failure.kind, at: source.position, packet: nil, failure.reason)
    } else {
      finish()
    }
  }

  /// Ends the reading inside something; `reason` is a sentence without its full stop.
  func stopCut(at offset: Int64, packet: Int64?, _ reason: String) {
    let failure = source.failure
    stop(
      failure?.kind ?? .cut, at: offset, packet: packet,
      failure.map { "\(reason), since \($0.reason)" } ?? reason)
  }

  private func finish() {
    isFinished = true
    noteUnjudged()
    for message in pcapng.allowances.messages {
      faults.append(
        ReadingFault(
          kind: .unsupported, byteOffset: source.position, packetNumber: nil, message: message))
    }
    guard unlistedFaults > 0 else { return }
    faults.append(
      ReadingFault(
        kind: .malformed, byteOffset: source.position, packetNumber: nil,
        message: "\(unlistedFaults) more faults of single packets are not listed."))
    unlistedFaults = 0
  }
}
