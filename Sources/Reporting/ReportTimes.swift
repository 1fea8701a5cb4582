import CaseStore
import Foundation

/// The captures of a case as sentences need them: their names, and how their times read.
struct ReportTimes {
  /// Captures by id.
  private let captures: [Int64: (name: String, basis: CaptureFacts.TimeBasis)]
  /// Times since 1970 are printed in it.
  let zone: TimeZone

  /// The clock of the captures that are looked at; `nil` when they have several.
  let onlyClock: Int64?

  /// - Parameters:
  ///   - rows: `capture_id`, `name`, `time_basis` of every capture.
  ///   - chosen: The captures that are looked at; `nil` for all.
  init(_ rows: [SQLRow], chosen: Set<Int64>? = nil, zone: TimeZone) {
    var captures: [Int64: (name: String, basis: CaptureFacts.TimeBasis)] = [:]
    for row in rows {
      guard let id = row["capture_id"].integer else { continue }
      captures[id] = (
        TabularOutput.harmless(row["name"].text ?? "capture \(id)"),
        row["time_basis"].text.flatMap(CaptureFacts.TimeBasis.init) ?? .utc
      )
    }
    (self.captures, self.zone) = (captures, zone)
    let clocks = Set(
      (chosen ?? Set(captures.keys)).map { captures[$0]?.basis ?? .utc == .utc ? 0 : $0 })
    onlyClock = clocks.count == 1 ? clocks.first : nil
  }

  /// The clock that times of a capture are read from: 0 for all that count since 1970, else the
  /// capture's own number. Times of different clocks cannot be compared.
  func clock(ofCapture id: Int64) -> Int64 {
    (captures[id]?.basis ?? .utc) == .utc ? 0 : id
  }

  /// How times of a clock read.
  func basis(ofClock clock: Int64) -> CaptureFacts.TimeBasis {
    clock == 0 ? .utc : captures[clock]?.basis ?? .utc
  }

  /// The capture's name.
  func name(ofCapture id: Int64) -> String { captures[id]?.name ?? "capture \(id)" }

  /// Whose clock it is.
  func name(ofClock clock: Int64) -> String {
    clock == 0 ? "the captures with dates" : name(ofCapture: clock)
  }

  /// A time of a clock, as printed: a bare clock never gets a date.
  func moment(_ time: Int64?, clock: Int64) -> Report.Moment? {
    let basis = basis(ofClock: clock)
    guard let time, basis != .none else { return nil }
    return Report.Moment(
      nanoseconds: time, text: TimeText.text(of: time, basis: basis, zone: zone))
  }

  /// Where a packet stands.
  func citation(_ packetID: Int64) -> Report.Citation {
    Report.Citation(
      packetID: packetID, capture: name(ofCapture: packetID >> 32),
      number: packetID & 0xffff_ffff)
  }

  /// A sentence with the packets that it follows from, the first few of many.
  func statement(_ text: String, _ packets: [Int64] = []) -> Report.Statement {
    Report.Statement(text: text, packets: Array(Set(packets)).sorted().prefix(6).map(citation))
  }

  /// A time for those who read on: to the millisecond, what is finer cut off.
  func brief(_ time: Int64?, clock: Int64) -> String? {
    moment(time, clock: clock)?.text.replacing(/(\.[0-9]{3})[0-9]+/) { String($0.output.1) }
  }

  /// Two times to the millisecond, the day of the second only where it is another.
  func brief(from first: Int64?, to last: Int64?, clock: Int64) -> String? {
    guard let from = brief(first, clock: clock), var to = brief(last, clock: clock) else {
      return nil
    }
    if let day = from.firstIndex(of: "T"), to.hasPrefix(from[...day]) {
      to.removeFirst(from[...day].count)
    }
    return "from \(from) to \(to)"
  }
}
