/// Tells what became of the questions to a service: in phases, or where these would be too many,
/// in equal parts of the time.
struct TimelineTelling {
  let incident: Incident
  let times: ReportTimes

  private static let mostPhases = 24
  private static let parts = 12

  func timeline() -> Report.Timeline {
    let history = incident.history
    let isFolded = history.phases.count > Self.mostPhases
    return Report.Timeline(
      service: "\(history.name), at \(history.key.address)".asSentenceStart,
      explanation: isFolded
        ? "Fates change \(grouped(history.phases.count - 1)) times; rows are equal parts of the "
          + "time instead."
        : "A row is \(plural(history.noun, 2)) one after the other that met the same fate.",
      phases: isFolded ? equalParts() : history.phases.map(phase))
  }

  private func phase(_ phase: Phase) -> Report.Phase {
    let questions = incident.history.questions[phase.range].filter { $0.fate == phase.fate }
    let packets = [questions.first, questions.last].compactMap { $0 }.flatMap { question in
      [question.packet] + (question.reply.map { [$0] } ?? [])
    }
    return Report.Phase(
      text: words(phase.fate), first: moment(phase.first), last: moment(phase.last),
      questions: phase.count, clients: Set(questions.map(\.client)).count,
      packets: times.statement("", packets).packets)
  }

  private func words(_ fate: Question.Fate) -> String {
    switch fate {
    case .answered: "healthy: answered"
    case .late: "late: answered, but after the time-out"
    case .silent: "silence: no answer, no error"
    case .refused(let refusal):
      refusal.sender == incident.history.key.address
        ? "refused by the server: \(refusal.words)"
        : "refused by \(refusal.sender): \(refusal.words)"
    case .undecided: "fate unknown"
    }
  }

  private func equalParts() -> [Report.Phase] {
    let questions = incident.history.questions.filter { $0.fate != .undecided && $0.time != nil }
    guard let first = questions.first?.time, let last = questions.last?.time else { return [] }
    let (span, overflow) = last.subtractingReportingOverflow(first)
    let width = overflow ? Int64.max / Int64(Self.parts) : span / Int64(Self.parts) + 1
    var parts: [[Question]] = Array(repeating: [], count: Self.parts)
    for question in questions {
      let offset = (question.time ?? first).subtractingReportingOverflow(first)
      let part = offset.overflow ? Self.parts - 1 : Int(offset.partialValue / width)
      parts[min(max(part, 0), Self.parts - 1)].append(question)
    }
    return parts.filter { !$0.isEmpty }.map { part in
      let answered = part.lazy.filter { $0.fate == .answered }.count
      let silent = part.lazy.filter { $0.fate == .silent }.count
      let late = part.lazy.filter { $0.fate == .late }.count
      let refused = part.count - answered - silent - late
      return Report.Phase(
        text: "\(grouped(answered)) answered, \(grouped(refused)) refused, "
          + "\(grouped(silent)) met silence" + (late > 0 ? ", \(grouped(late)) answered late" : ""),
        first: moment(part.first?.time), last: moment(part.last?.time), questions: part.count,
        clients: Set(part.map(\.client)).count, packets: [])
    }
  }

  private func moment(_ time: Int64?) -> Report.Moment? {
    times.moment(time, clock: incident.history.key.clock)
  }
}
