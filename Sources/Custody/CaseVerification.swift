import CaseStore
import Evidence
import Foundation

/// One thing that was checked, and what came of it.
public struct Check: Equatable, Sendable {
  public enum State: String, Sendable {
    case unchanged
    /// It is not what the case says it was.
    case changed
    /// It is not there to be looked at: nothing is known of it.
    case missing
    /// It went on, as a case may: what came since is in its log.
    case grown = "changed since"
  }

  /// `case`, `source`, `log` or `note`; `export…` of what was exported.
  public var what: String
  /// The capture's name, or the number of the log's row.
  public var name: String
  public var state: State
  /// What is wrong, with both values.
  public var detail: String

  public init(_ what: String, _ name: String, _ state: State, _ detail: String = "") {
    (self.what, self.name, self.state, self.detail) = (what, name, state, detail)
  }
}

/// Re-checks what a case says of itself: SQLite's integrity, the digests of its sources, where they were
/// and in the case, the log.
public struct CaseVerification {
  private let reader: CaseReader

  public init(_ reader: CaseReader) {
    self.reader = reader
  }

  /// Every check, in the order: the file, the sources, what is kept of them, the log.
  ///
  /// Sources are read whole. Rows of the log that are unchanged are told together.
  ///
  /// - Throws: `SQLFault` when the case cannot be read on.
  public func checks() throws -> [Check] {
    let events = try reader.rows("SELECT * FROM audit_log ORDER BY event_id").map(CustodyEvent.init)
    return try [integrity()] + sources() + EmbeddedVerification(reader: reader).checks(events)
      + log(events)
  }

  private func integrity() throws -> Check {
    let faults = try reader.rows("PRAGMA integrity_check").compactMap { $0.values.first?.text }
    return faults == ["ok"]
      ? Check("case", reader.path, .unchanged)
      : Check("case", reader.path, .changed, faults.prefix(3).joined(separator: "; "))
  }

  // MARK: - Sources

  private func sources() throws -> [Check] {
    try CaptureSource.all(reader).map { source in
      let name = source.name
      guard let path = source.place else {
        return Check("source", name, .missing, "was read from standard input")
      }
      // A case may name what never ends; that is not read.
      if case .missing(let reason) = source.difference {
        return Check("source", name, .missing, reason)
      }
      guard let (sha256, size) = ContentDigest.ofFile(path) else {
        return Check("source", name, .missing, "\(path): cannot be read")
      }
      if (sha256, size) == (source.sha256, source.size) {
        return Check("source", name, .unchanged, source.foundPath.map { "found at \($0)" } ?? "")
      }
      return Check(
        "source", name, .changed,
        "\(path): \(size) octets with SHA-256 \(sha256), where \(source.size) with "
          + "\(source.sha256) were read")
    }
  }

  // MARK: - The log

  private func log(_ events: [CustodyEvent]) throws -> [Check] {
    var checks: [Check] = []
    var (next, previous) = (Int64(1), CustodyEvent.noSHA256)
    for event in events {
      if event.id != next {
        let gap = event.id - next == 1 ? "row \(next) is" : "rows \(next) to \(event.id - 1) are"
        checks.append(Check("log", String(next), .changed, "\(gap) not there"))
      } else if event.previousSHA256 != previous {
        checks.append(
          Check(
            "log", String(event.id), .changed,
            "it follows a row with SHA-256 \(event.previousSHA256), and the one before has "
              + previous))
      }
      if event.sha256 != event.expectedSHA256 {
        checks.append(
          Check(
            "log", String(event.id), .changed,
            "its content has SHA-256 \(event.expectedSHA256), where \(event.sha256) was written"))
      }
      (next, previous) = (event.id + 1, event.sha256)
    }
    checks += try end(next) + captures(events) + notes(events)
    return checks.isEmpty ? [Check("log", "1 to \(next - 1)", .unchanged, previous)] : checks
  }

  /// SQLite counts the rows that were ever written, also those at the end that are gone.
  private func end(_ next: Int64) throws -> [Check] {
    let row = try reader.firstRow("SELECT seq FROM sqlite_sequence WHERE name = 'custody_event'")
    let written = row?["seq"].integer ?? 0
    guard written != next - 1 else { return [] }
    return [
      Check(
        "log", String(next), .changed,
        "it ends with row \(next - 1), and \(written) were written")
    ]
  }

  /// Each capture came by an event that is in the log, and each that came and was not removed is
  /// there.
  private func captures(_ events: [CustodyEvent]) throws -> [Check] {
    var logged: [String: String] = [:]
    for event in events {
      let details = event.members
      guard let sha256 = details["sha256"] else { continue }
      switch event.action {
      case CustodyEvent.Action.ingest.rawValue, CustodyEvent.Action.merge.rawValue:
        logged[sha256] = details["capture"] ?? ""
      case CustodyEvent.Action.remove.rawValue: logged[sha256] = nil
      default: break
      }
    }
    // Of captures that came before the case had a log, nothing is told.
    let hadNone = events.first?.action == CustodyEvent.Action.migrate.rawValue
    var checks: [Check] = []
    for row in try reader.rows("SELECT name, sha256 FROM captures ORDER BY capture_id") {
      let (name, sha256) = (row["name"].text ?? "", row["sha256"].text ?? "")
      if logged.removeValue(forKey: sha256) == nil && !hadNone {
        checks.append(
          Check("log", name, .changed, "no row tells how the capture of SHA-256 \(sha256) came"))
      }
    }
    for (sha256, name) in logged.sorted(by: { $0.value < $1.value }) {
      checks.append(
        Check("log", name, .changed, "the capture of SHA-256 \(sha256) came, and is not there"))
    }
    return checks
  }

  /// Each note says what the log says that it said.
  private func notes(_ events: [CustodyEvent]) throws -> [Check] {
    var logged: [String: String] = [:]
    for event in events where event.action == CustodyEvent.Action.note.rawValue {
      let details = event.members
      logged[details["note"] ?? ""] = details["text"] ?? ""
    }
    var checks: [Check] = []
    for row in try reader.rows("SELECT note_id, text FROM notes ORDER BY note_id") {
      let number = String(row["note_id"].integer ?? 0)
      guard let text = logged.removeValue(forKey: number) else {
        checks.append(Check("note", number, .changed, "no row of the log tells of it"))
        continue
      }
      if text != row["text"].text {
        checks.append(Check("note", number, .changed, "the log has another text for it"))
      }
    }
    for number in logged.keys.sorted() {
      checks.append(Check("note", number, .changed, "it was written, and is not there"))
    }
    return checks
  }
}
