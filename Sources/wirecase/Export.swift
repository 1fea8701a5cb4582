import ArgumentParser
import CaseStore
import Evidence
import Foundation
import Investigations
import Reporting

/// `wirecase export`: evidence out of a case.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "Write packets as pcapng with a manifest, a source, a view as a table, or what others read.",
    discussion: """
      Packets are read from what the case keeps of the captures' sources (ingest --embed), else from \
      the sources again, and written in the order of time; a source that is not there, or has \
      changed, costs its packets alone. Beside FILE stands FILE.manifest.json, which 'wirecase \
      verify CASE FILE.manifest.json' checks. --capture gives a source back as it was, byte for byte. \
      --timeline is for Timesketch, --ocsf for a SIEM, --datasette for 'datasette CASE --metadata FILE'. \
      Parquet is made by DuckDB, of --table with --format ndjson: README has the lines. \
      Nothing that exists is overwritten.
      """)

  /// The forms of a table.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case csv, ndjson
  }

  @Argument(help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Option(help: ArgumentHelp("The packets that a finding cites.", valueName: "id"))
  var finding: Int64?

  @Option(help: ArgumentHelp("The packets of a flow.", valueName: "id"))
  var flow: Int64?

  @Option(
    help: ArgumentHelp(
      "A DNS question, its retries, its answer or error; named by a packet of it, such as 2:65.",
      valueName: "query-packet"))
  var transaction: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "The packets that fulfil a condition over the view 'packets', such as \"dst_port = 53\".",
      valueName: "sql-condition"))
  var condition: String?

  @Option(
    help: ArgumentHelp(
      "A capture's source itself, as it was read: from the case, or from where it was.",
      valueName: "name"))
  var capture: String?

  @Option(help: ArgumentHelp("A whole view of the case, as a table.", valueName: "name"))
  var table: String?

  @Flag(help: "Questions, ICMP errors, findings and captures as JSON lines for Timesketch.")
  var timeline = false

  @Flag(
    help: ArgumentHelp(
      "Findings as JSON lines, each a Detection Finding (class 2004) of OCSF 1.3.",
      discussion: "What 'wirecase run' has found and saved."))
  var ocsf = false

  @Flag(help: "Datasette's metadata: the investigations as queries, views described; JSON.")
  var datasette = false

  @Option(help: "csv or ndjson, with --table; csv when not given.")
  var format: Format?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A new file, written whole or not at all.", valueName: "file"),
    completion: .file())
  var output: String?

  func validate() throws {
    let asked = [
      finding != nil, flow != nil, transaction != nil, condition != nil, capture != nil,
      table != nil, timeline, ocsf, datasette,
    ]
    guard asked.count(where: { $0 }) == 1 else {
      throw ValidationError(
        "say what to export by one of --finding, --flow, --transaction, --where, --capture, "
          + "--table, --timeline, --ocsf and --datasette"
          + (capture == nil
            ? ""
            : "; --capture is the source itself: --where \"capture_id = …\" is a part of its packets")
      )
    }
    if format != nil && table == nil {
      throw ValidationError("--format goes with --table; packets are pcapng, all else is JSON")
    }
    if output == "-" {
      throw ValidationError("-o names a file; all but packets and a source is printed without it")
    }
    if output == nil && capture != nil {
      throw ValidationError("a source goes to a file; name it with -o FILE")
    }
    if output == nil && table == nil && !timeline && !ocsf && !datasette {
      throw ValidationError("packets go to a file; name it with -o FILE.pcapng")
    }
  }

  func run() throws {
    try reportingErrors {
      let cleanup = CleanupOnSignal()
      defer { cleanup.end() }
      let reader = try CaseReader(path: path)
      if let notice = reader.notice { Terminal.say(notice) }
      if let table {
        try exportTable(table, reader)
      } else if timeline {
        try exportTimeline(reader)
      } else if ocsf {
        try exportFindings(reader)
      } else if datasette {
        try exportMetadata(reader)
      } else if let capture {
        try exportSource(capture, reader)
      } else {
        try exportPackets(reader)
      }
    }
  }

  // MARK: - Packets

  private func exportPackets(_ reader: CaseReader) throws {
    guard let output, let selection = try selection(reader) else { return }
    let packets = try SelectedPackets(selection, in: reader)
    let outcome = try PacketExport(reader, by: .current).write(packets, to: output)
    for loss in outcome.losses {
      Terminal.say(
        "\(loss.capture): \(Self.count(loss.packets, "packet")) left out: \(loss.reason)")
    }
    guard outcome.manifest != nil else {
      Terminal.say(
        outcome.losses.isEmpty
          ? "\(packets.option): no packet of the case; nothing is written"
          : "nothing is written: none of the packets has octets")
      throw ExitCode.nothing
    }
    Terminal.say(
      "\(output): \(Self.count(outcome.packetsWritten, "packet")); "
        + "\(output)\(ExportManifest.suffix) tells where from")
    if !outcome.losses.isEmpty { throw ExitCode.partly }
  }

  private func selection(_ reader: CaseReader) throws -> PacketSelection? {
    if let finding { return .finding(finding) }
    if let flow { return .flow(flow) }
    if let transaction { return .transaction(try PacketName(transaction, in: reader)) }
    return condition.map { .condition($0) }
  }

  private static func count(_ number: Int64, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  // MARK: - Sources

  private func exportSource(_ name: String, _ reader: CaseReader) throws {
    guard let output else { return }
    guard let source = try CaptureSource.all(reader).first(where: { $0.name == name }) else {
      throw InvestigationError.unknownCapture(name: name)
    }
    switch try SourceExport(reader).write(source, to: output) {
    case .written(let octets, let fromCase):
      Terminal.say(
        "\(output): \(octets) bytes of \(name) "
          + (fromCase ? "from the case" : "from \(source.place ?? "")")
          + ", SHA-256 \(source.sha256)")
    case .nothing(let reason):
      Terminal.say("\(name): nothing is written: \(reason)")
      throw ExitCode.nothing
    }
  }

  // MARK: - Rows

  private func exportTable(_ name: String, _ reader: CaseReader) throws {
    let views = try reader.rows("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
      .compactMap { $0.values.first?.text }
    guard views.contains(name) else {
      let nearest = NearestName.of(name, among: views)
      throw ValidationError(
        "the case has no view '\(name)'\(NearestName.suggestion(nearest)) "
          + "There are \(views.joined(separator: ", "))")
    }
    let format = format ?? .csv
    try printing { print in
      var output = TabularOutput(format: format == .csv ? .csv : .ndjson, print: print)
      try reader.run(
        "SELECT * FROM \"\(name.replacing("\"", with: "\"\""))\"",
        begin: { try output.begin(columns: $0) },
        body: { values in
          try output.add(values)
          return true
        })
      try output.end()
    }
  }

  private func exportTimeline(_ reader: CaseReader) throws {
    let folder =
      output.map { URL(filePath: $0).deletingLastPathComponent().path }
      ?? FileManager.default.temporaryDirectory.path
    var timeline = CaseTimeline(reader, folder: folder)
    try printing { print in
      for left in try timeline.write(print) {
        Terminal.say("\(left.count) \(left.what) left out, since they have no time in UTC")
      }
    }
  }

  private func exportFindings(_ reader: CaseReader) throws {
    let ran = try reader.firstRow("SELECT 1 FROM audit_log WHERE action = 'run' LIMIT 1") != nil
    guard ran else {
      Terminal.say(
        "no investigation ran on this case; 'wirecase run \(path)' finds what is exported")
      throw ExitCode.nothing
    }
    let findings = try OCSFFindings(reader, InvestigationLibrary())
    try printing { print in
      if try findings.write(print) == 0 { Terminal.say("the case holds no findings") }
    }
  }

  private func exportMetadata(_ reader: CaseReader) throws {
    let text = try DatasetteMetadata.text(of: reader, InvestigationLibrary().all)
    try printing { try $0(text) }
    if let output { Terminal.say("\(output): goes with 'datasette \(path) --metadata \(output)'") }
  }

  /// Prints to the file that was named, which is there at the end or not at all; else to standard
  /// output.
  private func printing(_ body: (@escaping (String) throws -> Void) throws -> Void) throws {
    guard let output else {
      try body { try Terminal.print($0) }
      return
    }
    let file = try NewFile(output)
    try body { try file.write($0) }
    try file.finish()
    try file.publish()
  }
}

/// While it lasts, a user who stops the program leaves no unfinished file behind.
private final class CleanupOnSignal {
  private var sources: [any DispatchSourceSignal] = []

  init() {
    for number in [SIGINT, SIGTERM] {
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        Unfinished.files.discard()
        Foundation.exit(128 + number)
      }
      source.resume()
      sources.append(source)
    }
  }

  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }
}
