import CaseStore
import Investigations

/// Runs the investigations and keeps of each the number of its rows and the first few.
///
/// Packets are looked up for those few alone, and where they say how a row's times read: the
/// evidence of thousands of rows would cost more than all else in a report.
struct FindingsSurvey {
  private(set) var groups: [Report.FindingGroup] = []
  private(set) var runs: [Report.Run] = []
  /// The rows of the investigations that other parts of the report tell of, by their names.
  private var kept: [String: [SQLRow]] = [:]

  /// The investigations whose rows are kept.
  private static let isTold: Set = [
    "capture-quality", "dns-lost-between", DNSErrorRate.investigation, HTTPErrors.investigation,
    TLSFailures.investigation,
  ]

  /// The rows of an investigation whose rows are kept.
  func rows(of investigation: String) -> [SQLRow] { kept[investigation] ?? [] }

  /// Captures with a shortcoming, such as that they were read or recorded through a filter.
  func captures(with shortcoming: String) -> Set<Int64> {
    Set(
      rows(of: "capture-quality").filter { $0["shortcoming"].text == shortcoming }.compactMap {
        $0["capture_id"].integer
      })
  }

  private let times: ReportTimes
  private let notes: NotesTelling
  private let hosts: KnownHosts
  private let showsPackets: Bool

  /// Rows of one investigation that a report shows: fewer where they ask for no action. Rows with a
  /// note are shown beyond that.
  private static func shown(_ severity: Severity) -> Int { severity > .low ? 5 : 2 }

  /// Rows of one investigation that are kept for the other parts of a report.
  static let mostKept = 10_000

  /// - Throws: `InvestigationError`.
  init(
    _ reader: CaseReader, _ times: ReportTimes, _ notes: NotesTelling, _ hosts: KnownHosts,
    showsPackets: Bool
  ) throws {
    (self.times, self.notes, self.hosts) = (times, notes, hosts)
    self.showsPackets = showsPackets
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
    // What the user says of servers is what is expected.
    if investigation.name == "dns-unexpected-server", !hosts.expectedResolvers.isEmpty {
      parameters["expected"] = .text(hosts.expectedResolvers.joined(separator: ","))
    }
    var rows = FoundRows()
    var hasMatter = true
    do {
      hasMatter = try reader.firstRow(investigation.needs, parameters: parameters) != nil
      if hasMatter { rows = try found(investigation, parameters, reader) }
    } catch let fault as SQLFault {
      throw InvestigationError.failed(
        investigation: investigation.name, reason: fault.description)
    }
    let outcome: InvestigationResult.Outcome =
      !hasMatter ? .nothingToLookAt : rows.count == 0 ? .nothingFound : .found
    runs.append(
      Report.Run(
        investigation: investigation.name,
        parameters: parameters.keys.sorted().map { name in
          "\(name)=\(parameters[name]?.description ?? "")"
        },
        outcome: outcome.rawValue, findings: rows.count))
    if !rows.kept.isEmpty { kept[investigation.name] = rows.kept }
    guard rows.count > 0 else { return nil }
    let lines = try rows.shown.map { row, numbers in
      let clock = try clock(of: row, investigation, parameters, reader)
      return Report.FindingLine(
        summary: summary(of: row, investigation, clock),
        first: times.moment(row["first_ts"].integer, clock: clock),
        last: times.moment(row["last_ts"].integer, clock: clock),
        evidence: showsPackets
          ? try FindingEvidence(reader: reader, times: times)
            .first(of: row, investigation, parameters) : [], notes: numbers)
    }
    return (
      investigation.severity,
      Report.FindingGroup(
        investigation: investigation.name, title: investigation.title,
        severity: investigation.severity.rawValue, count: rows.count, shown: lines,
        benign: investigation.benign)
    )
  }

  /// Rows of an investigation: their number, the first few, and those with a note.
  private struct FoundRows {
    var count = 0
    var shown: [(row: SQLRow, notes: [Int64])] = []
    var kept: [SQLRow] = []
  }

  private func found(
    _ investigation: Investigation, _ parameters: [String: SQLValue], _ reader: CaseReader
  ) throws -> FoundRows {
    let isKept = Self.isTold.contains(investigation.name)
    let mayHaveNotes = notes.hasNotes(onFindingsOf: investigation.name)
    let most = Self.shown(investigation.severity)
    var found = FoundRows()
    var columns: [String] = []
    try reader.run(
      investigation.sql, parameters: parameters, begin: { columns = $0 },
      body: { values in
        found.count += 1
        guard mayHaveNotes || found.count <= most || isKept else { return true }
        let row = SQLRow(columns: columns, values: values)
        let numbers = mayHaveNotes ? notes.notes(on: row, of: investigation.name) : []
        if found.count <= most || !numbers.isEmpty { found.shown.append((row, numbers)) }
        if isKept && found.count <= Self.mostKept { found.kept.append(row) }
        return true
      })
    return found
  }

  /// A row in a line, without the numbers that the case gives to captures, whose names stand beside
  /// them, and with the name of a clock that only one capture has.
  private func summary(of row: SQLRow, _ investigation: Investigation, _ clock: Int64) -> String {
    let values = zip(row.columns, row.values).map { column, value in
      column == "clock" || column.hasSuffix("capture_id") ? SQLValue.null : value
    }
    let words = investigation.summary(of: SQLRow(columns: row.columns, values: values))
    return shortened(TabularOutput.harmless(words))
      + (clock == 0 || times.onlyClock != nil
        ? "" : " (by the clock of \(times.name(ofClock: clock)))")
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
