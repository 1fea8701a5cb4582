import CaseStore
import Investigations
import Reporting

/// When the packets of each finding were, as a row of bars over the time that the captures cover.
struct RunTimeline {
  /// Bars of a timeline.
  private static let parts = 20
  /// Packets of a finding that are looked up, taken evenly from all.
  private static let most = 1000

  private let query: PreparedQuery
  /// The time that each clock's captures cover: 0 for UTC, else the capture whose clock it is.
  private var spans: [Int64: (first: Int64, last: Int64)] = [:]
  private var clocks: [Int64: Int64] = [:]

  /// - Throws: `SQLFault`.
  init(_ reader: CaseReader) throws {
    query = try reader.prepare("SELECT ts FROM packets WHERE packet_id = :packet_id")
    for row in try reader.rows("SELECT capture_id, time_basis, first_ts, last_ts FROM captures") {
      guard let id = row["capture_id"].integer, let first = row["first_ts"].integer,
        let last = row["last_ts"].integer
      else { continue }
      let clock = row["time_basis"].text == CaptureFacts.TimeBasis.utc.rawValue ? 0 : id
      clocks[id] = clock
      let known = spans[clock] ?? (first, last)
      spans[clock] = (
        max(min(known.first, first), reader.scope.since ?? .min),
        min(max(known.last, last), reader.scope.until ?? .max)
      )
    }
  }

  /// The bars of one finding; empty where its packets have no times.
  ///
  /// - Throws: `SQLFault`.
  func bars(of finding: Finding) throws -> String {
    guard let capture = finding.evidence.first.map({ $0 >> 32 }), let clock = clocks[capture],
      let span = spans[clock]
    else { return "" }
    var times: [Int64] = []
    let step = max(1, finding.evidence.count / Self.most)
    for index in stride(from: 0, to: finding.evidence.count, by: step) {
      let id = finding.evidence[index]
      guard clocks[id >> 32] == clock else { continue }
      try query.run(["packet_id": .integer(id)]) { values in
        if let time = values.first?.integer { times.append(time) }
        return false
      }
    }
    return Sparkline.of(times, from: span.first, to: span.last, count: Self.parts)
  }
}
