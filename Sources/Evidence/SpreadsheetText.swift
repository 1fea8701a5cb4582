import CaseStore

extension SQLValue {
  /// The value as it may stand in a file that a spreadsheet opens: a text that such a program would
  /// run as a formula has an apostrophe before it; numbers stay as they are.
  ///
  /// Source: OWASP, "CSV Injection".
  public var harmlessInSpreadsheet: SQLValue {
    guard case .text(let text) = self, let first = text.utf8.first,
      "=+-@\t\r".utf8.contains(first)
    else { return self }
    return .text("'" + text)
  }
}
