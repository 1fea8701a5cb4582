/// Weighs explanations of an incident by what the case shows for and against each.
struct CauseAnalysis {
  let incident: Incident
  let times: ReportTimes
  /// What the user says of hosts.
  let hosts: KnownHosts

  var key: ServiceKey { incident.history.key }
  var host: HostFacts { incident.host }
  var noun: String { incident.history.noun }
  var total: Int { incident.failed.count }
  var place: String { "\(incident.history.protocolName) port \(key.port)" }

  /// Refused by the server's own address as "port unreachable" or by a TCP reset.
  var closed: (count: Int, packets: [Int64]) {
    incident.failures { fate in
      guard case .refused(let refusal) = fate else { return false }
      return refusal.sender == key.address && (refusal.isPortUnreachable || refusal.version == 0)
    }
  }

  /// Refused by another address, or as prohibited by whomever.
  var filtered: (count: Int, packets: [Int64]) {
    incident.failures { fate in
      guard case .refused(let refusal) = fate, !refusal.isHostUnreachable else { return false }
      return refusal.sender != key.address || refusal.isProhibited
    }
  }

  var unreachable: (count: Int, packets: [Int64]) {
    incident.failures { fate in
      guard case .refused(let refusal) = fate else { return false }
      return refusal.isHostUnreachable
    }
  }

  var silent: (count: Int, packets: [Int64]) { incident.failures { $0 == .silent } }

  var late: (count: Int, packets: [Int64]) { incident.failures { $0 == .late } }

  /// Those of them that were asked again: the answer may be to the second try, and quick.
  var lateRetried: (count: Int, packets: [Int64]) {
    let retried = incident.late.filter(\.isRetried)
    return (retried.count, retried.prefix(6).map { $0.reply ?? $0.packet })
  }

  /// Questions that the service answered, at whatever time and however late.
  var answers: [Question] {
    incident.history.questions.filter { $0.fate == .answered || $0.fate == .late }
  }

  /// Whether the case holds an answer from the service.
  var isEverAnswered: Bool { !answers.isEmpty }

  /// The causes, the likeliest first; equals in the order in which they are weighed.
  func causes() -> [Report.Cause] {
    var causes: [Report.Cause] = []
    if closed.count > 0 { causes += [serviceDown(), hostFilter()] }
    if filtered.count > 0 { causes.append(filterOnTheWay()) }
    if late.count > 0 { causes.append(slowAnswers()) }
    if silent.count > 0 || lateRetried.count > 0 { causes.append(silentDrop()) }
    if silent.count > 0 || unreachable.count > 0 { causes.append(hostDown()) }
    causes.append(wrongServer())
    if silent.count > 0 || late.count > 0 || closed.count > 0 { causes.append(overload()) }
    if hopsDiffer { causes.append(forged()) }
    return causes.enumerated().sorted { left, right in
      left.element.weight != right.element.weight
        ? left.element.weight < right.element.weight : left.offset < right.offset
    }.map(\.element)
  }

  /// `n of m failed questions`.
  func share(_ part: Int) -> String {
    "\(grouped(part)) of \(counted(total, "failed \(noun)"))"
  }

  func said(_ text: String, _ packets: [Int64?] = []) -> Report.Statement {
    times.statement(text, packets.compactMap { $0 })
  }

  // MARK: - The server

  func serviceDown() -> Report.Cause {
    let against = somethingListened()
    let isMostlyAnswered = !incident.isOutage && incident.answered.count > closed.count
    let isSupported = host.isSeenAlive || (incident.isRow && incident.lastAnswer != nil)
    let isMain = closed.count * 2 >= total
    let (weight, comment): (Report.Cause.Weight, String) =
      if isMostlyAnswered {
        (.unlikely, "But it answered more than it refused, in turns.")
      } else if !isSupported {
        (.possible, "But nothing else of this host is in the case to compare with.")
      } else if !against.isEmpty {
        (.possible, "But part of the evidence speaks against it.")
      } else {
        (
          isMain ? .likely : .possible,
          host.otherRefusedPorts.isEmpty
            ? "The host was there and only this service is seen to refuse."
            : "The host was there, and refused "
              + "\(counted(host.otherRefusedPorts.count, "other port")) too."
        )
      }
    return Report.Cause(
      statement:
        "The service on \(key.address) was not running, or did not listen on \(place).",
      weight: weight,
      explained: closed.count,
      reason: "It explains \(share(closed.count)). \(comment)",
      evidenceFor: [refusedByTheHost()] + answersAround() + aliveStatements() + closedForTCP()
        + sameHops(),
      evidenceAgainst: against)
  }

  private func refusedByTheHost() -> Report.Statement {
    said(
      "The refusals came from the server's own address, \(key.address): \(share(closed.count)). "
        + "A host refuses so when nothing listens on a port.", closed.packets)
  }

  /// That the port answered before an outage and after it.
  private func answersAround() -> [Report.Statement] {
    guard incident.isRow else { return [] }
    var statements: [Report.Statement] = []
    if let lastAnswer = incident.lastAnswer {
      statements.append(
        said(
          "The same port answered before: \(counted(incident.answeredBefore, noun)), the last one "
            + "asked at \(text(lastAnswer.time)).", [lastAnswer.reply]))
    }
    if let recovery = incident.recovery {
      statements.append(
        said(
          "It answered again from \(text(recovery.time)), as after a restart of the service.",
          [recovery.reply]))
    }
    return statements
  }

  private func closedForTCP() -> [Report.Statement] {
    let port = host.sameTCPPort
    guard port.reset > 0 else { return [] }
    return [
      said(
        "TCP port \(key.port) of the host reset \(counted(port.reset, "connection attempt")) "
          + "meanwhile: it was closed for TCP too.", [port.packet])
    ]
  }

  private func sameHops() -> [Report.Statement] {
    guard !hopsDiffer, let hops = host.hops.first else { return [] }
    return [
      said(
        "The errors came as far as the host's other packets did: "
          + "in \(times.name(ofCapture: hops.capture)) both with \(hopWords(hops.errors)) left.")
    ]
  }

  /// That it answers over TCP alone.
  func answersOverTCP() -> [Report.Statement] {
    guard let first = incident.answeredOverTCP.first else { return [] }
    return [
      said(
        "It answered \(counted(incident.answeredOverTCP.count, noun)) over TCP meanwhile: its program "
          + "ran, and UDP alone failed.", [first.packet, first.reply])
    ]
  }

  /// What speaks against a service that was down: answers from its port meanwhile.
  private func somethingListened() -> [Report.Statement] {
    var statements = answersOverTCP()
    if host.sameTCPPort.established > 0, incident.answeredOverTCP.isEmpty {
      statements.append(
        said(
          "TCP port \(key.port) of the host answered \(counted(host.sameTCPPort.established, "connection")) "
            + "meanwhile: something listened there.", [host.sameTCPPort.packet]))
    }
    if !incident.isOutage, let answer = incident.answered.first {
      statements.append(
        said(
          "The port answered \(counted(incident.answered.count, noun)) among the failures.",
          [answer.reply]))
    }
    return statements
  }

  func aliveStatements() -> [Report.Statement] {
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

  func hostFilter() -> Report.Cause {
    var against: [Report.Statement] = []
    var evidence = [
      said(
        "A packet filter on the server can refuse in the same words and from the same address: "
          + "\(share(closed.count)) would look like this.", closed.packets)
    ]
    evidence += answersOverTCP()
    if host.sameTCPPort.established > 0, incident.answeredOverTCP.isEmpty {
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
      explained: closed.count,
      reason: "It explains \(share(closed.count)); "
        + (against.isEmpty
          ? "no packet tells it from a stopped service."
          : "the TCP port makes it less likely than a stopped service."),
      evidenceFor: evidence, evidenceAgainst: against)
  }
}
