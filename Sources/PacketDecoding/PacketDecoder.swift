/// A packet as its capture describes it, before decoding.
public struct Frame: Sendable {
  /// 1 for the first packet of the capture.
  public var number: Int64
  /// Nanoseconds since 1970-01-01 UTC, when the capture says.
  public var timestamp: Int64?
  /// Octets before the packet's record in the capture, after decompression.
  public var offset: Int64
  /// Octets on the wire.
  public var length: Int64
  /// The interface's index in the capture.
  public var interface: Int32
  /// The LINKTYPE_ value: https://www.tcpdump.org/linktypes.html
  public var linkType: Int32
  /// Whether it repeats a packet of the same interface to the octet, as a mirrored port has it.
  public var isRepetition: Bool

  public init(
    number: Int64, timestamp: Int64?, offset: Int64, length: Int64, interface: Int32,
    linkType: Int32, isRepetition: Bool = false
  ) {
    (self.number, self.timestamp, self.offset) = (number, timestamp, offset)
    (self.length, self.interface, self.linkType) = (length, interface, linkType)
    self.isRepetition = isRepetition
  }
}

/// How far packets are decoded.
public enum DecodingDepth: String, CaseIterable, Sendable {
  /// Headers up to the transport layer's, and what stands whole in one packet of ARP, ICMP and DNS.
  case headers
  /// What packets carry as well: TCP streams are put together, and the protocols in them are read.
  case applications
}

/// Octets to records: the layers of one packet, from the link layer up.
///
/// Decoding never fails: a packet that cannot be decoded further is a record that says where
/// decoding stopped, with a fault beside it when the packet is cut or malformed. Nothing is
/// allocated per packet once the batch's arrays have grown.
public struct PacketDecoder: Sendable {
  /// The record that is being filled.
  var record = PacketRecord(number: 0, timestamp: nil, offset: 0)
  /// Whether the capture holds fewer octets of what is being decoded than were on the wire: then
  /// what is missing at its end is *cut*, else it is *malformed*. A datagram that ends, by its
  /// own count, within a short capture is not cut.
  var isCut = false
  /// Encapsulations around what is being decoded.
  var encapsulationDepth: UInt8 = 0

  /// Octets of what is being decoded: the packet's, or those of a datagram that was put together.
  var octetsInView: Int64 = .max
  /// Whether the packet repeats another.
  var isRepetition = false
  /// Datagrams of which fragments are missing yet.
  var fragments = FragmentStore()

  /// TCP connections whose octets are read.
  var streams = StreamTable()
  /// Streams of RTP, and where SIP said that some would go.
  var rtpStreams = RTPStreams()
  /// QUIC connections whose Initial packets are opened.
  var quic = QUICTable()
  let depth: DecodingDepth

  public init(depth: DecodingDepth = .applications) { self.depth = depth }

  /// Decodes one packet and appends its records to `batch`.
  ///
  /// - Parameter bytes: The packet as captured, from its link-layer header.
  public mutating func decode(_ bytes: RawSpan, of frame: Frame, into batch: inout RecordBatch) {
    record = PacketRecord(
      number: frame.number, timestamp: frame.timestamp, offset: frame.offset,
      interface: frame.interface)
    record.capturedLength = Int64(bytes.byteCount)
    record.length = frame.length
    isCut = Int64(bytes.byteCount) < frame.length
    isRepetition = frame.isRepetition
    octetsInView = Int64(bytes.byteCount)
    encapsulationDepth = 0
    decodeLink(bytes, LinkType(rawValue: frame.linkType), at: 0, &batch)
    batch.packets.append(record)
  }

  /// Octets of the packet from `start` on, on the wire: what a header that counts nothing
  /// stands for.
  func lengthOnWire(from start: Int, _ bytes: RawSpan) -> Int {
    max(bytes.byteCount, Int(clamping: record.length ?? 0)) - start
  }

  /// The packet, for those who read its payload.
  ///
  /// - Parameter offset: Octets of the packet before what they are given.
  func payloadContext(at offset: Int) -> PayloadContext {
    var context = PayloadContext(record)
    (context.offset, context.isCut) = (offset, isCut)
    return context
  }

  /// Appends a fault of the packet that is being decoded.
  func fault(
    _ kind: DecodingFault.Kind, _ layer: ProtocolName, at offset: Int, _ reason: StaticString,
    found: Int? = nil, expected: Int? = nil, _ batch: inout RecordBatch
  ) {
    batch.faults.append(
      DecodingFault(
        packetNumber: record.number, kind: kind, layer: layer,
        // A header's count may lead beyond the end, where the next one is missing.
        offset: min(Int64(offset), octetsInView),
        reason: reason, found: found.map(Int64.init), expected: expected.map(Int64.init)))
  }

  /// Appends a fault for octets that are missing at the packet's end: cut when the capture is
  /// short, malformed when the sender is.
  ///
  /// - Parameter found: Octets that are there; below 0, where a count led beyond the end, it is none.
  func missing(
    _ layer: ProtocolName, at offset: Int, _ reason: StaticString, found: Int, expected: Int,
    _ batch: inout RecordBatch
  ) {
    fault(
      isCut ? .cut : .malformed, layer, at: offset, reason, found: max(0, found),
      expected: expected,
      &batch)
  }
}
