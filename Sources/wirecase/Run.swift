import ArgumentParser
import CaseStore
import Foundation
import Investigations
import Reporting

extension Severity: ExpressibleByArgument {}

/// `wirecase run`: the canned investigations.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run investigations on a case; all of them when none is named.",
    discussion: """
      Findings are printed, and saved in the case with the packets that they cite. With one \
      investigation named, its own columns are printed; with several, a line for each finding.

      Yours are read from ~/.config/wirecase/queries ($XDG_CONFIG_HOME/wirecase/queries), below which \
      one of a shipped name takes its place. 'report' leaves them out.

      --again looks for a saved finding with the SQL and the parameters, and in the captures and the time, \
      that it came from, prints what it was beside what it is, and saves nothing. Exit code 1 when it \
      is not the same, or its packets are not.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(
    help: "Names of investigations; 'wirecase investigations' lists them.",
    completion: .investigation)
  var names: [String] = []

  @Option(
    name: .customLong("param"), help: ArgumentHelp("Value of a parameter.", valueName: "name=value")
  )
  var parameters: [String] = []

  @OptionGroup var scope: ScopeOptions

  @OptionGroup var queries: QueryOptions

  @Option(
    help: "Exit with 1 when a finding is at least that severe: info, low, medium, high, critical.")
  var failOn: Severity?

  @Option(
    help: ArgumentHelp("Look for a saved finding again, by its finding_id.", valueName: "finding"))
  var again: Int64?

  @OptionGroup var table: TableOptions

  func validate() throws {
    let others =
      !names.isEmpty || !parameters.isEmpty || !queries.queries.isEmpty || failOn != nil
      || scope.since != nil || scope.until != nil || scope.capture != nil
    if again != nil && others {
      throw ValidationError(
        "--again repeats a finding as it was found; leave out names and other options than --format"
      )
    }
  }

  func run() throws {
    try reportingErrors {
      if let again {
        try repeatFinding(again)
        return
      }
      let library = try queries.library(asked: names)
      // Named twice is asked once.
      var asked: Set<String> = []
      let chosen =
        try names.isEmpty
        ? library.all
        : names.filter { asked.insert($0).inserted }.map { try library.investigation(named: $0) }
      let given = try given(for: chosen)
      let reader = try scope.open(path).reader
      let runner = InvestigationRunner(reader)
      var isBroken = false
      let outcomes = zip(chosen, runner.run(chosen, given: given))
      let results = try outcomes.compactMap { investigation, outcome -> InvestigationResult? in
        do {
          return try outcome.get()
        } catch let error as InvestigationError where investigation.source != .shipped {
          // The others are none the worse.
          Terminal.say(
            "\(error); left out. 'wirecase investigations check \(investigation.origin)' says where"
          )
          isBroken = isBroken || !names.isEmpty || investigation.source == .namedFolder
          return nil
        }
      }
      save(results, of: reader.scope)
      // The most severe are read first; of one severity, as they ran.
      let ranked = results.enumerated().sorted { left, right in
        let (one, other) = (
          left.element.investigation.severity, right.element.investigation.severity
        )
        return one != other ? one > other : left.offset < right.offset
      }.map(\.element)
      try Terminal.whileRead { try print(ranked, of: reader) }
      for result in ranked where result.findings.isEmpty {
        Terminal.say("\(result.investigation.name): \(result.outcome.rawValue)")
      }
      if let failOn, results.contains(where: { $0.findings.contains { $0.severity >= failOn } }) {
        throw ExitCode.findings
      }
      if isBroken { throw ExitCode.usage }
    }
  }

  /// Values for each investigation: a parameter of several must be one that one of them has.
  private func given(for chosen: [Investigation]) throws -> [String: [String: SQLValue]] {
    let values = try parameterValues(parameters)
    for name in values.keys.sorted()
    where !chosen.contains(where: { $0.parameters.contains { $0.name == name } }) {
      throw InvestigationError.unknownParameter(
        investigation: chosen.count == 1 ? chosen[0].name : "none of the investigations",
        name: name,
        known: Array(Set(chosen.flatMap { $0.parameters.map(\.name) })).sorted())
    }
    return Dictionary(
      uniqueKeysWithValues: chosen.map { investigation in
        (
          investigation.name,
          values.filter { name, _ in investigation.parameters.contains { $0.name == name } }
        )
      })
  }

  private func print(_ results: [InvestigationResult], of reader: CaseReader) throws {
    var output = table.output()
    // Bars are for eyes: what a program reads has none.
    let timeline = table.chosen == .table ? try RunTimeline(reader) : nil
    let bars = timeline == nil ? [] : ["timeline"]
    if results.count == 1, let result = results.first {
      try output.begin(
        columns: result.investigation.columns.map(\.name) + bars + ["evidence"])
      for finding in result.findings {
        try output.add(
          result.investigation.columns.map { Self.value(of: $0, in: finding) }
            + (timeline.map { [.text(try $0.bars(of: finding))] } ?? [])
            + [.text(Self.citation(finding.evidence))])
      }
    } else {
      try output.begin(
        columns: ["investigation", "severity", "first", "last"] + bars + ["summary", "packets"])
      for finding in results.flatMap(\.findings) {
        try output.add(
          [
            .text(finding.investigation), .text(finding.severity.rawValue),
            Self.time(finding.firstTime, finding), Self.time(finding.lastTime, finding),
          ] + (timeline.map { [.text(try $0.bars(of: finding))] } ?? [])
            + [.text(finding.summary), .integer(Int64(finding.evidence.count))])
      }
    }
    try output.end()
  }

  /// A column's value; times as text.
  private static func value(of column: Investigation.Column, in finding: Finding) -> SQLValue {
    let value = finding.row[column.name]
    guard column.unit == "ns", column.name.hasSuffix("_ts"), let time = value.integer else {
      return value
    }
    return self.time(time, finding)
  }

  private static func time(_ time: Int64?, _ finding: Finding) -> SQLValue {
    time.map { .text(TimeText.text(of: $0, basis: finding.timeBasis)) } ?? .null
  }

  /// Packets as `capture:number`, the first few of many.
  static func citation(_ packets: [Int64]) -> String {
    let shown = packets.prefix(6).map { "\($0 >> 32):\($0 & 0xffff_ffff)" }
    let rest = packets.count - shown.count
    return shown.joined(separator: " ") + (rest > 0 ? " +\(rest)" : "")
  }

  /// Keeps the findings in the case. A case that cannot be written is no obstacle to reading it.
  private func save(_ results: [InvestigationResult], of scope: CaseScope) {
    do {
      try changing(path) { try $0.save(results.map(StoredRun.init), of: scope) }
    } catch {
      Terminal.say("findings are not saved: \(error)")
    }
  }
}

extension StoredRun {
  init(_ result: InvestigationResult) {
    let investigation = result.investigation
    let names = result.parameters.keys.sorted()
    self.init(
      investigation: investigation.name, title: investigation.title,
      severity: investigation.severity.rawValue, sql: investigation.sql,
      evidenceSQL: investigation.evidence,
      parameters: TabularOutput.jsonObject(
        names, names.map { result.parameters[$0] ?? .null }),
      findings: result.findings.map { finding in
        StoredFinding(
          firstTime: finding.firstTime, lastTime: finding.lastTime, timeBasis: finding.timeBasis,
          summary: finding.summary,
          details: TabularOutput.jsonObject(finding.row.columns, finding.row.values),
          evidence: finding.evidence)
      })
  }
}
