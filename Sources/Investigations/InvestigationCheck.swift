import CaseStore

/// Says what is wrong with the file of an investigation: all that can be told without a case.
public struct InvestigationCheck {
  private let database: EmptyCase

  /// - Throws: `CaseError`.
  public init() throws {
    database = try EmptyCase()
  }

  /// Everything that is wrong with a file, in the order of the file; nothing when it is in order.
  ///
  /// Its statements are prepared, not run.
  public func faults(in text: String) throws -> [InvestigationFault] {
    let file = InvestigationText(text)
    var faults = file.faults
    let (parameters, columns) = (file.parameterNames, file.columnNames)
    var used: Set<String> = []
    for part in Part.allCases {
      guard let placed = part.text(in: file), !placed.text.isEmpty else { continue }
      var statement = CheckedStatement(part: part, placed: placed)
      let known = part == .evidence ? parameters.union(columns) : parameters
      statement.checkParameters(known: known, columns: columns)
      statement.checkWords()
      if let outline = try statement.prepare(in: database) {
        switch part {
        case .sql: faults += Self.differences(of: outline.columns, from: file, statement)
        case .evidence: statement.checkEvidence(outline.columns)
        case .needs: break
        }
      }
      faults += statement.faults
      used.formUnion(statement.code.parameters.map(\.text))
    }
    for (place, parameter) in file.parameters where !used.contains(parameter.name) {
      faults.append(
        InvestigationFault(
          place: place, reason: "no statement asks for the parameter ':\(parameter.name)'"))
    }
    return faults.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
  }

  /// Where the columns of the result are not those that the header declares.
  private static func differences(
    of found: [String], from file: InvestigationText, _ statement: CheckedStatement
  ) -> [InvestigationFault] {
    let declared = file.columns.map(\.value.name)
    // Lines that cannot be read are told already; what they would have declared is not known.
    let readable = file.fields.count { $0.key == "column" } == declared.count
    var faults: [InvestigationFault] = []
    for (place, column) in file.columns where !found.contains(column.name) {
      let nearest = NearestName.of(column.name, among: found.filter { !declared.contains($0) })
      faults.append(
        InvestigationFault(
          place: place,
          reason: "the result has no column '\(column.name)'"
            + NearestName.suggestion(nearest, otherwise: "")))
    }
    var seen: Set<String> = []
    for name in found {
      if !seen.insert(name).inserted {
        faults.append(
          statement.fault(naming: name, "two columns of the result are called '\(name)'"))
      } else if readable && !declared.contains(name) {
        faults.append(
          statement.fault(naming: name, "the result's column '\(name)' has no line 'column'"))
      }
    }
    if faults.isEmpty, readable, Set(declared).count == declared.count, found != declared,
      let first = file.columns.first
    {
      faults.append(
        InvestigationFault(
          place: first.place,
          reason: "the lines 'column' stand in another order than the result's columns: "
            + found.joined(separator: ", ")))
    }
    return faults
  }
}

/// The statements of an investigation.
private enum Part: String, CaseIterable {
  case needs, evidence, sql

  func text(in file: InvestigationText) -> PlacedText? {
    self == .sql ? file.sql : file.field(rawValue)?.value
  }
}

/// One statement of a file, and what is wrong with it.
private struct CheckedStatement {
  let part: Part
  let placed: PlacedText
  let code: SQLCode
  private(set) var faults: [InvestigationFault] = []

  init(part: Part, placed: PlacedText) {
    (self.part, self.placed) = (part, placed)
    code = SQLCode(placed.text)
  }

  private mutating func add(_ offset: Int, _ reason: String, isWarning: Bool = false) {
    faults.append(
      InvestigationFault(place: placed.place(of: offset), reason: reason, isWarning: isWarning))
  }

  /// A fault about a column, where the statement gives it its name, else where it begins.
  func fault(naming column: String, _ reason: String) -> InvestigationFault {
    let name = column.lowercased()
    let isWord = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let naming = isWord ? code.matches(#"\bas\s+"# + name + #"\b"#).last : nil
    return InvestigationFault(place: placed.place(of: naming?.offset ?? 0), reason: reason)
  }

  mutating func checkParameters(known: Set<String>, columns: Set<String>) {
    for match in code.matches(#"\?\d*"#) {
      add(match.offset, "a parameter without a name; write :name")
    }
    for match in code.matches(#"[@$][a-z_]\w*"#) {
      add(
        match.offset, "'\(match.text)' is not portable: write :\(match.text.dropFirst())",
        isWarning: true)
    }
    for match in code.parameters where !known.contains(match.text) {
      if columns.contains(match.text) {
        add(match.offset, "':\(match.text)' is a column, which evidence alone can ask for")
        continue
      }
      let nearest = NearestName.of(match.text, among: known.sorted())
      add(
        match.offset,
        (part == .evidence
          ? "':\(match.text)' is neither a column nor a parameter"
          : "':\(match.text)' has no line 'parameter'")
          + NearestName.suggestion(nearest.map { ":" + $0 }, otherwise: ""))
    }
  }

  mutating func checkWords() {
    for construct in PortableSQL.constructs(in: placed.text) {
      add(construct.offset, construct.what, isWarning: true)
    }
    if part == .sql && !code.isOrdered {
      let last = code.matches(#"\bselect\b"#).last
      add(
        last?.offset ?? 0,
        "no ORDER BY at the end: the same case could give its rows in another order")
    }
  }

  mutating func checkEvidence(_ columns: [String]) {
    guard columns.first?.lowercased() != "packet_id" else { return }
    add(
      0,
      "evidence yields '\(columns.first ?? "")' where it should yield packet_id; write AS packet_id"
    )
  }

  /// What the statement is, as SQLite reads it; `nil`, after saying why, when it reads it not.
  mutating func prepare(in database: EmptyCase) throws -> StatementOutline? {
    do {
      guard let outline = try database.outline(of: placed.text) else {
        add(0, "no statement, comments alone")
        return nil
      }
      if let next = code.firstWord(behind: outline.length) {
        add(next, "a second statement; an investigation is one")
      }
      if outline.scannedTables.contains("fact_packet"), !looksAtOneRow {
        let word = code.matches(#"\b(packets|fact_packet)\b"#).first
        add(
          word?.offset ?? 0,
          "reads every packet of the case; ask for addresses, a stream_id or a packet_id, or ask a "
            + "view of fewer rows", isWarning: true)
      }
      return outline
    } catch let fault as SQLFault {
      add(fault.offset ?? place(named: fault.reason), fault.reason)
      return nil
    }
  }

  /// Where the last word of a reason stands: SQLite points at no table that is not there.
  private func place(named reason: String) -> Int {
    guard let name = reason.lowercased().wholeMatch(of: /no such table: (\w+)/)?.1 else { return 0 }
    return code.matches(#"\b"# + name + #"\b"#).first?.offset ?? 0
  }

  /// Whether the statement is done with the first row that it meets: the plainest that `needs` is.
  private var looksAtOneRow: Bool {
    part == .needs
      && code.text.wholeMatch(of: /\s*select\s+\w+\s+from\s+\w+(\s+limit\s+1)?\s*;?\s*/) != nil
  }
}
