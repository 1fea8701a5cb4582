import Foundation
import GRDB

/// Who changes a case, and with what: each row of its log names them.
public struct Actor: Sendable {
  public var user: String
  public var host: String
  public var programVersion: String

  /// The user and host of this process.
  public init(programVersion: String) {
    let process = ProcessInfo.processInfo
    (user, host, self.programVersion) = (process.userName, process.hostName, programVersion)
  }
}

/// A row of the log: a change of the case. See `custody_event` in `Schema/custody.sql`.
public struct CustodyEvent: Equatable, Sendable {
  /// What is done to a case.
  public enum Action: String, Sendable {
    case ingest, embed, merge, unread, run, derive, remove, align, locate, note, migrate
  }

  public var id: Int64
  /// Nanoseconds since 1970-01-01 UTC.
  public var time: Int64
  public var user: String
  public var host: String
  public var programVersion: String
  public var action: String
  /// A JSON object.
  public var details: String
  /// Lower-case hexadecimal; 64 zeros before the first event.
  public var previousSHA256: String
  public var sha256: String

  /// Before the first event.
  public static let noSHA256 = String(repeating: "0", count: 64)

  /// What `sha256` must be: the digest of the other columns as netstrings
  /// (https://cr.yp.to/proto/netstrings.txt), the previous digest last.
  public var expectedSHA256: String {
    let fields = [
      String(id), String(time), user, host, programVersion, action, details, previousSHA256,
    ]
    return ContentDigest.sha256(of: fields.map { "\($0.utf8.count):\($0)," }.joined())
  }

  /// - Parameter row: Of `audit_log`.
  public init(_ row: SQLRow) {
    id = row["event_id"].integer ?? 0
    time = row["ts"].integer ?? 0
    user = row["who"].text ?? ""
    host = row["host"].text ?? ""
    programVersion = row["program_version"].text ?? ""
    action = row["action"].text ?? ""
    details = row["details"].text ?? ""
    previousSHA256 = row["previous_sha256"].text ?? ""
    sha256 = row["sha256"].text ?? ""
  }

  init(
    _ id: Int64, _ action: Action, details: String, by actor: Actor, after previous: String
  ) {
    self.id = id
    time = Date().nanoseconds
    (user, host, programVersion) = (actor.user, actor.host, actor.programVersion)
    (self.action, self.details) = (action.rawValue, details)
    (previousSHA256, sha256) = (previous, "")
    sha256 = expectedSHA256
  }
}

extension Database {
  /// Adds a row to the log, in the transaction of the change that it tells of.
  ///
  /// - Parameter details: What was changed, by name; written as a JSON object.
  func log(_ action: CustodyEvent.Action, _ details: [String: String], by actor: Actor) throws {
    let last = try Row.fetchOne(
      self, sql: "SELECT event_id, sha256 FROM custody_event ORDER BY event_id DESC LIMIT 1")
    let event = CustodyEvent(
      (last?["event_id"] ?? 0) + 1, action, details: try jsonText(details), by: actor,
      after: last?["sha256"] ?? CustodyEvent.noSHA256)
    try execute(
      sql: "INSERT INTO custody_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        event.id, event.time, event.user, event.host, event.programVersion, event.action,
        event.details, event.previousSHA256, event.sha256,
      ])
  }
}

/// A JSON object whose members stand in the order of their names.
func jsonText(_ members: [String: String]) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(members), as: UTF8.self)
}
