import CaseStore
import Investigations

/// The packets that a finding cites, as a report shows them.
struct FindingEvidence {
  let reader: CaseReader
  let times: ReportTimes

  /// Packets of one finding that are shown.
  private static let shown = 4
  /// Packets that are looked at to find the earliest: enough for all but bursts.
  private static let lookedAt = 2000

  /// The first packets of a row's evidence, by capture and number.
  ///
  /// - Throws: `InvestigationError` and `SQLFault`.
  func first(
    of row: SQLRow, _ investigation: Investigation, _ parameters: [String: SQLValue]
  ) throws -> [Report.Exhibit] {
    var bound = parameters
    for (column, value) in zip(row.columns, row.values) { bound[column] = value }
    var packets: Set<Int64> = []
    var rows = 0
    do {
      try reader.run(investigation.evidence, parameters: bound) { values in
        if let packet = values.first?.integer { packets.insert(packet) }
        rows += 1
        return rows < Self.lookedAt
      }
    } catch let fault as SQLFault {
      throw InvestigationError.failed(
        investigation: investigation.name, reason: fault.description)
    }
    let lines = EvidenceLine(reader: reader, times: times)
    return try packets.sorted().prefix(Self.shown).compactMap { packet in
      try lines.line(of: packet).map {
        Report.Exhibit(caption: "cited packet", packet: times.citation(packet), line: $0)
      }
    }
  }
}
