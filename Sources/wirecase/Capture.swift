import ArgumentParser
import CaptureReading
import CaseStore
import Ingestion
import PacketDecoding

/// `wirecase capture`: the same as `ingest CASE live:IFACE`.
struct Capture: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Capture from an interface into a case: 'ingest CASE live:IFACE'.",
    discussion: """
      The packets go to a pcapng file of their own, beside the case or where --write says, and that \
      file is ingested when the capture ends: by --duration, --limit-packets, Ctrl-C or SIGTERM. \
      What the kernel had to drop is counted and said. A capture that is killed leaves its file \
      under '.partial'; ingest it by that name. Root may capture, and who has the capability: \
      'setcap cap_net_raw,cap_net_admin=eip' on the program.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(help: ArgumentHelp("The interface, such as eth0, or 'any'.", valueName: "interface"))
  var interface: String

  @Option(
    help: ArgumentHelp("The kernel hands over only packets that it takes.", valueName: "bpf"))
  var filter: String?

  @Option(help: "Name of the capture in the case; the file's when not given.")
  var name: String?

  @Option(help: ArgumentHelp("Stop after that many packets.", valueName: "n"))
  var limitPackets: Int64?

  @Option(help: "applications, or headers: what 'ingest' says of it.")
  var decode = DecodingDepth.applications

  @OptionGroup(title: "Live capture") var live: LiveOptions

  @Flag(help: "Keep each file's own bytes in the case, compressed.")
  var embed = false

  @Flag(help: "Take SHA-1 and MD5 beside SHA-256, for inventories that know no other digest.")
  var oldDigests = false

  @Flag(help: "Print what became of each file as JSON.")
  var json = false

  func validate() throws {
    if let limitPackets, limitPackets < 1 {
      throw ValidationError("--limit-packets takes a number from 1")
    }
  }

  func run() throws {
    try reportingErrors {
      _ = try filter.map(PacketFilter.init)
      var options = IngestOptions(programVersion: Wirecase.version)
      options.name = name
      options.takesOldDigests = oldDigests
      options.embedsSource = embed
      options.depth = decode
      let request = live.request(
        interface: interface, casePath: path, filter: filter, packetLimit: limitPackets)
      options.live = request
      let telling = IngestTelling(isJSON: json)
      let outcome = try LiveSession(
        casePath: path, request: request, options: options, keep: live.keep, telling: telling
      ).run()
      try telling.conclude(outcome.results, trouble: outcome.hadTrouble)
    }
  }
}
