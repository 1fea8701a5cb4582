import ArgumentParser
import CaseStore
import Foundation
import Investigations

/// `--since`, `--until` and `--capture` of the commands that look at a part of a case.
struct ScopeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Leave out what was before.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Leave out what came after.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Look at one capture alone.", valueName: "name"))
  var capture: String?

  /// Opens the case, or the part of it that was asked for.
  func open(_ path: String) throws -> CaseReader {
    var scope = CaseScope(since: try since.map(Self.time), until: try until.map(Self.time))
    if let since = scope.since, let until = scope.until, since > until {
      throw ValidationError("--since is later than --until; nothing lies between them")
    }
    if let capture {
      let whole = try CaseReader(path: path)
      let row = try whole.firstRow(
        "SELECT capture_id FROM captures WHERE name = :name", parameters: ["name": .text(capture)])
      guard let id = row?["capture_id"].integer else {
        throw InvestigationError.unknownCapture(name: capture)
      }
      scope.captureID = id
    }
    let reader = try CaseReader(path: path, scope: scope)
    if let notice = reader.notice { Terminal.say(notice) }
    return reader
  }

  /// Nanoseconds of an RFC 3339 time, or of a bare clock since its midnight.
  static func time(_ text: String) throws -> Int64 {
    if let clock = try? clockPattern.wholeMatch(in: text) {
      let (_, hours, minutes, seconds, fraction) = clock.output
      let numbers = [hours, minutes, seconds].map { Int64($0) ?? 0 }
      let whole = numbers.reduce(0) { $0 * 60 + $1 }
      let padded = (String(fraction ?? "") + "000000000").prefix(9)
      return whole * 1_000_000_000 + (Int64(padded) ?? 0)
    }
    let strategies: [Date.ISO8601FormatStyle] = [
      .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
    ]
    for strategy in strategies {
      if let date = try? strategy.parse(text) {
        let seconds = date.timeIntervalSince1970
        guard abs(seconds) < 9e9 else { break }
        return Int64((seconds * 1_000_000).rounded()) * 1000
      }
    }
    throw InvestigationError.wrongTime(text)
  }

  private static var clockPattern: Regex<(Substring, Substring, Substring, Substring, Substring?)> {
    /(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?/
  }
}
