/// What was asked of a service before it failed.
enum LoadBeforeOnset: Equatable {
  case nothingSeen
  /// Failures stand among answers: none of them is an onset.
  case noOnset
  /// Fewer than two minutes: questions, and nanoseconds from the first of them to the onset.
  case tooShort(questions: Int, span: Int64)
  /// Questions in the last minute, the median of the minutes before that, how many these are.
  case compared(last: Int, median: Int, minutes: Int)

  init(_ incident: Incident) {
    guard incident.isRow else {
      self = .noOnset
      return
    }
    let minute: Int64 = 60_000_000_000
    let all = incident.history.questions
    guard let onset = incident.first, let start = all.lazy.compactMap(\.time).first, start < onset
    else {
      self = .nothingSeen
      return
    }
    let before = all.lazy.compactMap(\.time).filter { $0 < onset }
    let (span, overflow) = onset.subtractingReportingOverflow(start)
    guard !overflow, span >= 2 * minute else {
      self = .tooShort(questions: before.count, span: overflow ? .max : span)
      return
    }
    var counts: [Int64: Int] = [:]
    for time in before { counts[(onset - 1 - time) / minute, default: 0] += 1 }
    // Whole minutes alone: the first of the case is cut. A year of them is enough.
    let minutes = min(span / minute, 525_600)
    let earlier = (1..<minutes).map { counts[$0] ?? 0 }.sorted()
    self = .compared(
      last: counts[0] ?? 0, median: earlier.isEmpty ? 0 : earlier[earlier.count / 2],
      minutes: earlier.count)
  }
}
