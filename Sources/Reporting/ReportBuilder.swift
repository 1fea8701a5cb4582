import CaseStore
import Foundation
import Investigations
import PacketDecoding

/// Makes the report of a case: runs the investigations, asks the views, weighs what comes back.
public struct ReportBuilder {
  private let reader: CaseReader
  private let options: ReportOptions

  /// Failures of further services that are told beside the worst.
  private static let shownServices = 10

  /// - Parameter reader: What it shows is told: the case, or the part that it was opened for.
  public init(_ reader: CaseReader, options: ReportOptions) {
    (self.reader, self.options) = (reader, options)
  }

  /// The report.
  ///
  /// - Throws: `InvestigationError` and `SQLFault`.
  public func build() throws -> Report {
    let captureRows = try reader.rows(
      """
      SELECT c.capture_id, c.name, c.format, c.packets, c.first_ts, c.last_ts, c.complete,
             c.sha256, c.time_basis, c.clock_shift_ns,
             (SELECT COUNT(*) FROM faults AS f WHERE f.capture_id = c.capture_id) AS faults
      FROM captures AS c
      ORDER BY c.capture_id
      """)
    // An event may be cited from a capture that is not looked at itself.
    let times = ReportTimes(
      try reader.rows("SELECT capture_id, name, time_basis FROM main.captures"),
      chosen: Set(captureRows.compactMap { $0["capture_id"].integer }), zone: options.timeZone)
    var notes = try NotesTelling(reader, times)
    let survey = try FindingsSurvey(
      reader, times, notes, options.hosts, showsPackets: options.hasPictures)
    notes.placeFindings(survey.groups)
    let search = try ServiceSearch(reader, times)
    let failed = search.failed()
    let incidents = try failed.prefix(Self.shownServices).map { history in
      var incident = Incident(history)
      incident.host = try HostFacts(reader, incident, search, times)
      incident.losses = LostBetween.rows(survey.rows(of: "dns-lost-between"), about: history.key)
      incident.answeredOverTCP = search.answeredOverTCP(incident)
      incident.isOfPart = part != nil
      return incident
    }
    let errors = try FailingServers(survey, reader)
    let weighing = incidents.first.map {
      CauseAnalysis(incident: $0, times: times, hosts: options.hosts)
    }
    let causes = weighing?.causes() ?? errors.told.first?.causes(times) ?? []
    let captures = captureRows.map { entry($0, times) }
    let lookedAt = part == nil ? captures : try captures.compactMap { try inPart($0, times) }
    let narrative = Narrative(
      search: search, incidents: incidents, causes: causes, errors: errors, times: times,
      part: part, filtered: survey.captures(with: "filter"),
      pairedByOrder: survey.captures(with: "paired by order"),
      packets: lookedAt.reduce(0) { $0 &+ $1.packets }, connections: try connections(),
      severe: survey.groups.filter { [.high, .critical].contains(Severity(rawValue: $0.severity)) })
    let timeline = notes.beside(
      incidents.first.map { TimelineTelling(incident: $0, times: times).timeline() },
      clock: incidents.first?.history.key.clock ?? 0)
    let exhibits = try notes.beside(exhibits(incidents.first, errors.told.first, times), reader)
    let report = Report(
      title: title(incidents, errors, narrative), verdict: narrative.verdict,
      header: header(lookedAt), summary: narrative.summary(),
      services: incidents.map { service($0, times) },
      furtherServices: failed.count - incidents.count,
      timeline: timeline,
      analysis: narrative.analysis(), causes: causes,
      conclusion: incidents.first.map { Conclusion(incident: $0, causes: causes).sentences() }
        ?? errors.told.first?.conclusion ?? [],
      nextSteps: steps(incidents, weighing, errors), findings: survey.groups,
      evidence: exhibits, notes: notes.notes, captures: captures,
      limits: Limits(
        survey: survey, search: search, incident: incidents.first, times: times,
        hasUnreadChanges: reader.hasUnreadChanges, unreadSources: try unreadSources()
      ).sentences(), method: method(survey, captureRows, times),
      pictures: options.hasPictures
        ? try Picturing(
          reader: reader, search: search, incidents: incidents, cause: causes.first,
          captures: lookedAt, times: times
        ).pictures() : Report.Pictures())
    return HostNaming.apply(try knownHosts(times), to: report)
  }

  private func unreadSources() throws -> [String] {
    try reader.rows(
      "SELECT message FROM faults WHERE capture_id IS NULL ORDER BY message LIMIT 20"
    ).compactMap { row in
      row["message"].text.map { "Not in the case: \(TabularOutput.harmless($0))" }
    }
  }

  /// The part of the case that was asked for; `nil` for all of it.
  private var part: String? {
    options.scope.isEmpty ? nil : listed(options.scope.map(TabularOutput.harmless))
  }

  private func title(
    _ incidents: [Incident], _ errors: FailingServers, _ narrative: Narrative
  ) -> String {
    if let title = options.title { return TabularOutput.harmless(title) }
    let place = part == nil ? "" : " in the part of the case that was looked at"
    if let worst = incidents.first {
      return "Incident report: \(worst.history.name), at \(worst.history.key.address)"
        + (part == nil ? "" : ", in a part of the case")
    }
    if let worst = errors.told.first {
      return "Incident report: \(worst.title)"
        + (part == nil ? "" : ", in a part of the case")
    }
    return narrative.verdict == .nothingToLookAt
      ? "Report: nothing to look at\(place)" : "Report: no outage found\(place)"
  }

  /// TCP connections that somebody answered: a service that could have failed, and did not.
  private func connections() throws -> Int {
    let row = try reader.firstRow(
      "SELECT COUNT(*) AS flows FROM flows WHERE ip_proto = 6 AND packets_to_client > 0")
    return Int(clamping: row?["flows"].integer ?? 0)
  }

  /// What the user says of hosts, and what the captures' own lists of names do.
  private func knownHosts(_ times: ReportTimes) throws -> KnownHosts {
    var hosts = options.hosts
    for row in try reader.rows(
      "SELECT capture_id, address, name FROM names ORDER BY capture_id, address, name LIMIT 10000")
    {
      guard let text = row["address"].text, let address = NetworkAddress(text),
        let name = row["name"].text, let capture = row["capture_id"].integer,
        hosts.named[address] == nil
      else { continue }
      hosts.named[address] = KnownHosts.GivenName(
        name: String(name.prefix(80)), capture: times.name(ofCapture: capture))
    }
    return hosts
  }

  /// - Parameter captures: By their packets in what is looked at.
  private func header(_ captures: [Report.CaptureEntry]) -> [Report.Field] {
    let given = [
      ("Organisation", options.organisation), ("Analyst", options.analyst),
      ("Reported at", options.reportedAt), ("Complaint", options.complaint),
    ]
    var fields = given.compactMap { name, value in
      value.map { Report.Field(name: name, value: TabularOutput.harmless($0)) }
    }
    if let part { fields.append(Report.Field(name: "Only", value: part)) }
    let packets = captures.reduce(0) { $0 &+ $1.packets }
    fields.append(
      Report.Field(
        name: "Captures",
        value: "\(captures.isEmpty ? "none" : listed(captures.map(\.name), limit: 6)) "
          + "(\(counted(Int(clamping: packets), "packet")))"))
    return fields + spans(captures)
  }

  /// A capture by its packets in the part that is looked at; `nil` when there are none.
  private func inPart(
    _ entry: Report.CaptureEntry, _ times: ReportTimes
  ) throws -> Report.CaptureEntry? {
    let row = try reader.firstRow(
      """
      SELECT COUNT(*) AS packets, MIN(ts) AS first_ts, MAX(ts) AS last_ts
      FROM packets
      WHERE packet_id BETWEEN (:capture << 32) AND (:capture << 32 | 4294967295)
      """, parameters: ["capture": .integer(entry.captureID)])
    guard let row, let packets = row["packets"].integer, packets > 0 else { return nil }
    var part = entry
    let clock = times.clock(ofCapture: entry.captureID)
    part.packets = packets
    part.first = times.moment(row["first_ts"].integer, clock: clock)
    part.last = times.moment(row["last_ts"].integer, clock: clock)
    return part
  }

  /// The time that captures cover: one span for those with dates, one for each of the others.
  private func spans(_ captures: [Report.CaptureEntry]) -> [Report.Field] {
    func byTime(_ one: Report.Moment, _ other: Report.Moment) -> Bool {
      one.nanoseconds < other.nanoseconds
    }
    func span(_ captures: [Report.CaptureEntry]) -> String? {
      guard let first = captures.compactMap(\.first).min(by: byTime),
        let last = captures.compactMap(\.last).max(by: byTime)
      else { return nil }
      return "\(first.text) to \(last.text)"
    }
    let dated = captures.filter(\.isDated)
    let spans =
      [("Span", span(dated))]
      + captures.filter { !$0.isDated }.prefix(6).map { capture in
        (captures.count == 1 ? "Span" : "Span of \(capture.name)", span([capture]))
      }
    return spans.compactMap { name, value in value.map { Report.Field(name: name, value: $0) } }
  }

  private func entry(_ row: SQLRow, _ times: ReportTimes) -> Report.CaptureEntry {
    let id = row["capture_id"].integer ?? 0
    let clock = times.clock(ofCapture: id)
    return Report.CaptureEntry(
      captureID: id, name: times.name(ofCapture: id), format: row["format"].text ?? "",
      packets: row["packets"].integer ?? 0,
      first: times.moment(row["first_ts"].integer, clock: clock),
      last: times.moment(row["last_ts"].integer, clock: clock), isDated: clock == 0,
      isComplete: row["complete"].integer == 1, faults: row["faults"].integer ?? 0,
      sha256: row["sha256"].text ?? "")
  }

  private func service(_ incident: Incident, _ times: ReportTimes) -> Report.AffectedService {
    let history = incident.history
    let questions = incident.questions
    let (silent, late) = (incident.silent.count, incident.late.count)
    let ways =
      incident.refusals.map { refusal, count, _ in
        "\(refusal.words) from \(refusal.sender): \(grouped(count))"
      } + (silent > 0 ? ["silence: \(grouped(silent))"] : [])
      + (late > 0 ? ["late answers: \(grouped(late))"] : [])
    return Report.AffectedService(
      service: history.name.asSentenceStart, address: history.key.address,
      ipProtocol: history.key.ipProtocol, port: history.key.port,
      counted: plural(history.noun, questions.count), asked: questions.count,
      failed: incident.failed.count, refused: incident.failed.count - silent - late,
      silent: silent, late: late, answered: incident.answered.count,
      undecided: history.questions.lazy.filter { $0.fate == .undecided }.count,
      clients: incident.clients.count,
      first: times.moment(incident.first, clock: history.key.clock),
      last: times.moment(incident.last, clock: history.key.clock),
      how: listed(ways, limit: 4))
  }

  private func steps(
    _ incidents: [Incident], _ weighing: CauseAnalysis?, _ errors: FailingServers
  ) -> [Report.Step] {
    var steps = errors.told.first?.steps ?? []
    if let worst = incidents.first {
      steps =
        NextSteps(incident: worst, isServerInDoubt: weighing?.isEverAnswered == false).steps()
        + steps
    }
    return steps
  }

  /// The first and last packet of each kind that the worst incident rests on.
  private func exhibits(
    _ incident: Incident?, _ errors: (any ServerErrors)?, _ times: ReportTimes
  ) throws -> [Report.Exhibit] {
    let chosen = incident.map(Self.exhibits) ?? errors?.exhibits ?? []
    let lines = EvidenceLine(reader: reader, times: times)
    return try chosen.compactMap { caption, packet in
      try lines.line(of: packet).map {
        Report.Exhibit(caption: caption, packet: times.citation(packet), line: $0)
      }
    }
  }

  private static func exhibits(of incident: Incident) -> [(caption: String, packet: Int64)] {
    var chosen: [(caption: String, packet: Int64)] = []
    if incident.isOutage, let answer = incident.lastAnswer {
      chosen.append(("last answered \(incident.history.noun) before", answer.packet))
      if let reply = answer.reply { chosen.append(("its answer", reply)) }
    }
    var fates: [Question.Fate] = []
    for question in incident.failed where !fates.contains(question.fate) {
      fates.append(question.fate)
      if fates.count == 6 { break }
    }
    for fate in fates {
      let questions = incident.failed.filter { $0.fate == fate }
      let (kind, reply) =
        switch fate {
        case .refused: ("refused", "the error about it")
        case .late: ("too late answered", "its answer")
        case .silent, .answered, .undecided: ("unanswered", "its answer")
        }
      let ends = questions.count > 1 ? [questions.first, questions.last] : [questions.first]
      for (question, place) in zip(ends, ["first", "last"]) {
        guard let question else { continue }
        if question.packet != question.reply {
          chosen.append(("\(place) \(kind) \(incident.history.noun)", question.packet))
        }
        if let packet = question.reply { chosen.append((reply, packet)) }
      }
    }
    if incident.isOutage, let recovery = incident.recovery {
      chosen.append(("first answered \(incident.history.noun) after", recovery.packet))
      if let reply = recovery.reply { chosen.append(("its answer", reply)) }
    }
    return chosen
  }

  private func method(
    _ survey: FindingsSurvey, _ captures: [SQLRow], _ times: ReportTimes
  ) -> Report.Method {
    let notes =
      alignment(captures, times) + [
        "A packet that several captures show counts once.",
        "A question and its retries count as one.",
        "A DNS question failed when an ICMP error quotes it, or when no answer came within 5 s though "
          + "the captures would show one.",
        "An outage is \(ServiceHistory.fewestFailures) or more failures in a row that last a second, "
          + "or that are all the captures show of a service.",
        "'nothing found' means that an investigation had something to look at; 'nothing to look at' "
          + "that it had not.",
      ]
    return Report.Method(
      programVersion: options.programVersion, notes: notes, investigations: survey.runs)
  }

  /// That clocks were aligned, and by how much each.
  private func alignment(_ captures: [SQLRow], _ times: ReportTimes) -> [String] {
    let shifts = captures.compactMap { row -> String? in
      guard let id = row["capture_id"].integer, let shift = row["clock_shift_ns"].integer else {
        return nil
      }
      let name = times.name(ofCapture: id)
      return shift == 0
        ? "\(name) by nothing" : "\(name) by \(shift > 0 ? "+" : "")\(duration(shift))"
    }
    guard !shifts.isEmpty else { return [] }
    return [
      "The captures' clocks were aligned for comparing their times: \(listed(shifts, limit: 8)). "
        + "The times told here are those that were recorded."
    ]
  }
}
