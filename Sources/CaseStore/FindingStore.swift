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
  /// statement and parameters.
  ///
  /// - Throws: `CaseError`.
  public func save(_ runs: [StoredRun]) throws {
    try write { database in
      let now = Int64(Date().timeIntervalSince1970 * 1_000_000_000)
      let findings = try InsertStatement(database, into: "derived_finding", columns: 7)
      let evidence = try InsertStatement(database, into: "derived_finding_evidence", columns: 2)
      for run in runs {
        try Self.forget(run, in: database)
        try database.execute(
          sql: "INSERT INTO derived_run VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            run.investigation, run.title, run.severity, run.sql, run.evidenceSQL, run.parameters,
            now, actor.programVersion,
          ])
        let runID = database.lastInsertedRowID
        for finding in run.findings {
          findings.bind(1, nil as Int64?)
          findings.bind(2, runID)
          findings.bind(3, finding.firstTime)
          findings.bind(4, finding.lastTime)
          findings.bind(5, copying: finding.timeBasis.rawValue)
          findings.bind(6, copying: finding.summary)
          findings.bind(7, copying: finding.details)
          try findings.insert()
          evidence.bind(1, database.lastInsertedRowID)
          for packet in finding.evidence {
            evidence.bind(2, packet)
            try evidence.insert()
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

  private static func forget(_ run: StoredRun, in database: Database) throws {
    let earlier = try Int64.fetchAll(
      database,
      sql: "SELECT run_id FROM derived_run WHERE investigation = ? AND sql = ? AND parameters = ?",
      arguments: [run.investigation, run.sql, run.parameters])
    for id in earlier {
      try database.execute(
        sql: """
          DELETE FROM derived_finding_evidence
          WHERE finding_id IN (SELECT finding_id FROM derived_finding WHERE run_id = ?)
          """, arguments: [id])
      try database.execute(sql: "DELETE FROM derived_finding WHERE run_id = ?", arguments: [id])
      try database.execute(sql: "DELETE FROM derived_run WHERE run_id = ?", arguments: [id])
    }
  }
}
