import ArgumentParser
import CaseStore
import Reporting

/// `wirecase captures`: what a case holds.
struct Captures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captures",
    abstract: "List the captures in a case: name, format, packets, times, gaps, faults, digest.",
    discussion: """
      Where captures show the same packets, their clocks are compared: clock_offset_ms is what a \
      capture's clock shows more than that of clock_reference, the capture that shares most packets \
      with others; clock_spread_ms lies between the quartiles of what single packets say. Recorded \
      times are never changed by it.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @OptionGroup var table: TableOptions

  func run() throws {
    try reportingErrors {
      let reader = try CaseReader(path: path)
      if let notice = reader.notice { Terminal.say(notice) }
      var output = table.output()
      try reader.run(
        """
        WITH
        reference AS (  -- the capture that shares most packets with others
          SELECT capture_id
          FROM clock_offsets
          GROUP BY capture_id
          ORDER BY sum(packets) DESC, capture_id
          LIMIT 1
        )
        SELECT c.name, c.format, c.packets, c.first_time, c.last_time,
               CASE complete WHEN 1 THEN 'yes' ELSE 'no' END AS complete,
               round(longest_gap_ns / 1e9, 3) AS longest_gap_s, cut_packets, dropped,
               (SELECT count(*) FROM faults AS f WHERE f.capture_id = c.capture_id) AS faults,
               round(o.offset_ns / 1e6, 3) AS clock_offset_ms,
               round(o.spread_ns / 1e6, 3) AS clock_spread_ms,
               CASE WHEN o.offset_ns IS NOT NULL
                 THEN (SELECT r.name FROM captures AS r JOIN reference USING (capture_id)) END
                 AS clock_reference,
               sha256
        FROM captures AS c
        LEFT JOIN clock_offsets AS o
          ON o.other_capture_id = c.capture_id
          AND o.capture_id = (SELECT capture_id FROM reference)
        ORDER BY c.capture_id
        """,
        begin: { try output.begin(columns: $0) },
        body: { values in
          try output.add(values)
          return true
        })
      try output.end()
    }
  }
}
