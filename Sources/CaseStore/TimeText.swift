import Foundation

/// Times as text, in the form that the views give them.
public enum TimeText {
  /// RFC 3339 in UTC, or in `zone`; the bare clock, or the time since the first packet, where that
  /// is all that a capture says. Six digits of a second, nine where they are needed.
  ///
  /// - Parameter time: Nanoseconds, counted as `basis` says.
  public static func text(
    of time: Int64, basis: CaptureFacts.TimeBasis, zone: TimeZone = .gmt
  ) -> String {
    let nanoseconds = ((time % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
    let seconds = time / 1_000_000_000 - (time % 1_000_000_000 < 0 ? 1 : 0)
    switch basis {
    case .utc:
      let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
      return date(seconds + Int64(offset)) + "T" + clock(seconds + Int64(offset))
        + fraction(nanoseconds) + suffix(offset)
    case .clock:
      let days = seconds / 86_400
      return clock(seconds) + fraction(nanoseconds) + (days > 0 ? " +\(days)d" : "")
    case .relative, .none:
      let digits = String(nanoseconds)
      return "+\(seconds)." + String(repeating: "0", count: 9 - digits.count) + digits + " s"
    }
  }

  private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func clock(_ seconds: Int64) -> String {
    let second = ((seconds % 86_400) + 86_400) % 86_400
    return [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
  }

  private static func fraction(_ nanoseconds: Int64) -> String {
    let (value, width) =
      nanoseconds % 1000 == 0 ? (nanoseconds / 1000, 6) : (nanoseconds, 9)
    let digits = String(value)
    return "." + String(repeating: "0", count: width - digits.count) + digits
  }

  private static func suffix(_ offset: Int) -> String {
    if offset == 0 { return "Z" }
    let minutes = Int64(abs(offset) / 60)
    return (offset < 0 ? "-" : "+") + twoDigits(minutes / 60) + ":" + twoDigits(minutes % 60)
  }

  /// The civil date of a count of seconds since 1970, by the days of 400-year cycles from March.
  private static func date(_ seconds: Int64) -> String {
    let second = ((seconds % 86_400) + 86_400) % 86_400
    let days = (seconds - second) / 86_400 + 719_468
    let dayOfCycle = ((days % 146_097) + 146_097) % 146_097
    let cycle = (days - dayOfCycle) / 146_097
    let yearOfCycle =
      (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfCycle + cycle * 400 + (civilMonth <= 2 ? 1 : 0)
    return "\(year)-\(twoDigits(civilMonth))-\(twoDigits(day))"
  }

  /// The time that a text says, and how it counts: RFC 3339, also without seconds or zone, or a
  /// date alone, which is its midnight; a bare clock; and each form that `text` gives.
  ///
  /// - Parameter zone: Of a date and time that names none.
  /// - Returns: Nanoseconds, counted as the basis says; `nil` for what is no time.
  public static func time(
    in text: String, zone: TimeZone = .gmt
  ) -> (nanoseconds: Int64, basis: CaptureFacts.TimeBasis)? {
    if let match = text.wholeMatch(of: /\+(\d{1,9})\.(\d{9}) s/) {
      return (nanoseconds(match.1, fraction: match.2), .relative)
    }
    let time = /(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?/
    let day = /(\d{4})-(\d{2})-(\d{2})/
    if let match = text.wholeMatch(of: time) {
      return clock(match.1, match.2, match.3).map { (nanoseconds($0, fraction: match.4), .clock) }
    }
    if let match = text.wholeMatch(of: /(.+) \+(\d{1,4})d/),
      let first = Self.time(in: String(match.1)), first.basis == .clock,
      let days = Int64(match.2)
    {
      return (first.nanoseconds + days * 86_400_000_000_000, .clock)
    }
    guard let date = text.prefixMatch(of: day) else { return nil }
    var rest = text[date.range.upperBound...]
    var (seconds, fraction): (Int64, Substring?) = (0, nil)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    if !rest.isEmpty {
      guard ["T", "t", " "].contains(rest.removeFirst()), let match = rest.prefixMatch(of: time),
        let found = clock(match.1, match.2, match.3)
      else { return nil }
      (seconds, fraction) = (found, match.4)
      rest = rest[match.range.upperBound...]
      if let offset = offset(rest) {
        calendar.timeZone = offset
      } else if !rest.isEmpty {
        return nil
      }
    }
    let components = DateComponents(
      year: Int(date.1), month: Int(date.2), day: Int(date.3), hour: Int(seconds / 3600),
      minute: Int(seconds / 60 % 60), second: Int(seconds % 60))
    // 64 bits of nanoseconds reach that far.
    guard let year = components.year, (1678...2261).contains(year),
      components.isValidDate(in: calendar), let instant = calendar.date(from: components)
    else { return nil }
    return (nanoseconds(Int64(instant.timeIntervalSince1970), fraction: fraction), .utc)
  }

  /// Seconds since midnight, where there is such a time of day.
  private static func clock(_ parts: Substring?...) -> Int64? {
    let numbers = parts.map { Int64($0 ?? "0") ?? 0 }
    guard numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
    return numbers.reduce(0) { $0 * 60 + $1 }
  }

  /// `Z`, `+02:00`, `-0500`.
  private static func offset(_ text: Substring) -> TimeZone? {
    if text == "Z" || text == "z" { return .gmt }
    guard let match = text.wholeMatch(of: /([+-])(\d{2}):?(\d{2})/),
      let seconds = clock(match.2, match.3, nil)
    else { return nil }
    return TimeZone(secondsFromGMT: Int(match.1 == "-" ? -seconds : seconds))
  }

  private static func nanoseconds(_ seconds: Substring, fraction: Substring?) -> Int64 {
    nanoseconds(Int64(seconds) ?? 0, fraction: fraction)
  }

  private static func nanoseconds(_ seconds: Int64, fraction: Substring?) -> Int64 {
    let digits = String(fraction ?? "")
    let padded = digits + String(repeating: "0", count: 9 - min(9, digits.count))
    return seconds * 1_000_000_000 + (Int64(padded) ?? 0)
  }
}
