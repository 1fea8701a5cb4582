/// What tcpdump printed of one packet, to records: the layers as the line names them.
///
/// Whatever the text is, decoding ends with a record; where understanding stops is in
/// `protocolReached`, with a fault beside it when the text should have been understood.
struct PrintedPacketDecoder: Sendable {
  /// The record that is being filled.
  var record = PacketRecord(number: 0, timestamp: nil, offset: 0)
  /// The host names that the capture's lines use instead of addresses.
  var names = HostNames()
  /// Where the packet's physical lines begin in the text that joins them, and in the capture.
  private var lines: [PhysicalLine] = []

  /// A line of a packet, in the text that joins the packet's lines and in the capture.
  struct PhysicalLine: Sendable {
    var start: Int
    var number: Int64
    var offset: Int64
  }

  /// What the link layer carries.
  enum Network: Sendable {
    case ipv4, ipv6, arp
    /// Known, and not decoded.
    case other
    /// Not understood.
    case unknown
  }

  /// Decodes one packet's text, from behind its time, and appends its records to `batch`.
  mutating func decode(
    _ text: PrintedText, of record: PacketRecord, lines: [PhysicalLine],
    into batch: inout RecordBatch
  ) {
    (self.record, self.lines) = (record, lines)
    var text = text
    switch decodeLink(&text) {
    case .ipv4: decodeNetwork(&text, version: 4, &batch)
    case .ipv6: decodeNetwork(&text, version: 6, &batch)
    case .arp: decodeARP(&text, &batch)
    case .other: break
    case .unknown:
      fault(
        .notUnderstood, .frame, at: text.position, "what the packet is, is not understood, on line",
        &batch)
    }
    batch.packets.append(self.record)
  }

  /// Appends a fault of the packet that is being decoded.
  ///
  /// - Parameters:
  ///   - position: Where in the text; the fault has it as octets from the packet's first line.
  ///   - found: The first number of the sentence; the line's number when there is none.
  func fault(
    _ kind: DecodingFault.Kind, _ layer: ProtocolName, at position: Int, _ reason: StaticString,
    found: Int64? = nil, _ batch: inout RecordBatch
  ) {
    let line =
      lines.last(where: { $0.start <= position })
      ?? PhysicalLine(start: 0, number: 0, offset: record.offset)
    let offset = line.offset &- record.offset &+ Int64(position - line.start)
    batch.faults.append(
      DecodingFault(
        packetNumber: record.number, kind: kind, layer: layer, offset: offset,
        reason: reason, found: found ?? line.number))
  }
}
