/// A long header: what all versions have (RFC 8999, 5.1), and where that is known what follows it
/// (RFC 9000, 17.2). Ranges are those of the datagram.
struct QUICLongHeader {
  /// `nil` for versions that are not known.
  private(set) var kind: QUICPacket.Kind?
  let version: QUICVersion
  private(set) var destinationID = 0..<0
  private(set) var sourceID = 0..<0
  /// Of an Initial and a Retry.
  private(set) var token: Range<Int>?
  /// Where the packet begins, and where its packet number does; what follows that is protected.
  let start: Int
  private(set) var numberOffset: Int?
  /// Where the packet ends, by its own count: that may be beyond what is there.
  private(set) var end: Int

  /// The port of QUIC where nothing else is agreed on: that of HTTP/3.
  static let port: UInt16 = 443
  /// Octets of a connection identifier in versions that are known.
  private static let longestID = 20
  /// Octets of the tag behind what is protected, and behind a Retry.
  static let tagLength = 16
  /// Octets of a packet number and all that follows it at the least: RFC 9001, 5.4.2.
  private static let leastProtected = 20

  /// What has no octet like this at its beginning has no long header.
  static func begins(_ datagram: RawSpan, at start: Int = 0) -> Bool {
    guard let first = datagram.octet(at: start) else { return false }
    return first & 0x80 != 0
  }

  /// - Returns: `nil` for what is no long header, or one that does not fit into the datagram.
  init?(_ datagram: RawSpan, at start: Int) {
    guard Self.begins(datagram, at: start), let first = datagram.octet(at: start),
      let version = datagram.bigEndian(at: start + 1, as: UInt32.self)
    else { return nil }
    self.version = QUICVersion(rawValue: version)
    self.start = start
    end = datagram.byteCount
    guard let behind = readIDs(datagram, at: start + 5) else { return nil }
    if version == 0 {
      kind = .versionNegotiation
      numberOffset = nil
      // RFC 9000, 17.2.1: the rest of the datagram.
      guard behind < end, (end - behind) % 4 == 0 else { return nil }
    } else if self.version.isKnown {
      // The fixed bit; a peer that negotiated RFC 9287 may clear it, but hardly in what is read here.
      guard first & 0x40 != 0 else { return nil }
      kind = self.version.packetType(first >> 4 & 3)
      guard readRest(datagram, at: behind) else { return nil }
    }
  }

  /// Reads both connection identifiers.
  ///
  /// - Returns: Where they end.
  private mutating func readIDs(_ datagram: RawSpan, at offset: Int) -> Int? {
    guard let lengths = datagram.octet(at: offset) else { return nil }
    if version.sharesLengths {
      // Four bits each; 0 for none, else three less than the length.
      func length(_ bits: UInt8) -> Int { bits == 0 ? 0 : Int(bits) + 3 }
      destinationID = offset + 1..<offset + 1 + length(lengths >> 4)
      sourceID = destinationID.upperBound..<destinationID.upperBound + length(lengths & 15)
    } else {
      destinationID = offset + 1..<offset + 1 + Int(lengths)
      guard let length = datagram.octet(at: destinationID.upperBound) else { return nil }
      let start = destinationID.upperBound + 1
      sourceID = start..<start + Int(length)
      if version.isKnown, destinationID.count > Self.longestID || sourceID.count > Self.longestID {
        return nil
      }
    }
    return sourceID.upperBound <= datagram.byteCount ? sourceID.upperBound : nil
  }

  /// Reads what follows the identifiers in a version that is known.
  private mutating func readRest(_ datagram: RawSpan, at offset: Int) -> Bool {
    if version.sharesLengths { return true }
    var offset = offset
    switch kind {
    case .retry:
      // RFC 9000, 17.2.5: all up to the tag.
      guard end - offset >= Self.tagLength else { return false }
      token = offset..<end - Self.tagLength
      return true
    case .initial:
      guard let (length, next) = datagram.quicInteger(at: offset),
        length <= datagram.byteCount - next
      else { return false }
      token = next..<next + length
      offset = next + length
    default: break
    }
    guard let (length, next) = datagram.quicInteger(at: offset), length >= Self.leastProtected,
      length <= Int(UInt16.max)
    else { return false }
    (numberOffset, end) = (next, next + length)
    return true
  }

  /// Whether what precedes tells that it is QUIC.
  ///
  /// - Parameter isCut: Whether octets of the datagram are missing at its end.
  /// - Parameter isExpected: Whether it is at the port of QUIC, or where QUIC was seen before.
  func isTelling(_ datagram: RawSpan, isCut: Bool, isExpected: Bool) -> Bool {
    if kind == .versionNegotiation {
      // RFC 9000, 7.2: the server's identifier is the client's first choice, of eight octets or more.
      return sourceID.count >= 8
        && supportedVersions(in: datagram).contains { $0.isKnown || isExpected && $0.isLikely }
    }
    guard version.isKnown else { return isExpected && version.isLikely }
    if isExpected { return true }
    // Neither of them says how long it is.
    if version.sharesLengths || kind == .retry { return destinationID.count + sourceID.count >= 8 }
    return end <= datagram.byteCount || isCut
  }

  /// The versions that a Version Negotiation lists.
  func supportedVersions(in datagram: RawSpan) -> [QUICVersion] {
    stride(from: sourceID.upperBound, to: end, by: 4).compactMap {
      datagram.bigEndian(at: $0, as: UInt32.self).map(QUICVersion.init)
    }
  }
}

extension RawSpan {
  /// A variable-length integer, below 2^62, and where it ends: RFC 9000, 16.
  func quicInteger(at offset: Int) -> (value: Int, next: Int)? {
    guard let first = octet(at: offset) else { return nil }
    switch first >> 6 {
    case 0: return (Int(first), offset + 1)
    case 1:
      return bigEndian(at: offset, as: UInt16.self).map { (Int($0 & 0x3fff), offset + 2) }
    case 2:
      return bigEndian(at: offset, as: UInt32.self).map { (Int($0 & 0x3fff_ffff), offset + 4) }
    default:
      return bigEndian(at: offset, as: UInt64.self).map {
        (Int($0 & 0x3fff_ffff_ffff_ffff), offset + 8)
      }
    }
  }
}
