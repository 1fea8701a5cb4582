import ArgumentParser
import CaseStore
import Reporting

extension TableFormat: ExpressibleByArgument {}

/// `--format` of every command that prints tables.
struct TableOptions: ParsableArguments {
  @Option(
    help: "table, csv, json, ndjson or markdown; without it table on a terminal, csv elsewhere.")
  var format: TableFormat?

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    if json, let format, format != .json {
      throw ValidationError("--json is --format json; give it or --format \(format.rawValue)")
    }
  }

  /// What was asked for.
  var asked: TableFormat? { json ? .json : format }

  func output() -> TabularOutput {
    TabularOutput(format: chosen, layout: Terminal.layout) { try Terminal.print($0) }
  }

  /// The format that was asked for, or that goes with where the output goes.
  var chosen: TableFormat { asked ?? (Terminal.outputIsTerminal ? .table : .csv) }

  /// Prints what a statement yields.
  ///
  /// - Throws: `SQLFault`; `CaseError` where the case cannot be read on.
  func print(
    _ reader: CaseReader, _ sql: String, parameters: [String: SQLValue] = [:],
    limits: QueryLimits = QueryLimits()
  ) throws {
    var output = output()
    try reader.run(
      sql, parameters: parameters, limits: limits,
      begin: { try output.begin(columns: $0) },
      body: { values in
        try output.add(values)
        return true
      })
    try output.end()
  }
}
