import Foundation
import Reporting

/// The progress of one source, on a terminal alone.
final class Progress {
  private let name: String
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now

  init(_ name: String) { self.name = name }

  func show(_ octets: Int64, of total: Int64?) {
    guard Terminal.errorIsTerminal, ContinuousClock.now - lastShown > .milliseconds(100) else {
      return
    }
    lastShown = .now
    Terminal.show(
      "\r\u{1b}[K"
        + TabularOutput.harmless(Self.line(name, octets, of: total, after: lastShown - start)))
  }

  func clear() { Self.clear() }

  /// Says on a terminal what is being done, until `work` is over.
  static func telling<Result>(_ what: String, during work: () throws -> Result) rethrows -> Result {
    if Terminal.errorIsTerminal { Terminal.show("\(what) …") }
    defer { clear() }
    return try work()
  }

  private static func clear() {
    if Terminal.errorIsTerminal { Terminal.show("\r\u{1b}[K") }
  }

  /// What is said, such as `a.pcap: 120 MiB, 290 MiB/s, 20 %, 2 s left`.
  private static func line(
    _ name: String, _ octets: Int64, of total: Int64?, after time: Duration
  ) -> String {
    let seconds = max(time / .seconds(1), 0.001)
    let mebibytes = Double(octets) / 1_048_576
    var line = String(format: "%@: %.0f MiB, %.0f MiB/s", name, mebibytes, mebibytes / seconds)
    if let total, total > 0, octets > 0 {
      let share = min(1, Double(octets) / Double(total))
      line += String(format: ", %.0f %%, %@ left", share * 100, clock(seconds / share - seconds))
    }
    return line
  }

  /// A time to go: `48 s`, `3 min 20 s` or `2 h 5 min`.
  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds.rounded(.up), 0), 1e9))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
