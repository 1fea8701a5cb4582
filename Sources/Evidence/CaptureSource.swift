import CaptureReading
import CaseStore
import Foundation

/// The source of a capture, as the case recorded it when it was read.
public struct CaptureSource: Equatable, Sendable {
  public var captureID: Int64
  public var name: String
  /// Where it was read, from the root; `nil` for standard input.
  public var path: String?
  /// Where it was found again after it was moved, from the root.
  public var foundPath: String?
  /// `nil` for a format that this program does not know.
  public var format: CaptureFormat?
  public var sha256: String
  public var size: Int64
  /// Nanoseconds since 1970-01-01 UTC; `nil` where the case does not say.
  public var modifiedAt: Int64?
  /// The time of its earliest packet, nanoseconds.
  public var firstTime: Int64?
  /// Whether its octets are kept in the case.
  public var isEmbedded = false

  /// What a source is found to be now.
  public enum State: Equatable, Sendable {
    /// The very source, by what was compared.
    case same(Proof)
    /// Not there, or not to be read; why, in words.
    case missing(String)
    /// Something else than was read; both values, in words.
    case changed(String)

    public enum Proof: String, Sendable {
      case sizeAndTime = "size and modification time"
      case sha256 = "SHA-256"
      /// It was not looked at: its octets came with the case, whose own check covers them.
      case embedded = "kept in the case"
    }
  }

  /// The sources of all captures, in the order of their numbers.
  ///
  /// - Throws: `SQLFault`.
  public static func all(_ reader: CaseReader) throws -> [CaptureSource] {
    func has(_ table: String) throws -> Bool {
      try reader.firstRow("SELECT 1 FROM sqlite_schema WHERE name = '\(table)'") != nil
    }
    // Cases of the first versions did not record when a source was changed last, and earlier ones than
    // today's neither kept any nor where one was found again.
    let modified =
      try has("custody_source")
      ? "(SELECT modified_at FROM custody_source AS s WHERE s.capture_id = c.capture_id)" : "NULL"
    let found =
      try has("custody_location")
      ? "(SELECT path FROM custody_location AS l WHERE l.capture_id = c.capture_id)" : "NULL"
    let embedded =
      try has("fact_source_block")
      ? """
      EXISTS (
        SELECT 1 FROM fact_source_block
        WHERE block_id BETWEEN c.capture_id << 32 AND c.capture_id << 32 | 4294967295)
      """ : "0"
    return try reader.rows(
      """
      SELECT capture_id, name, path, format, sha256, size, first_ts, \(modified) AS modified_ns,
        \(found) AS found_path, \(embedded) AS is_embedded
      FROM captures AS c
      ORDER BY capture_id
      """
    ).map { row in
      CaptureSource(
        captureID: row["capture_id"].integer ?? 0, name: row["name"].text ?? "",
        path: row["path"].text, foundPath: row["found_path"].text,
        format: row["format"].text.flatMap(CaptureFormat.init),
        sha256: row["sha256"].text ?? "", size: row["size"].integer ?? 0,
        modifiedAt: row["modified_ns"].integer, firstTime: row["first_ts"].integer,
        isEmbedded: row["is_embedded"].integer == 1)
    }
  }

  /// Where it is to be read again; `nil` for standard input that was not found as a file.
  public var place: String? { foundPath ?? path }

  /// Whether it ever held octets of packets.
  public var holdsOctets: Bool { format == .pcap || format == .pcapng }

  /// Looks at the source as it is now: of the same size and modified when it was then, or else of
  /// the same SHA-256, for which it is read whole.
  public func state() -> State {
    if let difference { return difference }
    let path = place ?? ""
    if let modifiedAt, Self.look(at: path)?.modifiedAt == modifiedAt { return .same(.sizeAndTime) }
    guard let digest = ContentDigest.ofFile(path) else {
      return .missing("\(path): cannot be read; check its permissions")
    }
    return digest.sha256 == sha256
      ? .same(.sha256)
      : .changed("\(path): has the SHA-256 \(digest.sha256), where \(sha256) was read")
  }

  /// What is wrong with the source as far as that shows without reading it; `nil` for nothing.
  public var difference: State? {
    guard let path = place else {
      return .missing("it was read from standard input, which cannot be read again")
    }
    guard let now = Self.look(at: path) else { return .missing("\(path): no such file") }
    guard now.isFile else { return .missing("\(path): is no file that could be read again") }
    guard now.size == size else {
      return .changed("\(path): has \(now.size) octets, where \(size) were read")
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      return .missing("\(path): cannot be read; check its permissions")
    }
    return nil
  }

  /// Likewise, in words.
  var visibleDifference: String? {
    switch difference {
    case .missing(let reason), .changed(let reason): reason
    case .same, nil: nil
    }
  }

  /// What stands at a path, links followed.
  struct Look: Equatable {
    var isFile: Bool
    var isFolder: Bool
    var size: Int64
    var modifiedAt: Int64?
  }

  /// - Returns: `nil` where there is nothing, or nothing may be known of it.
  static func look(at path: String) -> Look? {
    let place = URL(filePath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: place) else {
      return nil
    }
    return Look(
      isFile: attributes[.type] as? FileAttributeType == .typeRegular,
      isFolder: attributes[.type] as? FileAttributeType == .typeDirectory,
      size: (attributes[.size] as? NSNumber)?.int64Value ?? 0,
      modifiedAt: (attributes[.modificationDate] as? Date)?.nanoseconds)
  }
}
