import ArgumentParser
import CaptureReading
import CaseStore
import Foundation
import Ingestion
import PacketDecoding
import Reporting

extension CaptureFormat: ExpressibleByArgument {}
extension DecodingDepth: ExpressibleByArgument {}

/// `wirecase ingest`: captures into a case.
struct Ingest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Decode captures into a case, which is created when it does not exist.",
    discussion: """
      A source is a file, a folder (searched for captures), '-' for standard input, or live:IFACE \
      for an interface ('wirecase help capture' tells more): pcap, pcapng, or what tcpdump printed; \
      gzip and zstd around them are undone. Each capture is in the case whole, as far as it can be \
      read, or not at all. The same bytes are not taken twice.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(help: "Files, folders, '-', or live:IFACE.", completion: .file())
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
      applications: put TCP streams together and read the protocols in them; headers: leave that \
      out, but for DNS in one packet.
      """))
  var decode = DecodingDepth.applications

  @Option(
    help: ArgumentHelp(
      """
      Leave the source out unless that is its SHA-256; without it, SHA256SUMS or NAME.sha256 \
      beside a source is believed.
      """, valueName: "digest"))
  var expectSha256: String?

  @Option(
    help: ArgumentHelp(
      "Decode that many sources at a time; the rows are the same. Needs room beside the case.",
      valueName: "n"))
  var jobs = 1

  @OptionGroup(title: "Live capture") var live: LiveOptions

  @Flag(
    help: """
      Keep each source's own bytes in the case, compressed: 'export --capture' gives them back, and \
      packets are shown from there.
      """)
  var embed = false

  @Flag(help: "Take SHA-1 and MD5 beside SHA-256, for inventories that know no other digest.")
  var oldDigests = false

  @Flag(help: "Take the captures' clocks into account afterwards, as 'captures --align' does.")
  var align = false

  @Flag(help: "Print what became of each source as JSON.")
  var json = false

  func validate() throws {
    if format != "auto" && CaptureFormat(rawValue: format) == nil {
      throw ValidationError("unknown format '\(format)'; use auto, pcap, pcapng or tcpdump-text")
    }
    if let limitPackets, limitPackets < 1 {
      throw ValidationError("--limit-packets takes a number from 1")
    }
    if !(1...64).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 64") }
    if interfaces.count > 1 { throw ValidationError("one live source at a time") }
    if interfaces.isEmpty && live.isGiven {
      throw ValidationError("options of live captures go with live:IFACE")
    }
    if !interfaces.isEmpty && (expectSha256 != nil || format != "auto") {
      throw ValidationError("--expect-sha256 and --format do not go with live:IFACE")
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

  private static let livePrefix = "live:"

  /// The interfaces among the sources.
  private var interfaces: [String] {
    sources.filter { $0.hasPrefix(Self.livePrefix) }
      .map { String($0.dropFirst(Self.livePrefix.count)) }
  }

  func run() throws {
    try reportingErrors {
      _ = try filter.map(PacketFilter.init)
      let telling = IngestTelling(isJSON: json, hasPrintedTimes: date != nil || timeZone != nil)
      var results = try ingestFiles(telling)
      var hadTrouble = false
      if let interface = interfaces.first {
        var options = try ingestOptions()
        // The kernel filters and the capture ends: its file is read as it is.
        options.packetLimit = nil
        let request = live.request(
          interface: interface, casePath: path, filter: filter, packetLimit: limitPackets)
        options.live = request
        let outcome = try LiveSession(
          casePath: path, request: request, options: options, keep: live.keep, telling: telling
        ).run()
        results += outcome.results
        hadTrouble = outcome.hadTrouble
      } else {
        sayAbandonedCaptures(ofCase: path)
      }
      if align, results.contains(where: \.isInCase) {
        try changing(path) { try Aligning.align($0, to: nil) }
      }
      try telling.conclude(results, trouble: hadTrouble)
    }
  }

  /// Ingests all sources but the live one.
  private func ingestFiles(_ telling: IngestTelling) throws -> [IngestResult] {
    let search = captureLocations(for: sources.filter { !$0.hasPrefix(Self.livePrefix) })
    var results: [IngestResult] = search.failures.map {
      IngestResult(source: $0.source ?? "", name: "", outcome: .failed($0))
    }
    for failure in search.failures { Terminal.say(failure.description) }
    if search.found.isEmpty { return results }
    if search.passedOver > 0 {
      Terminal.say(
        "in folders, \(search.passedOver) other "
          + (search.passedOver == 1 ? "file was" : "files were")
          + " passed over: no captures by name or content, or no regular files")
    }
    var options = try ingestOptions()
    options.filter = filter
    let writer = try CaseWriter(path: path, by: .current) { holder in
      Terminal.say("\(path) is being written by \(holder); waiting")
    }
    do {
      var progress: (of: CaptureLocation, shown: Progress)?
      try IngestionAhead(into: writer, options: options, jobs: jobs).ingest(
        search.found,
        progress: { location, octets, size in
          if progress?.of != location { progress = (location, Progress(location.name)) }
          progress?.shown.show(octets, of: size)
        },
        told: { result in
          progress?.shown.clear()
          telling.say(result)
          results.append(result)
        })
      try Progress.telling("deriving flows and transactions") { try writer.finish() }
    } catch {
      writer.abandon()
      throw error
    }
    return results
  }

  private func ingestOptions() throws -> IngestOptions {
    var options = IngestOptions(programVersion: Wirecase.version)
    options.format = CaptureFormat(rawValue: format)
    options.name = name
    options.packetLimit = limitPackets
    options.printed = try PrintedTimes(date: date, zone: timeZone).options()
    options.assumedDate = date
    options.takesOldDigests = oldDigests
    options.embedsSource = embed
    options.depth = decode
    options.expectedSHA256 = expectSha256?.lowercased()
    options.assumedTimeZone = timeZone
    return options
  }
}
