import ArgumentParser
import CaptureReading
import CaseStore
import Foundation
import Ingestion
import Reporting

/// What the commands that ingest say of their sources, while they go on and at the end.
struct IngestTelling: Sendable {
  /// Whether the results are printed as JSON, which says how many packets there are.
  var isJSON: Bool
  /// Whether the user gave a date or a zone for times that have none.
  var hasPrintedTimes = false

  /// Says what became of one source.
  func say(_ result: IngestResult) {
    switch result.outcome {
    case .failed(let error): Terminal.say(error.description)
    case .known(let name, let isPart):
      Terminal.say(
        "\(result.source): \(Self.known(as: name, isPart: isPart))"
          + (result.isLeftUnembedded
            ? ". Without its bytes, since it could be read only once: ingest it from a file with "
              + "--embed to keep them too" : ""))
    case .embedded(let name):
      Terminal.say(
        "\(result.source): the case holds the same bytes already, as '\(name)', and keeps them in "
          + "itself from now on")
    case .added(let isComplete):
      if result.format != CaptureFormat.tcpdumpText.rawValue, hasPrintedTimes {
        Terminal.say(
          "\(result.source): its times have a date and a zone; --date and --time-zone are not used")
      }
      if let said = Self.zones(of: result) { Terminal.say("\(result.source): \(said)") }
      for fault in result.faults.prefix(5) { Terminal.say("\(result.source): \(fault)") }
      if result.faults.count > 5 {
        Terminal.say(
          "\(result.source): \(result.faults.count - 5) more faults; SELECT * FROM faults lists them"
        )
      }
      if !isJSON {
        Terminal.say(
          "\(result.source): \(result.packets) \(plural("packet", Int(clamping: result.packets)))"
            + (isComplete ? "" : ", as far as it could be read"))
      }
    }
  }

  /// What is said of bytes that the case holds already.
  static func known(as name: String, isPart: Bool) -> String {
    "the case holds the same bytes already, as '\(name)'"
      + (isPart
        ? ", but only a part of their packets: take that out with 'wirecase captures --remove' "
          + "to have all; nothing added" : "; nothing added")
  }

  /// What the times of a printed log were taken for, where the user did not say; `nil` for nothing.
  private static func zones(of result: IngestResult) -> String? {
    switch result.printedTimes {
    case .utcAssumed: "its times name no zone and were taken for UTC; --time-zone says otherwise"
    case .zoneUnused: "its lines carry no date, so --time-zone says nothing without --date"
    case nil: nil
    }
  }

  /// Prints the results where they are wanted, and turns them into an exit code.
  ///
  /// - Parameter trouble: Whether a capture ended before anybody asked for its end.
  func conclude(_ results: [IngestResult], trouble: Bool = false) throws {
    if isJSON { try Terminal.whileRead { try Terminal.print(Self.json(results)) } }
    var (readable, troubled) = (0, trouble ? 1 : 0)
    for result in results {
      switch result.outcome {
      case .added(let isComplete):
        readable += 1
        if !isComplete { troubled += 1 }
      case .known, .embedded: readable += 1
      case .failed: troubled += 1
      }
    }
    if readable == 0 { throw ExitCode.nothing }
    if troubled > 0 { throw ExitCode.partly }
  }

  private static func json(_ results: [IngestResult]) -> String {
    let objects = results.map { result in
      let (outcome, message): (String, SQLValue) =
        switch result.outcome {
        case .added(let isComplete): (isComplete ? "added" : "added, incomplete", .null)
        case .known(let name, _): ("known", .text(name))
        case .embedded(let name): ("embedded", .text(name))
        case .failed(let error): ("failed", .text(error.description))
        }
      return TabularOutput.jsonObject(
        ["source", "name", "format", "outcome", "message", "packets", "size", "faults"],
        [
          .text(result.source), .text(result.name), result.format.map(SQLValue.text) ?? .null,
          .text(outcome), message, .integer(result.packets), .integer(result.size),
          .integer(Int64(result.faults.count)),
        ])
    }
    return "[\n  " + objects.joined(separator: ",\n  ") + "\n]\n"
  }
}
