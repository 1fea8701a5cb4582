import ArgumentParser
import CaseStore
import Evidence
import Foundation
import Investigations
import Prompting
import Reporting

/// `wirecase sql`: ad hoc questions, read-only.
struct SQL: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Ask a case anything in SQL. The case is never changed.",
    discussion: """
      The statement comes from the command line, from --file, or from standard input; on a terminal, \
      without any, there is a prompt: .help tells what it takes. Named parameters (:name) get their \
      values by --param name=value. Beside SQLite's functions there are \
      \(CaseReader.functionNames.joined(separator: ", ")). ATTACH, extensions, and whatever writes \
      are refused.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Argument(
    help: ArgumentHelp(
      "The statement, in quotes; several are parted by semicolons.", valueName: "statement"))
  var statements: [String] = []

  @Option(help: "Read the statement from a file.", completion: .file())
  var file: String?

  @Option(
    name: .customLong("param"), help: ArgumentHelp("Value of a parameter.", valueName: "name=value")
  )
  var parameters: [String] = []

  @Option(help: ArgumentHelp("Stop after that many seconds.", valueName: "seconds"))
  var timeout: Double?

  @OptionGroup var table: TableOptions

  func validate() throws {
    if statements.count > 1 {
      throw ValidationError(
        "the statement is \(statements.count) words to the shell; put it in quotes")
    }
    if !statements.isEmpty && file != nil {
      throw ValidationError("give a statement or --file, not both")
    }
    if let timeout, !(timeout > 0 && timeout <= 1e9) {
      throw ValidationError("--timeout takes seconds above 0, at most 1000000000")
    }
  }

  func run() throws {
    try reportingErrors {
      let values = try parameterValues(parameters)
      if statements.isEmpty && file == nil && Terminal.isInteractive {
        return try prompt(values)
      }
      let text = try text()
      if text.allSatisfy(\.isWhitespace) {
        throw ValidationError("no statement; write one behind the case, or give --file")
      }
      for name in values.keys.sorted()
      where ![":", "@", "$"].contains(where: { text.contains($0 + name) }) {
        throw ValidationError("the statement has no parameter ':\(name)'")
      }
      let (reader, dump) = try open()
      defer { dump.takeLosses().forEach(Terminal.say) }
      try table.print(
        reader, text, parameters: values, limits: QueryLimits(timeout: timeout))
    }
  }

  /// The case, with the functions of statements, and what reads packets for one of them.
  private func open() throws -> (CaseReader, PacketHexDump) {
    let reader = try CaseReader(path: path)
    if let notice = reader.notice { Terminal.say(notice) }
    let dump = PacketHexDump(path: path)
    try reader.addFunctions { dump.text(of: $0) }
    return (reader, dump)
  }

  private func prompt(_ values: [String: SQLValue]) throws {
    let (reader, dump) = try open()
    let prompt = try Prompt(
      reader, investigations: InvestigationLibrary().all, parameters: values,
      format: table.chosen, timeout: timeout, layout: { Terminal.layout },
      print: { try Terminal.print($0) },
      say: { Terminal.show(TabularOutput.harmless($0) + "\n") },
      afterStatement: { dump.takeLosses() })
    try prompt.run()
  }

  private func text() throws -> String {
    if let statement = statements.first { return statement }
    if let file {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw ValidationError("\(file): cannot be read; check the path")
      }
      return String(decoding: data, as: UTF8.self)
    }
    if Terminal.inputIsTerminal {
      throw ValidationError(
        "no statement; write one behind the case, or give --file. The prompt needs a terminal for its "
          + "output, too")
    }
    return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
  }
}

/// Values of `--param name=value`: see `SQLValue.init(typed:)`.
///
/// - Throws: `ValidationError` for what is not `name=value`.
func parameterValues(_ words: [String]) throws -> [String: SQLValue] {
  var values: [String: SQLValue] = [:]
  for word in words {
    guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
      throw ValidationError("'\(word)': write --param name=value")
    }
    values[String(word[..<equals])] = SQLValue(
      typed: String(word[word.index(after: equals)...]))
  }
  return values
}
