/// The head of a pcapng block, and the values that its kinds hold at fixed places.
///
/// Type 0..<4, total length 4..<8, body, total length again in the last 4 octets; all but the
/// type of a section header in the order of octets of the section.
///
/// Source: draft-ietf-opsawg-pcapng, section 3.1.
struct PcapNGBlock {
  var type: UInt32
  /// Octets of the whole block, both lengths included; at least 12 and a multiple of 4.
  var length: Int
  /// Octets from the start of the capture.
  var offset: Int64
  var isBigEndian: Bool

  /// The same in either order of octets.
  static let sectionHeaderType: UInt32 = 0x0a0d_0d0a
  /// The octets of a section header's byte-order magic, most significant first.
  static let byteOrderMagic: UInt32 = 0x1a2b_3c4d
  static let smallestLength = 12
  /// The octets of the smallest section header: no options.
  static let smallestSectionHeader = 28
  static let interfaceDescriptionType: UInt32 = 1
  static let obsoletePacketType: UInt32 = 2
  static let simplePacketType: UInt32 = 3
  static let nameResolutionType: UInt32 = 4
  static let interfaceStatisticsType: UInt32 = 5
  static let enhancedPacketType: UInt32 = 6

  /// Octets of a whole block that are kept in memory: a packet, and 1 MiB of options.
  static let longest = CaptureReader.longestPacket + (1 << 20)

  /// Where the body ends.
  var bodyEnd: Int { length - 4 }

  /// What a block of this type is called in messages.
  var name: String {
    switch type {
    case Self.sectionHeaderType: "section header block"
    case Self.interfaceDescriptionType: "interface description block"
    case Self.obsoletePacketType: "packet block"
    case Self.simplePacketType: "simple packet block"
    case Self.nameResolutionType: "name resolution block"
    case Self.interfaceStatisticsType: "interface statistics block"
    case Self.enhancedPacketType: "enhanced packet block"
    default: "block of type 0x\(String(type, radix: 16))"
    }
  }

  var holdsPacket: Bool {
    type == Self.enhancedPacketType || type == Self.simplePacketType
      || type == Self.obsoletePacketType
  }

  /// Whether a section header is in an order of octets that begins with the most significant;
  /// `nil` when the octets at 8 are no byte-order magic.
  static func byteOrder(_ octets: RawSpan) -> Bool? {
    switch octets.integer(at: 8, bigEndian: true) as UInt32? {
    case byteOrderMagic: true
    case byteOrderMagic.byteSwapped: false
    default: nil
    }
  }
}

/// The places of a packet block's values, of whichever of the three kinds.
///
/// Enhanced: interface 8..<12, timestamp 12..<20 (its upper half first), captured length 20..<24,
/// length on the wire 24..<28, data. Simple: length on the wire 8..<12, data. Obsolete: interface
/// 8..<10, drops 10..<12, then as enhanced.
///
/// Source: draft-ietf-opsawg-pcapng, sections 4.3 and 4.4, appendix A.
struct PcapNGPacketFields {
  var interface: UInt32 = 0
  /// In units of the interface; `nil` for a simple packet.
  var timestamp: UInt64?
  /// `nil` for a simple packet, whose captured length follows from others.
  var capturedLength: UInt32?
  var length: UInt32
  /// Where the packet's octets begin in the block.
  var dataStart: Int

  /// - Returns: `nil` when the block is too short for its values.
  @inline(__always)
  init?(_ octets: RawSpan, _ block: PcapNGBlock) {
    let isBigEndian = block.isBigEndian
    if block.type == PcapNGBlock.simplePacketType {
      guard block.bodyEnd >= 12,
        let length: UInt32 = octets.integer(at: 8, bigEndian: isBigEndian)
      else { return nil }
      (self.length, dataStart) = (length, 12)
      return
    }
    guard block.bodyEnd >= 28,
      let interface: UInt32 = octets.integer(at: 8, bigEndian: isBigEndian),
      let upper: UInt32 = octets.integer(at: 12, bigEndian: isBigEndian),
      let lower: UInt32 = octets.integer(at: 16, bigEndian: isBigEndian),
      let capturedLength: UInt32 = octets.integer(at: 20, bigEndian: isBigEndian),
      let length: UInt32 = octets.integer(at: 24, bigEndian: isBigEndian)
    else { return nil }
    if block.type == PcapNGBlock.obsoletePacketType {
      let narrow: UInt16? = octets.integer(at: 8, bigEndian: isBigEndian)
      self.interface = UInt32(narrow ?? 0)
    } else {
      self.interface = interface
    }
    timestamp = UInt64(upper) << 32 | UInt64(lower)
    (self.capturedLength, self.length, dataStart) = (capturedLength, length, 28)
  }
}
