import ArgumentParser
import CaseStore
import Evidence
import Investigations

extension Run {
  /// Looks for a finding again and prints what it was beside what it is.
  ///
  /// - Throws: `ExitCode.findings` where it is not what it was.
  func repeatFinding(_ id: Int64) throws {
    let reader = try CaseReader(path: path)
    if let notice = reader.notice { Terminal.say(notice) }
    guard let again = try RepeatedFinding(id, in: reader, programVersion: Wirecase.version) else {
      throw EvidenceError.noFinding(id)
    }
    for remark in again.remarks { Terminal.say("finding \(id): \(remark)") }
    try Terminal.whileRead { try printComparison(again) }
    Terminal.say(Self.conclusion(of: again))
    if !again.isSame { throw ExitCode.findings }
  }

  /// A line for each column of the finding, one for the number of its packets, and one for those that
  /// only one of both cites.
  private func printComparison(_ again: RepeatedFinding) throws {
    var output = table.output()
    try output.begin(columns: ["what", "state", "then", "now"])
    func shown(_ value: SQLValue, _ name: String) -> SQLValue {
      guard name.hasSuffix("_ts"), let time = value.integer else { return value }
      return .text(TimeText.text(of: time, basis: again.timeBasis))
    }
    for column in again.columns {
      try output.add([
        .text(column.name), .text(column.state.rawValue), shown(column.then, column.name),
        shown(column.now, column.name),
      ])
    }
    let (then, now) = (again.packetsThen, again.packetsNow)
    let state: RepeatedFinding.State =
      then == now ? .unchanged : again.state == .gone ? .gone : .changed
    try output.add([
      .text("evidence"), .text(state.rawValue), .integer(Int64(then.count)),
      .integer(Int64(now.count)),
    ])
    if state == .changed {
      let (before, after) = (Set(then), Set(now))
      try output.add([
        .text("evidence of one alone"), .text(state.rawValue),
        .text(Self.citation(then.filter { !after.contains($0) })),
        .text(Self.citation(now.filter { !before.contains($0) })),
      ])
    }
    try output.end()
  }

  private static func conclusion(of again: RepeatedFinding) -> String {
    let name = "finding \(again.id) (\(again.investigation))"
    let packets = again.packetsNow == again.packetsThen ? "the same packets" : "other packets"
    switch again.state {
    case .unchanged: return "\(name): unchanged, with \(packets)"
    case .changed:
      let changed = again.columns.filter { $0.state == .changed }.map(\.name)
      return "\(name): changed in \(changed.joined(separator: ", ")), with \(packets)"
    case .gone: return "\(name): gone; the same question does not find it any more"
    }
  }
}
