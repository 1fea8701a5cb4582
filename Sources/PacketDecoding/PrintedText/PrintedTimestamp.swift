/// The time before a printed packet, in the forms of tcpdump(1): `-t`, `-tt`, `-ttt`, `-tttt`,
/// `-ttttt` and the default.
enum PrintedTimestamp: Equatable, Sendable {
  /// `13:24:32.192571`, nanoseconds since midnight, or of a difference. `hasSign` when a sign or
  /// the blank that stands for a plus precedes it, as only differences have.
  case clock(nanoseconds: Int64, hasSign: Bool)
  /// `1795466123.929504`: nanoseconds since 1970-01-01 UTC.
  case epoch(nanoseconds: Int64)
  /// `2026-11-23 20:35:23.929504`: the day, and nanoseconds since its midnight.
  case date(year: Int, month: Int, day: Int, nanoseconds: Int64)
  /// A time whose fraction is out of range, as tcpdump prints it from a damaged capture.
  case unusable
  /// No time is printed.
  case missing

  static let nanosecondsPerSecond: Int64 = 1_000_000_000
  static let nanosecondsPerDay: Int64 = 86_400 * nanosecondsPerSecond
}

extension PrintedText {
  /// Takes the time at the beginning of a packet's first line away, with the packet's number that
  /// `--number` prints before it; `nil` when none stands there.
  ///
  /// The number is up to five columns wide and has two blanks behind it. A difference (`-ttt`,
  /// `-ttttt`) has a column for its sign, in which a plus is a blank; so one blank before a line's
  /// clock, or a third one behind its number, tells a difference from the time of day.
  mutating func takeTimestamp() -> PrintedTimestamp? {
    let start = position
    var blanks = takeBlankColumns()
    let beforeNumber = position
    if let octet = next, Self.isDigit(octet), takeNumber() != nil, starts(with: "  ") {
      blanks = takeBlankColumns() - 2
    } else {
      move(to: beforeNumber)
    }
    let isNegative = take("-")
    guard let time = takeEpoch() ?? takeDate() ?? takeClock() else {
      move(to: start)
      return nil
    }
    guard isAtEnd || next.map(Self.isBlank) == true else {
      move(to: start)
      return nil
    }
    skipBlanks()
    if case .clock(let nanoseconds, _) = time {
      return .clock(
        nanoseconds: isNegative ? -nanoseconds : nanoseconds, hasSign: isNegative || blanks == 1)
    }
    return isNegative ? .unusable : time
  }

  /// Takes blanks, not tabs, away and counts them.
  private mutating func takeBlankColumns() -> Int {
    let start = position
    while take(" ") {}
    return position - start
  }

  /// Seconds since 1970 and a fraction of 6 or 9 digits.
  private mutating func takeEpoch() -> PrintedTimestamp? {
    let start = position
    guard let seconds = takeNumber(), take(".") else {
      move(to: start)
      return nil
    }
    let digits = position
    guard takeNumber() != nil, position - digits == 6 || position - digits == 9 else {
      move(to: start)
      return nil
    }
    let afterFraction = position
    move(to: digits)
    let fraction = takeFraction()
    move(to: afterFraction)
    guard let fraction, let seconds = Int64(exactly: seconds) else { return .unusable }
    let (product, overflow) = seconds.multipliedReportingOverflow(
      by: PrintedTimestamp.nanosecondsPerSecond)
    let (sum, carry) = product.addingReportingOverflow(fraction)
    return overflow || carry ? .unusable : .epoch(nanoseconds: sum)
  }

  /// `2026-11-23` and a clock behind it.
  private mutating func takeDate() -> PrintedTimestamp? {
    let start = position
    guard let year = takeNumber(as: UInt16.self), position - start >= 4, take("-"),
      let month = takeNumber(as: UInt8.self), take("-"), let day = takeNumber(as: UInt8.self),
      next.map(Self.isBlank) == true
    else {
      move(to: start)
      return nil
    }
    skipBlanks()
    switch takeClock() {
    case .clock(let nanoseconds, _)?:
      guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
        nanoseconds < PrintedTimestamp.nanosecondsPerDay
      else { return .unusable }
      return .date(
        year: Int(year), month: Int(month), day: Int(day), nanoseconds: nanoseconds)
    case .unusable?: return .unusable
    default:
      move(to: start)
      return nil
    }
  }

  /// `20:35:23.929504`; the hours of a difference may have more than two digits.
  private mutating func takeClock() -> PrintedTimestamp? {
    let start = position
    guard let hours = takeNumber(as: UInt16.self), position - start >= 2, take(":"),
      let minutes = takeTwoDigits(), take(":"), let seconds = takeTwoDigits(), take("."),
      next.map(Self.isDigit) == true
    else {
      move(to: start)
      return nil
    }
    let fraction = takeFraction()
    while let octet = next, Self.isDigit(octet) { move(to: position + 1) }
    guard let fraction, minutes < 60, seconds <= 60 else { return .unusable }
    let whole = Int64(hours) * 3600 + Int64(minutes) * 60 + Int64(seconds)
    return .clock(
      nanoseconds: whole * PrintedTimestamp.nanosecondsPerSecond + fraction, hasSign: false)
  }

  private mutating func takeTwoDigits() -> UInt8? {
    let start = position
    guard let number = takeNumber(as: UInt8.self), position - start == 2 else {
      move(to: start)
      return nil
    }
    return number
  }

  /// The nanoseconds of a fraction of up to 6 digits, or of 9. tcpdump prints more where a damaged
  /// capture's fraction is no fraction, and then it counts something else: `nil`.
  private mutating func takeFraction() -> Int64? {
    let start = position
    var value: Int64 = 0
    while let octet = next, Self.isDigit(octet), position - start < 9 {
      value = value * 10 + Int64(octet - UInt8(ascii: "0"))
      move(to: position + 1)
    }
    let digits = position - start
    guard (1...6).contains(digits) || digits == 9, next.map(Self.isDigit) != true
    else { return nil }
    for _ in digits..<9 { value *= 10 }
    return value
  }
}

/// A day of the Gregorian calendar as days since 1970-01-01.
///
/// Counts years from March, so that the leap day is a year's last; 400 years have 146097 days.
func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
  let shifted = month > 2 ? year : year - 1
  let era = (shifted >= 0 ? shifted : shifted - 399) / 400
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return Int64(era * 146_097 + dayOfEra - 719_468)
}
