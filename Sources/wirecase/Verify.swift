import ArgumentParser
import CaseStore
import Custody
import Reporting

/// `wirecase verify`: whether a case and its sources are what they were.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check again the digests of the sources, the log, and the integrity of a case.",
    discussion: """
      Exit code 1 when anything has changed. A source that is not there any more is named; nothing \
      can be said of it. The SHA-256 of the last row of the log stands behind its line: written \
      down elsewhere, it tells later that nothing before it was changed.
      """)

  @Argument(help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @OptionGroup var table: TableOptions

  func run() throws {
    try reportingErrors {
      let reader = try CaseReader(path: path)
      if let notice = reader.notice { Terminal.say(notice) }
      let checks = try CaseVerification(reader).checks()
      var output = table.output()
      try Terminal.whileRead {
        try output.begin(columns: ["what", "name", "state", "detail"])
        for check in checks {
          try output.add(
            [check.what, check.name, check.state.rawValue, check.detail].map { .text($0) })
        }
        try output.end()
      }
      if checks.contains(where: { $0.state == .changed }) { throw ExitCode.findings }
    }
  }
}
