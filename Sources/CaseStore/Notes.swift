import Foundation
import GRDB

/// What a note is about.
public enum NoteSubject: Equatable, Sendable {
  case wholeCase
  /// `capture_id << 32 | number`.
  case packet(Int64)
  case flow(Int64)
  case finding(Int64)
  /// Nanoseconds since 1970-01-01 UTC.
  case time(Int64)
}

extension CaseWriter {
  /// Keeps an analyst's note.
  ///
  /// A flow is noted by its first packet, since its number may change when captures are added.
  ///
  /// - Returns: The note's number; `nil` when the case holds nothing of that subject.
  /// - Throws: `CaseError`.
  @discardableResult
  public func addNote(_ text: String, about subject: NoteSubject) throws -> Int64? {
    var number: Int64?
    try write { database in
      var (packet, finding, time): (Int64?, Int64?, Int64?)
      var isOfFlow = false
      switch subject {
      case .wholeCase: break
      case .packet(let id):
        packet = try Int64.fetchOne(
          database, sql: "SELECT packet_id FROM fact_packet WHERE packet_id = ?", arguments: [id])
        if packet == nil { return }
      case .flow(let id):
        packet = try Int64.fetchOne(
          database,
          sql: """
            SELECT s.capture_id << 32 | s.first_packet
            FROM derived_flow AS f JOIN fact_stream AS s ON s.stream_id = f.flow_id * 2
            WHERE f.flow_id = ?
            """, arguments: [id])
        isOfFlow = true
        if packet == nil { return }
      case .finding(let id):
        finding = try Int64.fetchOne(
          database, sql: "SELECT finding_id FROM derived_finding WHERE finding_id = ?",
          arguments: [id])
        if finding == nil { return }
      case .time(let nanoseconds): time = nanoseconds
      }
      try database.execute(
        sql: "INSERT INTO custody_note VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          Date().nanoseconds, actor.user, actor.host, text, packet, isOfFlow, finding, time,
        ])
      number = database.lastInsertedRowID
      try database.log(
        .note, ["note": String(database.lastInsertedRowID), "text": text], by: actor)
    }
    return number
  }
}
