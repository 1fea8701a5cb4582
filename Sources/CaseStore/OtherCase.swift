import Foundation
import Schema

/// A case whose captures are to be merged into another one; it is only read.
///
/// One of an older version is brought to today's in a private copy in the temporary directory.
public final class OtherCase {
  /// A capture of it.
  public struct Capture: Equatable, Sendable {
    var id: Int64
    /// How that case calls it.
    public var name: String
    /// Lower-case hexadecimal.
    public var sha256: String
    /// As that case counts them.
    public var packets: Int64
    /// The number that its conversations' keys were made with; 0 where its times are in UTC.
    var domain: UInt64

    /// - Parameter timeBasis: A raw value of `CaptureFacts.TimeBasis`.
    init(id: Int64, name: String, sha256: String, packets: Int64, timeBasis: String?) {
      (self.id, self.name, self.sha256, self.packets) = (id, name, sha256, packets)
      let isUTC = timeBasis == CaptureFacts.TimeBasis.utc.rawValue
      domain = isUTC ? 0 : UInt64(clamping: id)
    }
  }

  /// As the user gave it.
  public let path: String
  /// In the order of their numbers.
  public let captures: [Capture]
  /// Sources of which nothing could be read: absolute path, why, and when it was tried, nanoseconds
  /// since 1970-01-01 UTC.
  let unread: [(path: String, message: String, time: Int64)]
  /// The digest of its log's last row; `nil` where it has no log.
  let logSHA256: String?
  /// What the user should know before trusting what is read; `nil` when there is nothing.
  public let notice: String?
  /// As what it is attached.
  let uri: String
  /// Holds what is read: a copy goes with its owner.
  private let owners: [AnyObject]

  /// - Parameter actor: Who is named by the log of a copy that has to be made.
  /// - Throws: `CaseError` when it cannot be read, is damaged, or is newer than this program.
  public init(path: String, by actor: Actor) throws {
    self.path = path
    let reader = try CaseReader(path: path)
    notice = reader.notice
    do {
      let hasLog =
        try reader.firstRow("SELECT 1 FROM sqlite_schema WHERE name = 'custody_event'") != nil
      logSHA256 =
        try hasLog
        ? reader.firstRow("SELECT sha256 FROM custody_event ORDER BY event_id DESC LIMIT 1")?
          .values.first?.text : nil
      let migrated =
        reader.readable.version < Int(Schema.version)
        ? try Self.migrate(reader.readable, by: actor) : nil
      let today = migrated?.today ?? reader
      uri = today.readable.uri
      owners = migrated.map { [$0.copy, today] } ?? [today]
      captures = try Self.captures(today.rows(Self.capturesQuery))
      unread = try Self.unread(today)
    } catch let fault as SQLFault {
      throw CaseError.damaged(path: path, reason: fault.reason)
    }
  }

  private static func migrate(
    _ readable: ReadableCase, by actor: Actor
  ) throws -> (copy: PrivateCaseCopy, today: CaseReader) {
    // An older program may be in the middle of writing it, which no copy would hold whole.
    guard !readable.isBeingWritten else {
      let holder = CaseLock.currentHolder(casePath: readable.path)
      throw CaseError.locked(path: readable.path, holder: holder ?? "an older program")
    }
    let copy = try PrivateCaseCopy(ofOlder: readable)
    do {
      // Migrating writes, and would run whatever a trigger says.
      let triggers = try CaseReader(path: copy.path).rows(
        """
        SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name <> 'custody_event'
        """)
      if let name = triggers.first?.values.first?.description {
        throw SQLFault(reason: "it has a trigger \(name)", statement: "", offset: nil)
      }
      try CaseWriter(path: copy.path, by: actor) { _ in }.finish()
      return (copy, try CaseReader(path: copy.path))
    } catch let error as CaseError {
      throw CaseError.damaged(
        path: readable.path, reason: "it cannot be brought to today's version: \(error.reason)")
    }
  }

  /// What `captures` are made from.
  static let capturesQuery =
    "SELECT capture_id, name, sha256, packets, time_basis FROM fact_capture ORDER BY capture_id"

  /// - Parameter rows: Of `capturesQuery`.
  /// - Throws: `SQLFault` where one is no capture.
  static func captures(_ rows: [SQLRow]) throws -> [Capture] {
    try rows.map { row in
      // A packet's identifier has room for such a number.
      guard let id = row["capture_id"].integer, (1...Int64(Int32.max)).contains(id),
        let name = row["name"].text, let sha256 = row["sha256"].text,
        sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil
      else {
        throw SQLFault(reason: "a row of fact_capture is no capture", statement: "", offset: nil)
      }
      return Capture(
        id: id, name: name, sha256: sha256, packets: row["packets"].integer ?? 0,
        timeBasis: row["time_basis"].text)
    }
  }

  private static func unread(
    _ reader: CaseReader
  ) throws -> [(path: String, message: String, time: Int64)] {
    try reader.rows("SELECT path, message, tried_at FROM fact_unread_source ORDER BY path").map {
      ($0["path"].text ?? "", $0["message"].text ?? "", $0["tried_at"].integer ?? 0)
    }
  }
}
