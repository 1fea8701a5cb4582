/// The sentences of the summary and of the analysis.
struct Narrative {
  let search: ServiceSearch
  let incidents: [Incident]
  let causes: [Report.Cause]
  let errors: FailingServers
  let times: ReportTimes
  /// The part of the case that was looked at; `nil` for all of it.
  let part: String?
  /// Captures that were read through a filter, which may have left errors out.
  let filtered: Set<Int64>
  /// Logs whose errors do not print which question they are about.
  let pairedByOrder: Set<Int64>
  /// Packets that were looked at.
  let packets: Int64
  /// TCP connections that somebody answered.
  let connections: Int
  /// What investigations of high or critical severity found.
  let severe: [Report.FindingGroup]

  /// What the report comes to.
  var verdict: Report.Verdict {
    if let worst = incidents.first { return worst.isOutage ? .outage : .failures }
    if !errors.isEmpty { return .failures }
    return decided > 0 || connections > 0 || search.unreachableErrors > 0
      ? .noOutage : .nothingToLookAt
  }

  /// DNS questions whose fate the captures show.
  private var decided: Int {
    search.dns.reduce(0) { sum, history in
      sum + history.questions.lazy.filter { $0.fate != .undecided }.count
    }
  }

  /// What fails, for whom, from when to when, and how sure that is; the first sentence says most.
  func summary() -> [String] {
    var sentences = verdictAndCertainty()
    if let part {
      let first = sentences.isEmpty ? "" : " " + sentences.removeFirst()
      sentences.insert("Only a part of the case was looked at: \(part).\(first)", at: 0)
    }
    return sentences
  }

  private func verdictAndCertainty() -> [String] {
    guard let worst = incidents.first else { return withoutIncident() }
    var sentences = [verdict(worst), affected(worst), manner(worst)]
    if let asked = asked(worst) { sentences.append(asked) }
    if worst.isRow {
      sentences.append(
        worst.lastAnswer == nil && worst.recovery == nil
          ? "\(worst.caseWords.asSentenceStart) shows no answer from it"
            + "\(worst.late.isEmpty ? "" : " in time"), neither before nor after."
          : before(worst) + " " + after(worst))
    }
    if let loss = worst.losses.first(where: { $0.vanished > 0 }) {
      sentences.append(
        "\(counted(loss.vanished, "query").asSentenceStart) of \(loss.client) got lost \(loss.place)"
          + (loss.refused > 0
            ? "; \(grouped(loss.refused)) more \(loss.refused == 1 ? "was" : "were") refused there."
            : "."))
    }
    sentences.append(certainty(worst))
    if incidents.count > 1 {
      let names = incidents.dropFirst().map { incident in
        "\(incident.history.shortName) at \(incident.history.key.address)"
          + (incident.history.key.clock == worst.history.key.clock
            ? "" : " by the clock of \(times.name(ofClock: incident.history.key.clock))")
      }
      sentences.append("Further failures: \(listed(names, limit: 3)).")
    }
    sentences += errors.sentences
    return sentences
  }

  /// `n of m questions`.
  private func share(_ incident: Incident) -> String {
    "\(grouped(incident.failed.count)) of \(counted(incident.questions.count, incident.history.noun))"
  }

  private func verdict(_ incident: Incident) -> String {
    let history = incident.history
    let subject = "\(history.name), at \(history.key.address)"
    if history.isQuotedOnly {
      return "\(subject), was refused \(span(incident, isBrief: true)): the captures show "
        + "\(counted(incident.failed.count, "error")), not the requests themselves."
        .asSentenceStart
    }
    let lack = incident.late.isEmpty ? "no answer" : "no timely answer"
    if incident.isOutage {
      return
        "\(subject.asSentenceStart), failed \(span(incident, isBrief: true)): \(share(incident)) in that time "
        + "got \(lack)."
    }
    guard !incident.answered.isEmpty else {
      // Where nothing follows, how long it went on is not known.
      return "\(subject.asSentenceStart), failed\(incident.recovery == nil ? "" : " briefly"): "
        + "\(share(incident)) got \(lack), \(span(incident, isBrief: true))."
    }
    return "\(subject.asSentenceStart), failed now and then: \(share(incident)) "
      + "(\(percent(incident.failed.count, of: incident.questions.count))) got \(lack), "
      + "\(span(incident, isBrief: true))."
  }

  private func span(_ incident: Incident, isBrief: Bool = false) -> String {
    let clock = incident.history.key.clock
    guard let first = times.moment(incident.first, clock: clock),
      let last = times.moment(incident.last, clock: clock)
    else { return "at times that the captures do not hold" }
    let (length, overflow) = last.nanoseconds.subtractingReportingOverflow(first.nanoseconds)
    let words =
      isBrief
      ? times.brief(from: incident.first, to: incident.last, clock: clock) ?? ""
      : "from \(first.text) to \(last.text)"
    return words + (overflow ? "" : " (\(duration(length)))")
  }

  private func affected(_ incident: Incident) -> String {
    let clients = incident.clients
    let asked = Incident.distinct(incident.questions.map(\.client)).count
    guard clients.count > 1 else {
      return "One client was affected: \(clients.first ?? "an unknown one")"
        + (asked > 1 ? "; \(asked - 1) more asked in that time and got answers." : ".")
    }
    let names = listed(clients, limit: 3)
    return clients.count == asked
      ? (asked == 2 ? "Both" : "All \(grouped(asked))")
        + " clients that asked were affected: \(names)."
      : "\(grouped(clients.count)) of \(counted(asked, "client")) were affected: \(names)."
  }

  private func manner(_ incident: Incident) -> String {
    let clauses = incident.refusals.map { refusal, count, _ in
      let sender =
        refusal.sender == incident.history.key.address
        ? "the server's own address" : refusal.sender
      return "\(sender) refused \(grouped(count)) with \(refusal.words)"
    }
    let silent = incident.silent.count
    let rest =
      (silent > 0 ? ["\(grouped(silent)) met silence"] : [])
      + (incident.late.isEmpty ? [] : [lateness(incident)])
    return (listed(clauses + rest, limit: 4) + ".").asSentenceStart
  }

  /// `4 were answered too late, after 8.000 s`.
  private func lateness(_ incident: Incident) -> String {
    "\(grouped(incident.late.count)) \(incident.late.count == 1 ? "was" : "were") answered too late"
      + (incident.lateDelays.map { ", after \($0)" } ?? "")
  }

  private func before(_ incident: Incident) -> String {
    if let answer = incident.lastAnswer {
      return "Before, it answered \(counted(incident.answeredBefore, incident.history.noun)), the "
        + "last asked at \(text(answer.time, incident))."
    }
    return "\(incident.caseWords.asSentenceStart) shows no answer from it before."
  }

  private func after(_ incident: Incident) -> String {
    if let recovery = incident.recovery {
      return "It answered again from \(text(recovery.time, incident))."
    }
    return "\(incident.caseWords.asSentenceStart) shows no recovery."
  }

  private func certainty(_ incident: Incident) -> String {
    let likely = causes.filter { $0.weight == .likely }
    let fact = fact(incident)
    switch likely.count {
    case 0:
      return fact + " Why is open: the captures alone cannot decide between the causes below."
        + (causes.first.map { " To check first: \($0.statement.lowercasedStart)" } ?? "")
    case 1:
      let cause = likely[0].statement.lowercasedStart
      return likely[0].explained >= incident.failed.count
        ? "\(fact) The likely cause: \(cause)"
        : "\(fact) For \(grouped(likely[0].explained)) of them a likely cause: \(cause)"
    default:
      let numbers = causes.indices.filter { causes[$0].weight == .likely }.map { String($0 + 1) }
      return fact + " Causes \(listed(numbers)) below are likely, each for a part of the failures."
    }
  }

  /// How sure it is that the questions failed.
  private func fact(_ incident: Incident) -> String {
    if incident.failed.contains(where: { filtered.contains($0.packet >> 32) }) {
      return "The captures were read through a filter, which may have left out answers and errors: "
        + "how the \(plural(incident.history.noun, 2)) failed is not certain."
    }
    let byOrder = incident.failed.count { question in
      question.reply.map { pairedByOrder.contains($0 >> 32) } ?? false
    }
    if byOrder > 0 {
      return "That \(counted(incident.failed.count, incident.history.noun)) failed follows"
        + (byOrder == incident.failed.count ? "" : ", for \(grouped(byOrder)) of them,")
        + " from the order of the lines: a printed error does not say which question it is about."
    }
    return
      "That \(counted(incident.failed.count, incident.history.noun)) failed is certain: "
      + (incident.silent.isEmpty
        ? "each failure is a packet in the captures"
        : incident.refusals.isEmpty && incident.late.isEmpty
          ? "the captures would show an answer"
          : "the captures hold each \(incident.refusals.isEmpty ? "late answer" : "error"), and would "
            + "show each answer") + "."
  }

  private func text(_ time: Int64?, _ incident: Incident) -> String {
    times.brief(time, clock: incident.history.key.clock) ?? "an unknown time"
  }

  // MARK: - No incident

  private func withoutIncident() -> [String] {
    if verdict == .nothingToLookAt {
      let holder = part == nil ? "The case holds" : "It holds"
      return packets == 0
        ? ["\(holder) no packet: there is nothing to look at."]
        : [
          "There is nothing to look at: \(counted(Int(clamping: packets), "packet")) "
            + "\(packets == 1 ? "shows" : "show") no "
            + "service that could have failed.",
          "\(holder) no DNS question whose fate is known, no answered TCP connection, and no ICMP "
            + "error that says that a packet could not be delivered.",
        ]
    }
    let questions = decided
    let failures = search.dns.reduce(0) { $0 + $1.questions.lazy.filter(\.hasFailed).count }
    let late = search.dns.reduce(0) { $0 + $1.questions.lazy.filter { $0.fate == .late }.count }
    var sentences: [String] = []
    if errors.isEmpty {
      sentences.append(part == nil ? "The captures show no outage." : "It shows no outage.")
    } else {
      sentences += errors.sentences
      sentences.append("Beside that, the captures show no outage.")
    }
    if !severe.isEmpty {
      let titles = severe.map { "\($0.title) (\(grouped($0.count)))" }
      sentences.append(
        "But investigations found what asks for action: \(listed(titles, limit: 6)).")
    }
    if questions > 0 {
      sentences.append(
        "\(grouped(questions - failures)) of \(counted(questions, "DNS question")) "
          + "\(questions == 1 ? "was" : "were") answered\(late > 0 ? " in time" : "")"
          + (failures > 0
            ? "; \(counted(failures, "failure")) \(failures == 1 ? "is" : "are") too few to tell of "
              + "an outage." : "."))
    } else {
      sentences.append("They hold no DNS question whose fate they show.")
    }
    if connections > 0 {
      sentences.append("\(counted(connections, "TCP connection").asSentenceStart) got an answer.")
    }
    sentences.append(
      search.unreachableErrors == 0
        ? "No ICMP error says that a packet could not be delivered."
        : "\(counted(search.unreachableErrors, "ICMP error")) \(search.unreachableErrors == 1 ? "says" : "say") "
          + "that a packet could not be delivered, fewer than "
          + "\(ServiceHistory.fewestFailures) about any one service.")
    return sentences
  }

  // MARK: - Analysis

  /// What was looked at and what came of it, each with its packets.
  func analysis() -> [Report.Statement] {
    var statements: [Report.Statement] = []
    if let worst = incidents.first { statements = analysis(of: worst) }
    for incident in incidents.dropFirst() {
      statements.append(
        times.statement(
          "\(incident.history.name), at \(incident.history.key.address): \(share(incident)) failed "
            .asSentenceStart + "\(span(incident)). \(manner(incident))",
          incident.failed.prefix(6).map { $0.reply ?? $0.packet }))
    }
    if search.errorsAboutAnswers > 0 {
      statements.append(
        times.statement(
          "\(counted(search.errorsAboutAnswers, "ICMP error")) "
            + "\(search.errorsAboutAnswers == 1 ? "quotes an answer" : "quote answers"), not a "
            + "question: a client had closed its port before the answer came. No service failed by that."
        ))
    }
    return statements
  }

  private func analysis(of incident: Incident) -> [Report.Statement] {
    let history = incident.history
    var statements: [Report.Statement] = []
    let subject = "\(history.name), at \(history.key.address)"
    statements.append(
      times.statement(
        "\(subject.asSentenceStart): \(share(incident)) failed \(span(incident))."
          + (incident.isOutage
            ? "" : " No \(ServiceHistory.fewestFailures) in a row lasted a second."),
        incident.failed.prefix(6).map(\.packet)))
    for (refusal, count, packets) in incident.refusals {
      let isOwn = refusal.sender == history.key.address
      statements.append(
        times.statement(
          "\(refusal.sender.asSentenceStart)\(isOwn ? ", the server's own address," : ", not the server's address,") "
            + "sent \(refusal.words) for \(counted(count, history.noun)).", packets))
    }
    if let delays = delays(of: incident) { statements.append(delays) }
    if let repetition = repetition(in: incident) { statements.append(repetition) }
    if !incident.silent.isEmpty {
      statements.append(
        times.statement(
          "\(counted(incident.silent.count, history.noun).asSentenceStart) met neither an answer nor "
            + "an error.", incident.silent.prefix(6).map(\.packet)))
    }
    if !incident.late.isEmpty {
      statements.append(
        times.statement(
          "Of the \(plural(history.noun, 2)) \(lateness(incident)); clients wait 5 s for an answer.",
          incident.late.prefix(6).map { $0.reply ?? $0.packet }))
    }
    if history.outages.count > 1 {
      statements.append(
        times.statement(
          "The service failed \(history.outages.count) times in the case; the time with most "
            + "failures is told here."))
    }
    let ports = incident.host.otherRefusedPorts
    if !ports.isEmpty {
      statements.append(
        times.statement(
          "\(history.key.address) called \(counted(ports.count, "other port")) unreachable meanwhile: "
            + "\(listed(ports.map(\.name))).", ports.prefix(6).map(\.packet)))
    }
    for scanner in incident.host.scanners.prefix(3) {
      statements.append(
        times.statement(
          "\(scanner.client) asked \(counted(scanner.ports, "port")) of \(history.key.address) in the "
            + "case, as a port scan does. Refusals of ports that were asked once count for no service."
        ))
    }
    return statements
  }
}

extension String {
  /// With a small first letter where it begins with an article.
  var lowercasedStart: String {
    hasPrefix("The ") || hasPrefix("A ") ? prefix(1).lowercased() + dropFirst() : self
  }
}
