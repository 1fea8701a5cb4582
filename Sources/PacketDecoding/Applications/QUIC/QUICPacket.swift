/// A packet of QUIC with a long header: RFC 9000, 17.2. A datagram may hold several.
public struct QUICPacket: Equatable, Sendable {
  /// What it is for.
  public enum Kind: UInt8, Sendable {
    /// The values of version 1, on the wire.
    case initial = 0
    case zeroRTT = 1
    case handshake = 2
    case retry = 3
    /// Told by the version 0.
    case versionNegotiation = 4
  }

  /// The packet, as captures count, that holds it.
  public var packetNumber: Int64
  /// `nil` for versions that are not known.
  public var kind: Kind?
  /// As on the wire; 0 for a Version Negotiation: RFC 9000, 15.
  public var version: UInt32
  /// Such as `1`, `2`, `draft-29`, `Q050`; `nil` for versions that are not known, and for none.
  public var versionName: TextRange?
  /// Connection identifiers, hexadecimal; without a digit where they have no octet.
  public var destinationID: TextRange
  /// Likewise, of the sender.
  public var sourceID: TextRange
  /// Octets of an Initial's or a Retry's token; `nil` for others.
  public var tokenLength: Int64?
  /// Those of a Version Negotiation: names, or `0x` and digits, parted by commas.
  public var supportedVersions: TextRange?
  /// Whether the client sent it; `nil` where that cannot be told.
  public var isClient: Bool?
  /// Whether an Initial's frames were read; `nil` for others, whose keys no capture holds.
  public var isDecrypted: Bool?
  /// The host of the ClientHello that the packet completes.
  public var serverName: TextRange?
  /// Of a CONNECTION_CLOSE frame in an Initial: RFC 9000, 19.19.
  public var closeError: Int64?
  /// What that frame says beside the error; empty where it says nothing.
  public var closeReason: TextRange?
}

extension QUICPacket {
  /// Versions of a Version Negotiation that are kept.
  private static let mostVersions = 64

  init(
    _ header: QUICLongHeader, _ datagram: RawSpan, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) {
    packetNumber = context.packetNumber
    (kind, version) = (header.kind, header.version.rawValue)
    versionName = header.version.name.map { batch.append(text: $0) }
    destinationID = batch.append(hexadecimal: datagram, header.destinationID)
    sourceID = batch.append(hexadecimal: datagram, header.sourceID)
    tokenLength = header.token.map { Int64($0.count) }
    if header.kind == .versionNegotiation {
      supportedVersions = Self.append(header.supportedVersions(in: datagram), to: &batch)
    }
  }

  private static func append(
    _ versions: [QUICVersion], to batch: inout RecordBatch
  ) -> TextRange {
    let start = batch.text.count
    for (index, version) in versions.enumerated() {
      if index > 0 { batch.text.append(contentsOf: ", ".utf8) }
      if index == mostVersions {
        batch.text.append(contentsOf: "…".utf8)
        break
      }
      if let name = version.name {
        batch.text.append(contentsOf: name.utf8)
      } else {
        batch.text.append(contentsOf: "0x".utf8)
        for shift in [24, 16, 8, 0] as [UInt32] {
          batch.text.append(
            hexadecimalOctet: UInt8(truncatingIfNeeded: version.rawValue >> shift))
        }
      }
    }
    return TextRange(start: start, count: batch.text.count - start)
  }
}
