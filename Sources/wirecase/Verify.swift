import ArgumentParser
import CaseStore
import Custody
import Reporting

/// `wirecase verify`: whether a case and its sources are what they were.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check again the sources, the log and the integrity of a case, and its exports.",
    discussion: """
      Exit code 1 when anything has changed. A source that is not there any more is named; nothing \
      can be said of it, but for what the case keeps of it, which is unpacked and digested. The \
      SHA-256 of the last row of the log stands behind its line: written down elsewhere, it tells \
      later that nothing before it was changed. The line of the case itself says whether SQLite finds \
      the file sound; rows that somebody changed with SQLite are not compared with the sources: \
      ingest these into a new case to compare. With manifests of \
      'wirecase export': the exported files too, and each packet in them against its source.
      """)

  @Argument(help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(
    help: ArgumentHelp(
      "Manifests of exports: FILE.manifest.json beside the exported FILE.", valueName: "manifest"),
    completion: .file())
  var manifests: [String] = []

  @OptionGroup var table: TableOptions

  func run() throws {
    try reportingErrors {
      let reader = try CaseReader(path: path)
      if let notice = reader.notice { Terminal.say(notice) }
      let exports = try manifests.isEmpty ? nil : ExportVerification(reader)
      // What is no manifest is told before sources are read.
      let ofExports = try manifests.flatMap { try exports?.checks(manifest: $0) ?? [] }
      let checks = try CaseVerification(reader).checks() + ofExports
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
      // What the case keeps itself needs no source.
      let kept = Set(checks.lazy.filter { $0.what == "embedded" }.map(\.name))
      let needed = checks.filter { $0.what == "source" && !kept.contains($0.name) }
      let missing = needed.count { $0.state == .missing }
      if missing > 0 { throw missing == needed.count ? ExitCode.nothing : ExitCode.partly }
    }
  }
}
