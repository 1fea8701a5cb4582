import CaseStore
import Dispatch
import Synchronization

/// A row that an investigation reported, with the packets that it cites.
public struct Finding: Sendable {
  public var investigation: String
  public var title: String
  public var severity: Severity
  /// The row itself.
  public var row: SQLRow
  /// The row in a line: its columns that are no times.
  public var summary: String
  /// Nanoseconds, read as `timeBasis` says; from the columns `first_ts` and `last_ts`.
  public var firstTime: Int64?
  public var lastTime: Int64?
  public var timeBasis: CaptureFacts.TimeBasis
  /// Packet ids, in their order.
  public var evidence: [Int64]
}

/// What one investigation came to.
public struct InvestigationResult: Sendable {
  public enum Outcome: String, Sendable {
    case found
    /// The case holds what the investigation looks at, and there is nothing wrong with it.
    case nothingFound = "nothing found"
    /// The case holds nothing that the investigation could look at.
    case nothingToLookAt = "nothing to look at"
  }
  public var investigation: Investigation
  public var parameters: [String: SQLValue]
  public var outcome: Outcome
  public var findings: [Finding]
}

/// Runs investigations on a case.
public struct InvestigationRunner: Sendable {
  private let reader: CaseReader

  public init(_ reader: CaseReader) {
    self.reader = reader
  }

  /// Runs one investigation.
  ///
  /// - Parameter given: Values for its parameters; the others have their defaults.
  /// - Throws: `InvestigationError`.
  public func run(
    _ investigation: Investigation, given: [String: SQLValue] = [:]
  ) throws -> InvestigationResult {
    let parameters = try Self.parameters(of: investigation, given: given)
    var result = InvestigationResult(
      investigation: investigation, parameters: parameters, outcome: .nothingToLookAt, findings: [])
    do {
      guard try reader.firstRow(investigation.needs, parameters: parameters) != nil else {
        return result
      }
      let evidence = try reader.prepare(investigation.evidence)
      let bases = try timeBases()
      var columns: [String] = []
      try reader.run(
        investigation.sql, parameters: parameters,
        begin: { columns = $0 },
        body: { values in
          let row = SQLRow(columns: columns, values: values)
          result.findings.append(
            try finding(row, investigation, parameters, evidence: evidence, bases: bases))
          return true
        })
    } catch let fault as SQLFault {
      throw InvestigationError.failed(
        investigation: investigation.name, reason: fault.description)
    }
    result.outcome = result.findings.isEmpty ? .nothingFound : .found
    return result
  }

  /// Runs several investigations, two at once where the case can be read twice. Those behind one that
  /// fails are run too.
  ///
  /// - Parameter given: Values for the parameters of each, by its name.
  /// - Returns: What each came to, in the order of `investigations`.
  public func run(
    _ investigations: [Investigation], given: [String: [String: SQLValue]] = [:]
  ) -> [Result<InvestigationResult, any Error>] {
    let other = investigations.count > 1 ? reader.another() : nil
    let runners = [self] + (other.map { [InvestigationRunner($0)] } ?? [])
    let next = Atomic(0)
    let results = Mutex<[Int: Result<InvestigationResult, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: runners.count) { place in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < investigations.count else { return }
        let investigation = investigations[index]
        let result = Result<InvestigationResult, any Error> {
          try runners[place].run(investigation, given: given[investigation.name] ?? [:])
        }
        results.withLock { $0[index] = result }
      }
    }
    let found = results.withLock { $0 }
    return investigations.indices.compactMap { found[$0] }
  }

  private func finding(
    _ row: SQLRow, _ investigation: Investigation, _ parameters: [String: SQLValue],
    evidence query: PreparedQuery, bases: [Int64: CaptureFacts.TimeBasis]
  ) throws -> Finding {
    var bound = parameters
    for (column, value) in zip(row.columns, row.values) { bound[column] = value }
    var evidence: [Int64] = []
    try query.run(bound) { values in
      if let id = values.first?.integer { evidence.append(id) }
      return true
    }
    evidence.sort()
    var cited: [Int64] = []
    for id in evidence where id != cited.last { cited.append(id) }
    // Its times read as those of the capture of its first packet.
    let capture = cited.first.map { $0 >> 32 } ?? row["capture_id"].integer
    return Finding(
      investigation: investigation.name, title: investigation.title,
      severity: investigation.severity, row: row, summary: investigation.summary(of: row),
      firstTime: row["first_ts"].integer, lastTime: row["last_ts"].integer,
      timeBasis: capture.flatMap { bases[$0] } ?? .utc, evidence: cited)
  }

  /// How the times of each capture read.
  private func timeBases() throws -> [Int64: CaptureFacts.TimeBasis] {
    var bases: [Int64: CaptureFacts.TimeBasis] = [:]
    for row in try reader.rows("SELECT capture_id, time_basis FROM captures") {
      guard let id = row["capture_id"].integer else { continue }
      bases[id] = row["time_basis"].text.flatMap(CaptureFacts.TimeBasis.init)
    }
    return bases
  }

  private static func parameters(
    of investigation: Investigation, given: [String: SQLValue]
  ) throws -> [String: SQLValue] {
    for name in given.keys.sorted()
    where !investigation.parameters.contains(where: { $0.name == name }) {
      throw InvestigationError.unknownParameter(
        investigation: investigation.name, name: name,
        known: investigation.parameters.map(\.name))
    }
    var values: [String: SQLValue] = [:]
    for parameter in investigation.parameters {
      guard let value = given[parameter.name] else {
        values[parameter.name] = parameter.defaultValue
        continue
      }
      guard let converted = SQLValue(value.description, as: parameter.type) else {
        throw InvestigationError.wrongValue(
          investigation: investigation.name, parameter: parameter.name, value: value.description,
          type: parameter.type == .integer ? "a whole number" : "a number")
      }
      values[parameter.name] = converted
    }
    return values
  }
}
