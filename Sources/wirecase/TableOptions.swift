import ArgumentParser
import Reporting

extension TableFormat: ExpressibleByArgument {}

/// `--format` of every command that prints tables.
struct TableOptions: ParsableArguments {
  @Option(
    help: "table, csv, json, ndjson or markdown; without it table on a terminal, csv elsewhere.")
  var format: TableFormat?

  func output() -> TabularOutput {
    TabularOutput(format: format ?? (Terminal.outputIsTerminal ? .table : .csv)) {
      try Terminal.print($0)
    }
  }
}
