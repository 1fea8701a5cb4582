/// Something of a capture that could not be read, while the rest could: it goes into the case.
public struct ReadingFault: Equatable, Sendable {
  /// Why it could not be read.
  public enum Kind: String, Sendable {
    /// The capture ends, or was cut off, before what it promises.
    case cut
    /// The capture contradicts its format.
    case malformed
    /// The capture is in order as far as known, but this part of its format is not read.
    case unsupported
  }
  /// Why it could not be read.
  public var kind: Kind
  /// Octets from the start of the capture, decompressed, to the record, block or line concerned.
  public var byteOffset: Int64
  /// The packet concerned, which need not have been handed out.
  public var packetNumber: Int64?
  /// What was expected and found, what was kept, and what to do; without the capture's name and
  /// the offset.
  public var message: String
}

/// What stops the reading of a source altogether.
public enum ReadingError: Error, Equatable, Sendable {
  /// No such file.
  case missing(name: String)
  /// The system refuses to open or list it, in the system's words.
  case unreadable(name: String, reason: String)
  /// A folder where a file is needed.
  case folder(name: String)
  /// A folder in which nothing looks like a capture; `passedOver` files were looked at.
  case folderWithoutCaptures(name: String, passedOver: Int)
  /// Not one octet, or compressed data that hold none.
  case empty(name: String)
  /// Not a capture; `looksLike` says what it is, with its article, as far as its first octets tell.
  case notACapture(name: String, looksLike: String, advice: String)
  /// The format that was asked for is not the one of the content.
  case otherFormat(name: String, expected: CaptureFormat, found: CaptureFormat)
  /// The file header is cut.
  case cutHeader(name: String, found: Int, expected: Int)
  /// The file header contradicts its format at `offset`.
  case malformedHeader(name: String, offset: Int64, reason: String)
  /// A capture in a variant that is not read.
  case unsupportedVariant(name: String, variant: String, advice: String)
  /// Its octets are not the ones that `file`, or the user, says they are.
  case otherDigest(name: String, expected: String, found: String, file: String?)
  /// Its octets cannot be kept in the case, which was asked for: why and what to do, as the second half
  /// of a sentence.
  case notKept(name: String, reason: String)
  /// libpcap refuses the filter, in its own words; `linkType` is the name of the link type that it
  /// was compiled for.
  case filter(expression: String, linkType: String, reason: String)
  /// A filter for a printed capture, which has no octets to judge.
  case filterOnText(name: String)
}

extension ReadingError {
  /// Whether it tells something of a source that is there, not of what the user typed.
  public var isAboutSource: Bool {
    switch self {
    case .unreadable, .empty, .notACapture, .cutHeader, .malformedHeader, .unsupportedVariant,
      .otherDigest:
      true
    case .missing, .folder, .folderWithoutCaptures, .otherFormat, .notKept, .filter, .filterOnText:
      false
    }
  }
}

extension ReadingError: CustomStringConvertible {
  /// One line: the source, where in it, what was expected and found, and what to do.
  public var description: String {
    switch self {
    case .missing(let name):
      "\(name): no such file. Check the path."
    case .unreadable(let name, let reason):
      "\(name): cannot be read: \(reason). Check its permissions."
    case .folder(let name):
      "\(name): a folder, where a capture is expected. Name a file in it."
    case .folderWithoutCaptures(let name, let passedOver):
      "\(name): no capture in this folder; \(passedOver) other "
        + (passedOver == 1 ? "file was" : "files were")
        + " passed over. Name a file with --format if one of them is a capture."
    case .empty(let name):
      "\(name): empty, where a capture is expected. Ask for the original file."
    case .notACapture(let name, let looksLike, let advice):
      "\(name): byte 0: not a capture; it looks like \(looksLike). \(advice)"
    case .otherFormat(let name, let expected, let found):
      "\(name): byte 0: \(expected.rawValue) was asked for, and this is \(found.rawValue). "
        + "Leave --format out, or give \(found.rawValue)."
    case .cutHeader(let name, let found, let expected):
      "\(name): byte 0: the file header holds \(found) of \(expected) octets; no packet can be "
        + "read. Ask for the original file."
    case .malformedHeader(let name, let offset, let reason):
      "\(name): byte \(offset): \(reason); no packet can be read. Ask for the original file."
    case .unsupportedVariant(let name, let variant, let advice):
      "\(name): byte 0: \(variant), which is not read. \(advice)"
    case .otherDigest(let name, let expected, let found, let file):
      "\(name): its SHA-256 is \(found), where \(file ?? "--expect-sha256") says \(expected); "
        + "left out. Ask for the original file."
    case .notKept(let name, let reason):
      "\(name): its bytes cannot be kept in the case: \(reason)."
    case .filter(let expression, let linkType, let reason):
      "filter '\(expression)' for link type \(linkType): \(reason). "
        + "'man pcap-filter' explains the language."
    case .filterOnText(let name):
      "\(name): a filter needs the octets of packets, and a printed capture has none. "
        + "Leave --filter out."
    }
  }
}

extension ReadingError {
  /// The source, as it was named; `nil` for an error of none.
  public var source: String? {
    switch self {
    case .missing(let name),
      .unreadable(let name, _),
      .folder(let name),
      .folderWithoutCaptures(let name, _),
      .empty(let name),
      .notACapture(let name, _, _),
      .otherFormat(let name, _, _),
      .cutHeader(let name, _, _),
      .malformedHeader(let name, _, _),
      .unsupportedVariant(let name, _, _),
      .otherDigest(let name, _, _, _),
      .notKept(let name, _),
      .filterOnText(let name):
      name
    case .filter: nil
    }
  }
}
