extension Narrative {
  /// What nobody was told, and what that means for who asked; `nil` where the captures do not show
  /// names.
  func asked(_ incident: Incident) -> String? {
    let asked = incident.failed.compactMap { question -> Asked? in
      // A late answer may still have been of use.
      guard question.fate != .late, let asked = question.asked, let name = asked.name, !name.isEmpty
      else { return nil }
      return Asked(name: name, type: asked.type)
    }
    guard !asked.isEmpty else { return nil }
    let counts = Dictionary(grouping: asked) { $0 }.mapValues(\.count)
      .sorted {
        ($1.value, $0.key.name, $0.key.type ?? "") < ($0.value, $1.key.name, $1.key.type ?? "")
      }
    let names = Incident.distinct(counts.map { shortened($0.key.name, to: 80) })
    guard counts.allSatisfy({ $0.key.isAddress }) else {
      let words = counts.map {
        shortened($0.key.name, to: 80) + ($0.key.type.map { " (\($0))" } ?? "")
      }
      return "Asked for, in vain, \(words.count == 1 ? "was" : "were") \(listed(words, limit: 3))."
    }
    let elsewhere = incident.host.answersElsewhere
    let (that, those) = names.count == 1 ? ("it", "this name") : ("them", "these names")
    return
      "Asked for, in vain, \(names.count == 1 ? "was the address" : "were the addresses") of "
      + "\(listed(names, limit: 3))"
      + (elsewhere.count == 0
        ? ": who learns \(that) from no other server cannot reach what bears \(those), such as a web site."
        : "; the clients got \(counted(elsewhere.count, "answer")) from \(listed(elsewhere.servers)) meanwhile.")
  }

  private struct Asked: Hashable {
    var name: String
    var type: String?

    /// Whether the answer would be an address.
    var isAddress: Bool { type == "A" || type == "AAAA" }
  }

  /// That the same query came more than once, known by its identifier and port; `nil` where none did.
  ///
  /// Source: RFC 5452, 9.2: each new query takes an identifier and a port that nobody can guess.
  func repetition(in incident: Incident) -> Report.Statement? {
    struct Query: Hashable {
      var client: String
      var asked: Question.Asked
    }
    var queries: [Query: [Question]] = [:]
    for question in incident.failed {
      guard let asked = question.asked, asked.identifier != nil, asked.clientPort != nil else {
        continue
      }
      queries[Query(client: question.client, asked: asked), default: []].append(question)
    }
    let repeated = queries.filter { $0.value.count > 1 }
    let most = repeated.max { one, other in
      (one.value.count, other.value.first?.packet ?? 0)
        < (other.value.count, one.value.first?.packet ?? 0)
    }
    guard let (query, questions) = most, let identifier = query.asked.identifier,
      let port = query.asked.clientPort
    else { return nil }
    let rest = repeated.count - 1
    return times.statement(
      "\(query.client) asked \(grouped(questions.count)) times with the same identifier, "
        + "\(identifier), from the same port, \(port)\(apart(questions)): most likely one query that "
        + "was sent again, since each new one takes others (RFC 5452, section 9.2)."
        + (rest > 0 ? " So it was with \(counted(rest, "other query"))." : ""),
      questions.map(\.packet))
  }

  /// `, each 2 min 0.000 s after the one before`, or the shortest and the longest time between.
  private func apart(_ questions: [Question]) -> String {
    let gaps = zip(questions, questions.dropFirst()).compactMap { one, other -> Int64? in
      guard let from = one.time, let to = other.time else { return nil }
      let (gap, overflow) = to.subtractingReportingOverflow(from)
      return overflow ? nil : gap
    }
    guard let shortest = gaps.min(), let longest = gaps.max() else { return "" }
    return duration(shortest) == duration(longest)
      ? ", \(duration(shortest)) apart"
      : ", \(duration(shortest)) to \(duration(longest)) apart"
  }

  /// How long refusals took: each where they are few, else the range; and which of them cannot have
  /// come from a host that refuses by itself at once.
  func delays(of incident: Incident) -> Report.Statement? {
    guard !incident.history.isQuotedOnly else { return nil }
    let refused = incident.failed.filter { if case .refused = $0.fate { true } else { false } }
    let delays = refused.compactMap(\.delay)
    guard !delays.isEmpty else { return nil }
    let slow = refused.filter { question in
      guard case .refused(let refusal) = question.fate, let delay = question.delay else {
        return false
      }
      return refusal.isPortUnreachable && delay > Self.slowestRefusal
    }
    let doubt =
      slow.isEmpty
      ? ""
      : " A host refuses a closed port at once: \(grouped(slow.count)) of these errors came more than a "
        + "second after the \(incident.history.noun), and so "
        + "\(slow.count == 1 ? "was" : "were") held up on the way, or \(slow.count == 1 ? "is" : "are") "
        + "about other packets than the captures show."
    if delays.count <= 5 {
      return times.statement(
        "From \(incident.history.noun) to error it took \(listed(delays.map(duration)))." + doubt,
        refused.prefix(6).compactMap(\.reply))
    }
    let sorted = delays.sorted()
    return times.statement(
      "From \(incident.history.noun) to error it took \(duration(sorted[0])) to "
        + "\(duration(sorted[sorted.count - 1])), in the median \(duration(sorted[sorted.count / 2]))."
        + doubt, slow.prefix(6).compactMap(\.reply))
  }

  /// Nanoseconds that a refusal by the host itself takes at most, with the way to it and back: a
  /// kernel sends it as it receives the packet.
  private static let slowestRefusal: Int64 = 1_000_000_000
}
