/// Turns the printed times of one capture, in their order, into timestamps.
///
/// The first packet's time says which form the capture has; a later time of another form cannot
/// be compared with it and gives no timestamp.
struct PrintedClock: Sendable {
  /// What the times count from, as far as it can be told.
  private(set) var basis: PrintedCaptureDecoder.TimeBasis = .none
  /// Whether the times are seconds since 1970, which no zone changes.
  var isEpoch: Bool { if case .epoch? = form { true } else { false } }
  private let options: PrintedCaptureDecoder.Options
  private var form: Form?

  /// What the capture's times are.
  enum Form: Sendable {
    /// The time of day.
    case clock
    /// Seconds since 1970.
    case epoch
    /// Dates.
    case date
    /// Differences: `-ttt` since the packet before, `-ttttt` since the first.
    case sincePrevious, sinceFirst
    /// No times.
    case missing
  }

  /// The last time of day, or difference, and the midnights passed before it.
  private var (last, days): (Int64, Int64) = (0, 0)
  /// The sum of the differences so far.
  private var sum: Int64 = 0

  init(options: PrintedCaptureDecoder.Options) {
    self.options = options
  }

  /// Whether the first packet's time is a difference, whose kind the packets behind it tell.
  ///
  /// Differences have a column for a sign, or, where an editor took the blank away, begin at
  /// zero to the last digit.
  static func isDifference(_ first: PrintedTimestamp) -> Bool {
    guard case .clock(let nanoseconds, let hasSign) = first else { return false }
    return hasSign || nanoseconds == 0
  }

  /// Which of the two kinds of differences `values` are: the first ones of a capture, in order.
  ///
  /// Times since the first packet go up, but for packets that were captured out of order; times
  /// since the packet before go down about as often as up. So they are the latter when at least
  /// one in four of the steps goes down. Two values are the same time in both kinds.
  static func kind(ofDifferences values: [Int64]) -> Form {
    let steps = zip(values, values.dropFirst())
    let (up, down) = (steps.count(where: { $0 < $1 }), steps.count(where: { $0 > $1 }))
    return down > 0 && down * 4 >= up + down ? .sincePrevious : .sinceFirst
  }

  /// Fixes the capture's form.
  mutating func establish(_ form: Form) {
    self.form = form
    basis =
      switch form {
      case .clock: options.firstDayStart == nil ? .clock : .utc
      case .epoch, .date: .utc
      case .sincePrevious, .sinceFirst: .relative
      case .missing: .none
      }
  }

  /// The form that `time` has; for differences, only what `isDifference` and `kind` tell.
  static func form(of time: PrintedTimestamp) -> Form? {
    switch time {
    case .clock: .clock
    case .epoch: .epoch
    case .date: .date
    case .missing: .missing
    case .unusable: nil
    }
  }

  /// The timestamp of the next packet, in nanoseconds from what `basis` says; `nil` when the
  /// line has no time, or one that cannot be placed among the others.
  mutating func timestamp(_ time: PrintedTimestamp) -> Int64? {
    if form == nil, let first = Self.form(of: time) { establish(first) }
    switch (form, time) {
    case (.epoch?, .epoch(let nanoseconds)): return nanoseconds
    case (.date?, .date(let year, let month, let day, let nanoseconds)):
      return instant(year, month, day, nanoseconds)
    case (.clock?, .clock(let nanoseconds, _)):
      let (time, overflow) = passMidnights(nanoseconds)
        .addingReportingOverflow(options.firstDayStart ?? 0)
      return overflow ? nil : time
    case (.sinceFirst?, .clock(let nanoseconds, _)): return passMidnights(nanoseconds)
    case (.sincePrevious?, .clock(let nanoseconds, _)):
      sum = sum &+ nanoseconds
      return sum
    default: return nil
    }
  }

  /// Adds the midnights that were passed before the time of day `nanoseconds`.
  ///
  /// A clock that goes back by more than twelve hours has passed one. A packet from just before
  /// it may still follow; it belongs to the day before. A text can be made to pass more midnights
  /// than 64 bits hold nanoseconds for; then the times wrap, as nothing else could be right.
  private mutating func passMidnights(_ nanoseconds: Int64) -> Int64 {
    let day = PrintedTimestamp.nanosecondsPerDay
    if last - nanoseconds > day / 2 {
      days += 1
    } else if days > 0, last + day - nanoseconds < Self.disorder {
      return nanoseconds &+ (days - 1) &* day
    }
    last = nanoseconds
    return nanoseconds &+ days &* day
  }

  /// The longest that a packet is taken to have been captured out of order: a minute.
  private static let disorder = 60 * PrintedTimestamp.nanosecondsPerSecond

  private func instant(_ year: Int, _ month: Int, _ day: Int, _ nanoseconds: Int64) -> Int64? {
    let perSecond = PrintedTimestamp.nanosecondsPerSecond
    let seconds = nanoseconds / perSecond
    if let instant = options.instant {
      let fields = (Int(seconds / 3600), Int(seconds / 60 % 60), Int(seconds % 60))
      return instant(year, month, day, fields.0, fields.1, fields.2).flatMap {
        let (time, overflow) = $0.addingReportingOverflow(nanoseconds % perSecond)
        return overflow ? nil : time
      }
    }
    let midnight = daysSinceEpoch(year: year, month: month, day: day) * 86_400
    let (whole, overflow) = (midnight + seconds - Int64(options.secondsEastOfUTC))
      .multipliedReportingOverflow(by: perSecond)
    let (time, carry) = whole.addingReportingOverflow(nanoseconds % perSecond)
    return overflow || carry ? nil : time
  }
}
