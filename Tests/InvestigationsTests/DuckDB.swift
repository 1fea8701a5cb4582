import CaseFixtures
import CaseStore
import Foundation

@testable import Investigations

/// What an investigation came to on SQLite, to be asked of DuckDB as well.
struct Asked {
  /// How a difference names it.
  var label: String
  var result: InvestigationResult

  init(
    _ label: String, _ investigation: Investigation, given: [String: SQLValue] = [:],
    _ reader: CaseReader
  )
    throws
  {
    self.label = "\(investigation.name), \(label)"
    result = try InvestigationRunner(reader).run(investigation, given: given)
  }
}

/// Investigations on DuckDB, over the same views: a second engine, with rules of its own for types,
/// division, order and casts.
enum DuckDB {
  /// Where DuckDB's answers differ from SQLite's, a line each; all cases in one run of Python.
  ///
  /// Rows are compared in their order, values by `agree`; evidence as a set of packets; and whether
  /// there is anything to look at.
  static func differences(_ cases: [(path: String, asked: [Asked])], in folder: String) throws
    -> [String]
  {
    let jobs = cases.map { Job(path: $0.path, asked: $0.asked) }
    let printed = try OtherPrograms.run(
      ["on_duckdb.py"], in: folder, input: JSONEncoder().encode(jobs))
    let answers = try JSONDecoder().decode([[[Answer]]].self, from: Data(printed.utf8))
    guard answers.count == cases.count else { return ["\(answers.count) of \(cases.count) cases"] }
    return zip(cases, answers).flatMap { one, statements in
      guard statements.count == one.asked.count * 3 else {
        return ["\(one.path): not all was asked"]
      }
      return one.asked.indices.flatMap { index in
        differences(one.asked[index], Array(statements[(index * 3)..<(index * 3 + 3)]))
      }
    }
  }

  /// - Parameter statements: What came of `needs`, of the investigation, and of its evidence.
  private static func differences(_ asked: Asked, _ statements: [[Answer]]) -> [String] {
    let errors = statements.joined().compactMap(\.error)
    if let error = errors.first { return ["\(asked.label): \(error)"] }
    let rows = statements.map { $0.map { $0.rows ?? [] } }
    let (needs, found) = (rows[0].first ?? [], rows[1].first ?? [])
    var differences: [String] = []
    let isThere = asked.result.outcome != .nothingToLookAt
    if needs.isEmpty == isThere { differences.append("needs: \(needs.count) rows") }
    // Where nothing can be looked at, SQLite was not asked.
    let findings = asked.result.findings
    if isThere, found.count != findings.count {
      differences.append("\(found.count) rows, SQLite has \(findings.count)")
    }
    for (index, (finding, row)) in zip(findings, found).enumerated() {
      differences += self.differences(finding.row, row, asked.result.investigation)
        .map { "row \(index + 1): \($0)" }
    }
    for (index, finding) in findings.enumerated() {
      let packets =
        index < rows[2].count ? rows[2][index].compactMap { $0.first?.value.integer } : []
      if Set(packets) != Set(finding.evidence) {
        differences.append("row \(index + 1): \(packets.count) packets, or others")
      }
    }
    return differences.map { "\(asked.label): \($0)" }
  }

  private static func differences(
    _ row: SQLRow, _ other: [Cell], _ investigation: Investigation
  ) -> [String] {
    guard row.values.count == other.count else { return ["\(other.count) columns"] }
    return row.columns.indices.compactMap { index in
      let (mine, cell) = (row.values[index], other[index])
      let type = investigation.columns.first { $0.name == row.columns[index] }?.type
      if cell.strange == nil, agree(mine, cell.value, type) { return nil }
      let theirs = cell.strange ?? cell.value.description
      return "\(row.columns[index]): '\(theirs)', SQLite has '\(mine.description)'"
    }
  }

  /// Whether two values are the same: a number of a column declared `real` to nine digits, be it
  /// whole or not; any other exactly, and of one type.
  private static func agree(
    _ mine: SQLValue, _ theirs: SQLValue, _ type: Investigation.ColumnType?
  ) -> Bool {
    guard type == .real, let a = mine.number, let b = theirs.number else { return mine == theirs }
    return (a - b).magnitude <= 1e-9 * max(a.magnitude, b.magnitude)
  }
}

/// A case, and what is run on it: see `on_duckdb.py`.
private struct Job: Encodable {
  struct Statement: Encodable {
    var sql: String
    var parameters: [String: Bound]
    var repeated: [[String: Bound]]?
  }

  /// `[TYPE, VALUE]`.
  struct Bound: Encodable {
    var type: Investigation.ColumnType
    var value: SQLValue

    func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      try container.encode(type.rawValue)
      switch value {
      case .integer(let number): try container.encode(number)
      case .real(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      case .null, .blob: try container.encodeNil()
      }
    }
  }

  var `case`: String
  var statements: [Statement]

  init(path: String, asked: [Asked]) {
    `case` = path
    statements = asked.flatMap { asked -> [Statement] in
      let investigation = asked.result.investigation
      let parameters = Dictionary(
        uniqueKeysWithValues: investigation.parameters.map {
          ($0.name, Bound(type: $0.type, value: asked.result.parameters[$0.name] ?? .null))
        })
      let rows = asked.result.findings.map { finding in
        Dictionary(
          uniqueKeysWithValues: investigation.columns.map {
            ($0.name, Bound(type: $0.type, value: finding.row[$0.name]))
          })
      }
      return [
        Statement(sql: investigation.needs, parameters: parameters),
        Statement(sql: investigation.sql, parameters: parameters),
        Statement(sql: investigation.evidence, parameters: parameters, repeated: rows),
      ]
    }
  }
}

/// What a run of a statement yields.
private struct Answer: Decodable {
  var rows: [[Cell]]?
  var error: String?
}

/// A value, and the name of its type where no investigation may yield one of it.
private struct Cell: Decodable {
  var value = SQLValue.null
  var strange: String?

  init(from decoder: any Decoder) throws {
    if try decoder.singleValueContainer().decodeNil() { return }
    var container = try decoder.unkeyedContainer()
    switch try container.decode(String.self) {
    case "integer": value = .integer(try container.decode(Int64.self))
    case "real": value = .real(try container.decode(Double.self))
    case "text": value = .text(try container.decode(String.self))
    case let other: strange = other + " " + (try container.decode(String.self))
    }
  }
}
