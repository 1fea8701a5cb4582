/// What the evidence decides between the causes of an incident, and what it cannot.
struct Conclusion {
  let incident: Incident
  let causes: [Report.Cause]

  func sentences() -> [String] {
    let likely = causes.indices.filter { causes[$0].weight == .likely }
    let possible = causes.indices.filter { causes[$0].weight == .possible }
    switch likely.count {
    case 0 where possible.count > 1:
      return [
        "The captures alone cannot decide between causes \(listed(possible.map(name))).", missing(),
      ]
    case 0: return ["The captures alone cannot decide the cause.", missing()]
    case 1 where possible.isEmpty: return ["The captures point to cause \(name(likely[0]))."]
    case 1:
      return [
        causes[likely[0]].explained >= incident.failed.count
          ? "Cause \(name(likely[0])) fits best."
          : "Cause \(name(likely[0])) is likely, for \(grouped(causes[likely[0]].explained)) of "
            + "\(counted(incident.failed.count, "failure")).",
        "The captures alone cannot rule out "
          + "\(possible.count == 1 ? "cause" : "causes") \(listed(possible.map(name))); the next "
          + "steps can.",
      ]
    default:
      return [
        "Causes \(listed(likely.map(name))) each explain a part of the failures; one need not "
          + "exclude the other."
      ]
        + (possible.isEmpty
          ? []
          : [
            "The captures alone cannot rule out \(possible.count == 1 ? "cause" : "causes") "
              + "\(listed(possible.map(name)))."
          ])
    }
  }

  private func name(_ index: Int) -> String { String(index + 1) }

  /// What would decide, and the case does not hold.
  private func missing() -> String {
    var gaps: [String] = []
    if incident.isOutage && incident.askedBefore == 0 {
      gaps.append("no traffic to the service from before the failures")
    }
    if !incident.host.isSeenAlive {
      gaps.append("no other port of \(incident.history.key.address) that answers")
    }
    if incident.isOutage && incident.recovery == nil { gaps.append("no recovery") }
    gaps.append("nothing that only the server knows, such as whether the service runs")
    return "They hold \(listed(gaps))."
  }
}
