import GRDB

/// A part of a case to look at: what views show when a case is read under it.
public struct CaseScope: Equatable, Sendable {
  /// Nanoseconds, inclusive, as the captures count them.
  public var since: Int64?
  public var until: Int64?
  /// The only capture that counts.
  public var captureID: Int64?

  public init(since: Int64? = nil, until: Int64? = nil, captureID: Int64? = nil) {
    (self.since, self.until, self.captureID) = (since, until, captureID)
  }

  var isWhole: Bool { self == CaseScope() }

  /// Puts temporary views of the contract's names before those of the case, which show the part
  /// alone. Nothing is written to the case.
  func apply(to database: Database) throws {
    guard !isWhole else { return }
    for view in ["packets", "dns_messages", "dns_transactions", "icmp_messages", "arp_messages"] {
      let hasCapture = view != "arp_messages"
      try create(view, times: ("ts", "ts"), capture: hasCapture ? "capture_id" : nil, database)
    }
    try create("captures", times: nil, capture: "capture_id", database)
    try create("faults", times: nil, capture: "capture_id", database)
    try create("flows", times: ("last_ts", "first_ts"), capture: nil, database)
  }

  /// - Parameter times: The columns that must not be before `since`, and not after `until`.
  private func create(
    _ view: String, times: (String, String)?, capture: String?, _ database: Database
  ) throws {
    var conditions: [String] = []
    if let times {
      if let since { conditions.append("\(times.0) >= \(since)") }
      if let until { conditions.append("\(times.1) <= \(until)") }
    }
    if let captureID {
      if let capture { conditions.append("\(capture) = \(captureID)") }
      if view == "arp_messages" { conditions.append("packet_id >> 32 = \(captureID)") }
      if view == "flows" {
        conditions.append(
          """
          flow_id IN (
            SELECT COALESCE(m.flow_id, s.stream_id >> 1)
            FROM main.fact_stream AS s
            LEFT JOIN main.derived_flow_member AS m ON m.conversation_id = s.stream_id >> 1
            WHERE s.capture_id = \(captureID))
          """)
      }
    }
    guard !conditions.isEmpty else { return }
    try database.execute(
      sql: """
        CREATE TEMP VIEW \(view) AS
        SELECT * FROM main.\(view) WHERE \(conditions.joined(separator: " AND "))
        """)
  }
}
