import CaseStore
import Reporting

/// A line of the prompt that begins with a dot.
enum DotCommand: Equatable {
  case help
  case tables
  /// Of one view; of all for `nil`.
  case schema(String?)
  case investigations(String?)
  case run(String)
  case mode(TableFormat)
  case timer(Bool)
  /// All values for no name; none of that name any more for no value.
  case parameter(name: String?, value: SQLValue?)
  case quit

  /// What is wrong with a line, in one sentence.
  struct Fault: Error, Equatable {
    var message: String
  }

  static let names = [
    ".exit", ".help", ".investigations", ".mode", ".param", ".quit", ".run", ".schema", ".tables",
    ".timer",
  ]

  static let helpText = """
    .help                   this list
    .tables                 the views, and what a row of each is
    .schema [VIEW]          the columns of a view, and what they mean; of all views
    .investigations [NAME]  the investigations; with a name, the SQL of one
    .run NAME               the statement of an investigation; parameters by .param, else their defaults
    .mode MODE              how rows are printed: table, csv, json, ndjson, markdown
    .param [NAME [VALUE]]   the value of :NAME in statements; without a value, none; without a name, all
    .timer on|off           say how long each statement took, and how many rows it gave
    .quit, .exit, Ctrl-D    end

    A statement ends with a semicolon and may take several lines. Tab completes, the arrow keys and Ctrl-R
    reach earlier lines, Ctrl-C stops a statement or drops what is typed. The case is never changed.

    """

  /// - Parameter line: With its dot.
  init(_ line: String) throws(Fault) {
    let words = line.split(maxSplits: 2, whereSeparator: \.isWhitespace).map(String.init)
    let command = words.first ?? ""
    let rest = Array(words.dropFirst())
    func fault(_ usage: String) -> Fault { Fault(message: "write \(usage)") }
    func atMost(_ count: Int, _ usage: String) throws(Fault) {
      if rest.count > count { throw fault(usage) }
    }
    switch command {
    case ".help":
      try atMost(0, ".help")
      self = .help
    case ".tables":
      try atMost(0, ".tables")
      self = .tables
    case ".schema":
      try atMost(1, ".schema [VIEW]")
      self = .schema(rest.first)
    case ".investigations":
      try atMost(1, ".investigations [NAME]")
      self = .investigations(rest.first)
    case ".run":
      guard rest.count == 1 else { throw fault(".run NAME; values go by .param") }
      self = .run(rest[0])
    case ".mode":
      guard rest.count == 1, let format = TableFormat(rawValue: rest[0]) else {
        throw fault(".mode " + TableFormat.allCases.map(\.rawValue).joined(separator: ", or "))
      }
      self = .mode(format)
    case ".timer":
      guard rest == ["on"] || rest == ["off"] else { throw fault(".timer on, or .timer off") }
      self = .timer(rest == ["on"])
    case ".param":
      guard rest.first != "set" else { throw fault(".param NAME VALUE, without 'set'") }
      let value = rest.count > 1 ? rest[1].trimmingSuffix(while: \.isWhitespace) : nil
      self = .parameter(
        name: rest.first.map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 },
        value: value.map { Self.value(String($0)) })
    case ".quit", ".exit":
      self = .quit
    default:
      throw Fault(message: "no command \(command); .help lists them")
    }
  }

  /// A number, or text; text in single quotes is without them, whatever stands in it.
  private static func value(_ text: String) -> SQLValue {
    guard text.count > 1, text.hasPrefix("'"), text.hasSuffix("'") else {
      return SQLValue(typed: text)
    }
    return .text(String(text.dropFirst().dropLast()).replacing("''", with: "'"))
  }
}

extension String {
  /// The text without those of its last characters that are so.
  fileprivate func trimmingSuffix(while isSo: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, isSo(last) { text.removeLast() }
    return text
  }
}
