/// Values as JSON: RFC 8259.
public enum JSONText {
  /// A row as an object, in the order of the columns.
  public static func object(_ columns: [String], _ values: [SQLValue]) -> String {
    let members = zip(columns, values).map { "\(string($0)): \(value($1))" }
    return "{" + members.joined(separator: ", ") + "}"
  }

  /// A blob is the text of its digits; what is no finite number is `null`.
  public static func value(_ value: SQLValue) -> String {
    switch value {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? String(number) : "null"
    case .text, .blob: string(value.description)
    }
  }

  /// A string, RFC 8259, section 7. What `HarmlessText` shows is escaped, so that JSON may stand on
  /// a terminal too, and loses nothing by that.
  public static func string(_ text: String) -> String {
    // Most text stands as it is.
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f || $0 == 0x22 || $0 == 0x5c }) else {
      return "\"" + text + "\""
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where HarmlessText.isHarmful(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
