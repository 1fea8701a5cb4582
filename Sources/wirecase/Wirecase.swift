import ArgumentParser
import CaseStore
import Foundation
import Investigations

extension Actor {
  /// Who runs this program.
  static var current: Actor { Actor(programVersion: Wirecase.version) }
}

/// The program: its commands, and nothing else.
@main
struct Wirecase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wirecase",
    abstract: "A forensic packet store on SQLite: captures in, answers that cite packets out.",
    discussion: """
      A case is one SQLite file. 'ingest' decodes captures into it, 'merge' puts in what was decoded \
      elsewhere, 'sql' asks it anything, 'run' \
      runs the canned investigations, 'report' writes the incident report, 'packet' shows one packet, \
      'export' takes packets and tables out.

      Exit codes: 0 done; 1 --fail-on met, or verify or run --again found a change; 2 wrong usage, or a wrong \
      investigation; 3 some sources could not be read, found, or were cut short; 4 nothing could be read, \
      exported or found; 5 the case cannot be opened, is not a case, is \
      newer than this program, or is locked; 70 a fault of the program's own.
      """,
    version: Wirecase.version,
    subcommands: [
      Ingest.self, Capture.self, Merge.self, Captures.self, Run.self, InvestigationsCommand.self,
      SQL.self,
      Packet.self, WriteReport.self, Export.self, Note.self, Derive.self, Verify.self,
    ])

  static let version = "0.1.0"

  /// What to say where the first word is no command; `nil` where it is one, or an option.
  private static func unknownCommand(_ words: [String]) -> String? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard words.count > 1, !words[1].hasPrefix("-"), !names.contains(words[1]) else { return nil }
    let nearest = NearestName.of(words[1], among: names)
    return "unknown command '\(words[1])'\(NearestName.suggestion(nearest)) "
      + "'wirecase --help' lists them"
  }

  /// Parses and runs; what is wrong with the words typed is one line and exit code 2.
  static func main() {
    // A reader that goes away (`| head`) is told by the failing write, and is no error.
    _ = signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      let lines = message(for: error).split(separator: "\n").joined(separator: " ")
      Terminal.say(
        unknownCommand(CommandLine.arguments)
          ?? "\(lines); 'wirecase --help' and 'wirecase help COMMAND' tell more")
      Foundation.exit(ExitCode.usage.rawValue)
    }
  }
}
