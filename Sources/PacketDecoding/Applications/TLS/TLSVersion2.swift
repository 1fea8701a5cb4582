// The hellos of SSL 2.0, in which clients of later versions offered these to servers that might know no other:
// RFC 5246, E.2; RFC 6101, E; RFC 6176 forbids it.

extension TLSStream {
  static let version2: UInt16 = 0x0002
  private static let version2Server: UInt8 = 4

  /// Whether octets are such a ClientHello, all of whose lengths fit.
  static func isVersion2Hello(_ octets: RawSpan) -> Bool {
    guard let length = octets.bigEndian(at: 0, as: UInt16.self), length & 0x8000 != 0,
      octets.octet(at: 2) == TLSHello.client,
      let version = octets.bigEndian(at: 3, as: UInt16.self),
      version == version2 || (0x0300...0x0304).contains(version),
      let suites = octets.bigEndian(at: 5, as: UInt16.self), suites > 0, suites % 3 == 0,
      let session = octets.bigEndian(at: 7, as: UInt16.self), session == 0 || session == 16,
      let challenge = octets.bigEndian(at: 9, as: UInt16.self), (16...32).contains(challenge)
    else { return false }
    return Int(length & 0x7fff) == 9 + Int(suites) + Int(session) + Int(challenge)
  }

  /// Reads a hello of SSL 2.0.
  ///
  /// - Returns: `nil` where there is none.
  mutating func readVersion2(
    _ octets: RawSpan, _ side: StreamSide, _ context: PayloadContext, _ batch: inout RecordBatch
  ) -> StreamReading? {
    let end = 2 + Int((octets.bigEndian(at: 0, as: UInt16.self) ?? 0) & 0x7fff)
    if client == nil, octets.byteCount < 11, octets.octet(at: 0).map({ $0 & 0x80 != 0 }) == true {
      return .more(wanted: 11)
    }
    if client == nil, Self.isVersion2Hello(octets) {
      guard octets.byteCount >= end else { return .more(wanted: end) }
      let version = octets.bigEndian(at: 3, as: UInt16.self) ?? Self.version2
      client = side
      awaitsVersion2 = true
      batch.tlsHandshakes.append(
        TLSHandshake(
          context, isServer: false, transport: .tcp, version: version, legacyVersion: version))
      ends[side].isInStep = true
      return StreamReading(consumed: end, foundMessage: true)
    }
    // RFC 6101, E.2 names its fields: a session is resumed, the kind of certificate, the version.
    guard awaitsVersion2, client == side.other, octets.octet(at: 2) == Self.version2Server,
      octets.octet(at: 0).map({ $0 & 0x80 != 0 }) == true,
      octets.bigEndian(at: 5, as: UInt16.self) == Self.version2
    else { return nil }
    var row = TLSHandshake(
      context, isServer: true, transport: .tcp, version: Self.version2,
      legacyVersion: Self.version2)
    row.isResumed = octets.octet(at: 3).map { $0 != 0 }
    batch.tlsHandshakes.append(row)
    return StreamReading(consumed: octets.byteCount, foundMessage: true, next: .stop)
  }
}
