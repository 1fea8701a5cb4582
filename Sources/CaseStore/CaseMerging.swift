import GRDB
import PacketDecoding
import Schema

/// What became of a capture that was to be merged.
public enum MergeOutcome: Equatable, Sendable {
  /// It is in the case, under that name.
  case added(name: String)
  /// The case holds the same bytes already, under that name; `isPart` when they were read with a
  /// filter or up to a number of packets.
  case known(name: String, isPart: Bool)
  /// What the other case holds cannot be taken for a capture: nothing was added.
  case failed(CaseError)
}

extension CaseWriter {
  /// Puts a capture of another case into this one, with all that follows from it, in one
  /// transaction: afterwards the rows are those of ingesting its source here, but that who read it,
  /// when and where stays what it was. Notes about its packets and flows come with it; findings, and
  /// what was done about its clock, are the other case's.
  ///
  /// - Throws: `CaseError` where this case cannot be written; it is then as it was.
  public func merge(_ capture: OtherCase.Capture, of other: OtherCase) throws -> MergeOutcome {
    try take(capture, attaching: other.uri, named: other.path) { database, copying in
      try copying.copyFacts()
      try copying.checkTypes()
      try copying.copyNotes(by: actor)
      var details = try copying.details()
      details["case"] = CaseFile.absolutePath(other.path)
      details["case_log_sha256"] = other.logSHA256
      if try database.holdsSource(ofCapture: copying.newID) { details["embedded"] = "yes" }
      try database.log(.merge, details, by: actor)
      return copying.moved(
        Deriving.Addition(firstStream: 0, isUnassembled: true, unmatched: [capture.id]))
    }
  }

  /// Keeps that nothing could be read of sources of another case, unless they are in this one.
  ///
  /// - Throws: `CaseError`.
  public func noteUnread(of other: OtherCase) throws {
    for source in other.unread where try !knows(sourceAt: source.path) {
      try noteUnread(path: source.path, message: source.message, at: source.time)
    }
  }

  /// Copies a capture of the case that is attached as `uri` in one transaction.
  ///
  /// - Parameters:
  ///   - path: What messages call that case.
  ///   - body: Copies what is wanted and returns what is to be derived.
  func take(
    _ capture: OtherCase.Capture, attaching uri: String, named path: String,
    _ body: (Database, CaptureCopying) throws -> Deriving.Addition
  ) throws -> MergeOutcome {
    if let name = try captureName(sha256: capture.sha256) {
      return .known(name: name, isPart: try isPart(name))
    }
    let name = try freeName(capture.name)
    var failure: CaseError?
    _ = try add(attaching: uri) { database, session in
      do {
        let copying = try CaptureCopying(capture, as: session, name, in: database)
        return try body(database, copying)
      } catch {
        guard let reason = CaptureCopying.reason(of: error, in: database) else { throw error }
        failure = .damaged(path: path, reason: reason)
        return nil
      }
    }
    return failure.map { .failed($0) } ?? .added(name: name)
  }
}

/// The copying of one capture's rows from the attached case `other`.
struct CaptureCopying {
  private let database: Database
  private let arguments: StatementArguments
  /// How far identifiers of packets move.
  private let packets: Int64
  private let ids: (capture: Int64, new: Int64)
  /// The capture's number in this case.
  var newID: Int64 { ids.new }
  private let mark: Int64
  private let firstStream: Int64
  private let firstLink: Int64

  init(
    _ capture: OtherCase.Capture, as session: CaptureSession, _ name: String, in database: Database
  ) throws {
    self.database = database
    try Self.checkTables(database)
    ids = (capture.id, session.captureID)
    packets = (session.captureID &- capture.id) << 32
    let streams = try Row.fetchOne(
      database,
      sql: """
        SELECT min(stream_id) AS first, max(stream_id) AS last
        FROM other.fact_stream WHERE capture_id = ?
        """, arguments: [capture.id])
    let link = try Int64.fetchOne(
      database, sql: "SELECT min(link_id) FROM other.fact_link WHERE capture_id = ?",
      arguments: [capture.id])
    let (first, last): (Int64, Int64) = (streams?["first"] ?? 0, streams?["last"] ?? 0)
    let domain = capture.domain == 0 ? 0 : UInt64(clamping: session.captureID)
    mark = ConversationKey.mark(ofDomain: capture.domain) ^ ConversationKey.mark(ofDomain: domain)
    (firstStream, firstLink) = (session.firstConversationID * 2, session.firstLinkID)
    arguments = [
      "capture": capture.id, "new_capture": session.captureID, "name": name, "packets": packets,
      // The two streams of a conversation stay those. Damage cannot make this overflow unseen: the
      // sums that SQLite makes of it are then no identifiers, and refused.
      "streams": firstStream &- (first & ~1),
      "links": session.firstLinkID &- (link ?? 0), "first_stream": first & ~1,
      "last_stream": last | 1,
      "first_packet": capture.id << 32, "last_packet": capture.id << 32 | 0xffff_ffff,
      "mark": mark,
    ]
  }

  func copyFacts() throws {
    try database.execute(sql: Schema.merging(.facts), arguments: arguments)
    for table in Schema.applicationTables { try copyApplications(table) }
  }

  /// Copies the rows of an application protocol: whatever else names a packet moves as packets do.
  private func copyApplications(_ table: String) throws {
    let columns = try database.columns(in: table).map { column in
      column.name.hasSuffix("packet_id") ? "\(column.name) + :packets" : column.name
    }
    try database.execute(
      sql: """
        INSERT INTO main.\(table) SELECT \(columns.joined(separator: ", ")) FROM other.\(table)
        WHERE packet_id BETWEEN :first_packet AND :last_packet
        """,
      arguments: [
        "packets": packets, "first_packet": ids.capture << 32,
        "last_packet": ids.capture << 32 | 0xffff_ffff,
      ])
  }

  /// Makes sure that every value that was copied is of the type that its column declares, which
  /// SQLite leaves open: whoever reads it relies on that.
  func checkTypes() throws {
    let tables = try ["fact_", "custody_source", "custody_location"].flatMap {
      try CaseWriter.tables(named: $0, in: database)
    }
    for table in tables {
      let wrong = try database.columns(in: table.name).map { column in
        "typeof(\(column.name)) NOT IN ('null', '\(column.type.lowercased())')"
      }
      let found = try Bool.fetchOne(
        database,
        sql: """
          SELECT 1 FROM \(table.name)
          WHERE \(table.condition) AND (\(wrong.joined(separator: " OR ")))
          """, arguments: ["capture": ids.new])
      if found ?? false { throw Unfit(reason: "a row of \(table.name) is of another type") }
    }
    try checkNumbers()
  }

  /// Makes sure that numbers are such as an ingest gives: others would leave no room for the next, or
  /// overflow where they are added up.
  private func checkNumbers() throws {
    let reason = try String.fetchOne(
      database, sql: Schema.merging(.oddities),
      arguments: [
        "capture": ids.new, "first_stream": firstStream, "first_link": firstLink,
      ])
    if let reason { throw Unfit(reason: reason) }
  }

  /// What was found while the capture was read: only where `other` holds no other capture.
  func copyDerivations() throws {
    try database.execute(sql: Schema.merging(.derivations), arguments: arguments)
  }

  /// What is to be derived of the capture, by the numbers that it has here.
  func moved(_ addition: Deriving.Addition) -> Deriving.Addition {
    Deriving.Addition(
      firstStream: firstStream, isUnassembled: addition.isUnassembled,
      unmatched: addition.unmatched.map { _ in ids.new }, keys: Set(addition.keys.map { $0 ^ mark })
    )
  }

  /// The notes about packets and flows of the capture, with who wrote them and when.
  func copyNotes(by actor: Actor) throws {
    let notes = try Row.fetchAll(
      database,
      sql: """
        SELECT * FROM other.custody_note WHERE packet_id BETWEEN :first AND :last ORDER BY note_id
        """, arguments: ["first": ids.capture << 32, "last": ids.capture << 32 | 0xffff_ffff])
    for note in notes {
      // Whatever type a column has, asking so gives nil where it is no such value.
      guard let packet = Int64.fromDatabaseValue(note["packet_id"]),
        let text = String.fromDatabaseValue(note["text"])
      else { throw Unfit(reason: "a row of custody_note is no note") }
      try database.execute(
        sql: "INSERT INTO custody_note VALUES (NULL, ?, ?, ?, ?, ?, ?, NULL, NULL)",
        arguments: [
          note["at"], note["who"], note["host"], text, packet &+ packets, note["is_of_flow"],
        ])
      try database.log(
        .note, ["note": String(database.lastInsertedRowID), "text": text], by: actor)
    }
  }

  /// What the log says of the capture, as it says of one that is ingested.
  func details() throws -> [String: String] {
    guard
      let capture = try Row.fetchOne(
        database,
        sql: """
          SELECT c.*, s.options
          FROM fact_capture AS c LEFT JOIN custody_source AS s ON s.capture_id = c.capture_id
          WHERE c.capture_id = ?
          """, arguments: [ids.new])
    else { throw Unfit(reason: "a capture was taken out of it a moment ago") }
    return [
      "capture": capture["name"], "path": capture["path"] ?? "-", "sha256": capture["sha256"],
      "size": String(capture["size"] as Int64), "packets": String(capture["packets"] as Int64),
      "complete": capture["complete"] ? "yes" : "no", "options": capture["options"] ?? "{}",
    ]
  }

  /// Makes sure that what is copied from are tables: a view could go on for ever.
  private static func checkTables(_ database: Database) throws {
    let missing = try String.fetchOne(
      database,
      sql: """
        SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
        EXCEPT
        SELECT name FROM other.sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE TABLE %'
        """)
    if let missing { throw Unfit(reason: "it has no table \(missing)") }
  }

  /// What the other case holds is not what an ingest writes.
  private struct Unfit: Error {
    var reason: String
  }

  /// What is wrong with the other case where an error tells of that.
  ///
  /// - Returns: `nil` where the error is not the other case's.
  static func reason(of error: any Error, in database: Database) -> String? {
    if let error = error as? Unfit { return error.reason }
    guard let error = error as? DatabaseError else { return nil }
    let reason = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    // This case's own tables take what an ingest writes.
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_ERROR: return reason
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      // Which of the two is damaged, SQLite does not say.
      let found = try? String.fetchOne(database, sql: "PRAGMA other.quick_check(1)")
      return found == "ok" ? nil : reason
    default: return nil
    }
  }
}
