import CaseStore

/// A finding of a case, looked for again: by the statement, with the parameters and in the part of the
/// case that it came from, whatever the investigation of its name says today.
///
/// The row that it is compared with is the one that says the same, else the one that is about the same:
/// whose columns that `evidence` asks for agree, times aside, since those are what a finding grows in.
public struct RepeatedFinding: Sendable {
  /// What has become of it.
  public enum State: String, Sendable {
    case unchanged, changed, gone
  }

  /// A column of its row, or what else is compared.
  public struct Column: Sendable {
    public var name: String
    public var then: SQLValue
    /// NULL where the row is gone.
    public var now: SQLValue
    public var state: State
  }

  public var id: Int64
  public var investigation: String
  /// Of the row.
  public private(set) var state = State.gone
  public private(set) var columns: [Column] = []
  /// How times read.
  public var timeBasis: CaptureFacts.TimeBasis
  /// Packet ids, in their order.
  public private(set) var packetsThen: [Int64]
  public private(set) var packetsNow: [Int64] = []
  /// What is not as it was when it was found, a line each.
  public private(set) var remarks: [String] = []

  /// Whether the finding is there as it was, with the same packets.
  public var isSame: Bool { state == .unchanged && packetsNow == packetsThen }

  /// Looks for a finding again.
  ///
  /// - Parameters:
  ///   - id: Its `finding_id`.
  ///   - programVersion: Of the program that looks.
  /// - Returns: `nil` where the case holds no such finding.
  /// - Throws: `CaseError`; `InvestigationError` where the statement cannot be run any more.
  public init?(_ id: Int64, in whole: CaseReader, programVersion: String) throws {
    guard let stored = try Stored(id, in: whole) else { return nil }
    (self.id, investigation, timeBasis) = (id, stored.investigation.name, stored.timeBasis)
    packetsThen = stored.packets
    let scope = try scope(of: stored, in: whole, programVersion)
    let reader = try CaseReader(path: whole.path, scope: scope)
    let found = try InvestigationRunner(reader).run(stored.investigation).findings
    let now = stored.counterpart(among: found)
    state = now.map { stored.says(the: $0.row) ? .unchanged : .changed } ?? .gone
    packetsNow = now?.evidence ?? []
    let names = stored.row.columns + (now?.row.columns.filter { stored.json[$0] == nil } ?? [])
    columns = names.map { name in
      let same = now.flatMap { now in
        now.row.columns.contains(name) ? stored.json[name] == JSONText.value(now.row[name]) : nil
      }
      return Column(
        name: name, then: stored.row[name], now: now?.row[name] ?? .null,
        state: same.map { $0 ? .unchanged : .changed } ?? .gone)
    }
  }

  /// The part of the case that was looked at, as far as it is still there.
  private mutating func scope(
    of stored: Stored, in whole: CaseReader, _ programVersion: String
  ) throws -> CaseScope {
    let held = try whole.rows("SELECT capture_id, sha256 FROM captures ORDER BY capture_id")
    let there = held.filter { stored.captures.contains($0["sha256"].text ?? "") }
    let missing = stored.captures.subtracting(held.compactMap { $0["sha256"].text }).sorted()
    if !missing.isEmpty {
      remarks.append(
        "of the \(stored.captures.count) captures that it was found in, the case holds "
          + "\(there.count); not there any more, by SHA-256: \(missing.joined(separator: ", "))")
    }
    if there.count < held.count {
      remarks.append(
        "captures that it did not look at are left out again: \(held.count - there.count) of "
          + "\(held.count)")
    }
    if stored.programVersion != programVersion {
      remarks.append(
        "wirecase \(stored.programVersion) found it; this is \(programVersion), which may derive "
          + "otherwise")
    }
    let since = try whole.rows(
      "SELECT DISTINCT action FROM audit_log WHERE ts > :ran_at AND action IN ('align', 'migrate')",
      parameters: ["ran_at": .integer(stored.ranAt)]
    ).compactMap { $0["action"].text }
    if since.contains("align") {
      remarks.append("clocks were aligned otherwise since; it is looked for by today's alignment")
    }
    if since.contains("migrate") {
      remarks.append("the case was migrated since, and all derivations made anew")
    }
    return CaseScope(
      since: stored.since, until: stored.until,
      captures: Set(there.compactMap { $0["capture_id"].integer }))
  }
}

/// What a case keeps of a finding.
private struct Stored {
  /// As far as it matters for running it: `needs` is not kept, and always there.
  let investigation: Investigation
  let row: SQLRow
  /// Each value of the row as it is kept.
  let json: [String: String]
  let timeBasis: CaptureFacts.TimeBasis
  let packets: [Int64]
  let since: Int64?
  let until: Int64?
  /// SHA-256 of those that were looked at.
  let captures: Set<String>
  let ranAt: Int64
  let programVersion: String
  /// The rows of the other findings of its run.
  private let others: Set<String>

  init?(_ id: Int64, in reader: CaseReader) throws {
    let asked: [String: SQLValue] = ["id": .integer(id)]
    guard
      let kept = try reader.firstRow(
        "SELECT * FROM findings WHERE finding_id = :id", parameters: asked)
    else { return nil }
    let members = try reader.rows(
      """
      SELECT m.key, m.type, m.value, f.details -> m.fullkey AS json
      FROM findings AS f JOIN json_each(f.details) AS m WHERE f.finding_id = :id ORDER BY m.id
      """, parameters: asked)
    row = SQLRow(
      columns: members.map { $0["key"].text ?? "" }, values: members.map { $0["value"] })
    json = Dictionary(
      members.map { ($0["key"].text ?? "", $0["json"].text ?? JSONText.value($0["value"])) }
    ) { first, _ in first }
    let parameters = try reader.rows(
      """
      SELECT m.key, m.type, m.value
      FROM findings AS f JOIN json_each(f.parameters) AS m WHERE f.finding_id = :id
      """, parameters: asked)
    packets = try reader.rows(
      "SELECT packet_id FROM finding_evidence WHERE finding_id = :id ORDER BY packet_id",
      parameters: asked
    ).compactMap { $0["packet_id"].integer }
    others = try Set(
      reader.rows(
        """
        SELECT o.details FROM findings AS f JOIN findings AS o
          ON o.investigation = f.investigation AND o.sql = f.sql AND o.parameters = f.parameters
          AND o.since IS f.since AND o.until IS f.until AND o.captures = f.captures
          AND o.finding_id <> f.finding_id
        WHERE f.finding_id = :id
        """, parameters: asked
      ).compactMap { $0["details"].text })
    timeBasis =
      try reader.firstRow(
        "SELECT time_basis FROM captures WHERE capture_id = :id",
        parameters: ["id": packets.first.map { .integer($0 >> 32) } ?? row["capture_id"]]
      )?["time_basis"].text.flatMap(CaptureFacts.TimeBasis.init) ?? .utc
    since = kept["since"].integer
    until = kept["until"].integer
    captures = Set((kept["captures"].text ?? "").split(separator: " ").map(String.init))
    ranAt = kept["ran_at"].integer ?? 0
    programVersion = kept["program_version"].text ?? ""
    investigation = Investigation(
      name: kept["investigation"].text ?? "", origin: "finding \(id)",
      title: kept["title"].text ?? "",
      severity: kept["severity"].text.flatMap(Severity.init) ?? .info, severityReason: "",
      meaning: "",
      parameters: parameters.map { member in
        Investigation.Parameter(
          name: member["key"].text ?? "", type: Self.type(of: member["value"]), unit: "-",
          defaultValue: member["value"], what: "")
      },
      needs: "SELECT 1",
      columns: zip(row.columns, row.values).map { name, value in
        Investigation.Column(
          name: name, type: Self.type(of: value), unit: name.hasSuffix("_ts") ? "ns" : "-", what: ""
        )
      },
      evidence: kept["evidence_sql"].text ?? "", references: [], benign: "", limits: "",
      sql: kept["sql"].text ?? "")
  }

  private static func type(of value: SQLValue) -> Investigation.ColumnType {
    switch value {
    case .integer: .integer
    case .real: .real
    case .null, .text, .blob: .text
    }
  }

  /// Whether a row says what the finding says, to the last digit.
  func says(the other: SQLRow) -> Bool {
    other.columns == row.columns
      && zip(other.columns, other.values).allSatisfy { json[$0] == JSONText.value($1) }
  }

  /// The row that the finding is today; `nil` when there is none.
  func counterpart(among found: [Finding]) -> Finding? {
    if let same = found.first(where: { says(the: $0.row) }) { return same }
    let asked = Set(SQLCode(investigation.evidence).parameters.map(\.text))
    let key = row.columns.filter { asked.contains($0) && !$0.hasSuffix("_ts") }
    func agreement(_ finding: Finding) -> Int {
      row.columns.count { json[$0] == JSONText.value(finding.row[$0]) }
    }
    // A row that is another finding of the run as it was is that one.
    let candidates = found.filter { finding in
      key.allSatisfy { json[$0] == JSONText.value(finding.row[$0]) }
        && !others.contains(JSONText.object(finding.row.columns, finding.row.values))
        // Where evidence names nothing, half of the row has to speak for it.
        && (!key.isEmpty || agreement(finding) * 2 >= row.columns.count)
    }
    // Of several that agree as well, the first.
    return candidates.enumerated()
      .max { (agreement($0.element), -$0.offset) < (agreement($1.element), -$1.offset) }?.element
  }
}
