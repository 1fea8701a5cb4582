import ArgumentParser
import CaseStore

/// `wirecase derive`: everything that follows from the facts, made anew.
struct Derive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derive",
    abstract:
      "Make all derivations of a case anew: flows, DNS transactions, ICMP links, duplicates.",
    discussion: """
      Nothing should change by it: derivations follow from the facts alone, and each ingest keeps \
      them up to date. Findings and notes stay.
      """)

  @Argument(help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  func run() throws {
    try reportingErrors { try changing(path) { try $0.deriveEverything() } }
  }
}
