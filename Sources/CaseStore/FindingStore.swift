import Foundation
import GRDB

/// What one run of an investigation leaves in the case.
public struct StoredRun: Sendable {
  public var investigation: String
  public var title: String
  public var severity: String
  public var sql: String
  public var evidenceSQL: String
  /// A JSON object, name to value.
  public var parameters: String
  public var findings: [StoredFinding]

  public init(
    investigation: String, title: String, severity: String, sql: String, evidenceSQL: String,
    parameters: String, findings: [StoredFinding]
  ) {
    (self.investigation, self.title, self.severity) = (investigation, title, severity)
    (self.sql, self.evidenceSQL) = (sql, evidenceSQL)
    (self.parameters, self.findings) = (parameters, findings)
  }
}

/// One row that an investigation reported.
public struct StoredFinding: Sendable {
  /// Nanoseconds, read as `timeBasis` says.
  public var firstTime: Int64?
  public var lastTime: Int64?
  public var timeBasis: CaptureFacts.TimeBasis
  public var summary: String
  /// The row as a JSON object, column to value.
  public var details: String
  /// Packet ids.
  public var evidence: [Int64]

  public init(
    firstTime: Int64?, lastTime: Int64?, timeBasis: CaptureFacts.TimeBasis, summary: String,
    details: String, evidence: [Int64]
  ) {
    (self.firstTime, self.lastTime, self.timeBasis) = (firstTime, lastTime, timeBasis)
    (self.summary, self.details, self.evidence) = (summary, details, evidence)
  }
}

extension CaseWriter {
  /// Keeps the findings of `runs`; a run takes the place of an earlier one with the same
  /// statement and parameters that looked at the same part of the case.
  ///
  /// - Parameter scope: The part that they looked at.
  /// - Throws: `CaseError`.
  public func save(_ runs: [StoredRun], of scope: CaseScope) throws {
    try write { database in
      let now = Date().nanoseconds
      let part = try Part(scope, of: database)
      let findings = try InsertStatement(database, into: "derived_finding", columns: 7)
      let evidence = try InsertStatement(database, into: "derived_finding_evidence", columns: 2)
      for run in runs {
        var numbers = try Self.forget(run, of: scope, part, in: database)
        var next = max(numbers.values.max() ?? 0, try Self.lastNumber(in: database)) + 1
        try database.execute(
          sql: "INSERT INTO derived_run VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            run.investigation, run.title, run.severity, run.sql, run.evidenceSQL, run.parameters,
            now, actor.programVersion, scope.since, scope.until, part.isWhole, part.captures,
          ])
        let runID = database.lastInsertedRowID
        for finding in run.findings {
          let number = numbers.removeValue(forKey: finding.details) ?? next
          next = max(next, number + 1)
          try findings.insert { row in
            row.bind(1, number)
            row.bind(2, runID)
            row.bind(3, finding.firstTime)
            row.bind(4, finding.lastTime)
            row.bind(5, copying: finding.timeBasis.rawValue)
            row.bind(6, copying: finding.summary)
            row.bind(7, copying: finding.details)
          }
          try evidence.insert(count: finding.evidence.count) { row, index in
            row.bind(1, number)
            row.bind(2, finding.evidence[index])
          }
        }
        try database.log(
          .run,
          [
            "investigation": run.investigation, "parameters": run.parameters,
            "findings": String(run.findings.count),
          ], by: actor)
      }
    }
  }

  /// The captures that runs looked at.
  private struct Part {
    var isWhole: Bool
    /// As `derived_run` writes them.
    var captures: String

    init(_ scope: CaseScope, of database: Database) throws {
      let all = try Row.fetchAll(
        database, sql: "SELECT capture_id, sha256 FROM fact_capture ORDER BY capture_id")
      let seen = all.filter { scope.captures?.contains($0["capture_id"]) ?? true }
      isWhole = seen.count == all.count
      captures = seen.map { $0["sha256"] as String }.joined(separator: " ")
    }
  }

  /// The highest number that a finding has, or had when somebody wrote a note about it: no other
  /// finding gets it.
  private static func lastNumber(in database: Database) throws -> Int64 {
    try Int64.fetchOne(
      database,
      sql: """
        SELECT max(
          (SELECT COALESCE(max(finding_id), 0) FROM derived_finding),
          (SELECT COALESCE(max(finding_id), 0) FROM custody_note))
        """) ?? 0
  }

  /// Takes out the earlier run that `run` takes the place of.
  ///
  /// - Returns: The numbers of its findings by what they say: who cited one finds it again.
  private static func forget(
    _ run: StoredRun, of scope: CaseScope, _ part: Part, in database: Database
  ) throws -> [String: Int64] {
    let earlier = try Int64.fetchAll(
      database,
      sql: """
        SELECT run_id FROM derived_run
        WHERE investigation = ? AND sql = ? AND parameters = ? AND since IS ? AND until IS ?
          AND is_whole = ? AND (is_whole = 1 OR captures = ?)
        """,
      arguments: [
        run.investigation, run.sql, run.parameters, scope.since, scope.until, part.isWhole,
        part.captures,
      ])
    var numbers: [String: Int64] = [:]
    for id in earlier {
      let findings = try Row.fetchAll(
        database, sql: "SELECT finding_id, details FROM derived_finding WHERE run_id = ?",
        arguments: [id])
      for finding in findings { numbers[finding["details"]] = finding["finding_id"] }
      try forget(run: id, in: database)
    }
    return numbers
  }

  /// Takes a run out, with its findings.
  static func forget(run: Int64, in database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM derived_finding_evidence
        WHERE finding_id IN (SELECT finding_id FROM derived_finding WHERE run_id = ?)
        """, arguments: [run])
    try database.execute(sql: "DELETE FROM derived_finding WHERE run_id = ?", arguments: [run])
    try database.execute(sql: "DELETE FROM derived_run WHERE run_id = ?", arguments: [run])
  }
}
