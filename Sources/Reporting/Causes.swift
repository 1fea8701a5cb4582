/// Weighs explanations of an incident by what the case shows for and against each.
struct CauseAnalysis {
  let incident: Incident
  let times: ReportTimes

  private var key: ServiceKey { incident.history.key }
  private var host: HostFacts { incident.host }
  private var noun: String { incident.history.noun }
  private var total: Int { incident.failed.count }
  private var place: String { "\(incident.history.protocolName) port \(key.port)" }

  /// Refused by the server's own address as "port unreachable" or by a TCP reset.
  private var closed: (count: Int, packets: [Int64]) {
    incident.failures { fate in
      guard case .refused(let refusal) = fate else { return false }
      return refusal.sender == key.address && (refusal.isPortUnreachable || refusal.version == 0)
    }
  }

  /// Refused by another address, or as prohibited by whomever.
  private var filtered: (count: Int, packets: [Int64]) {
    incident.failures { fate in
      guard case .refused(let refusal) = fate, !refusal.isHostUnreachable else { return false }
      return refusal.sender != key.address || refusal.isProhibited
    }
  }

  private var unreachable: (count: Int, packets: [Int64]) {
    incident.failures { fate in
      guard case .refused(let refusal) = fate else { return false }
      return refusal.isHostUnreachable
    }
  }

  private var silent: (count: Int, packets: [Int64]) { incident.failures { $0 == .silent } }

  /// Whether the case holds an answer from the service, at whatever time.
  var isEverAnswered: Bool { incident.history.questions.contains { $0.fate == .answered } }

  /// The causes, the likeliest first; equals in the order in which they are weighed.
  func causes() -> [Report.Cause] {
    var causes: [Report.Cause] = []
    if closed.count > 0 { causes += [serviceDown(), hostFilter()] }
    if filtered.count > 0 { causes.append(filterOnTheWay()) }
    if silent.count > 0 { causes.append(silentDrop()) }
    if silent.count > 0 || unreachable.count > 0 { causes.append(hostDown()) }
    causes.append(wrongServer())
    if silent.count > 0 || closed.count > 0 { causes.append(overload()) }
    if hopsDiffer { causes.append(forged()) }
    return causes.enumerated().sorted { left, right in
      left.element.weight != right.element.weight
        ? left.element.weight < right.element.weight : left.offset < right.offset
    }.map(\.element)
  }

  /// `n of m failed questions`.
  private func share(_ part: Int) -> String {
    "\(grouped(part)) of \(counted(total, "failed \(noun)"))"
  }

  private func said(_ text: String, _ packets: [Int64?] = []) -> Report.Statement {
    times.statement(text, packets.compactMap { $0 })
  }

  // MARK: - The server

  private func serviceDown() -> Report.Cause {
    var evidence = [
      said(
        "The refusals came from the server's own address, \(key.address): \(share(closed.count)). "
          + "A host refuses so when nothing listens on a port.", closed.packets)
    ]
    var against: [Report.Statement] = []
    if let lastAnswer = incident.lastAnswer, incident.isOutage {
      evidence.append(
        said(
          "The same port answered before: \(counted(incident.answeredBefore, noun)), the last one "
            + "asked at \(text(lastAnswer.time)).", [lastAnswer.reply]))
    }
    if let recovery = incident.recovery, incident.isOutage {
      evidence.append(
        said(
          "It answered again from \(text(recovery.time)), as after a restart of the service.",
          [recovery.reply]))
    }
    evidence += aliveStatements()
    if host.sameTCPPort.reset > 0 {
      evidence.append(
        said(
          "TCP port \(key.port) of the host reset \(counted(host.sameTCPPort.reset, "connection attempt")) "
            + "meanwhile: it was closed for TCP too.", [host.sameTCPPort.packet]))
    }
    if host.sameTCPPort.established > 0 {
      against.append(
        said(
          "TCP port \(key.port) of the host answered \(counted(host.sameTCPPort.established, "connection")) "
            + "meanwhile: something listened there.", [host.sameTCPPort.packet]))
    }
    if !incident.isOutage, let answer = incident.answered.first {
      against.append(
        said(
          "The port answered \(counted(incident.answered.count, noun)) among the failures.",
          [answer.reply]))
    }
    if !hopsDiffer, let hops = host.hops.first {
      evidence.append(
        said(
          "The errors came as far as the host's other packets did: "
            + "\(hopWords(hops.errors)) left on arrival at \(times.name(ofCapture: hops.capture)).")
      )
    }
    let isMostlyAnswered = !incident.isOutage && incident.answered.count > closed.count
    let isSupported = host.isSeenAlive || (incident.isOutage && incident.lastAnswer != nil)
    let isMain = closed.count * 2 >= total
    let weight: Report.Cause.Weight =
      isMostlyAnswered
      ? .unlikely : isSupported && isMain && against.isEmpty ? .likely : .possible
    return Report.Cause(
      statement:
        "The service on \(key.address) was not running, or did not listen on \(place).",
      weight: weight,
      reason: "It explains \(share(closed.count)). "
        + (isMostlyAnswered
          ? "But it answered more than it refused, in turns."
          : isSupported
            ? against.isEmpty
              ? "The host was there and only this service is seen to refuse."
              : "But part of the evidence speaks against it."
            : "But nothing else of this host is in the case to compare with."),
      evidenceFor: evidence, evidenceAgainst: against)
  }

  private func aliveStatements() -> [Report.Statement] {
    var statements: [Report.Statement] = []
    if !host.answeringPorts.isEmpty {
      let ports = host.answeringPorts.map { "\($0.name) \(counted($0.flows, "flow"))" }
      statements.append(
        said(
          "Other ports of the host answered meanwhile: \(listed(ports)).",
          host.answeringPorts.prefix(5).map(\.packet)))
    }
    if host.echoReplies > 0 {
      statements.append(
        said(
          "The host answered \(counted(host.echoReplies, "ping")) meanwhile.", [host.echoReply]))
    }
    return statements
  }

  private func hostFilter() -> Report.Cause {
    var against: [Report.Statement] = []
    var evidence = [
      said(
        "A packet filter on the server can refuse in the same words and from the same address: "
          + "\(share(closed.count)) would look like this.", closed.packets)
    ]
    if host.sameTCPPort.established > 0 {
      evidence.append(
        said(
          "TCP port \(key.port) answered meanwhile: a rule for \(incident.history.protocolName) "
            + "alone would do that.", [host.sameTCPPort.packet]))
    }
    if host.sameTCPPort.reset > 0 {
      against.append(
        said(
          "TCP port \(key.port) was reset too: a stopped service closes both at once, a rule "
            + "only if it names both.", [host.sameTCPPort.packet]))
    }
    return Report.Cause(
      statement: "A packet filter on \(key.address) itself rejected \(place).",
      weight: .possible,
      reason: "It explains \(share(closed.count)); "
        + (against.isEmpty
          ? "no packet tells it from a stopped service."
          : "the TCP port makes it less likely than a stopped service."),
      evidenceFor: evidence, evidenceAgainst: against)
  }

  // MARK: - The way

  private func filterOnTheWay() -> Report.Cause {
    var evidence: [Report.Statement] = []
    for (refusal, count, packets) in incident.refusals
    where !refusal.isHostUnreachable && (refusal.sender != key.address || refusal.isProhibited) {
      let sender =
        refusal.sender == key.address
        ? "the server's own address" : "\(refusal.sender), which is not the server's address"
      evidence.append(
        said(
          "\(counted(count, noun).asSentenceStart) met \(refusal.words) from \(sender).", packets))
    }
    var against: [Report.Statement] = []
    if closed.count > 0 {
      against.append(
        said(
          "It does not explain the \(counted(closed.count, "refusal")) by the server's own address.",
          closed.packets))
    }
    let senders = Incident.distinct(
      incident.refusals.filter {
        !$0.refusal.isHostUnreachable
          && ($0.refusal.sender != key.address || $0.refusal.isProhibited)
      }.map(\.refusal.sender))
    return Report.Cause(
      statement:
        "A firewall or router rejected packets to \(place) of \(key.address), at \(listed(senders)).",
      weight: filtered.count * 2 >= total || filtered.count >= ServiceHistory.fewestFailures
        ? .likely : .possible,
      reason: "It explains \(share(filtered.count)), by the words and the sender of the errors.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  private func silentDrop() -> Report.Cause {
    var evidence = [
      said(
        "\(share(silent.count).asSentenceStart) met silence: no answer and no error.",
        silent.packets)
    ]
    var against: [Report.Statement] = []
    if filtered.count > 0 {
      evidence.append(
        said(
          "Something on the way rejected other \(plural(noun, 2)) to this port, so there is a filter "
            + "that could also drop.", filtered.packets))
    }
    let isAlive = host.isSeenAlive
    if isAlive {
      evidence.append(
        said(
          "The host was reachable meanwhile.",
          host.answeringPorts.prefix(3).map(\.packet) + [host.echoReply]))
    }
    if !incident.answered.isEmpty {
      against.append(
        said(
          "\(counted(incident.answered.count, noun).asSentenceStart) to the same port got an answer "
            + "meanwhile, so a drop was not complete.", [incident.answered.first?.reply]))
    }
    if closed.count > 0 {
      against.append(
        said(
          "It does not explain \(counted(closed.count, "refusal")) by the server.", closed.packets))
    }
    return Report.Cause(
      statement: "Packets to \(place) of \(key.address), or its answers, were dropped on the way.",
      weight: isAlive && against.isEmpty ? .likely : .possible,
      reason:
        "It explains \(share(silent.count)); silence has no sender, so nothing names the place.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  private func hostDown() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    if unreachable.count > 0 {
      evidence.append(
        said(
          "\(share(unreachable.count).asSentenceStart) met the error that the host or its network "
            + "cannot be reached.", unreachable.packets))
    }
    let seen = incident.failures { fate in
      guard case .refused(let refusal) = fate else { return false }
      return refusal.sender == key.address
    }
    if silent.count > 0 && !host.isSeenAlive && seen.count == 0 && incident.answered.isEmpty {
      evidence.append(
        said(
          "The captures show no packet from \(key.address) while \(place) failed.", silent.packets))
    }
    against += aliveStatements()
    if seen.count > 0 {
      against.append(
        said(
          "\(key.address) itself sent \(counted(seen.count, "error")) meanwhile.", seen.packets))
    }
    if !incident.answered.isEmpty {
      against.append(
        said(
          "It answered \(counted(incident.answered.count, noun)) meanwhile.",
          [incident.answered.first?.reply]))
    }
    return Report.Cause(
      statement: "The host \(key.address) was down or cut off from the network.",
      weight: !against.isEmpty
        ? .unlikely : unreachable.count * 2 >= total ? .likely : .possible,
      reason: against.isEmpty
        ? "It explains \(share(unreachable.count + silent.count)), and nothing shows the host alive."
        : "The host sent packets in that time.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  // MARK: - The clients, the load

  private func wrongServer() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    if isEverAnswered {
      let answers = incident.history.questions.filter { $0.fate == .answered }
      against.append(
        said(
          "The same port answered \(counted(answers.count, noun)) in the case.",
          [answers.first?.reply]))
    } else {
      evidence.append(
        said("The captures show no answer from \(place) of \(key.address), at no time."))
    }
    if incident.clients.count == 1, let client = incident.clients.first {
      evidence.append(said("Only \(client) is seen to fail.", [incident.failed.first?.packet]))
    } else {
      against.append(
        said(
          "\(counted(incident.clients.count, "client").asSentenceStart) failed, not one.",
          incident.failed.prefix(3).map(\.packet)))
    }
    let elsewhere = host.answersElsewhere
    if elsewhere.count > 0 {
      evidence.append(
        said(
          "Clients that failed got \(counted(elsewhere.count, "answer")) from "
            + "\(listed(elsewhere.servers)) meanwhile.", [elsewhere.packet]))
    }
    return Report.Cause(
      statement:
        "\(incident.clients.count == 1 ? "The client asks" : "The clients ask") the wrong address: "
        + "\(key.address) is not meant to serve \(place).",
      weight: isEverAnswered ? .unlikely : .possible,
      reason: isEverAnswered
        ? "The service is seen to answer there."
        : "Nothing in the case shows it ever working there.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  private func overload() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    var reason: String
    var weight = Report.Cause.Weight.possible
    switch LoadBeforeOnset(incident) {
    case .noOnset:
      reason = "Failures are spread among answers; there is no onset to compare loads at."
    case .nothingSeen:
      reason = "The case shows no \(noun) to this service before the onset, so its load is unknown."
    case .tooShort(let count, let span):
      reason = "There is too little before the onset to compare with."
      against.append(
        said("\(counted(count, noun).asSentenceStart) in the \(duration(span)) before the onset."))
    case .compared(let last, let median, let minutes):
      let sentence =
        "\(counted(last, noun).asSentenceStart) in the minute before the onset; the median of "
        + "\(counted(minutes, "minute")) before that is \(grouped(median))."
      if last >= 3 * max(median, 1) && last >= 30 {
        evidence.append(said(sentence))
        reason = "The load rose before the onset."
        weight = closed.count * 2 >= total ? .possible : .likely
      } else {
        against.append(said(sentence))
        reason = "The load did not rise before the onset."
        weight = .unlikely
      }
    }
    if closed.count > 0 {
      against.append(
        said(
          "Overload shows as late or missing answers; here \(share(closed.count)) were refused, so "
            + "it would have had to stop the service."))
    }
    for scanner in host.scanners.prefix(3) where (scanner.first ?? .max) <= incident.first ?? .min {
      evidence.append(
        said(
          "\(scanner.client) asked \(counted(scanner.ports, "port")) of this host in the case: "
            + "a scan, begun before the onset."))
    }
    return Report.Cause(
      statement: "Too many packets, a flood or a scan, brought the service or the host down.",
      weight: weight, reason: reason, evidenceFor: evidence, evidenceAgainst: against)
  }

  // MARK: - Forged errors

  /// Whether errors from the server's address had other hops left than its other packets.
  var hopsDiffer: Bool {
    host.hops.contains { $0.errors.isDisjoint(with: $0.others) }
  }

  private func forged() -> Report.Cause {
    let differing = host.hops.filter { $0.errors.isDisjoint(with: $0.others) }
    return Report.Cause(
      statement: "Somebody else sent the errors in the name of \(key.address).",
      weight: .possible,
      reason: "The errors did not come as far as the host's other packets; systems that count hops "
        + "of errors from another start do the same.",
      evidenceFor: differing.prefix(3).map { hops in
        said(
          "At \(times.name(ofCapture: hops.capture)) errors arrived with \(hopWords(hops.errors)) "
            + "left, other packets of the address with \(hopWords(hops.others)).")
      },
      evidenceAgainst: [])
  }

  private func hopWords(_ hops: Set<Int64>) -> String {
    let words = listed(hops.sorted().map(String.init), limit: 4, joining: "or")
    return hops == [1] ? "1 hop" : "\(words) hops"
  }

  private func text(_ time: Int64?) -> String {
    times.moment(time, clock: key.clock)?.text ?? "an unknown time"
  }
}
