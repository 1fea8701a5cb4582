import ArgumentParser
import CaseStore
import Foundation
import Reporting

/// `wirecase report`: the incident report.
struct WriteReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write the incident report of a case: what failed, for whom, when, and why.",
    discussion: """
      The investigations are run; what they find, the likely causes with the evidence for and \
      against each, and what the captures cannot tell are written as one document. The same case \
      and options give the same bytes.
      """)

  /// The renderings of a report.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case markdown, html, json
  }

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Option(
    help:
      "markdown, html or json. Without it, the end of --output tells (.html, .json); else markdown."
  )
  var format: String?

  @Flag(help: "The same as --format json.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file, whole or not at all.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: "Title of the report.")
  var title: String?

  @Option(help: "Who wrote it.")
  var analyst: String?

  @Option(help: "For whom.")
  var organisation: String?

  @Option(help: ArgumentHelp("What users complained about.", valueName: "text"))
  var complaint: String?

  @Option(help: ArgumentHelp("When they did: a date and time, or a clock.", valueName: "time"))
  var reportedAt: String?

  @Option(
    help: ArgumentHelp(
      """
      What you know of the incident, in YAML: title, organisation, analyst, reported_at, complaint, \
      and what sites and servers are called. Options win over it.
      """, valueName: "file"), completion: .file())
  var incident: String?

  @Option(
    help: ArgumentHelp("Zone of the times in the report, such as Europe/Berlin.", valueName: "zone")
  )
  var timeZone: String?

  @OptionGroup var scope: ScopeOptions

  func validate() throws {
    if let format, Format(rawValue: format) == nil {
      throw ValidationError("unknown format '\(format)'; use markdown, html or json")
    }
    if json, let format, format != Format.json.rawValue {
      throw ValidationError("--json is --format json; give it or --format \(format)")
    }
    if let timeZone, PrintedTimes.timeZone(timeZone) == nil {
      throw ValidationError(
        "unknown time zone '\(timeZone)'; use a name such as Europe/Berlin or UTC")
    }
  }

  func run() throws {
    try reportingErrors {
      if let reportedAt { _ = try typedTime(reportedAt, zone: zone) }
      if let output {
        try Self.checkMayReplace(output)
        try checkEnding(of: output)
      }
      var options = try options()
      options.hasPictures = chosenFormat != .markdown
      let part = try scope.open(path, zone: options.timeZone)
      options.scope = part.words
      let report = try ReportBuilder(part.reader, options: options).build()
      let text =
        switch chosenFormat {
        case .markdown: report.markdown()
        case .html: report.html()
        case .json: try report.json()
        }
      guard let output else {
        try Terminal.print(text)
        return
      }
      do {
        try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
      } catch {
        throw ValidationError(
          "\(output): cannot be written; nothing was changed. Check the folder and its permissions")
      }
    }
  }

  /// A report takes the place of an earlier one or of an empty file, never that of anything else.
  private static func checkMayReplace(_ path: String) throws {
    let kind = try? URL(filePath: path).resourceValues(forKeys: [.isDirectoryKey])
    if kind?.isDirectory == true {
      throw ValidationError("\(path): a folder; name the file in it that the report is to be")
    }
    guard Report.mayReplaceFile(at: path) else {
      throw ValidationError(
        "\(path): holds something else than a report, and is left alone; name another file, or "
          + "remove it first")
    }
  }

  /// What the names of files end with.
  private static let endings: [String: Format] = [
    "": .markdown, "md": .markdown, "markdown": .markdown, "txt": .markdown, "html": .html,
    "htm": .html, "json": .json,
  ]

  /// What the name of a file says that it holds.
  private static func format(ofFile path: String) -> Format? {
    endings[URL(filePath: path).pathExtension.lowercased()]
  }

  /// A file's name says what it holds, where nothing else does.
  private func checkEnding(of output: String) throws {
    guard format != nil || json || Self.format(ofFile: output) != nil else {
      throw ValidationError(
        "\(output): a report is Markdown, HTML or JSON; name it .md, .html or .json, or say which "
          + "by --format")
    }
  }

  /// What was asked for, or else what the name of the file says.
  private var chosenFormat: Format {
    if json { return .json }
    if let format { return Format(rawValue: format) ?? .markdown }
    return output.flatMap(Self.format) ?? .markdown
  }

  private var zone: TimeZone { timeZone.flatMap(PrintedTimes.timeZone) ?? .gmt }

  /// - Throws: `IncidentFileError`.
  private func options() throws -> ReportOptions {
    var options = ReportOptions(programVersion: Wirecase.version)
    if let incident {
      options.describe(
        try IncidentFile(path: incident) { TimeText.time(in: $0, zone: zone) != nil })
    }
    options.title = title ?? options.title
    options.analyst = analyst ?? options.analyst
    options.organisation = organisation ?? options.organisation
    options.complaint = complaint ?? options.complaint
    options.reportedAt = reportedAt ?? options.reportedAt
    options.timeZone = zone
    return options
  }
}
