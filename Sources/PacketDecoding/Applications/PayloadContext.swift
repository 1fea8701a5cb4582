/// The packet whose payload is read: what those who read it need to know of its headers.
struct PayloadContext {
  var packetNumber: Int64
  /// Nanoseconds, as `PacketRecord.timestamp`.
  var time: Int64?
  var source: NetworkAddress?
  var destination: NetworkAddress?
  var sourcePort: UInt16
  var destinationPort: UInt16
  /// Octets of the packet before the payload; 0 where it was put together from several packets.
  var offset = 0
  /// Whether the capture holds fewer octets of the payload than were on the wire.
  var isCut = false

  init(_ record: PacketRecord) {
    packetNumber = record.number
    time = record.timestamp
    (source, destination) = (record.network.source, record.network.destination)
    sourcePort = record.transport.sourcePort ?? 0
    destinationPort = record.transport.destinationPort ?? 0
  }

  /// Whether either end is at `port`.
  func isAt(_ port: UInt16) -> Bool { sourcePort == port || destinationPort == port }

  /// Appends a fault of the payload.
  ///
  /// - Parameter offset: Octets of the payload before what is wrong.
  func fault(
    _ kind: DecodingFault.Kind, _ layer: ProtocolName, at offset: Int, _ reason: StaticString,
    found: Int? = nil, expected: Int? = nil, _ batch: inout RecordBatch
  ) {
    batch.faults.append(
      DecodingFault(
        packetNumber: packetNumber, kind: kind, layer: layer, offset: Int64(self.offset + offset),
        reason: reason, found: found.map(Int64.init), expected: expected.map(Int64.init)))
  }
}
