import ArgumentParser
import CaseStore
import Reporting

extension TableFormat: ExpressibleByArgument {}

/// `--format` of every command that prints tables.
struct TableOptions: ParsableArguments {
  @Option(
    help: "table, csv, json, ndjson or markdown; without it table on a terminal, csv elsewhere.")
  var format: TableFormat?

  func output() -> TabularOutput {
    TabularOutput(format: chosen, layout: Terminal.layout) { try Terminal.print($0) }
  }

  /// The format that was asked for, or that goes with where the output goes.
  var chosen: TableFormat { format ?? (Terminal.outputIsTerminal ? .table : .csv) }

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
