import CaseStore
import Investigations

/// Runs the investigations and keeps of each the number of its rows and the first few.
///
/// Packets are looked up for those few alone, and where they say how a row's times read: the
/// evidence of thousands of rows would cost more than all else in a report.
struct FindingsSurvey {
  private(set) var groups: [Report.FindingGroup] = []
  private(set) var runs: [Report.Run] = []
  /// The rows of `capture-quality`, which the limits of the report tell.
  private(set) var shortcomings: [SQLRow] = []
  /// The rows of `dns-lost-between`.
  private(set) var losses: [SQLRow] = []
  /// The rows of `dns-error-rates`.
  private(set) var errorRates: [SQLRow] = []

  /// Whether a capture was read or recorded through a filter, or a log pairs errors by their order.
  func has(_ shortcoming: String) -> Bool {
    shortcomings.contains { $0["shortcoming"].text == shortcoming }
  }

  private let times: ReportTimes

  /// Rows of one investigation that a report shows.
  private static let shown = 5

  /// - Throws: `InvestigationError`.
  init(_ reader: CaseReader, _ times: ReportTimes) throws {
    self.times = times
    var ranked: [(severity: Severity, group: Report.FindingGroup)] = []
    for investigation in try InvestigationLibrary().all {
      if let found = try survey(investigation, reader) { ranked.append(found) }
    }
    groups = ranked.enumerated().sorted { left, right in
      left.element.severity != right.element.severity
        ? left.element.severity > right.element.severity : left.offset < right.offset
    }.map(\.element.group)
  }

  private mutating func survey(
    _ investigation: Investigation, _ reader: CaseReader
  ) throws -> (severity: Severity, group: Report.FindingGroup)? {
    var parameters: [String: SQLValue] = [:]
    for parameter in investigation.parameters {
      parameters[parameter.name] = parameter.defaultValue
    }
    var rows: [SQLRow] = []
    var hasMatter = true
    do {
      hasMatter = try reader.firstRow(investigation.needs, parameters: parameters) != nil
      if hasMatter { rows = try reader.rows(investigation.sql, parameters: parameters) }
    } catch let fault as SQLFault {
      throw InvestigationError.failed(
        investigation: investigation.name, reason: fault.description)
    }
    let outcome: InvestigationResult.Outcome =
      !hasMatter ? .nothingToLookAt : rows.isEmpty ? .nothingFound : .found
    runs.append(
      Report.Run(
        investigation: investigation.name,
        parameters: parameters.keys.sorted().map { name in
          "\(name)=\(parameters[name]?.description ?? "")"
        },
        outcome: outcome.rawValue, findings: rows.count))
    if investigation.name == "capture-quality" { shortcomings = rows }
    if investigation.name == "dns-error-rates" { errorRates = rows }
    if investigation.name == "dns-lost-between" { losses = rows }
    guard !rows.isEmpty else { return nil }
    let lines = try rows.prefix(Self.shown).map { row in
      let clock = try clock(of: row, investigation, parameters, reader)
      return Report.FindingLine(
        summary: TabularOutput.harmless(investigation.summary(of: row)),
        first: times.moment(row["first_ts"].integer, clock: clock),
        last: times.moment(row["last_ts"].integer, clock: clock),
        evidence: try FindingEvidence(reader: reader, times: times)
          .first(of: row, investigation, parameters))
    }
    return (
      investigation.severity,
      Report.FindingGroup(
        investigation: investigation.name, title: investigation.title,
        severity: investigation.severity.rawValue, count: rows.count, shown: lines,
        benign: investigation.benign)
    )
  }

  /// The clock of a row's times: the only one there is, else that of its first packet.
  private func clock(
    of row: SQLRow, _ investigation: Investigation, _ parameters: [String: SQLValue],
    _ reader: CaseReader
  ) throws -> Int64 {
    if let clock = times.onlyClock ?? row["clock"].integer { return clock }
    if let capture = row["capture_id"].integer { return times.clock(ofCapture: capture) }
    var bound = parameters
    for (column, value) in zip(row.columns, row.values) { bound[column] = value }
    var first: Int64?
    try reader.run(investigation.evidence, parameters: bound) { values in
      first = values.first?.integer
      return first == nil
    }
    return first.map { times.clock(ofCapture: $0 >> 32) } ?? 0
  }
}
