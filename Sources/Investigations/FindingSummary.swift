import CaseStore

extension Investigation {
  /// A row of its result in a line: `column value`, parted by commas, without times and packets,
  /// which stand beside it. A measure has its unit's symbol behind it; what a count counts is told
  /// by the column's name.
  public func summary(of row: SQLRow) -> String {
    let parts = columns.compactMap { column -> String? in
      let value = row[column.name]
      guard value != .null, !column.name.hasSuffix("_ts"), !column.name.hasSuffix("packet_id")
      else { return nil }
      let isMeasure = column.unit != "-" && column.unit.count <= 3 && column.type != .text
      let text = if case .real(let number) = value { decimal(number) } else { value.description }
      return "\(column.name) \(text)" + (isMeasure ? " \(column.unit)" : "")
    }
    return parts.joined(separator: ", ")
  }
}

/// A number to three digits behind the point, without closing zeros.
private func decimal(_ number: Double) -> String {
  guard number.magnitude < 1e12 else { return String(number) }
  let thousandths = Int64((number * 1000).rounded())
  let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
  var digits = String(String(rest + 1000).dropFirst())
  while digits.hasSuffix("0") { digits.removeLast() }
  return (thousandths < 0 ? "-" : "") + String(whole) + (digits.isEmpty ? "" : ".\(digits)")
}
