import ArgumentParser
import CaseStore
import Foundation
import Investigations
import Reporting

/// `--since`, `--until` and `--capture` of the commands that look at a part of a case.
struct ScopeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Leave out what was before: 2026-11-23T20:35:29Z, 2026-11-23 20:35, 2026-11-23 (UTC), or \
      20:35:29 where that tells the day.
      """, valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Leave out what came after.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Look at one capture alone.", valueName: "name"))
  var capture: String?

  /// A case, or the part of it that was asked for.
  struct Part {
    var reader: CaseReader
    /// What was asked for and what is left out, in words; empty for the whole case.
    var words: [String] = []
  }

  /// Opens the case, or the part of it that was asked for.
  ///
  /// - Parameter zone: Of times that name none.
  func open(_ path: String, zone: TimeZone = .gmt) throws -> Part {
    let whole = try CaseReader(path: path)
    if let notice = whole.notice { Terminal.say(notice) }
    if since == nil && until == nil && capture == nil { return Part(reader: whole) }
    var captures = try whole.rows(
      "SELECT capture_id, name, time_basis, first_ts, last_ts FROM captures ORDER BY capture_id"
    ).map(DatedCapture.init)
    if let capture {
      captures = captures.filter { $0.name == capture }
      if captures.isEmpty { throw InvestigationError.unknownCapture(name: capture) }
    }
    let window = try Window(since: since, until: until, zone: zone, of: &captures)
    let reader = try CaseReader(
      path: path,
      scope: CaseScope(
        since: window.since, until: window.until, captures: Set(captures.map(\.id))))
    for name in window.leftOut {
      Terminal.say("\(name): left out, since its times cannot be compared with the ones given")
    }
    return Part(
      reader: reader,
      words: window.words(zone: zone) + (capture.map { ["capture \($0)"] } ?? [])
        + window.leftOut.map { "without \($0), whose times cannot be compared" })
  }
}

/// The time that a user typed.
///
/// - Throws: `ValidationError` for what is no time.
func typedTime(
  _ text: String, zone: TimeZone
) throws -> (nanoseconds: Int64, basis: CaptureFacts.TimeBasis) {
  guard let time = TimeText.time(in: text, zone: zone) else {
    throw ValidationError(
      "'\(text)' is no time; write 2026-11-24T13:24:32Z, 2026-11-24 13:24, 2026-11-24, or for a "
        + "log without dates 13:24:32")
  }
  return time
}

/// A capture by when it was taken.
private struct DatedCapture {
  let id: Int64
  let name: String
  let basis: CaptureFacts.TimeBasis
  let span: ClosedRange<Int64>?

  init(_ row: SQLRow) {
    id = row["capture_id"].integer ?? 0
    name = row["name"].text ?? ""
    basis = row["time_basis"].text.flatMap(CaptureFacts.TimeBasis.init) ?? .none
    if let first = row["first_ts"].integer, let last = row["last_ts"].integer, first <= last {
      span = first...last
    } else {
      span = nil
    }
  }
}

/// A beginning and an end, counted as the captures that they apply to count.
private struct Window {
  var since: Int64?
  var until: Int64?
  private var basis: CaptureFacts.TimeBasis = .utc
  /// Captures whose times count otherwise.
  private(set) var leftOut: [String] = []

  private static let day: Int64 = 86_400_000_000_000

  /// - Parameter captures: Those of the case; those whose times cannot be compared are taken out.
  /// - Throws: `ValidationError` for a window that says nothing about these captures.
  init(
    since: String?, until: String?, zone: TimeZone, of captures: inout [DatedCapture]
  ) throws {
    let typed = try [since, until].map { text in
      try text.map { text in
        try typedTime(text, zone: zone)
      }
    }
    guard let basis = typed.compactMap({ $0?.basis }).first else { return }
    guard typed.allSatisfy({ $0 == nil || $0?.basis == basis }) else {
      throw ValidationError("of --since and --until one has a date; write both alike")
    }
    (self.basis, self.since, self.until) = (basis, typed[0]?.nanoseconds, typed[1]?.nanoseconds)
    if basis == .clock, !captures.contains(where: { $0.basis == .clock }) {
      try putOnDay(of: captures)
    }
    let others = captures.filter { $0.basis != self.basis }
    captures.removeAll { $0.basis != self.basis }
    guard !captures.isEmpty else {
      throw ValidationError(
        others.contains { $0.basis == .clock }
          ? "the captures print a clock without a date; write the time as HH:MM:SS"
          : "the captures say no time that the one given could be compared with")
    }
    leftOut = others.map(\.name)
    try checkReaches(captures, zone)
  }

  /// A clock is of the day that the captures were taken on, if that is one.
  private mutating func putOnDay(of captures: [DatedCapture]) throws {
    let days = Set(
      captures.filter { $0.basis == .utc }.compactMap(\.span)
        .flatMap { [$0.lowerBound, $0.upperBound] }
        .map { $0 - ($0 % Self.day + Self.day) % Self.day })
    guard let day = days.first, days.count == 1 else {
      throw ValidationError(
        days.isEmpty
          ? "the captures say no time that the one given could be compared with"
          : "the captures cover several days (UTC); write the date too: 2026-11-23T20:35:29Z")
    }
    basis = .utc
    (since, until) = (since.map { $0 + day }, until.map { $0 + day })
  }

  private func checkReaches(_ captures: [DatedCapture], _ zone: TimeZone) throws {
    if let since, let until, since > until {
      throw ValidationError("--since is later than --until; nothing lies between them")
    }
    let spans = captures.compactMap(\.span)
    let (first, last) = (spans.map(\.lowerBound).min(), spans.map(\.upperBound).max())
    guard let first, let last, (since ?? first) > last || (until ?? last) < first else { return }
    throw ValidationError(
      "no capture reaches into that time; they cover "
        + "\(TimeText.text(of: first, basis: basis, zone: zone)) to "
        + TimeText.text(of: last, basis: basis, zone: zone))
  }

  /// Such as `since 2026-11-23T20:35:29.000000Z`.
  func words(zone: TimeZone) -> [String] {
    [("since", since), ("until", until)].compactMap { word, time in
      time.map { "\(word) \(TimeText.text(of: $0, basis: basis, zone: zone))" }
    }
  }
}
