/// A header that wraps a packet, as its decoder found it.
struct Encapsulation {
  var kind: ProtocolName
  var identifier: UInt32?
  /// Whether both directions have that identifier. Labels and tunnel endpoint identifiers are each
  /// receiver's own.
  var isIdentifierShared = true

  /// What it wraps.
  enum Content {
    case etherType(UInt16)
    case ethernet
    /// IPv4 or IPv6, as the datagram's first four bits say.
    case ip
    case ppp
  }
}

/// What a decoder knew before it went into an encapsulation, to come back to when nothing of IP is
/// inside.
private struct OuterLayers {
  var link: LinkHeader
  var network: NetworkHeader
  var transport: TransportHeader
  var isCut: Bool
  var encapsulations: Int
}

extension PacketDecoder {
  /// Encapsulations that are followed into each other; hostile packets nest hundreds.
  private static let deepestEncapsulation: UInt8 = 8

  /// Decodes what an encapsulation holds, from `start` on.
  ///
  /// Where an IP datagram is inside, the packet is that datagram from here on, and what was outside is
  /// kept as one of the batch's encapsulations. Else the packet stays the outer one.
  ///
  /// - Parameter bytes: The packet up to the encapsulation's end.
  mutating func decode(
    _ encapsulation: Encapsulation, holding content: Encapsulation.Content, _ bytes: RawSpan,
    at start: Int, _ batch: inout RecordBatch
  ) {
    record.protocolReached = encapsulation.kind
    guard encapsulationDepth < Self.deepestEncapsulation else {
      return fault(
        .malformed, encapsulation.kind, at: start,
        "more than 8 encapsulations; the inner are not decoded", &batch)
    }
    let outer = OuterLayers(
      link: record.link, network: record.network, transport: record.transport, isCut: isCut,
      encapsulations: batch.encapsulations.count)
    enter(encapsulation, &batch)
    switch content {
    case .etherType(let type): decodeEtherType(type, bytes, at: start, &batch)
    case .ethernet: decodeEthernet(bytes, at: start, &batch)
    case .ip: _ = decodeIP(bytes, at: start, &batch)
    case .ppp: decodePPP(bytes, at: start, &batch)
    }
    encapsulationDepth -= 1
    guard record.network.source == nil else { return }
    (record.link, record.network, record.transport) = (outer.link, outer.network, outer.transport)
    isCut = outer.isCut
    batch.encapsulations.removeLast(max(0, batch.encapsulations.count - outer.encapsulations))
  }

  private mutating func enter(_ encapsulation: Encapsulation, _ batch: inout RecordBatch) {
    encapsulationDepth += 1
    let (source, destination) = (record.network.source, record.network.destination)
    batch.encapsulations.append(
      EncapsulationRecord(
        packetNumber: record.number, depth: encapsulationDepth, kind: encapsulation.kind,
        source: source, destination: destination, identifier: encapsulation.identifier))
    record.link.enter(encapsulation, from: source, to: destination)
    (record.network, record.transport) = (NetworkHeader(), TransportHeader())
  }
}

extension LinkHeader {
  /// Adds an encapsulation to those around the packet. The ports of a tunnel over UDP may differ from
  /// packet to packet: its ends alone count.
  fileprivate mutating func enter(
    _ encapsulation: Encapsulation, from source: NetworkAddress?, to destination: NetworkAddress?
  ) {
    func hash(
      in outer: UInt64, _ identifier: UInt32?, _ one: NetworkAddress?, _ other: NetworkAddress?
    ) -> UInt64 {
      var hash = SipHash24()
      hash.add(outer)
      hash.add(UInt64(encapsulation.kind.rawValue) << 33 | UInt64(identifier ?? 0))
      hash.add(one?.high ?? 0)
      hash.add(one?.low ?? 0)
      hash.add(other?.high ?? 0)
      hash.add(other?.low ?? 0)
      return max(1, hash.finish(octetCount: 48))
    }
    let identifier = encapsulation.identifier
    tunnelDirection = hash(in: tunnelDirection, identifier, source, destination)
    var (lower, upper) = (source, destination)
    if let source, let destination, !ConversationKey.isLower(source, nil, destination, nil) {
      (lower, upper) = (destination, source)
    }
    tunnel = hash(in: tunnel, encapsulation.isIdentifierShared ? identifier : nil, lower, upper)
  }
}
