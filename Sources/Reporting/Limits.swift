import CaseStore

/// What the captures of a case cannot tell: their own shortcomings, and what no capture shows.
struct Limits {
  let survey: FindingsSurvey
  let search: ServiceSearch
  let incident: Incident?
  let times: ReportTimes
  /// See `CaseReader.hasUnreadChanges`.
  let hasUnreadChanges: Bool
  /// Why nothing could be read of a source, by source.
  let unreadSources: [String]

  /// How many of the questions of unknown fate were seen at one place and not at another.
  private func lostAmongUndecided() -> String {
    let lost = search.dns.reduce(0) { sum, history in
      sum
        + history.questions.count { question in
          question.fate == .undecided
            && survey.rows(of: "dns-lost-between").contains { row in
              guard row["server"].text == history.key.address,
                row["client"].text == question.client,
                let time = question.time, let first = row["first_ts"].integer,
                let last = row["last_ts"].integer
              else { return false }
              return first <= time && time <= last
            }
        }
    }
    return lost == 0
      ? ""
      : " Of them, \(grouped(lost)) \(lost == 1 ? "was" : "were") seen to get lost between two places."
  }

  /// Sentences; each follows from rows, but the last, which hold for every capture.
  func sentences() -> [String] {
    var sentences = survey.rows(of: "capture-quality").compactMap(sentence)
    if hasUnreadChanges {
      sentences.append(
        "A file of changes beside the case (its name and -wal), left by an interrupted ingest or "
          + "another program, was not read: captures may be missing. Ingesting them again adds them."
      )
    }
    sentences += unreadSources
    sentences += search.omissions
    let undecided = search.dns.reduce(0) { sum, history in
      sum + history.questions.lazy.filter { $0.fate == .undecided }.count
    }
    if undecided > 0 {
      sentences.append(
        "What became of \(counted(undecided, "DNS question")) the captures cannot show: they end "
          + "too early or hold one direction only. These count neither as failed nor as answered."
          + lostAmongUndecided())
    }
    if let incident { sentences += about(incident) }
    sentences.append(
      "A capture shows packets, not processes: whether a service runs, only its host can tell.")
    sentences.append(
      "Silence counts as failure for DNS alone. Other services are judged by ICMP errors and TCP "
        + "resets; one that fails without them goes unseen here.")
    return sentences
  }

  private func about(_ incident: Incident) -> [String] {
    var sentences: [String] = []
    let history = incident.history
    let undecided = history.questions.lazy.filter { $0.fate == .undecided }.count
    if !history.isDNS && undecided > 0 {
      sentences.append(
        "\(counted(undecided, history.noun).asSentenceStart) to \(history.name) met neither an "
          + "answer nor an error. Some services answer nothing when all is well, so these do not "
          + "count as failed.")
    }
    if history.isQuotedOnly {
      sentences.append(
        "The requests that the errors quote are not in the case; each error stands for one.")
    }
    if incident.isRow && incident.askedBefore == 0 {
      sentences.append(
        "Nothing in \(incident.caseWords) shows \(history.name), at \(history.key.address) before it failed: it "
          + "may have failed earlier.")
    }
    if incident.isRow && incident.recovery == nil {
      sentences.append(
        "No answer follows in \(incident.caseWords): whether and when the service came back is unknown."
      )
    }
    if !incident.host.isSeenAlive {
      sentences.append(
        "While it failed, nothing in \(incident.caseWords) shows other ports of \(history.key.address), so the "
          + "service cannot be told from its host.")
    }
    return sentences
  }

  private func sentence(_ row: SQLRow) -> String? {
    let capture = row["capture"].text.map(TabularOutput.harmless) ?? "The case"
    let clock = row["capture_id"].integer.map(times.clock(ofCapture:)) ?? 0
    let amount = row["amount"].number ?? 0
    let number = Int(clamping: amount.magnitude < 1e15 ? Int64(amount) : 0)
    let first = times.moment(row["first_ts"].integer, clock: clock)?.text
    let last = times.moment(row["last_ts"].integer, clock: clock)?.text
    switch row["shortcoming"].text {
    case "drops":
      return
        "\(capture): the recording host lost \(counted(number, "packet")); what is missing may "
        + "be among them."
    case "gap":
      let nanoseconds = amount.magnitude < 9e9 ? Int64(amount * 1e9) : .max
      return "\(capture): no packet for \(duration(nanoseconds))"
        + (first.map { ", from \($0)" } ?? "") + (last.map { " to \($0)" } ?? "") + "."
    case "cut packets":
      return "\(capture): \(counted(number, "packet")) \(number == 1 ? "was" : "were") captured "
        + "shorter than on the wire."
    case "cut short":
      return "\(capture): the file ends early or cannot be followed to its end; "
        + "\(counted(number, "packet")) could be read."
    case "clock steps":
      return "\(capture): \(counted(number, "packet")) \(number == 1 ? "is" : "are") earlier than "
        + "the one before on the same interface; times may be off."
    case "faults":
      return "\(capture): \(counted(number, "part")) could not be decoded; the view faults lists "
        + "\(number == 1 ? "it" : "them")."
    case "filter":
      return "\(capture): it was read or recorded through a filter; what the filter left out is "
        + "not in the case."
    case "limit":
      return "\(capture): reading stopped after \(counted(number, "packet"))."
    case "no date":
      switch times.basis(ofClock: clock) {
      case .clock:
        return "\(capture): it prints a clock without a date or a zone. Nobody recorded the day; "
          + "its times cannot be compared with those of other captures."
      case .relative:
        return "\(capture): its times count from its first packet; when that was, nobody recorded."
      case .none, .utc: return "\(capture): it holds no times."
      }
    case "no zone":
      return "\(capture): its times name no zone and were taken for UTC; tcpdump prints the local "
        + "time of its host. '--time-zone' at ingest says which that was."
    case "paired by order":
      return "\(capture): \(counted(number, "ICMP error")) \(number == 1 ? "prints" : "print") the "
        + "server's port at most. Which question each is about was told by their order: the oldest of "
        + "the last 5 s that nothing answered, or the latest before."
    case "unread sources":
      // Each is named by a sentence of its own.
      return nil
    case "one-sided":
      return "\(Int((min(max(amount, 0), 1) * 100).rounded())) % of the flows show one direction "
        + "only: replies may have gone another way."
    default:
      return row["shortcoming"].text.map { "\(capture): \(TabularOutput.harmless($0))." }
    }
  }
}
