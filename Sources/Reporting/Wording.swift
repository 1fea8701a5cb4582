// Numbers, lists and lengths of time in plain English, the same in every sentence.

/// A count with its noun: `1 question`, `3 questions`, `12,000 errors`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(plural(noun, count))"
}

/// The noun alone, in the number that `count` asks for.
public func plural(_ noun: String, _ count: Int) -> String {
  if count == 1 { return noun }
  let isConsonant = noun.dropLast().last.map { !"aeiou".contains($0) } ?? false
  if noun.hasSuffix("y"), isConsonant { return noun.dropLast() + "ies" }
  return noun + "s"
}

/// A whole number with its thousands parted by commas, from 10,000 on.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  guard digits.count > 4 else { return String(number) }
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}

/// `a`, `a and b`, `a, b and c`; beyond `limit` words the rest is counted.
func listed(_ words: [String], limit: Int = 5, joining last: String = "and") -> String {
  guard words.count > 1 else { return words.first ?? "" }
  if words.count > limit {
    return words.prefix(limit).joined(separator: ", ") + " \(last) \(words.count - limit) more"
  }
  return words.dropLast().joined(separator: ", ") + " \(last) " + (words.last ?? "")
}

/// A length of time to the millisecond, below a second finer: `0.088 ms`, `412.5 ms`, `43.742 s`, `4 min 17.830 s`, `2 h 3 min`.
///
/// - Parameter nanoseconds: Rounded to the nearest millisecond, below a second microsecond.
func duration(_ nanoseconds: Int64) -> String {
  let magnitude = nanoseconds.magnitude
  if magnitude < 1_000_000_000 {
    let microseconds = magnitude / 1000 + (magnitude % 1000 >= 500 ? 1 : 0)
    var digits = String(String(microseconds % 1000 + 1000).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(nanoseconds < 0 ? "-" : "")\(microseconds / 1000)"
      + "\(digits.isEmpty ? "" : ".\(digits)") ms"
  }
  let milliseconds = magnitude / 1_000_000 + (magnitude % 1_000_000 >= 500_000 ? 1 : 0)
  let sign = nanoseconds < 0 ? "-" : ""
  let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
  let padded = String(rest + 1000).dropFirst()
  if seconds < 60 { return "\(sign)\(seconds).\(padded) s" }
  if seconds < 3600 { return "\(sign)\(seconds / 60) min \(seconds % 60).\(padded) s" }
  return "\(sign)\(seconds / 3600) h \(seconds % 3600 / 60) min"
}

/// A share in percent: whole numbers from 1 % on, else two digits behind the point.
func percent(_ part: Int, of whole: Int) -> String {
  guard whole > 0 else { return "0 %" }
  let share = Double(part) * 100 / Double(whole)
  if part == whole { return "100 %" }
  if share >= 99.5 { return "over 99 %" }
  if share >= 1 { return "\(Int(share.rounded())) %" }
  let hundredths = Int((share * 100).rounded())
  if hundredths == 0 { return part == 0 ? "0 %" : "under 0.01 %" }
  return "0.\(String(hundredths + 100).dropFirst()) %"
}

/// A text of at most `limit` characters and a word on how many more there are.
func shortened(_ text: String, to limit: Int = 600) -> String {
  // Characters are at most as many as octets, which are counted faster.
  guard text.utf8.count > limit else { return text }
  let count = text.count
  return count > limit ? text.prefix(limit) + "… (\(count - limit) more characters)" : text
}

extension String {
  /// With its first letter as at the beginning of a sentence.
  var asSentenceStart: String { prefix(1).uppercased() + dropFirst() }
}
