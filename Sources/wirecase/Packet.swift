import ArgumentParser
import CaseStore
import Evidence
import Reporting

/// `wirecase packet`: one packet, from the case and from its source.
struct Packet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "packet",
    abstract: "Show one packet: its layers, what the case says of it, and its octets.",
    discussion: """
      The octets are read from what the case keeps of the capture's source (ingest --embed), else \
      from the source itself, when that is there and has not changed; \
      of a log, the lines that tcpdump printed.
      """)

  @Argument(help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(
    help: ArgumentHelp(
      "capture:number, such as 2:65; a packet_id; a number alone where the case holds one capture.",
      valueName: "which"))
  var which: String

  func run() throws {
    try reportingErrors {
      let reader = try CaseReader(path: path)
      if let notice = reader.notice { Terminal.say(notice) }
      let name = try PacketName(which, in: reader)
      let description = try PacketDescription(name, in: reader)
      let lines = description.lines + [""] + (try content(description, reader))
      try Terminal.print(lines.map { $0 + "\n" }.joined())
    }
  }

  /// The octets, or the lines of a log; or one line on why there are none.
  private func content(_ packet: PacketDescription, _ reader: CaseReader) throws -> [String] {
    let sources = try CaptureSource.all(reader)
    guard let source = sources.first(where: { $0.captureID == packet.name.capture }) else {
      return ["No octets: the case does not say where they were read."]
    }
    if let range = packet.printedLines {
      switch PrintedPacket.lines(range, of: source, in: reader) {
      case .lines(let lines):
        // tcpdump begins some lines with a tab.
        return lines.map {
          TabularOutput.harmless($0.replacing("\t", with: String(repeating: " ", count: 8)))
        }
      case .nothing(let reason):
        return ["No lines: \(source.name): \(reason)"].map(TabularOutput.harmless)
      }
    }
    let octets = SourceOctets(sources, in: reader)
    var dump: [String] = []
    if let row = try PacketRow(packet.name, in: reader),
      try octets.withOctets(
        of: row,
        { span in
          var captured: [UInt8] = []
          span.append(to: &captured)
          dump = HexDump.lines(captured)
        })
    {
      octets.close()
    }
    if let loss = octets.losses[packet.name.capture] {
      return ["No octets: \(source.name): \(loss.reason)"].map(TabularOutput.harmless)
    }
    return dump.isEmpty ? ["No octets: the capture kept none of this packet."] : dump
  }
}
