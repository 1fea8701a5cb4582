// Explanations that leave the service itself alone: the way to it, its host, its clients, its load.

extension CauseAnalysis {
  // MARK: - The way

  func filterOnTheWay() -> Report.Cause {
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
      explained: filtered.count,
      reason: "It explains \(share(filtered.count)), by the words and the sender of the errors.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  func silentDrop() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    if silent.count > 0 {
      evidence.append(
        said(
          "\(share(silent.count).asSentenceStart) met silence: no answer and no error.",
          silent.packets))
    }
    if lateRetried.count > 0 {
      evidence.append(
        said(
          "\(share(lateRetried.count).asSentenceStart) got an answer only once they were asked again: "
            + "the first try, or its answer, may have been lost.", lateRetried.packets))
    }
    if filtered.count > 0 {
      evidence.append(
        said(
          "Something on the way rejected other \(plural(noun, 2)) to this port, so there is a filter "
            + "that could also drop.", filtered.packets))
    }
    for loss in incident.losses.prefix(3) {
      evidence.append(
        said(
          "\(counted(loss.lost, "query").asSentenceStart) of \(loss.client) came by \(loss.seenAt) and "
            + "not by \(loss.missedAt), which saw others."
            + (loss.refused > 0 ? " Of these \(grouped(loss.refused)) met an error." : "")))
    }
    evidence += answersOverTCP()
    let isLocated = incident.losses.contains { $0.vanished > 0 && $0.vanished >= silent.count }
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
    let slow = late.count - lateRetried.count
    if slow > 0 {
      against.append(
        said(
          "\(counted(slow, noun).asSentenceStart) got an answer, though late, at the first try, so a "
            + "drop was not complete.", late.packets))
    }
    if closed.count > 0 {
      against.append(
        said(
          "It does not explain \(counted(closed.count, "refusal")) by the server.", closed.packets))
    }
    return Report.Cause(
      statement: isLocated
        ? "Packets to \(place) of \(key.address) were dropped on the way, "
          + "\(incident.losses.first?.place ?? "")."
        : "Packets to \(place) of \(key.address), or its answers, were dropped on the way.",
      weight: isLocated || (isAlive && against.isEmpty) ? .likely : .possible,
      explained: silent.count + lateRetried.count,
      reason: "It explains \(share(silent.count + lateRetried.count)); "
        + (isLocated
          ? "captures on both sides show where."
          : "silence has no sender, so nothing names the place."),
      evidenceFor: evidence, evidenceAgainst: against)
  }

  func hostDown() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    if unreachable.count > 0 {
      evidence.append(
        said(
          "\(share(unreachable.count).asSentenceStart) met the error that the host or its network "
            + "cannot be reached.", unreachable.packets))
    }
    let answersMeanwhile = incident.answered + incident.late
    let seen = incident.failures { fate in
      guard case .refused(let refusal) = fate else { return false }
      return refusal.sender == key.address
    }
    if silent.count > 0 && !host.isSeenAlive && seen.count == 0 && answersMeanwhile.isEmpty {
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
    if let answer = answersMeanwhile.first {
      against.append(
        said(
          "It answered \(counted(answersMeanwhile.count, noun)) meanwhile.", [answer.reply]))
    }
    return Report.Cause(
      statement: "The host \(key.address) was down or cut off from the network.",
      weight: !against.isEmpty
        ? .unlikely : unreachable.count * 2 >= total ? .likely : .possible,
      explained: unreachable.count + silent.count,
      reason: against.isEmpty
        ? "It explains \(share(unreachable.count + silent.count)), and nothing shows the host alive."
        : "The host sent packets in that time.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  // MARK: - Slow answers

  func slowAnswers() -> Report.Cause {
    let span = incident.lateDelays.map { ", after \($0)" } ?? ""
    let evidence = said(
      "\(share(late.count).asSentenceStart) got an answer\(span), beyond the time-out of 5 s: the "
        + "service ran, and packets came through both ways.", late.packets)
    var against: [Report.Statement] = []
    if let answer = incident.answered.first {
      against.append(
        said(
          "It answered \(counted(incident.answered.count, noun)) in time meanwhile.", [answer.reply]
        )
      )
    }
    if lateRetried.count > 0 {
      against.append(
        said(
          "\(counted(lateRetried.count, noun).asSentenceStart) had been asked again: the answer may "
            + "be to that try, and quick.", lateRetried.packets))
    }
    let others = total - late.count
    if others > 0 {
      against.append(said("It does not explain \(counted(others, "failure")) without an answer."))
    }
    return Report.Cause(
      statement:
        "The service on \(key.address) answered too slowly: it was overloaded, or what it asks in "
        + "turn was slow or far.",
      weight: (late.count - lateRetried.count) * 2 >= total ? .likely : .possible,
      explained: late.count,
      reason: "It explains \(share(late.count)); the captures do not show what the service waited "
        + "for.",
      evidenceFor: [evidence], evidenceAgainst: against)
  }

  // MARK: - The clients, the load

  func wrongServer() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    if isEverAnswered {
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
    // What the user says of the server weighs more than what the captures lack.
    let isExpected = incident.history.isDNS ? hosts.isExpectedResolver(key.address) : nil
    if isExpected == true {
      against.append(said("The incident file names \(key.address) as a resolver."))
    } else if isExpected == false {
      evidence.append(
        said(
          "The incident file names \(listed(hosts.expectedResolvers)) as "
            + "\(hosts.expectedResolvers.count == 1 ? "the resolver" : "resolvers"), not "
            + "\(key.address)."))
    }
    return Report.Cause(
      statement:
        "\(incident.clients.count == 1 ? "The client asks" : "The clients ask") the wrong address: "
        + "\(key.address) is not meant to serve \(place).",
      weight: isEverAnswered || isExpected == true
        ? .unlikely : isExpected == false ? .likely : .possible,
      explained: total,
      reason: isEverAnswered
        ? "The service is seen to answer there."
        : isExpected == true
          ? "It is meant to serve there."
          : "Nothing in \(incident.caseWords) shows it ever working there.",
      evidenceFor: evidence, evidenceAgainst: against)
  }

  func overload() -> Report.Cause {
    var evidence: [Report.Statement] = []
    var against: [Report.Statement] = []
    var reason: String
    var weight = Report.Cause.Weight.possible
    switch LoadBeforeOnset(incident) {
    case .noOnset:
      reason = "Failures are spread among answers; there is no onset to compare loads at."
    case .nothingSeen:
      reason =
        "\(incident.caseWords.asSentenceStart) shows no \(noun) to this service before the onset, so "
        + "its load is unknown."
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
    for scanner in host.scanners.prefix(3) where scanner.portsBefore >= HostFacts.scanPorts {
      evidence.append(
        said(
          "\(scanner.client) asked \(counted(scanner.portsBefore, "port")) of this host before the onset: "
            + "a scan."))
    }
    return Report.Cause(
      statement: "Too many packets, a flood or a scan, brought the service or the host down.",
      weight: weight, explained: total, reason: reason, evidenceFor: evidence,
      evidenceAgainst: against)
  }

  // MARK: - Forged errors

  /// Whether errors from the server's address had other hops left than its other packets.
  var hopsDiffer: Bool {
    host.hops.contains { $0.errors.isDisjoint(with: $0.others) }
  }

  func forged() -> Report.Cause {
    let differing = host.hops.filter { $0.errors.isDisjoint(with: $0.others) }
    return Report.Cause(
      statement: "Somebody else sent the errors in the name of \(key.address).",
      weight: .possible,
      explained: closed.count,
      reason: "The errors did not come as far as the host's other packets; systems that count hops "
        + "of errors from another start do the same.",
      evidenceFor: differing.prefix(3).map { hops in
        said(
          "At \(times.name(ofCapture: hops.capture)) errors arrived with \(hopWords(hops.errors)) "
            + "left, other packets of the address with \(hopWords(hops.others)).")
      },
      evidenceAgainst: [])
  }

  func hopWords(_ hops: Set<Int64>) -> String {
    let words = listed(hops.sorted().map(String.init), limit: 4, joining: "or")
    return hops == [1] ? "1 hop" : "\(words) hops"
  }

  func text(_ time: Int64?) -> String {
    times.moment(time, clock: key.clock)?.text ?? "an unknown time"
  }
}
