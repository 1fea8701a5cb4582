extension SQLValue {
  /// The value as it may stand in a file that a spreadsheet opens: a text that such a program would
  /// run as a formula has an apostrophe before it. Numbers stay as they are, also those that are
  /// written as text, with `s` behind them for seconds.
  ///
  /// Source: OWASP, "CSV Injection".
  public var harmlessInSpreadsheet: SQLValue {
    guard case .text(let text) = self, let first = text.utf8.first,
      "=+-@\t\r".utf8.contains(first), !Self.isSignedNumber(text)
    else { return self }
    return .text("'" + text)
  }

  /// A sign, digits with at most one point between them, and perhaps ` s`: nothing to compute.
  private static func isSignedNumber(_ text: String) -> Bool {
    let number = text.hasSuffix(" s") ? text.dropLast(2) : text[...]
    let parts = number.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
    return (number.first == "+" || number.first == "-") && parts.count <= 2
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      }
  }
}
