import ArgumentParser
import CaptureReading
import CaseStore
import Foundation
import Ingestion
import PacketDecoding
import Reporting

extension CaptureFormat: ExpressibleByArgument {}

/// `wirecase ingest`: captures into a case.
struct Ingest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Decode captures into a case, which is created when it does not exist.",
    discussion: """
      A source is a file, a folder (searched for captures), or '-' for standard input: pcap, \
      pcapng, or what tcpdump printed; gzip and zstd around them are undone. Each capture is in the \
      case whole, as far as it can be read, or not at all. The same bytes are not taken twice.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(help: "Files, folders, or '-'.", completion: .file())
  var sources: [String]

  @Option(help: "pcap, pcapng, tcpdump-text or auto: by content.")
  var format: String = "auto"

  @Option(help: ArgumentHelp("Keep only packets that a BPF expression takes.", valueName: "bpf"))
  var filter: String?

  @Option(
    help: ArgumentHelp("Day of the first line of a log without dates.", valueName: "YYYY-MM-DD"))
  var date: String?

  @Option(
    help: ArgumentHelp(
      "Zone of the times that a log prints, such as Europe/Berlin.", valueName: "zone"))
  var timeZone: String?

  @Option(help: "Name of the capture in the case; the file's when not given.")
  var name: String?

  @Option(help: ArgumentHelp("Stop after that many packets of each capture.", valueName: "n"))
  var limitPackets: Int64?

  @Option(
    help: ArgumentHelp(
      """
      Leave the source out unless that is its SHA-256; without it, SHA256SUMS or NAME.sha256 \
      beside a source is believed.
      """, valueName: "digest"))
  var expectSha256: String?

  @Flag(help: "Take SHA-1 and MD5 beside SHA-256, for inventories that know no other digest.")
  var oldDigests = false

  @Flag(help: "Print what became of each source as JSON.")
  var json = false

  func validate() throws {
    if format != "auto" && CaptureFormat(rawValue: format) == nil {
      throw ValidationError("unknown format '\(format)'; use auto, pcap, pcapng or tcpdump-text")
    }
    if let limitPackets, limitPackets < 1 {
      throw ValidationError("--limit-packets takes a number from 1")
    }
    if name != nil && sources.count > 1 {
      throw ValidationError("--name goes with one source")
    }
    if let expectSha256 {
      if sources.count > 1 { throw ValidationError("--expect-sha256 goes with one source") }
      if expectSha256.wholeMatch(of: /[0-9A-Fa-f]{64}/) == nil {
        throw ValidationError("'\(expectSha256)' is no SHA-256: 64 hexadecimal digits")
      }
    }
  }

  func run() throws {
    try reportingErrors {
      var options = try ingestOptions()
      options.filter = filter
      _ = try filter.map(PacketFilter.init)
      let search = captureLocations(for: sources)
      var results: [IngestResult] = search.failures.map {
        IngestResult(source: "", name: "", outcome: .failed($0))
      }
      for failure in search.failures { Terminal.say(failure.description) }
      if !search.found.isEmpty {
        let writer = try CaseWriter(path: path, by: .current) { holder in
          Terminal.say("\(path) is being written by \(holder); waiting")
        }
        do {
          let ingestion = Ingestion(into: writer, options: options)
          for location in search.found {
            let progress = Progress(location.name)
            let result = try ingestion.ingest(location) { progress.show($0, of: $1) }
            progress.clear()
            say(result)
            results.append(result)
          }
          try writer.finish()
        } catch {
          writer.abandon()
          throw error
        }
      }
      if json { try Terminal.whileRead { try Terminal.print(Self.json(results)) } }
      try conclude(results)
    }
  }

  private func ingestOptions() throws -> IngestOptions {
    var options = IngestOptions(programVersion: Wirecase.version)
    options.format = CaptureFormat(rawValue: format)
    options.name = name
    options.packetLimit = limitPackets
    options.printed = try PrintedTimes(date: date, zone: timeZone).options()
    options.assumedDate = date
    options.takesOldDigests = oldDigests
    options.expectedSHA256 = expectSha256?.lowercased()
    options.assumedTimeZone = timeZone
    return options
  }

  private func say(_ result: IngestResult) {
    switch result.outcome {
    case .failed(let error): Terminal.say(error.description)
    case .known(let name, let isPart):
      Terminal.say(
        "\(result.source): the case holds the same bytes already, as '\(name)'"
          + (isPart
            ? ", but only a part of their packets: take that out with 'wirecase captures \(path) "
              + "--remove' to have all; nothing added" : "; nothing added"))
    case .added(let isComplete):
      if result.format != CaptureFormat.tcpdumpText.rawValue, date != nil || timeZone != nil {
        Terminal.say(
          "\(result.source): its times have a date and a zone; --date and --time-zone are not used")
      }
      if let said = zones(of: result) { Terminal.say("\(result.source): \(said)") }
      for fault in result.faults.prefix(5) { Terminal.say("\(result.source): \(fault)") }
      if result.faults.count > 5 {
        Terminal.say(
          "\(result.source): \(result.faults.count - 5) more faults; SELECT * FROM faults lists them"
        )
      }
      if !json {
        Terminal.say(
          "\(result.source): \(result.packets) packets"
            + (isComplete ? "" : ", as far as it could be read"))
      }
    }
  }

  /// What the times of a printed log were taken for, where the user did not say; `nil` for nothing.
  private func zones(of result: IngestResult) -> String? {
    switch result.printedTimes {
    case .utcAssumed: "its times name no zone and were taken for UTC; --time-zone says otherwise"
    case .zoneUnused: "its lines carry no date, so --time-zone says nothing without --date"
    case nil: nil
    }
  }

  private func conclude(_ results: [IngestResult]) throws {
    var (readable, troubled) = (0, 0)
    for result in results {
      switch result.outcome {
      case .added(let isComplete):
        readable += 1
        if !isComplete { troubled += 1 }
      case .known: readable += 1
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

/// The progress of one source, on a terminal alone.
private final class Progress {
  private let name: String
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now

  init(_ name: String) { self.name = name }

  func show(_ octets: Int64, of total: Int64?) {
    guard Terminal.errorIsTerminal, ContinuousClock.now - lastShown > .milliseconds(100) else {
      return
    }
    lastShown = .now
    let seconds = Double((lastShown - start).components.seconds) + 0.001
    let mebibytes = Double(octets) / 1_048_576
    var line = String(format: "%@: %.0f MiB, %.0f MiB/s", name, mebibytes, mebibytes / seconds)
    if let total, total > 0 {
      line += String(format: ", %.0f %%", 100 * Double(octets) / Double(total))
    }
    Terminal.show("\r\u{1b}[K\(TabularOutput.harmless(line))")
  }

  func clear() {
    if Terminal.errorIsTerminal { Terminal.show("\r\u{1b}[K") }
  }
}
