/// The header of a TLS record: RFC 8446, 5.1; RFC 5246, 6.2.1.
struct TLSRecord {
  enum Kind: UInt8 {
    case changeCipherSpec = 20
    case alert = 21
    case handshake = 22
    case applicationData = 23
    /// RFC 6520.
    case heartbeat = 24
  }

  static let headerLength = 5
  /// Octets of a record's content at the most: RFC 5246, 6.2.3.
  private static let longest = 1 << 14 + 2048

  var kind: Kind
  var version: UInt16
  /// Octets behind the header.
  var length: Int

  /// Where the record ends, of one that begins at `offset`.
  func end(from offset: Int) -> Int { offset + Self.headerLength + length }

  /// - Returns: `nil` where five octets are not there, or are no header of a record.
  init?(_ octets: RawSpan, at offset: Int = 0) {
    guard let kind = octets.octet(at: offset).flatMap(Kind.init),
      let version = octets.bigEndian(at: offset + 1, as: UInt16.self),
      let length = octets.bigEndian(at: offset + 3, as: UInt16.self),
      (0x0300...0x0304).contains(version), length <= Self.longest,
      length > 0 || kind == .applicationData, length == 1 || kind != .changeCipherSpec
    else { return nil }
    (self.kind, self.version, self.length) = (kind, version, Int(length))
  }

  /// Whether what is at `offset` begins a record: as many octets of its header as are there say so, and at
  /// least three.
  static func begins(_ octets: RawSpan, at offset: Int = 0) -> Bool {
    if offset <= octets.byteCount - headerLength { return TLSRecord(octets, at: offset) != nil }
    guard let kind = octets.octet(at: offset), Kind(rawValue: kind) != nil,
      octets.octet(at: offset + 1) == 3, let minor = octets.octet(at: offset + 2)
    else { return false }
    return minor <= 4
  }
}
