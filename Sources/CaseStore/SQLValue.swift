/// A value of SQLite's: what a cell of a result holds, and what a parameter is bound to.
public enum SQLValue: Equatable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// The integer, when it is one.
  public var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The number, whole or not.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// The text, when it is one.
  public var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The value as text: empty for NULL, `x'…'` for a blob.
  public var description: String {
    switch self {
    case .null: return ""
    case .integer(let value): return String(value)
    case .real(let value): return String(value)
    case .text(let value): return value
    case .blob(let octets):
      let digits = Array("0123456789abcdef")
      var text = "x'"
      for octet in octets {
        text.append(digits[Int(octet >> 4)])
        text.append(digits[Int(octet & 15)])
      }
      return text + "'"
    }
  }
}

/// A row of a result, read by the names of its columns.
public struct SQLRow: Sendable {
  public let columns: [String]
  public let values: [SQLValue]

  public init(columns: [String], values: [SQLValue]) {
    (self.columns, self.values) = (columns, values)
  }

  /// The value of the first column of that name; NULL when there is none.
  public subscript(_ column: String) -> SQLValue {
    columns.firstIndex(of: column).map { values[$0] } ?? .null
  }
}

extension SQLValue {
  /// The value that a user typed for a parameter: a number where it is written in plain decimal, such
  /// as `-12` or `0.5`, else text. What else Swift would read as a number (`nan`, `0x1f`, `1e5`,
  /// `+1`), and what SQLite cannot hold, is text.
  public init(typed text: String) {
    if text.wholeMatch(of: /-?[0-9]+/) != nil, let number = Int64(text) {
      self = .integer(number)
    } else if text.wholeMatch(of: /-?[0-9]+\.[0-9]+/) != nil, let number = Double(text),
      number.isFinite
    {
      self = .real(number)
    } else {
      self = .text(text)
    }
  }
}
