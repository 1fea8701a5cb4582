/// The header of a pcap file: 24 octets.
///
/// Magic number 0..<4, major version 4..<6, minor version 6..<8, reserved 8..<16, snapshot length
/// 16..<20, link type with frame check sequence 20..<24; in the order of octets of the machine
/// that wrote it, which the magic number tells.
///
/// Source: draft-ietf-opsawg-pcap, section 4; for old versions and variants, libpcap's
/// pcap-savefile(5).
struct PcapFileHeader: Equatable {
  static let length = 24

  var isBigEndian: Bool
  var hasNanoseconds: Bool
  /// 16, or 24 in the variant of Alexey Kuznetzov's patch.
  var recordHeaderLength: Int
  var lengthOrder: LengthOrder
  var snapLength: UInt32
  var linkType: Int32

  /// Which comes first in a record.
  enum LengthOrder: Equatable {
    /// The captured length, since version 2.4.
    case capturedFirst
    /// The length on the wire, before version 2.3.
    case wireFirst
    /// In version 2.3 writers differ; the captured length is the one that is not larger.
    case smallerIsCaptured
  }

  /// What the first four octets, read with the most significant first, say.
  enum Magic: Equatable {
    case read(isBigEndian: Bool, hasNanoseconds: Bool, recordHeaderLength: Int)
    /// A variant that is not read, by its name.
    case refused(String)

    init?(_ number: UInt32) {
      for (value, isBigEndian) in [(number, true), (number.byteSwapped, false)] {
        switch value {
        case 0xa1b2_c3d4:
          self = .read(isBigEndian: isBigEndian, hasNanoseconds: false, recordHeaderLength: 16)
        case 0xa1b2_3c4d:
          self = .read(isBigEndian: isBigEndian, hasNanoseconds: true, recordHeaderLength: 16)
        case 0xa1b2_cd34:
          self = .read(isBigEndian: isBigEndian, hasNanoseconds: false, recordHeaderLength: 24)
        case 0xa1b2_34cd: self = .refused("a pcap file of Francisco Mesquita's tcpdump")
        case 0xa12b_3c4d: self = .refused("a pcap file of Navtel Communications' tcpdump")
        case 0xa1b2_c3cb: self = .refused("a filter program that libpcap saved (magic a1b2c3cb)")
        case 0xa1b2_c3cd: self = .refused("a variant of pcap with the magic number a1b2c3cd")
        case 0x1c00_01ac: self = .refused("an Ixia lcap file of hardware timestamps")
        case 0x1c00_01ab: self = .refused("an Ixia lcap file of software timestamps")
        default: continue
        }
        return
      }
      return nil
    }
  }

  static let adviceForVariants = "Convert it with 'editcap -F pcapng', which reads more variants."

  /// - Parameters:
  ///   - octets: The first 24 of the file, or all when there are fewer.
  ///   - name: The source, for errors.
  init(_ octets: RawSpan, name: String) throws(ReadingError) {
    guard let number: UInt32 = octets.integer(at: 0, bigEndian: true) else {
      throw .cutHeader(name: name, found: octets.byteCount, expected: Self.length)
    }
    switch Magic(number) {
    case nil:
      throw .malformedHeader(name: name, offset: 0, reason: "no magic number of pcap")
    case .refused(let variant):
      throw .unsupportedVariant(name: name, variant: variant, advice: Self.adviceForVariants)
    case .read(let isBigEndian, let hasNanoseconds, let recordHeaderLength):
      (self.isBigEndian, self.hasNanoseconds) = (isBigEndian, hasNanoseconds)
      self.recordHeaderLength = recordHeaderLength
    }
    guard let major: UInt16 = octets.integer(at: 4, bigEndian: isBigEndian),
      let minor: UInt16 = octets.integer(at: 6, bigEndian: isBigEndian),
      let snapLength: UInt32 = octets.integer(at: 16, bigEndian: isBigEndian),
      let link: UInt32 = octets.integer(at: 20, bigEndian: isBigEndian)
    else { throw .cutHeader(name: name, found: octets.byteCount, expected: Self.length) }
    switch (major, minor) {
    case (2, 4): lengthOrder = .capturedFirst
    case (2, 3): lengthOrder = .smallerIsCaptured
    case (2, 0...2): lengthOrder = .wireFirst
    // What the tcpdump of DG/UX writes.
    case (543, 0): lengthOrder = .wireFirst
    default:
      throw .unsupportedVariant(
        name: name, variant: "a pcap file of version \(major).\(minor)",
        advice: "Versions 2.0 to 2.4 are known. " + Self.adviceForVariants)
    }
    self.snapLength = snapLength
    // The low 16 bits are the link type. Of the others some tell the length of the frame check
    // sequence at the end of each packet, which needs no telling: it is behind what IP counts.
    linkType = Int32(link & 0xffff)
  }
}

/// The header of a packet's record in a pcap file: 16 octets, or 24 where the file header says so.
///
/// Seconds 0..<4, fraction of a second 4..<8, captured length 8..<12, length on the wire 12..<16,
/// in the order of octets of the file header. The 8 octets more of Kuznetzov's patch (interface,
/// protocol, packet type) are passed over.
struct PcapRecordHeader: Equatable {
  /// Seconds since 1970-01-01 UTC; unsigned, so that they last until 2106.
  var seconds: UInt32
  /// Microseconds or nanoseconds.
  var fraction: UInt32
  var capturedLength: UInt32
  var length: UInt32

  /// - Returns: `nil` when `octets` holds fewer than 16.
  @inline(__always)
  init?(_ octets: RawSpan, _ file: PcapFileHeader) {
    guard let seconds: UInt32 = octets.integer(at: 0, bigEndian: file.isBigEndian),
      let fraction: UInt32 = octets.integer(at: 4, bigEndian: file.isBigEndian),
      let third: UInt32 = octets.integer(at: 8, bigEndian: file.isBigEndian),
      let fourth: UInt32 = octets.integer(at: 12, bigEndian: file.isBigEndian)
    else { return nil }
    (self.seconds, self.fraction) = (seconds, fraction)
    switch file.lengthOrder {
    case .capturedFirst: (capturedLength, length) = (third, fourth)
    case .wireFirst: (capturedLength, length) = (fourth, third)
    case .smallerIsCaptured: (capturedLength, length) = (min(third, fourth), max(third, fourth))
    }
  }
}
