/// Where a packet stands in a capture, and what its record says of its length: known since the
/// capture was read.
public struct PacketPlace: Equatable, Sendable {
  /// Octets from the start of the capture, decompressed, to the packet's record or block.
  public var offset: Int64
  /// Octets that the capture holds.
  public var capturedLength: Int
  /// Octets on the wire, as the capture says.
  public var length: Int64

  public init(offset: Int64, capturedLength: Int, length: Int64) {
    (self.offset, self.capturedLength, self.length) = (offset, capturedLength, length)
  }
}

/// The octets of packets whose places are known, read from their capture again.
///
/// Asked for in the order of their places, they cost one pass over a compressed capture, and a seek
/// each in a plain one. Memory is bounded by the longest packet. For one thread.
///
/// A record needs nothing of what stands before it but the file header of pcap: whether a pcapng
/// block has its least significant octet first is told by its type.
public final class RecordedPackets {
  private let source: ByteSource
  private let pcap: PcapFileHeader?

  /// - Throws: What stops the reading of the source altogether; `ReadingError.notACapture` for a
  ///   printed capture, whose packets have no octets.
  public convenience init(path: String, format: CaptureFormat) throws(ReadingError) {
    try self.init(ByteSource(.file(path: path)), format)
  }

  /// - Throws: Likewise.
  public convenience init(_ packed: PackedSource, format: CaptureFormat) throws(ReadingError) {
    try self.init(ByteSource(packed, name: packed.name), format)
  }

  private init(_ source: ByteSource, _ format: CaptureFormat) throws(ReadingError) {
    self.source = source
    switch format {
    case .pcap:
      _ = source.require(PcapFileHeader.length)
      pcap = try source.withOctets(PcapFileHeader.length) {
        octets throws(ReadingError) in try PcapFileHeader(octets, name: source.name)
      }
    case .pcapng: pcap = nil
    case .tcpdumpText:
      throw .notACapture(
        name: source.name, looksLike: "what tcpdump printed",
        advice: "It holds no octets of packets.")
    }
  }

  /// Why the source could not be read on, where that is why a packet was not found: a sentence
  /// without its full stop.
  public var failure: String? { source.failure?.reason }

  /// Lends the octets of the packet at `place` to `body`.
  ///
  /// - Returns: `false` when no packet of these lengths stands there.
  /// - Throws: What `body` throws.
  public func withOctets(
    of place: PacketPlace, _ body: (RawSpan) throws -> Void
  ) throws -> Bool {
    guard place.capturedLength >= 0, place.capturedLength <= CaptureReader.longestPacket,
      source.move(to: place.offset)
    else { return false }
    if let pcap { return try withRecord(of: place, pcap, body) }
    return try withBlock(of: place, body)
  }

  private func withRecord(
    of place: PacketPlace, _ file: PcapFileHeader, _ body: (RawSpan) throws -> Void
  ) throws -> Bool {
    let total = file.recordHeaderLength + place.capturedLength
    guard source.require(total) else { return false }
    return try source.withOctets(total) { octets in
      guard let record = PcapRecordHeader(octets, file),
        Int(record.capturedLength) == place.capturedLength, Int64(record.length) == place.length
      else { return false }
      try body(octets.extracting(file.recordHeaderLength..<total))
      return true
    }
  }

  private func withBlock(
    of place: PacketPlace, _ body: (RawSpan) throws -> Void
  ) throws -> Bool {
    guard source.require(PcapNGBlock.smallestLength),
      let block = source.withOctets(
        PcapNGBlock.smallestLength, { Self.packetBlock($0, at: place) }),
      source.require(block.length)
    else { return false }
    return try source.withOctets(block.length) { octets in
      guard let fields = PcapNGPacketFields(octets, block), Int64(fields.length) == place.length,
        // A simple packet block does not say how much was captured.
        Int(fields.capturedLength ?? UInt32(place.capturedLength)) == place.capturedLength,
        place.capturedLength <= block.bodyEnd - fields.dataStart
      else { return false }
      try body(octets.extracting(fields.dataStart..<fields.dataStart + place.capturedLength))
      return true
    }
  }

  /// The packet block that begins with `octets`; `nil` when none does.
  private static func packetBlock(_ octets: RawSpan, at place: PacketPlace) -> PcapNGBlock? {
    for isBigEndian in [false, true] {
      guard let type: UInt32 = octets.integer(at: 0, bigEndian: isBigEndian),
        let length: UInt32 = octets.integer(at: 4, bigEndian: isBigEndian)
      else { return nil }
      let block = PcapNGBlock(
        type: type, length: Int(length), offset: place.offset, isBigEndian: isBigEndian)
      if block.holdsPacket, block.length >= PcapNGBlock.smallestLength, block.length % 4 == 0,
        block.length <= PcapNGBlock.longest
      {
        return block
      }
    }
    return nil
  }
}
