import CaseStore

/// Gathers what the pictures of a report show: from the questions that its sentences count, and of
/// the captures' packets from the view.
struct Picturing {
  let reader: CaseReader
  let search: ServiceSearch
  let incidents: [Incident]
  /// The best explanation, when something failed.
  let cause: Report.Cause?
  let captures: [Report.CaptureEntry]
  let times: ReportTimes

  /// Servers, clients, senders of refusals, captures and clocks that are drawn at most.
  private static let limits = (servers: 6, clients: 10, refusers: 6, captures: 12, clocks: 4)

  /// - Throws: `SQLFault`.
  func pictures() throws -> Report.Pictures {
    let subject = incidents.first?.history ?? mostAsked.first
    var pictures = Report.Pictures(keyFigures: keyFigures(subject))
    if let subject {
      pictures.servers = servers(ofClock: subject.key.clock)
      pictures.conversations = conversations(subject)
      pictures.delays = delays(subject)
    }
    pictures.coverage = try coverage()
    return pictures
  }

  /// DNS servers, those that were asked most first.
  private var mostAsked: [ServiceHistory] {
    search.dns.enumerated().sorted { left, right in
      left.element.questions.count != right.element.questions.count
        ? left.element.questions.count > right.element.questions.count
        : left.offset < right.offset
    }.map(\.element)
  }

  /// A sentence behind others on what a picture leaves out; empty for nothing.
  private static func notDrawn(_ count: Int, _ noun: String, _ which: String = "") -> String {
    count > 0
      ? " \(counted(count, noun).asSentenceStart)\(which) \(count == 1 ? "is" : "are") not drawn."
      : ""
  }

  // MARK: - Key figures

  private func keyFigures(_ subject: ServiceHistory?) -> [Report.KeyFigure] {
    guard let worst = incidents.first else { return figuresWithoutFailure(subject) }
    let asked = worst.questions.count
    var figures = [
      Report.KeyFigure(
        value: "\(grouped(worst.failed.count)) of \(grouped(asked))",
        label: "\(plural(worst.history.noun, asked)) failed"
          + (worst.isOutage ? " during the outage" : ""))
    ]
    if let first = worst.first, let last = worst.last {
      let (length, overflow) = last.subtractingReportingOverflow(first)
      if !overflow {
        figures.append(
          Report.KeyFigure(value: duration(length), label: "from the first failure to the last"))
      }
    }
    figures.append(
      Report.KeyFigure(
        value: grouped(worst.clients.count),
        label: "\(plural("client", worst.clients.count)) affected"))
    if let cause {
      figures.append(
        Report.KeyFigure(
          value: cause.weight.rawValue,
          label: "how sure the best explanation is, of those that were weighed"))
    }
    return figures
  }

  private func figuresWithoutFailure(_ subject: ServiceHistory?) -> [Report.KeyFigure] {
    let packets = Int(clamping: captures.reduce(0) { $0 &+ $1.packets })
    var figures = [
      Report.KeyFigure(value: grouped(packets), label: plural("packet", packets)),
      Report.KeyFigure(
        value: grouped(captures.count), label: plural("capture", captures.count)),
    ]
    if let subject {
      let fates = Self.fates(subject.questions)
      figures.insert(
        Report.KeyFigure(
          value: "\(grouped(fates.answered)) of \(grouped(fates.asked))",
          label: "\(plural(subject.noun, fates.asked)) answered by \(subject.key.address)"), at: 0)
    }
    return figures
  }

  // MARK: - Servers

  private func servers(ofClock clock: Int64) -> Report.ServersOverTime? {
    let failed = incidents.filter { $0.history.key.clock == clock }
    let known = Set(failed.map(\.history.key))
    let others = mostAsked.filter { $0.key.clock == clock && !known.contains($0.key) }
    let all = failed.map(\.history) + others
    let shown = all.prefix(Self.limits.servers)
    let moments = shown.flatMap { history in
      history.questions.lazy.compactMap(\.time).prefix(1)
        + (history.questions.last { $0.time != nil }.flatMap(\.time).map { [$0] } ?? [])
    }
    let ends = failed.prefix(Self.limits.servers).compactMap(\.last)
    guard let first = moments.min(), let last = (moments + ends).max(),
      let axis = Report.TimeAxis(from: first, to: last, clock: clock, times: times)
    else { return nil }
    let incidentsByKey = Dictionary(
      failed.map { ($0.history.key, $0) }, uniquingKeysWith: { first, _ in first })
    let left = all.count - shown.count
    let elsewhere = search.dns.lazy.filter { $0.key.clock != clock }.count
    return Report.ServersOverTime(
      title: "What was asked, and what became of it",
      explanation: "Above the line stands what was answered, below it what failed, by the time of "
        + "asking. "
        + (failed.isEmpty ? "" : "The shaded time is the failure. ")
        + axis.explanation
        + Self.notDrawn(left, "further server")
        + Self.notDrawn(elsewhere, "server", " by another clock"),
      axis: axis, rows: shown.map { row($0, incidentsByKey[$0.key], axis) })
  }

  private func row(
    _ history: ServiceHistory, _ incident: Incident?, _ axis: Report.TimeAxis
  ) -> Report.ServersOverTime.Row {
    var parts: [Int: Report.Fates] = [:]
    for question in history.questions {
      guard let part = question.time.flatMap(axis.part) else { continue }
      parts[part, default: Report.Fates()].count(question.fate)
    }
    func moment(_ time: Int64?) -> Report.Moment? {
      times.moment(time, clock: history.key.clock)
    }
    return Report.ServersOverTime.Row(
      service: history.name.asSentenceStart, address: history.key.address,
      total: Self.fates(history.questions),
      parts: parts.sorted { $0.key < $1.key }.map { .init(index: $0.key, fates: $0.value) },
      onset: moment(incident?.first), lastFailure: moment(incident?.last),
      recovery: moment(incident?.isRow == true ? incident?.recovery?.time : nil))
  }

  private static func fates(_ questions: [Question]) -> Report.Fates {
    questions.reduce(into: Report.Fates()) { $0.count($1.fate) }
  }

  // MARK: - Clients

  private func conversations(_ history: ServiceHistory) -> Report.Conversations {
    var byClient: [String: Report.Fates] = [:]
    var bySender: [Sender: Int] = [:]
    for question in history.questions {
      byClient[question.client, default: Report.Fates()].count(question.fate)
      if case .refused(let refusal) = question.fate {
        bySender[Sender(address: refusal.sender, words: refusal.words), default: 0] += 1
      }
    }
    let clients = byClient.sorted { left, right in
      let (one, other) = (left.value, right.value)
      if one.failed != other.failed { return one.failed > other.failed }
      return one.all != other.all ? one.all > other.all : left.key < right.key
    }
    let senders = bySender.sorted { left, right in
      left.value != right.value
        ? left.value > right.value
        : (left.key.address, left.key.words) < (right.key.address, right.key.words)
    }
    let further = clients.dropFirst(Self.limits.clients)
    let left = senders.count - min(senders.count, Self.limits.refusers)
    return Report.Conversations(
      title: "Who asked, and who refused",
      explanation: "\(counted(clients.count, "client").asSentenceStart) asked "
        + "\(history.shortName) at \(history.key.address); a bar is as long as there were "
        + "\(plural(history.noun, 2)), in the whole time that was looked at."
        + Self.notDrawn(left, "further kind", " of refusal"),
      service: history.name.asSentenceStart, address: history.key.address,
      clients: clients.prefix(Self.limits.clients).map { .init(address: $0.key, fates: $0.value) },
      furtherClients: further.count,
      ofFurtherClients: further.reduce(into: Report.Fates()) { $0.add($1.value) },
      refusers: senders.prefix(Self.limits.refusers).map { sender, count in
        .init(
          address: sender.address, isServer: sender.address == history.key.address,
          words: TabularOutput.harmless(sender.words), refusals: count)
      })
  }

  private struct Sender: Hashable {
    var address: String
    var words: String
  }

  // MARK: - Delays

  private func delays(_ history: ServiceHistory) -> Report.Delays? {
    var counts: [Int: Report.Fates] = [:]
    var omitted = 0
    for question in history.questions {
      switch question.fate {
      case .silent, .undecided: continue
      case .answered, .late, .refused: break
      }
      // A reply that is its own question, as a quoted request's, has no delay.
      guard let delay = question.delay, delay >= 0, question.reply != question.packet else {
        omitted += 1
        continue
      }
      counts[Report.Delays.part(of: delay), default: Report.Fates()].count(question.fate)
    }
    guard let least = counts.keys.min(), let most = counts.keys.max() else { return nil }
    let bounds = Report.Delays.bounds
    // Whole powers of ten, so that the axis begins and ends with a mark.
    let (start, end) = ((least - 1) / 6 * 6 + 1, min((max(most, 1) - 1) / 6 * 6 + 6, bounds.count))
    let first = least == 0 ? 0 : start
    return Report.Delays(
      title: "How long answers and refusals took",
      explanation: "\(history.shortName) at \(history.key.address): above the line answers, below "
        + "it refusals, by the time from asking to the reply; each part of the axis is about half "
        + "as long again as the one before."
        + (omitted > 0
          ? " \(counted(omitted, "reply").asSentenceStart) \(omitted == 1 ? "has" : "have") no delay that could be told."
          : ""),
      parts: (first...end).map { index in
        let fates = counts[index] ?? Report.Fates()
        return .init(
          from: index == 0 ? 0 : bounds[index - 1],
          to: index == bounds.count ? .max : bounds[index], answered: fates.answered,
          late: fates.late, refused: fates.refused)
      })
  }

  // MARK: - Captures

  private func coverage() throws -> [Report.Coverage] {
    var clocks: [Int64] = []
    for capture in captures where capture.first != nil && capture.last != nil {
      let clock = times.clock(ofCapture: capture.captureID)
      if !clocks.contains(clock) { clocks.append(clock) }
    }
    var (room, drawn) = (Self.limits.captures, 0)
    var pictures: [Report.Coverage] = []
    for clock in clocks.prefix(Self.limits.clocks) where room > 0 {
      let all = captures.filter {
        times.clock(ofCapture: $0.captureID) == clock && $0.first != nil && $0.last != nil
      }
      let shown = Array(all.prefix(room))
      room -= shown.count
      if let picture = try coverage(shown, clock: clock) {
        pictures.append(picture)
        drawn += shown.count
      }
    }
    let left = captures.count { $0.first != nil && $0.last != nil } - drawn
    if let last = pictures.indices.last {
      pictures[last].explanation += Self.notDrawn(left, "further capture")
    }
    return pictures
  }

  private func coverage(
    _ shown: [Report.CaptureEntry], clock: Int64
  ) throws -> Report.Coverage? {
    guard let first = shown.compactMap(\.first?.nanoseconds).min(),
      let last = shown.compactMap(\.last?.nanoseconds).max(),
      let axis = Report.TimeAxis(from: first, to: last, clock: clock, times: times)
    else { return nil }
    let worst = incidents.first.flatMap { $0.history.key.clock == clock ? $0 : nil }
    return Report.Coverage(
      title: shown.count == 1 && times.onlyClock == nil && clock != 0
        ? "What \(shown[0].name) covers" : "What the captures cover",
      explanation:
        "Bars are packets, the tallest of a capture its most; the ground behind them runs from its "
        + "first packet to its last, and beyond that it tells nothing. "
        + (worst == nil ? "" : "The shaded time is the failure. ") + axis.explanation,
      axis: axis, rows: try shown.map { try row($0, axis) },
      failureStart: times.moment(worst?.first, clock: clock),
      failureEnd: times.moment(worst?.last, clock: clock))
  }

  private func row(
    _ capture: Report.CaptureEntry, _ axis: Report.TimeAxis
  ) throws -> Report.Coverage.Row {
    // Counted outside: an aggregate over the view would look up all that the view joins.
    let rows = try reader.rows(
      """
      SELECT part, COUNT(*) AS packets
      FROM (
          SELECT (ts - :start) / :width AS part
          FROM packets
          WHERE packet_id BETWEEN :capture << 32 AND (:capture << 32 | 4294967295)
            AND ts >= :start
          LIMIT -1
      )
      GROUP BY part
      ORDER BY part
      """,
      parameters: [
        "capture": .integer(capture.captureID), "start": .integer(axis.start),
        "width": .integer(axis.width),
      ])
    let parts = rows.compactMap { row -> Report.Coverage.Part? in
      guard let part = row["part"].integer, let packets = row["packets"].integer,
        part >= 0, part < Int64(axis.parts)
      else { return nil }
      return .init(index: Int(part), packets: Int(clamping: packets))
    }
    return Report.Coverage.Row(
      name: capture.name, packets: parts.reduce(0) { $0 + $1.packets }, parts: parts)
  }
}

extension Report.Fates {
  fileprivate mutating func count(_ fate: Question.Fate) {
    switch fate {
    case .answered: answered += 1
    case .late: late += 1
    case .refused: refused += 1
    case .silent: silent += 1
    case .undecided: unknown += 1
    }
  }

  mutating func add(_ other: Self) {
    answered += other.answered
    late += other.late
    refused += other.refused
    silent += other.silent
    unknown += other.unknown
  }
}

extension Report.Delays {
  /// Between the parts, nanoseconds: from 1 µs to 1000 s.
  static let bounds: [Int64] = {
    var bounds: [Int64] = []
    var power: Int64 = 1000
    while power < 1_000_000_000_000 {
      bounds += [10, 15, 22, 33, 47, 68].map { $0 * power / 10 }
      power *= 10
    }
    return bounds + [power]
  }()

  /// The part that a delay lies in; 0 is below the first bound.
  static func part(of delay: Int64) -> Int {
    bounds.firstIndex { delay < $0 } ?? bounds.count
  }
}
