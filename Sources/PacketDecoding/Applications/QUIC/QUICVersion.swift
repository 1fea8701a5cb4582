/// A version of QUIC: RFC 8999, 5.4; RFC 9000, 15.
struct QUICVersion: Equatable, Sendable {
  let rawValue: UInt32

  /// What stands for no version in a Version Negotiation.
  static let negotiation = QUICVersion(rawValue: 0)
  /// RFC 9000.
  static let one = QUICVersion(rawValue: 1)
  /// RFC 9369.
  static let two = QUICVersion(rawValue: 0x6b33_43cf)

  /// The number of a draft before RFC 9000, of those in which what is read is as in the RFC.
  private var draft: UInt8? {
    0xff00_001b...0xff00_0022 ~= rawValue ? UInt8(truncatingIfNeeded: rawValue) : nil
  }

  /// The number of a version before the IETF's, from that on which has its long header: `Q046` and later, and
  /// `T050` and later, which are those with TLS.
  private var googleNumber: Int? {
    let letter = UInt8(truncatingIfNeeded: rawValue >> 24)
    guard letter == UInt8(ascii: "Q") || letter == UInt8(ascii: "T") else { return nil }
    var number = 0
    for shift in [16, 8, 0] as [UInt32] {
      let digit = UInt8(truncatingIfNeeded: rawValue >> shift)
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number >= 46 ? number : nil
  }

  /// Whether its long header is known, beyond what all versions have.
  var isKnown: Bool { self == .one || self == .two || draft != nil || googleNumber != nil }

  /// Whether it is one of those that stand for nothing, so that servers must refuse them: RFC 9000, 15.
  var isReserved: Bool { rawValue & 0x0f0f_0f0f == 0x0a0a_0a0a }

  /// Whether it looks like a version, known or not: then a port may tell the rest.
  var isLikely: Bool { isKnown || isReserved || rawValue >> 8 == 0xff_0000 }

  /// Whether both lengths of connection identifiers share an octet, and packets have no length: `Q046`.
  var sharesLengths: Bool { googleNumber == 46 }

  /// `1`, `2`, `draft-29`, `Q050`; `nil` for what is not known.
  var name: String? {
    if self == .one { return "1" }
    if self == .two { return "2" }
    if let draft { return "draft-\(draft)" }
    if let number = googleNumber {
      return (rawValue >> 24 == UInt32(UInt8(ascii: "Q")) ? "Q" : "T") + (number < 100 ? "0" : "")
        + "\(number)"
    }
    return nil
  }

  /// What those bits of a long header's first octet mean: RFC 9000, 17.2; RFC 9369, 3.2.
  func packetType(_ bits: UInt8) -> QUICPacket.Kind {
    switch self == .two ? (bits &+ 3) & 3 : bits & 3 {
    case 0: .initial
    case 1: .zeroRTT
    case 2: .handshake
    default: .retry
    }
  }

  /// What the keys of Initial packets are derived with: RFC 9001, 5.2; RFC 9369, 3.3.1; the section 5.2 of
  /// the drafts of RFC 9001.
  ///
  /// - Returns: `nil` for versions of which that is not known.
  var initialSalt: [UInt8]? {
    if self == .two {
      return [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d,
        0xcb, 0xf9, 0xbd, 0x2e, 0xd9,
      ]
    }
    switch self == .one ? 34 : draft {
    case 33, 34:
      return [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
        0xad, 0xcc, 0xbb, 0x7f, 0x0a,
      ]
    case 29, 30, 31, 32:
      return [
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11,
        0xe0, 0x43, 0x90, 0xa8, 0x99,
      ]
    case 27, 28:
      return [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63,
        0x65, 0xbe, 0xf9, 0xf5, 0x02,
      ]
    default: return nil
    }
  }

  /// What stands before `key`, `iv` and `hp` where keys are derived: RFC 9001, 5.1; RFC 9369, 3.3.2.
  var labelPrefix: String { self == .two ? "quicv2 " : "quic " }
}
