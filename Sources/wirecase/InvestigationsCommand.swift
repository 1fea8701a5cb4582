import ArgumentParser
import CaseStore
import Investigations
import Reporting

/// `wirecase investigations`: what can be run, and what each means.
struct ListInvestigations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "investigations",
    abstract: "List the investigations; with a name: what it means, its parameters, its SQL.")

  @Argument(help: "Name of an investigation.")
  var name: String?

  @Option(
    help: ArgumentHelp("Folder of further investigations.", valueName: "folder"),
    completion: .directory)
  var queries: [String] = []

  @OptionGroup var table: TableOptions

  func validate() throws {
    if name != nil && table.asked != nil {
      throw ValidationError("--format goes with the list; a description is text")
    }
  }

  func run() throws {
    try reportingErrors {
      var library = try InvestigationLibrary()
      for folder in queries { try library.add(folder: folder) }
      if let name {
        try Terminal.print(Self.description(of: library.investigation(named: name)))
        return
      }
      var output = table.output()
      try output.begin(columns: ["name", "severity", "title", "parameters"])
      for investigation in library.all {
        try output.add([
          .text(investigation.name), .text(investigation.severity.rawValue),
          .text(investigation.title),
          .text(
            investigation.parameters.map { "\($0.name)=\($0.defaultValue.description)" }
              .joined(separator: " ")),
        ])
      }
      try output.end()
    }
  }

  private static func description(of investigation: Investigation) -> String {
    var text = """
      \(investigation.name): \(investigation.title)
      severity \(investigation.severity.rawValue): \(investigation.severityReason)
      from \(investigation.origin)

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
