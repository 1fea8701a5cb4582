/// A service as it was asked for: the ones of different clocks stand apart.
struct ServiceKey: Hashable, Sendable {
  /// See `ReportTimes.clock(ofCapture:)`.
  var clock: Int64
  var address: String
  /// IANA protocol number.
  var ipProtocol: Int64
  var port: Int64
}

/// How a question was refused.
struct Refusal: Hashable, Sendable {
  /// Who said so.
  var sender: String
  /// 4 ICMP, 6 ICMPv6, 0 a TCP reset.
  var version: Int64
  var type: Int64
  var code: Int64
  /// Such as `destination unreachable (port unreachable)`.
  var name: String

  static func reset(by sender: String) -> Refusal {
    Refusal(sender: sender, version: 0, type: 0, code: 0, name: "TCP reset")
  }

  /// RFC 792, type 3 code 3; RFC 4443, type 1 code 4.
  var isPortUnreachable: Bool {
    (version == 4 && type == 3 && code == 3) || (version == 6 && type == 1 && code == 4)
  }

  /// RFC 1812, 5.2.7.1, codes 9, 10 and 13; RFC 4443, type 1 code 1.
  var isProhibited: Bool {
    (version == 4 && type == 3 && [9, 10, 13].contains(code))
      || (version == 6 && type == 1 && code == 1)
  }

  /// Says that the host or its network cannot be reached: RFC 792, codes 0 and 1; RFC 1122,
  /// codes 6 to 8; RFC 4443, codes 0 and 3.
  var isHostUnreachable: Bool {
    (version == 4 && type == 3 && [0, 1, 6, 7, 8].contains(code))
      || (version == 6 && type == 1 && [0, 3].contains(code))
  }

  /// The error as sentences call it.
  var words: String {
    if version == 0 { return "a TCP reset" }
    let protocolName = version == 6 ? "ICMPv6" : "ICMP"
    guard name.hasSuffix(")"), let open = name.firstIndex(of: "(") else {
      return "\(protocolName) \(name)"
    }
    return "\(protocolName) " + name[name.index(after: open)...].dropLast()
      + " (type \(type), code \(code))"
  }
}

/// Something that a client asked of a service, and what became of it.
struct Question: Sendable {
  var time: Int64?
  /// The packet that asked; of a service known by its errors alone, the error.
  var packet: Int64
  var client: String
  var fate: Fate
  /// The answer or the error.
  var reply: Int64?
  var replyTime: Int64?
  /// What was asked, of a DNS question that failed.
  var asked: Asked?
  /// Whether it was asked again before its fate was known.
  var isRetried = false

  /// A DNS question's own words.
  struct Asked: Hashable, Sendable {
    /// Harmless; `nil` where the message holds none.
    var name: String?
    /// Such as `A`.
    var type: String?
    var identifier: Int64?
    var clientPort: Int64?
  }

  enum Fate: Hashable, Sendable {
    case answered
    /// Answered, but after the time-out.
    case late
    case refused(Refusal)
    /// No answer in time, though the captures would show one.
    case silent
    /// The captures cannot show what became of it.
    case undecided
  }

  var hasFailed: Bool {
    switch fate {
    case .refused, .silent, .late: true
    case .answered, .undecided: false
    }
  }

  /// Nanoseconds from the question to its reply; `nil` where one of them has no time.
  var delay: Int64? {
    guard let time, let replyTime else { return nil }
    let (delay, overflow) = replyTime.subtractingReportingOverflow(time)
    return overflow ? nil : delay
  }

  /// When its fate was known.
  var endTime: Int64? { replyTime ?? time }
}

/// Questions in a row that met the same fate.
struct Phase: Sendable {
  var fate: Question.Fate
  /// Indices into the questions of the history; those of unknown fate among them do not count.
  var range: Range<Int>
  var count: Int
  var first: Int64?
  var last: Int64?

  var hasFailed: Bool { fate != .answered }
}

/// All that was asked of one service, in the order of time.
struct ServiceHistory: Sendable {
  var key: ServiceKey
  /// What the registry of ports calls it, such as `DNS`; `nil` for an unknown port.
  var title: String?
  /// `question`, `request`, `connection attempt` or `quoted request`.
  var noun: String
  private(set) var questions: [Question]
  /// ICMP errors about it, answered or not.
  var errors: [ErrorMessage]
  private(set) var phases: [Phase] = []
  /// Failed phases in a row without an answer between them, as ranges of `phases`.
  private(set) var outages: [Range<Int>] = []

  /// Fewer failures in a row are no outage: the least that a burst has as well.
  static let fewestFailures = 3
  /// Failures in a row within less are no outage where other questions were answered.
  private static let shortestOutage: Int64 = 1_000_000_000

  init(
    key: ServiceKey, title: String?, noun: String, questions: [Question], errors: [ErrorMessage]
  ) {
    (self.key, self.title, self.noun, self.errors) = (key, title, noun, errors)
    self.questions = questions.sorted { left, right in
      if let one = left.time, let other = right.time, one != other { return one < other }
      return left.packet < right.packet
    }
    findPhases()
    findOutages()
  }

  private mutating func findPhases() {
    for (index, question) in questions.enumerated() where question.fate != .undecided {
      let end = question.fate == .answered ? question.time : question.endTime
      if let last = phases.indices.last, phases[last].fate == question.fate {
        phases[last].range = phases[last].range.lowerBound..<index + 1
        phases[last].count += 1
        phases[last].last = later(phases[last].last, end)
      } else {
        phases.append(
          Phase(
            fate: question.fate, range: index..<index + 1, count: 1, first: question.time,
            last: end))
      }
    }
  }

  private mutating func findOutages() {
    let isNeverAnswered = !phases.contains { !$0.hasFailed }
    var start = 0
    while start < phases.count {
      guard phases[start].hasFailed else {
        start += 1
        continue
      }
      let end = phases[start...].firstIndex { !$0.hasFailed } ?? phases.count
      let failures = phases[start..<end].reduce(0) { $0 + $1.count }
      let recovery = end < phases.count ? phases[end].first : phases[end - 1].last
      let lasting = (recovery ?? 0).subtractingReportingOverflow(phases[start].first ?? 0)
      if failures >= Self.fewestFailures,
        isNeverAnswered || lasting.overflow || lasting.partialValue >= Self.shortestOutage
      {
        outages.append(start..<end)
      }
      start = end
    }
  }

  private func later(_ one: Int64?, _ other: Int64?) -> Int64? {
    guard let one, let other else { return one ?? other }
    return max(one, other)
  }

  /// The outage with most failures; the earliest of equals. `nil` when there is none.
  var worstOutage: Range<Int>? {
    outages.max {
      failures(in: $0) < failures(in: $1)
        || ($0.lowerBound > $1.lowerBound
          && failures(in: $0) == failures(in: $1))
    }
  }

  /// Questions that failed in phases.
  func failures(in outage: Range<Int>) -> Int {
    phases[outage].reduce(0) { $0 + ($1.hasFailed ? $1.count : 0) }
  }

  /// The questions of some phases, those of unknown fate left out.
  func questions(of phases: Range<Int>) -> [Question] {
    guard let first = self.phases[phases].first, let last = self.phases[phases].last else {
      return []
    }
    return questions[first.range.lowerBound..<last.range.upperBound]
      .filter { $0.fate != .undecided }
  }

  var isDNS: Bool { noun == "question" }

  /// Whether it is known by the errors alone.
  var isQuotedOnly: Bool { noun == "quoted request" }

  /// `UDP`, `TCP`, or the protocol's number.
  var protocolName: String {
    switch key.ipProtocol {
    case 6: "TCP"
    case 17: "UDP"
    case 132: "SCTP"
    case 33: "DCCP"
    default: "IP protocol \(key.ipProtocol)"
    }
  }

  /// Such as `DNS over UDP, port 53`.
  var name: String {
    title.map { "\($0) over \(protocolName), port \(key.port)" }
      ?? "the service on \(protocolName) port \(key.port)"
  }
}

extension ServiceHistory {
  /// Such as `DNS (UDP 53)`.
  var shortName: String {
    title.map { "\($0) (\(protocolName) \(key.port))" } ?? "\(protocolName) port \(key.port)"
  }
}

/// An ICMP error about a packet to a service.
struct ErrorMessage: Sendable {
  var packet: Int64
  var time: Int64?
  var refusal: Refusal
  var ttl: Int64?
  /// Who was told so; `nil` where the capture does not show it.
  var client: String?
  /// The packet that it quotes, when the case holds it.
  var original: Int64?
}
