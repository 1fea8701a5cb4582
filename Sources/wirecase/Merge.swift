import ArgumentParser
import CaseStore
import Foundation
import Reporting

/// `wirecase merge`: the captures of other cases into one.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the captures of other cases into a case, which is created when it is not there.",
    discussion: """
      The rows are those that ingesting the same sources here gives; who read each source, when and \
      where stays what it was, and the log says which case a capture came from, with the SHA-256 of \
      the last row of that case's log. Captures whose bytes are here already add nothing; a name \
      that is taken gets a number. Each capture is in the case whole, or not at all.

      Notes about packets and flows come along. Findings do not, since they follow from what a case \
      holds: run the investigations again. Nor do notes about findings, times or a whole case.

      The other cases are only read; one of an older version is brought to today's in a copy in the \
      temporary directory. Exit code 3 when some could not be read, 4 when none could.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(help: ArgumentHelp("Paths of other cases.", valueName: "other"), completion: .file())
  var others: [String]

  func validate() throws {
    func place(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }
    if let same = others.first(where: { place($0) == place(path) }) {
      throw ValidationError("\(same): is the case itself; name others to put into it")
    }
  }

  func run() throws {
    try reportingErrors {
      let writer = try CaseWriter(path: path, by: .current) { holder in
        Terminal.say("\(path) is being written by \(holder); waiting")
      }
      var (readable, troubled) = (0, 0)
      do {
        for other in others {
          let told = try merge(other, into: writer)
          if told.isReadable { readable += 1 }
          if told.isTroubled { troubled += 1 }
        }
        try writer.finish()
      } catch {
        writer.abandon()
        throw error
      }
      if readable == 0 { throw ExitCode.nothing }
      if troubled > 0 { throw ExitCode.partly }
    }
  }

  /// Merges one case, and says what became of each of its captures.
  ///
  /// - Returns: Whether any of it, and whether not all of it, could be read.
  private func merge(
    _ path: String, into writer: CaseWriter
  ) throws -> (isReadable: Bool, isTroubled: Bool) {
    let other: OtherCase
    do {
      other = try OtherCase(path: path, by: .current)
    } catch CaseError.missing {
      Terminal.say("\(path): no such case; name one that 'wirecase ingest' has written")
      return (false, true)
    } catch let error as CaseError {
      Terminal.say(error.description)
      return (false, true)
    }
    if let notice = other.notice { Terminal.say(notice) }
    if other.captures.isEmpty { Terminal.say("\(path): holds no captures; nothing added") }
    var (isReadable, isTroubled) = (other.captures.isEmpty, false)
    for capture in other.captures {
      switch try writer.merge(capture, of: other) {
      case .added(let name):
        let renamed = name == capture.name ? "" : ", as '\(name)'"
        Terminal.say(
          "\(path): \(capture.name): \(capture.packets) \(plural("packet", Int(clamping: capture.packets)))\(renamed)"
        )
        isReadable = true
      case .known(let name, let isPart):
        Terminal.say("\(path): \(capture.name): \(IngestTelling.known(as: name, isPart: isPart))")
        isReadable = true
      case .failed(let error):
        Terminal.say("\(capture.name): left out: \(error.description)")
        isTroubled = true
      }
    }
    if isReadable { try writer.noteUnread(of: other) }
    return (isReadable, isTroubled)
  }
}
