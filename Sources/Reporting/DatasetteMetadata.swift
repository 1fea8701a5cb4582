import CaseStore
import Foundation
import Investigations

/// Metadata with which Datasette serves a case: each investigation is a query of its own, views and
/// columns have their descriptions, and the tables beneath the views are hidden.
///
/// Source: Datasette 0.65, "Metadata", "Canned queries" and "Hiding tables". From Datasette 1.0 on,
/// queries belong to its configuration, in the same form.
public enum DatasetteMetadata {
  /// The metadata as JSON text, with a line end.
  ///
  /// - Throws: `SQLFault`.
  public static func text(of reader: CaseReader, _ investigations: [Investigation]) throws -> String
  {
    let tables = try reader.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    ).compactMap { $0["name"].text }
    let file = URL(filePath: reader.path)
    let hidden = tables.map { (name: $0, value: JSONTree.object([("hidden", .boolean(true))])) }
    let database = JSONTree.object([
      ("tables", .object(try reader.views().map { ($0.name, view($0)) } + hidden)),
      ("queries", .object(investigations.map { ($0.name, query($0)) })),
    ])
    let metadata = JSONTree.object([
      ("title", .text("Case \(file.lastPathComponent)")),
      ("databases", .object([(file.deletingPathExtension().lastPathComponent, database)])),
    ])
    return metadata.lines + "\n"
  }

  private static func view(_ view: ViewDescription) -> JSONTree {
    .object([
      ("description", .text(view.what)),
      ("columns", .object(view.columns.map { ($0.name, .text($0.what)) })),
    ])
  }

  private static func query(_ investigation: Investigation) -> JSONTree {
    .object([
      ("title", .text("\(investigation.title) (\(investigation.severity.rawValue))")),
      ("description_html", .text(description(of: investigation))),
      ("params", .array(investigation.parameters.map { .text($0.name) })),
      ("hide_sql", .boolean(false)),
      ("sql", .text(statement(of: investigation))),
    ])
  }

  private static func description(of investigation: Investigation) -> String {
    func list(_ title: String, _ items: [(name: String, what: String)]) -> String {
      if items.isEmpty { return "" }
      let lines = items.map {
        "<li><code>\(Markup.escaped($0.name))</code>: \(Markup.escaped($0.what))</li>"
      }
      return "\n<details><summary>\(title)</summary><ul>\(lines.joined())</ul></details>"
    }
    func unit(_ unit: String) -> String { unit == "-" ? "" : " \(unit)" }
    let severity = "\(investigation.severity.rawValue): \(investigation.severityReason)"
    return [
      ("", investigation.meaning), ("Severity ", severity),
      ("No incident when: ", investigation.benign), ("Cannot tell: ", investigation.limits),
    ].map { "<p>\($0.0)\(Markup.escaped($0.1))</p>" }.joined(separator: "\n")
      + list(
        "Parameters",
        investigation.parameters.map { parameter in
          let value = parameter.defaultValue.description + unit(parameter.unit)
          return (parameter.name, "\(parameter.what); \(value) where none is given")
        })
      + list(
        "Columns",
        investigation.columns.map { column in
          // What a count counts is told by the column's name.
          (
            column.name,
            column.what + (column.unit == "-" || column.unit.count > 3 ? "" : ", in \(column.unit)")
          )
        })
  }

  /// The statement for Datasette, which gives parameters as text, and an empty one where the user
  /// gives none: each is made what the investigation declares.
  static func statement(of investigation: Investigation) -> String {
    let given = Dictionary(
      investigation.parameters.map { parameter in
        let (type, value) =
          switch parameter.type {
          case .integer: ("INTEGER", parameter.defaultValue.description)
          case .real: ("REAL", parameter.defaultValue.description)
          case .text:
            ("TEXT", "'" + parameter.defaultValue.description.replacing("'", with: "''") + "'")
          }
        return (
          parameter.name, "CAST(COALESCE(NULLIF(:\(parameter.name), ''), \(value)) AS \(type))"
        )
      }, uniquingKeysWith: { first, _ in first })
    // Comments, texts and quoted names are passed over.
    let token =
      /--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|'(?:[^']|'')*'|"[^"]*"|:(?<name>[A-Za-z_][A-Za-z0-9_]*)/
    let sql = investigation.sql.replacing(token) { match in
      match.output.name.flatMap { given[String($0)] } ?? String(match.output.0)
    }
    return String(sql.reversed().drop { $0 == ";" || $0.isWhitespace }.reversed())
  }
}
