import CaseStore
import Foundation

// Equal parts of a length of time, each as long as a reader counts: 200 ms, 5 s, 15 min.

extension Report.TimeAxis {
  private static let most = 120
  /// Fewer would make a bar of a blink look like a block.
  private static let fewest = 24
  private static let mostTicks: Int64 = 7

  private static let second: Int64 = 1_000_000_000
  private static let day = 86_400 * second

  /// Lengths of parts and distances of ticks, nanoseconds.
  private static let steps: [Int64] = {
    var steps: [Int64] = []
    var power: Int64 = 1000
    while power < second {
      steps += [power, 2 * power, 5 * power]
      power *= 10
    }
    steps += [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
    ].map { $0 * second }
    steps += [1, 2, 7, 14, 28, 56, 112, 224, 448, 896, 1792, 3584, 7168, 14_336, 28_672].map {
      $0 * day
    }
    return steps
  }()

  /// An axis that holds both times; `nil` where they are too far apart to count.
  init?(from first: Int64, to last: Int64, clock: Int64, times: ReportTimes) {
    let (span, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, span >= 0,
      let width = Self.steps.first(where: { span / $0 + 2 <= Self.most }),
      let start = Self.floor(first, to: width, times.offset(at: first, clock: clock))
    else { return nil }
    // The start may lie before the first time, and that beyond what fits.
    let (reach, isTooFar) = last.subtractingReportingOverflow(start)
    guard !isTooFar else { return nil }
    let parts = max(Int(reach / width) + 1, Self.fewest)
    let (length, tooLong) = width.multipliedReportingOverflow(by: Int64(parts))
    guard !tooLong, !start.addingReportingOverflow(length).overflow else { return nil }
    (self.start, self.width, self.parts) = (start, width, parts)
    ticks = Self.ticks(from: start, to: start + length, clock: clock, times: times)
    explanation =
      "A bar stands for \(Self.words(width)). "
      + Self.meaning(from: start, to: start + length - 1, clock: clock, times: times)
  }

  /// The part that a time lies in; `nil` outside.
  func part(of time: Int64) -> Int? {
    let (offset, overflow) = time.subtractingReportingOverflow(start)
    guard !overflow, offset >= 0 else { return nil }
    let part = offset / width
    return part < Int64(parts) ? Int(part) : nil
  }

  /// The last multiple of a step in the clock that is printed, not later than the time.
  private static func floor(_ time: Int64, to step: Int64, _ offset: Int64) -> Int64? {
    let (local, overflow) = time.addingReportingOverflow(offset)
    let remainder = ((local % step) + step) % step
    let (start, underflow) = time.subtractingReportingOverflow(remainder)
    return overflow || underflow ? nil : start
  }

  private static func ticks(
    from start: Int64, to end: Int64, clock: Int64, times: ReportTimes
  ) -> [Tick] {
    let span = end - start
    guard let step = steps.first(where: { span / $0 <= mostTicks }),
      var time = floor(start, to: step, times.offset(at: start, clock: clock))
    else { return [] }
    var ticks: [Tick] = []
    while time < end {
      if time >= start {
        ticks.append(
          Tick(nanoseconds: time, text: label(time, step: step, clock: clock, times: times)))
      }
      let (next, overflow) = time.addingReportingOverflow(step)
      if overflow { break }
      time = next
    }
    return ticks
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// As short as the step allows: the time of day, or the day where that begins.
  private static func label(
    _ time: Int64, step: Int64, clock: Int64, times: ReportTimes
  ) -> String {
    let basis = times.basis(ofClock: clock)
    let text = times.moment(time, clock: clock)?.text ?? ""
    if basis == .relative {
      // `+12.500000000 s`
      return trimmed(String(text.dropLast(2)), to: digits(of: step)) + " s"
    }
    let parts = text.split(separator: "T", maxSplits: 1)
    let ofDay = trimmed(
      String((parts.last ?? "").prefix { $0 != "Z" && $0 != "+" && $0 != "-" }),
      to: digits(of: step))
    guard basis == .utc, let date = parts.first, parts.count == 2 else {
      return (step >= 60 * second ? String(ofDay.prefix(5)) : ofDay)
        + (text.firstIndex(of: "+").map { " " + text[$0...] } ?? "")
    }
    let numbers = date.split(separator: "-").compactMap { Int($0) }
    if numbers.count == 3, (1...12).contains(numbers[1]) {
      let month = months[numbers[1] - 1]
      if step >= 28 * day { return "\(month) \(numbers[0])" }
      if step >= day || ofDay.allSatisfy({ "0:.".contains($0) }) { return "\(numbers[2]) \(month)" }
    }
    return step >= 60 * second ? String(ofDay.prefix(5)) : ofDay
  }

  /// Digits of a second that a step needs.
  private static func digits(of step: Int64) -> Int {
    var (digits, rest) = (0, step % second)
    while rest != 0 {
      digits += 1
      rest = rest * 10 % second
    }
    return digits
  }

  /// A time with so many digits of a second: `13:24:32.192571` to `13:24:32.2` is not rounded.
  private static func trimmed(_ text: String, to digits: Int) -> String {
    guard let point = text.firstIndex(of: ".") else { return text }
    return digits == 0
      ? String(text[..<point])
      : String(text[...point] + text[text.index(after: point)...].prefix(digits))
  }

  /// `200 ms`, `15 min`.
  static func words(_ length: Int64) -> String {
    switch length {
    case ..<1_000_000: "\(length / 1000) µs"
    case ..<second: "\(length / 1_000_000) ms"
    case ..<(60 * second): "\(length / second) s"
    case ..<(3600 * second): "\(length / second / 60) min"
    case ..<day: "\(length / second / 3600) h"
    default: counted(Int(length / day), "day")
    }
  }

  private static func meaning(
    from start: Int64, to end: Int64, clock: Int64, times: ReportTimes
  ) -> String {
    switch times.basis(ofClock: clock) {
    case .clock: return "Times are the log's own clock."
    case .relative, .none: return "Times count from the first packet."
    case .utc:
      let days = [start, end].map { time in
        String((times.moment(time, clock: clock)?.text ?? "").prefix { $0 != "T" })
      }
      let zone = times.zone == .gmt ? "UTC" : times.zone.identifier
      return days[0] == days[1]
        ? "Times are of \(days[0]), \(zone)."
        : "Times are from \(days[0]) to \(days[1]), \(zone)."
    }
  }
}

extension ReportTimes {
  /// What printed times are ahead of UTC, in nanoseconds; 0 for a clock without a date.
  fileprivate func offset(at time: Int64, clock: Int64) -> Int64 {
    guard basis(ofClock: clock) == .utc else { return 0 }
    let seconds = TimeInterval(time / 1_000_000_000)
    return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))) * 1_000_000_000
  }
}
