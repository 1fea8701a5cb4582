/// A failure of one service: its history, the time it failed, and what else the case shows of
/// its host in that time.
struct Incident {
  var history: ServiceHistory
  /// The phases of the outage; of scattered failures those from the first to the last.
  var window: Range<Int>
  var isOutage: Bool
  /// Questions of the window, those of unknown fate left out.
  var questions: [Question]
  var failed: [Question]
  /// Questions that were answered among them.
  var answered: [Question]
  /// Failures without any reply.
  var silent: [Question]
  /// Failures whose answer came after the time-out.
  var late: [Question]
  /// Clients with a failure, in the order of their first.
  var clients: [String]
  /// Distinct ways in which questions were refused, in the order of their first, with counts.
  var refusals: [(refusal: Refusal, count: Int, packets: [Int64])]
  var first: Int64?
  var last: Int64?
  /// The first question that was answered after an outage.
  var recovery: Question?
  /// The last question that was answered before it.
  var lastAnswer: Question?
  var answeredBefore: Int
  var askedBefore: Int
  var answeredAfter: Int
  var host = HostFacts()
  /// Where its questions were lost, as far as captures of several places tell.
  var losses: [LostBetween] = []
  /// Questions that the same server answered over TCP meanwhile, where those over UDP failed.
  var answeredOverTCP: [Question] = []
  /// Whether only a part of the case was looked at.
  var isOfPart = false

  /// Whether the failures follow one another without an answer between them.
  var isRow: Bool { isOutage || answered.isEmpty }

  /// What sentences say that something is not in.
  var caseWords: String { isOfPart ? "the part of the case that was looked at" : "the case" }

  init(_ history: ServiceHistory) {
    self.history = history
    isOutage = history.worstOutage != nil
    window = history.worstOutage ?? Self.failures(in: history.phases)
    questions = history.questions(of: window)
    failed = questions.filter(\.hasFailed)
    answered = questions.filter { $0.fate == .answered }
    silent = failed.filter { $0.fate == .silent }
    late = failed.filter { $0.fate == .late }
    clients = Self.distinct(failed.map(\.client))
    refusals = Self.refusals(of: failed)
    first = isOutage ? history.phases[window].first?.first : failed.first?.time
    last = failed.compactMap(\.endTime).max()
    let start = history.phases[window].first?.range.lowerBound ?? 0
    let end = history.phases[window].last?.range.upperBound ?? 0
    let before = history.questions[..<start].filter { $0.fate != .undecided }
    askedBefore = before.count
    answeredBefore = before.lazy.filter { $0.fate == .answered }.count
    lastAnswer = before.last { $0.fate == .answered }
    let after = history.questions[end...].filter { $0.fate == .answered }
    answeredAfter = after.count
    recovery = after.first
  }

  /// The phases from the first that failed to the last.
  private static func failures(in phases: [Phase]) -> Range<Int> {
    guard let first = phases.firstIndex(where: \.hasFailed),
      let last = phases.lastIndex(where: \.hasFailed)
    else { return phases.indices }
    return first..<last + 1
  }

  /// Failures that a test takes, and the packets that show them: the errors, or the questions
  /// where there is none.
  func failures(where test: (Question.Fate) -> Bool) -> (count: Int, packets: [Int64]) {
    let chosen = failed.filter { test($0.fate) }
    return (chosen.count, chosen.prefix(6).map { $0.reply ?? $0.packet })
  }

  private static func refusals(
    of failed: [Question]
  ) -> [(refusal: Refusal, count: Int, packets: [Int64])] {
    var order: [Refusal] = []
    var found: [Refusal: (count: Int, packets: [Int64])] = [:]
    for question in failed {
      guard case .refused(let refusal) = question.fate else { continue }
      if found[refusal] == nil { order.append(refusal) }
      var entry = found[refusal] ?? (0, [])
      entry.count += 1
      if entry.packets.count < 6 { entry.packets.append(question.reply ?? question.packet) }
      found[refusal] = entry
    }
    return order.compactMap { refusal in
      found[refusal].map { (refusal: refusal, count: $0.count, packets: $0.packets) }
    }
  }

  /// How long late answers took, such as `8.000 s` or `5.104 s to 8.000 s`; `nil` when none came.
  var lateDelays: String? {
    let delays = late.compactMap(\.delay)
    guard let least = delays.min().map(duration), let most = delays.max().map(duration) else {
      return nil
    }
    return least == most ? least : "\(least) to \(most)"
  }

  /// The name that failed most often, if a shell takes it without quotes.
  var plainName: String? {
    var counts: [String: Int] = [:]
    for name in failed.compactMap(\.asked?.name) { counts[name, default: 0] += 1 }
    let ranked = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    return ranked.first { $0.key.isPlainHost }?.key
  }

  static func distinct(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }
}
