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
}
