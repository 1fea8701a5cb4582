import ArgumentParser
import CaseStore
import Investigations
import Reporting

/// `wirecase investigations`: what can be run, and what each means; whether a new one is in order.
struct InvestigationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "investigations",
    abstract: "List the investigations; with a name: what it means, its parameters, its SQL.",
    discussion: """
      'wirecase investigations NAME' describes one, 'wirecase investigations check FILE' says what is \
      wrong with one that you write. Yours belong in ~/.config/wirecase/queries \
      ($XDG_CONFIG_HOME/wirecase/queries): 'run' and the list know them from there.
      """,
    subcommands: [ListInvestigations.self, CheckInvestigations.self],
    defaultSubcommand: ListInvestigations.self)
}

/// `wirecase investigations [NAME]`.
struct ListInvestigations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the investigations; with a name: what it means, its parameters, its SQL.")

  @Argument(help: "Name of an investigation.", completion: .investigation)
  var name: String?

  @OptionGroup var queries: QueryOptions

  @OptionGroup var table: TableOptions

  func validate() throws {
    if name != nil && table.asked != nil {
      throw ValidationError("--format goes with the list; a description is text")
    }
  }

  func run() throws {
    try reportingErrors {
      let library = try queries.library(asked: name.map { [$0] } ?? [])
      if let name {
        try Terminal.print(Self.description(of: library.investigation(named: name)))
        return
      }
      var output = table.output()
      try output.begin(columns: ["name", "severity", "title", "parameters", "origin"])
      for investigation in library.all {
        try output.add([
          .text(investigation.name), .text(investigation.severity.rawValue),
          .text(investigation.title),
          .text(
            investigation.parameters.map { "\($0.name)=\($0.defaultValue.description)" }
              .joined(separator: " ")),
          .text(Self.origin(of: investigation)),
        ])
      }
      try output.end()
    }
  }

  /// `shipped`, or the path of the user's file.
  private static func origin(of investigation: Investigation) -> String {
    if investigation.source == .shipped { return "shipped" }
    return investigation.origin
      + (investigation.replacesShipped ? ", replaces the shipped one" : "")
  }

  private static func description(of investigation: Investigation) -> String {
    var text = """
      \(investigation.name): \(investigation.title)
      severity \(investigation.severity.rawValue): \(investigation.severityReason)
      from \(investigation.source == .shipped ? investigation.origin : origin(of: investigation))

      \(investigation.meaning)

      Parameters

      """
    if investigation.parameters.isEmpty { text += "  none\n" }
    for parameter in investigation.parameters {
      let unit = parameter.unit == "-" ? "" : " \(parameter.unit)"
      text +=
        "  \(parameter.name)=\(parameter.defaultValue.description)\(unit): \(parameter.what)\n"
    }
    text += "\nColumns\n"
    for column in investigation.columns {
      let unit = column.unit == "-" ? "" : ", \(column.unit)"
      text += "  \(column.name) (\(column.type.rawValue)\(unit)): \(column.what)\n"
    }
    text += "\nNo incident when: \(investigation.benign)\nCannot tell: \(investigation.limits)\n"
    for reference in investigation.references { text += "See \(reference)\n" }
    return text + "\n\(investigation.sql)\n"
  }
}
