import CaseStore

/// Tells what analysts wrote, each note with what it is about.
struct NotesTelling {
  let reader: CaseReader
  let times: ReportTimes

  /// - Throws: `SQLFault`.
  func notes() throws -> [Report.Note] {
    try reader.rows(
      """
      SELECT n.time, n.who, n.text, n.packet_id, n.flow_id, n.finding_id, n.ts,
             f.client, f.server, f.server_port, d.investigation
      FROM notes AS n
      LEFT JOIN flows AS f ON f.flow_id = n.flow_id
      LEFT JOIN findings AS d ON d.finding_id = n.finding_id
      ORDER BY n.note_id
      """
    ).map { row in
      Report.Note(
        time: row["time"].text ?? "", who: TabularOutput.harmless(row["who"].text ?? ""),
        subject: subject(of: row), text: TabularOutput.harmless(row["text"].text ?? ""))
    }
  }

  private func subject(of row: SQLRow) -> String? {
    if let flow = row["flow_id"].integer {
      let ends = [row["client"].text, row["server"].text].map { $0 ?? "an unknown host" }
      let port = row["server_port"].integer.map { ", port \($0)" } ?? ""
      return TabularOutput.harmless("flow \(flow) (\(ends[0]) to \(ends[1])\(port))")
    }
    if let packet = row["packet_id"].integer {
      let citation = times.citation(packet)
      return "packet \(citation.number) of \(citation.capture)"
    }
    if let finding = row["finding_id"].integer {
      return "finding \(finding)"
        + (row["investigation"].text.map { " (\(TabularOutput.harmless($0)))" } ?? "")
    }
    return times.moment(row["ts"].integer, clock: 0)?.text
  }
}
