import ArgumentParser
import CaseStore
import Foundation
import Investigations
import Reporting

/// `wirecase investigations check FILE…`: what is wrong with an investigation that somebody writes.
struct CheckInvestigations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what is wrong with the files of investigations, without a case.",
    discussion: """
      A line for each fault, FILE:LINE:COLUMN: what, as editors read it. The statements are prepared \
      against an empty case of this version. A warning marks what runs here all the same: SQL that \
      other engines read otherwise, or a reading of every packet. Exit code 2 when there are faults.
      """)

  @Argument(
    help: ArgumentHelp("Files of investigations, or folders of them.", valueName: "file"),
    completion: .file(extensions: ["sql"]))
  var files: [String]

  @Flag(help: "Count warnings as faults.")
  var strict = false

  func run() throws {
    try reportingErrors {
      let check = try InvestigationCheck()
      let shipped = try Set(InvestigationLibrary().all.map(\.name))
      var isWrong = false
      try Terminal.whileRead {
        for file in files.flatMap(Self.paths) {
          do {
            let faults = try check.faults(in: InvestigationLibrary.text(of: file))
            for fault in faults { try Terminal.print(Self.line(file, ":\(fault)")) }
            let warnings = faults.count(where: \.isWarning)
            guard faults.count == warnings, !strict || faults.isEmpty else {
              isWrong = true
              continue
            }
            let name = InvestigationLibrary.name(of: file)
            try Terminal.print(
              Self.line(
                file,
                ": in order"
                  + (warnings == 0
                    ? "" : ", but for \(warnings) warning\(warnings == 1 ? "" : "s")")
                  + (shipped.contains(name) ? "; it takes the place of the shipped '\(name)'" : ""))
            )
          } catch let error as InvestigationError {
            Terminal.say(error.description)
            isWrong = true
          }
        }
      }
      if isWrong { throw ExitCode.usage }
    }
  }

  /// The files that a word on the command line stands for; itself where it is no folder.
  private static func paths(_ word: String) -> [String] {
    (try? InvestigationLibrary.files(in: word)) ?? [word]
  }

  private static func line(_ file: String, _ text: String) -> String {
    TabularOutput.harmless(file + text) + "\n"
  }
}
