/// What the first octets of a source, decompressed, say that it is.
enum CaptureContent: Equatable {
  case capture(CaptureFormat)
  /// A capture in a variant or format that is not read.
  case refused(variant: String, advice: String)
  /// Text, or at least not binary, that does not look like tcpdump's.
  case otherText(looksLike: String)
  case binary(looksLike: String, advice: String)

  /// How many octets the description of other programs' files looks at.
  private static let prefixLength = 512

  /// Looks at the source without taking anything away. Of a pipe no more is read than the answer
  /// needs.
  init(_ source: ByteSource) {
    _ = source.require(4)
    let isCompressed = source.compression != nil
    let early: CaptureContent? = source.withOctets(4) { octets in
      let number: UInt32? = octets.integer(at: 0, bigEndian: true)
      if number == PcapNGBlock.sectionHeaderType { return .capture(.pcapng) }
      if let magic = number.flatMap({ PcapFileHeader.Magic($0) }) {
        if case .refused(let variant) = magic {
          return .refused(variant: variant, advice: PcapFileHeader.adviceForVariants)
        }
        return .capture(.pcap)
      }
      if isCompressed, let inner = ByteSource.Compression(octets) {
        return .refused(
          variant: "compressed twice (\(inner.rawValue) inside)",
          advice: "Decompress it once and name the result.")
      }
      return nil
    }
    if let early {
      self = early
      return
    }
    if PrintedPacketRecognition.recognises(source) {
      self = .capture(.tcpdumpText)
      return
    }
    _ = source.require(Self.prefixLength)
    self = source.withOctets(Self.prefixLength) { Self.describe($0) }
  }

  private static let convert = "Convert it with 'editcap -F pcapng'."
  private static let other = "Name a capture: pcap, pcapng or what tcpdump prints."
  private static let unpack = "Unpack it and name the captures in it."

  /// The beginnings of files that are handed over by mistake, or are captures of other programs.
  private static let known: [(prefix: [UInt8], looksLike: String, advice: String)] = [
    (Array("snoop\0\0\0".utf8), "a snoop capture", convert),
    (Array("TRSNIFF data".utf8), "a Sniffer capture", convert),
    (Array("iptrace ".utf8), "an AIX iptrace capture", convert),
    (Array("GMBU".utf8), "a Microsoft Network Monitor capture", convert),
    (Array("RTSS".utf8), "a Microsoft Network Monitor capture", convert),
    (Array("XCP\0".utf8), "a NetXRay capture", convert),
    (Array("SQLite format 3\0".utf8), "a SQLite database", other),
    ([0x7f, 0x45, 0x4c, 0x46], "an ELF program", other),
    ([0xcf, 0xfa, 0xed, 0xfe], "a Mach-O program", other),
    (Array("MZ".utf8), "a Windows program", other),
    (Array("%PDF".utf8), "a PDF document", other),
    ([0x89, 0x50, 0x4e, 0x47], "a PNG image", other),
    ([0xff, 0xd8, 0xff], "a JPEG image", other),
    ([0x50, 0x4b, 0x03, 0x04], "a ZIP archive", unpack),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz-compressed data", "Decompress it with 'xz -d'."),
    (Array("BZh".utf8), "bzip2-compressed data", "Decompress it with 'bzip2 -d'."),
    ([0x04, 0x22, 0x4d, 0x18], "LZ4-compressed data", "Decompress it with 'lz4 -d'."),
    ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive", unpack),
    ([0xff, 0xfe], "UTF-16 text", "Convert it with 'iconv -f UTF-16 -t UTF-8'."),
    ([0xfe, 0xff], "UTF-16 text", "Convert it with 'iconv -f UTF-16 -t UTF-8'."),
  ]

  private static func describe(_ octets: RawSpan) -> CaptureContent {
    if let match = known.first(where: { octets.starts(with: $0.prefix) }) {
      return .binary(looksLike: match.looksLike, advice: match.advice)
    }
    if (257..<262).elementsEqual("ustar".utf8, by: { octets.octet(at: $0) == $1 }) {
      return .binary(looksLike: "a tar archive", advice: unpack)
    }
    if (0..<octets.byteCount).contains(where: { octets.octet(at: $0) == 0 }) {
      return .binary(looksLike: "binary data of an unknown format", advice: other)
    }
    switch octets.octet(at: 0) {
    case UInt8(ascii: "<"): return .otherText(looksLike: "HTML or XML text")
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .otherText(looksLike: "JSON text")
    default: return .otherText(looksLike: "text whose first lines are not of tcpdump")
    }
  }

  /// The format to read the source by.
  ///
  /// - Parameter asked: What the user said; text need not look like tcpdump's then.
  func format(asked: CaptureFormat?, name: String) throws(ReadingError) -> CaptureFormat {
    switch self {
    case .capture(let found):
      if let asked, asked != found {
        throw .otherFormat(name: name, expected: asked, found: found)
      }
      return found
    case .refused(let variant, let advice):
      throw .unsupportedVariant(name: name, variant: variant, advice: advice)
    case .otherText(let looksLike):
      if asked == .tcpdumpText { return .tcpdumpText }
      throw .notACapture(
        name: name, looksLike: looksLike,
        advice: "If tcpdump printed it, give --format \(CaptureFormat.tcpdumpText.rawValue).")
    case .binary(let looksLike, let advice):
      throw .notACapture(name: name, looksLike: looksLike, advice: advice)
    }
  }
}
