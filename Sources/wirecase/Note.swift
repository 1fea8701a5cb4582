import ArgumentParser
import CaseStore
import Evidence
import Foundation
import Reporting

/// `wirecase note`: what an analyst has to say.
struct Note: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Write a note about a packet, a flow, a finding, a time, or the case; or list them.",
    discussion: "Notes appear in the report, and in the log. Without a text they are listed.")

  @Argument(help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(help: "The note, in quotes.")
  var text: String?

  @Option(help: ArgumentHelp("About a packet, as 2:65: capture, number.", valueName: "packet"))
  var packet: String?

  @Option(help: ArgumentHelp("About a flow, by its flow_id.", valueName: "id"))
  var flow: Int64?

  @Option(help: ArgumentHelp("About a finding, by its finding_id.", valueName: "id"))
  var finding: Int64?

  @Option(help: ArgumentHelp("About a time (UTC where it says no zone).", valueName: "time"))
  var at: String?

  @OptionGroup var table: TableOptions

  func validate() throws {
    let subjects = [packet != nil, flow != nil, finding != nil, at != nil].filter { $0 }.count
    if subjects > 1 {
      throw ValidationError("a note is about one thing: --packet, --flow, --finding or --at")
    }
    if text == nil && subjects > 0 { throw ValidationError("no note; write it behind the case") }
    if let text, text.allSatisfy(\.isWhitespace) {
      throw ValidationError("an empty note says nothing")
    }
    if text != nil && table.asked != nil {
      throw ValidationError("--format goes with the list; a note prints none")
    }
  }

  func run() throws {
    try reportingErrors {
      guard let text else { return try list() }
      let subject = try subject()
      guard let number = try changing(path, { try $0.addNote(text, about: subject) }) else {
        throw ValidationError("the case holds no \(words)")
      }
      Terminal.say("note \(number)")
    }
  }

  private func subject() throws -> NoteSubject {
    if let packet { return .packet(try PacketName(packet, in: CaseReader(path: path)).id) }
    if let flow { return .flow(flow) }
    if let finding { return .finding(finding) }
    guard let at else { return .wholeCase }
    let (time, basis) = try typedTime(at, zone: .gmt)
    guard basis == .utc else {
      throw ValidationError("'\(at)' has no date; write 2026-11-24T13:24:32Z")
    }
    return .time(time)
  }

  /// What the note is about, as it was typed.
  private var words: String {
    [("packet", packet), ("flow", flow.map(String.init)), ("finding", finding.map(String.init))]
      .compactMap { word, value in value.map { "\(word) \($0)" } }.first ?? "such thing"
  }

  private func list() throws {
    let reader = try CaseReader(path: path)
    if let notice = reader.notice { Terminal.say(notice) }
    try table.print(
      reader,
      """
      SELECT note_id, time, who,
             CASE WHEN packet_id IS NOT NULL
               THEN (packet_id >> 32) || ':' || (packet_id & 4294967295) END AS packet,
             flow_id, finding_id,
             strftime('%Y-%m-%dT%H:%M:%SZ', ts / 1000000000, 'unixepoch') AS about_time, text
      FROM notes
      ORDER BY note_id
      """)
  }
}
