import CaseStore
import Investigations
import Reporting

/// `wirecase sql CASE` on a terminal: statements that are typed, and their rows.
///
/// For one thread. The case is only read.
public final class Prompt {
  private let reader: CaseReader
  private let views: [ViewDescription]
  private let investigations: [Investigation]
  private var parameters: [String: SQLValue]
  private var format: TableFormat
  private let timeout: Double?
  private var isTimed = false
  /// The lines of a statement that has not ended.
  private var statement = ""
  /// What was typed since the last statement ended.
  private var typed: [String] = []
  private let layout: () -> TerminalLayout
  private let print: (String) throws -> Void
  private let say: (String) -> Void
  private let afterStatement: () -> [String]
  private let history = HistoryFile()

  /// What ends the printing of rows.
  private struct Stopped: Error {}

  /// What SQLite takes as one statement at most, in octets.
  private static let longestStatement = 1_000_000

  /// - Parameters:
  ///   - parameters: Values of named parameters, until others are given.
  ///   - timeout: Seconds until a statement is stopped.
  ///   - layout: What tables may use of the terminal, now.
  ///   - print: Gets rows, piece by piece, as they are to stand on the terminal.
  ///   - say: Gets lines about them.
  ///   - afterStatement: What is to be said when a statement has ended.
  /// - Throws: `SQLFault`, `CaseError`.
  public init(
    _ reader: CaseReader, investigations: [Investigation], parameters: [String: SQLValue],
    format: TableFormat, timeout: Double?, layout: @escaping () -> TerminalLayout,
    print: @escaping (String) throws -> Void, say: @escaping (String) -> Void,
    afterStatement: @escaping () -> [String]
  ) throws {
    (self.reader, self.investigations, self.parameters) = (reader, investigations, parameters)
    (self.format, self.timeout, self.layout) = (format, timeout, layout)
    (self.print, self.say, self.afterStatement) = (print, say, afterStatement)
    views = try reader.views()
  }

  /// Reads lines until the user ends it.
  ///
  /// - Throws: What `print` throws for what is typed no more; what is wrong with a statement is said
  ///   and the next one awaited.
  public func run() throws {
    let functions = try reader.rows(
      "SELECT DISTINCT name FROM pragma_function_list WHERE name GLOB '[a-z]*' ORDER BY name"
    ).compactMap { $0["name"].text }
    let completer = Completer(
      views: views, functions: functions, investigations: investigations.map(\.name),
      formats: TableFormat.allCases.map(\.rawValue))
    let editor = LineEditor(history: history.entries()) { [unowned self] before, after in
      completer.completion(of: before, before: after, in: statement)
    }
    guard let editor else {
      return say("the terminal cannot be used for a prompt; give a statement")
    }
    StatementStop.begin()
    defer { StatementStop.end() }
    try greet()
    var emptyDrops = 0
    while true {
      switch editor.read(prompt: statement.isEmpty ? "wirecase> " : "     ...> ") {
      case .end:
        // The shell's own prompt begins on a line of its own.
        return try print("\n")
      case .dropped(let wasEmpty):
        emptyDrops = wasEmpty && statement.isEmpty ? emptyDrops + 1 : 0
        forget()
        if emptyDrops == 2 { say(".quit or Ctrl-D ends") }
      case .line(let line):
        emptyDrops = 0
        StatementStop.reset()
        guard try take(line, editor) else { return }
      }
    }
  }

  private func greet() throws {
    let counts = try reader.firstRow("SELECT count(*), sum(packets) FROM captures")?.values
    let captures = counts?.first?.integer ?? 0
    let packets = counts?.last?.integer ?? 0
    say(
      "\(reader.path): \(captures) \(plural("capture", Int(clamping: captures))), "
        + "\(packets) \(plural("packet", Int(clamping: packets))). "
        + "End statements with ';'; .help tells more, .quit ends.")
  }

  /// - Returns: Whether to go on.
  private func take(_ line: String, _ editor: LineEditor) throws -> Bool {
    let isBlank = line.allSatisfy(\.isWhitespace)
    if statement.isEmpty {
      if isBlank { return true }
      if line.hasPrefix(".") || ["quit", "exit", "help"].contains(line) {
        remember([line], editor)
        return try obey(line.hasPrefix(".") ? line : "." + line)
      }
    }
    statement += statement.isEmpty ? line : "\n" + line
    if !isBlank { typed.append(line) }
    if statement.utf8.count > Self.longestStatement {
      say("longer than \(Self.longestStatement) octets; put it in a file and give --file")
      forget()
    } else if StatementText.isComplete(statement) {
      remember(typed, editor)
      let text = statement
      forget()
      try answer(text, parameters)
    }
    return true
  }

  private func forget() { (statement, typed) = ("", []) }

  /// Keeps a statement as one line; one with comments, which end with theirs, line by line.
  private func remember(_ lines: [String], _ editor: LineEditor) {
    let hasComments = lines.count > 1 && lines.contains { $0.contains("--") }
    for entry in hasComments ? lines : [lines.joined(separator: " ")] {
      editor.remember(entry)
      history.add(entry)
    }
  }

  // MARK: - Statements

  private func answer(_ text: String, _ parameters: [String: SQLValue]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var (rows, hasColumns) = (0, false)
    var output = TabularOutput(format: format, layout: layout()) { [print] in
      if StatementStop.isAsked { throw Stopped() }
      try print($0)
    }
    do {
      try reader.run(
        text, parameters: parameters,
        limits: QueryLimits(timeout: timeout) { StatementStop.isAsked },
        begin: {
          hasColumns = true
          try output.begin(columns: $0)
        },
        body: {
          if StatementStop.isAsked { throw Stopped() }
          rows += 1
          try output.add($0)
          return true
        })
      try output.end()
      if hasColumns && rows == 0 { say("0 rows") }
    } catch is Stopped {
      try sayStopped()
    } catch let fault as SQLFault {
      if fault.reason == SQLFault.stopped { try sayStopped() } else { say(words(of: fault)) }
    } catch let error as CaseError {
      say(error.description)
    }
    afterStatement().forEach(say)
    if isTimed {
      let seconds = (clock.now - start) / .seconds(1)
      let thousandths = Int((seconds * 1000).rounded())
      let digits = String(thousandths % 1000)
      let fraction = String(repeating: "0", count: 3 - digits.count) + digits
      say("\(thousandths / 1000).\(fraction) s, \(rows) row\(rows == 1 ? "" : "s")")
    }
  }

  /// On a line of its own: the key that stopped the statement was shown.
  private func sayStopped() throws {
    try print("\n")
    say(SQLFault.stopped)
  }

  /// A parameter without a value is given one here by a command of the prompt.
  private func words(of fault: SQLFault) -> String {
    guard let match = fault.reason.prefixMatch(of: /no value for parameter .(\w+)/) else {
      return "error: \(fault.description)"
    }
    return "error: \(match.0); .param \(match.1) VALUE gives one"
  }

  // MARK: - Commands

  /// - Returns: Whether to go on.
  private func obey(_ line: String) throws -> Bool {
    do {
      return try perform(DotCommand(line))
    } catch let fault as DotCommand.Fault {
      say(fault.message)
      return true
    }
  }

  private func perform(_ command: DotCommand) throws -> Bool {
    switch command {
    case .help: try print(DotCommand.helpText)
    case .tables: try printPairs(views.map { ($0.name, $0.what) })
    case .schema(let name): try printSchema(name)
    case .investigations(nil):
      try printPairs(investigations.map { ($0.name, "\($0.severity.rawValue): \($0.title)") })
    case .investigations(let name?):
      try print(investigation(named: name).sql.split(separator: "\n").map(Self.line).joined())
    case .run(let name):
      let investigation = try investigation(named: name)
      let defaults = investigation.parameters.map { ($0.name, $0.defaultValue) }
      try answer(
        investigation.sql,
        Dictionary(defaults) { first, _ in first }.merging(parameters) { _, given in given })
    case .mode(let format): self.format = format
    case .timer(let isTimed): self.isTimed = isTimed
    case .parameter(nil, _):
      try printPairs(parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) })
    case .parameter(let name?, let value): parameters[name] = value
    case .quit: return false
    }
    return true
  }

  private func investigation(named name: String) throws -> Investigation {
    guard let found = investigations.first(where: { $0.name == name }) else {
      let nearest = NearestName.of(name, among: investigations.map(\.name))
      throw DotCommand.Fault(
        message: "no investigation '\(name)'"
          + NearestName.suggestion(nearest, otherwise: "; .investigations lists them"))
    }
    return found
  }

  private func printSchema(_ name: String?) throws {
    let chosen = name.map { name in views.filter { $0.name == name } } ?? views
    if let name, chosen.isEmpty {
      let nearest = NearestName.of(name, among: views.map(\.name))
      throw DotCommand.Fault(
        message: "no view '\(name)'"
          + NearestName.suggestion(nearest, otherwise: "; .tables lists them"))
    }
    for (index, view) in chosen.enumerated() {
      if index > 0 { try print("\n") }
      try print(Self.line(view.what.isEmpty ? view.name : "\(view.name): \(view.what)"))
      try printPairs(view.columns.map { ("  " + $0.name, $0.what) })
    }
  }

  /// Names, and what each means beside it.
  private func printPairs(_ pairs: [(name: String, what: String)]) throws {
    let width = (pairs.map(\.name.count).max() ?? 0) + 2
    for (name, what) in pairs {
      let padding = String(repeating: " ", count: what.isEmpty ? 0 : width - name.count)
      try print(Self.line(name + padding + what))
    }
  }

  /// A line of text that may come out of a case or a folder.
  private static func line(_ text: some StringProtocol) -> String {
    TabularOutput.harmless(String(text)) + "\n"
  }
}
