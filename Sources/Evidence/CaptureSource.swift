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
    }
  }

  /// The sources of all captures, in the order of their numbers.
  ///
  /// - Throws: `SQLFault`.
  public static func all(_ reader: CaseReader) throws -> [CaptureSource] {
    // Cases of the first versions did not record when a source was changed last, and earlier ones
    // than today's not where it was found again.
    let tables = try reader.rows("SELECT name FROM sqlite_schema").compactMap(\.values.first?.text)
    let modified = "SELECT modified_at FROM custody_source AS s WHERE s.capture_id = c.capture_id"
    let found = "SELECT path FROM custody_location AS l WHERE l.capture_id = c.capture_id"
    return try reader.rows(
      """
      SELECT c.*, \(tables.contains("custody_source") ? "(\(modified))" : "NULL") AS modified_ns,
             \(tables.contains("custody_location") ? "(\(found))" : "NULL") AS found_path
      FROM captures AS c
      ORDER BY c.capture_id
      """
    ).map { row in
      CaptureSource(
        captureID: row["capture_id"].integer ?? 0, name: row["name"].text ?? "",
        path: row["path"].text, foundPath: row["found_path"].text,
        format: row["format"].text.flatMap(CaptureFormat.init),
        sha256: row["sha256"].text ?? "", size: row["size"].integer ?? 0,
        modifiedAt: row["modified_ns"].integer, firstTime: row["first_ts"].integer)
    }
  }

  /// Where it is to be read again; `nil` for standard input that was not found as a file.
  public var place: String? { foundPath ?? path }

  /// Whether it ever held octets of packets.
  public var holdsOctets: Bool { format == .pcap || format == .pcapng }

  /// Looks at the source as it is now: of the same size and modified when it was then, or else of
  /// the same SHA-256, for which it is read whole.
  public func state() -> State {
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
    if let modifiedAt, now.modifiedAt == modifiedAt { return .same(.sizeAndTime) }
    guard let digest = ContentDigest.ofFile(path) else {
      return .missing("\(path): cannot be read; check its permissions")
    }
    return digest.sha256 == sha256
      ? .same(.sha256)
      : .changed("\(path): has the SHA-256 \(digest.sha256), where \(sha256) was read")
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
    let date = attributes[.modificationDate] as? Date
    return Look(
      isFile: attributes[.type] as? FileAttributeType == .typeRegular,
      isFolder: attributes[.type] as? FileAttributeType == .typeDirectory,
      size: (attributes[.size] as? NSNumber)?.int64Value ?? 0,
      // As ingesting wrote it.
      modifiedAt: date.map { Int64($0.timeIntervalSince1970 * 1_000_000_000) })
  }
}
