import CaseStore

/// Tells what analysts wrote, each note beside what it is about.
struct NotesTelling {
  /// In the order of writing.
  private(set) var notes: [Report.Note] = []
  private let times: ReportTimes
  private var packets: [Int64: [Int64]] = [:]
  private var flows: [Int64: [Int64]] = [:]
  /// Noted findings: investigation, row as a JSON object, numbers of notes.
  private var findings: [String: [String: [Int64]]] = [:]

  /// Exhibits that are there only because a note is about them.
  private static let mostExhibits = 20

  /// - Throws: `SQLFault`.
  init(_ reader: CaseReader, _ times: ReportTimes) throws {
    self.times = times
    let rows = try reader.rows(
      """
      SELECT n.note_id, n.time, n.who, n.text, n.packet_id, n.flow_id, n.finding_id, n.ts,
             f.client, f.server, f.server_port, d.investigation, d.details
      FROM notes AS n
      LEFT JOIN flows AS f ON f.flow_id = n.flow_id
      LEFT JOIN findings AS d ON d.finding_id = n.finding_id
      ORDER BY n.note_id
      """)
    for row in rows {
      guard let number = row["note_id"].integer else { continue }
      notes.append(
        Report.Note(
          number: number, time: row["time"].text ?? "",
          who: TabularOutput.harmless(row["who"].text ?? ""), subject: subject(of: row),
          at: row["packet_id"] == .null ? times.moment(row["ts"].integer, clock: 0) : nil,
          text: TabularOutput.harmless(row["text"].text ?? "")))
      if let flow = row["flow_id"].integer {
        flows[flow, default: []].append(number)
      } else if let packet = row["packet_id"].integer {
        packets[packet, default: []].append(number)
      } else if let investigation = row["investigation"].text, let details = row["details"].text {
        findings[investigation, default: [:]][details, default: []].append(number)
      }
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

  private mutating func place(_ numbers: [Int64], _ place: Report.Note.Place) {
    for index in notes.indices where numbers.contains(notes[index].number) {
      notes[index].place = place
    }
  }

  // MARK: - Where they belong

  /// Whether a finding of an investigation has a note.
  func hasNotes(onFindingsOf investigation: String) -> Bool { findings[investigation] != nil }

  /// The notes on a finding, which is known by its row.
  func notes(on row: SQLRow, of investigation: String) -> [Int64] {
    findings[investigation]?[TabularOutput.jsonObject(row.columns, row.values)] ?? []
  }

  /// Marks the notes that groups of findings hold as told there.
  mutating func placeFindings(_ groups: [Report.FindingGroup]) {
    place(groups.flatMap(\.shown).flatMap(\.notes), .finding)
  }

  /// The timeline with the notes on times that its clock can be compared with.
  mutating func beside(_ timeline: Report.Timeline?, clock: Int64) -> Report.Timeline? {
    guard var timeline, clock == 0 else { return timeline }
    timeline.notes = notes.filter { $0.at != nil }.map(\.number)
    place(timeline.notes, .timeline)
    return timeline
  }

  /// The exhibits with the notes on their packets and flows; packets that have a note, and are not
  /// among them, are added.
  ///
  /// - Throws: `SQLFault`.
  mutating func beside(
    _ exhibits: [Report.Exhibit], _ reader: CaseReader
  ) throws -> [Report.Exhibit] {
    var exhibits = exhibits
    for index in exhibits.indices {
      exhibits[index].notes = packets.removeValue(forKey: exhibits[index].packet.packetID) ?? []
      guard !flows.isEmpty, let flow = try Self.flow(of: exhibits[index].packet.packetID, reader)
      else { continue }
      exhibits[index].notes += flows.removeValue(forKey: flow) ?? []
    }
    let lines = EvidenceLine(reader: reader, times: times)
    var further = packets.map { (packet: $0.key, what: "noted packet", notes: $0.value) }
    for (flow, numbers) in flows {
      guard let packet = try Self.firstPacket(of: flow, reader) else { continue }
      further.append((packet, "first packet of a noted flow", numbers))
    }
    further.sort { ($0.packet, $0.notes.first ?? 0) < ($1.packet, $1.notes.first ?? 0) }
    for (packet, what, numbers) in further.prefix(Self.mostExhibits) {
      guard let line = try lines.line(of: packet) else { continue }
      exhibits.append(
        Report.Exhibit(caption: what, packet: times.citation(packet), line: line, notes: numbers))
    }
    place(exhibits.flatMap(\.notes), .evidence)
    return exhibits
  }

  private static func flow(of packet: Int64, _ reader: CaseReader) throws -> Int64? {
    try reader.firstRow(
      "SELECT flow_id FROM packets WHERE packet_id = :packet",
      parameters: ["packet": .integer(packet)])?["flow_id"].integer
  }

  private static func firstPacket(of flow: Int64, _ reader: CaseReader) throws -> Int64? {
    try reader.firstRow(
      "SELECT MIN(packet_id) AS packet_id FROM notes WHERE flow_id = :flow",
      parameters: ["flow": .integer(flow)])?["packet_id"].integer
  }
}
