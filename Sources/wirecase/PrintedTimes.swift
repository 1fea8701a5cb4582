import ArgumentParser
import Foundation
import PacketDecoding

/// What a user says of the times that a log prints: `--date` and `--time-zone`.
struct PrintedTimes {
  let date: String?
  let zone: String?

  /// - Throws: `ValidationError` for a date or a zone that there is not.
  func options() throws -> PrintedCaptureDecoder.Options {
    var options = PrintedCaptureDecoder.Options()
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    if let zone {
      guard let known = Self.timeZone(zone) else {
        throw ValidationError(
          "unknown time zone '\(zone)'; use a name such as Europe/Berlin or UTC")
      }
      calendar.timeZone = known
    }
    if let date {
      let parts = date.split(separator: "-").compactMap { Int($0) }
      let components = DateComponents(
        year: parts.first, month: parts.count > 1 ? parts[1] : nil,
        day: parts.count > 2 ? parts[2] : nil)
      guard parts.count == 3, components.isValidDate(in: calendar),
        let day = calendar.date(from: components), (1678...2261).contains(parts[0])
      else { throw ValidationError("'\(date)' is no date; write YYYY-MM-DD") }
      options.firstDayStart = Int64(day.timeIntervalSince1970) * 1_000_000_000
    }
    if zone != nil {
      let known = calendar
      options.instant = { year, month, day, hour, minute, second in
        let components = DateComponents(
          year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard (1678...2261).contains(year), let instant = known.date(from: components) else {
          return nil
        }
        return Int64(instant.timeIntervalSince1970) * 1_000_000_000
      }
    }
    return options
  }

  /// The zone of that name; `Z`, `UTC` and offsets such as `+02:00` are understood as well.
  static func timeZone(_ name: String) -> TimeZone? {
    if name == "Z" { return .gmt }
    if let known = TimeZone(identifier: name) { return known }
    return TimeZone(abbreviation: "GMT" + name)
  }
}
