import ArgumentParser
import CaseStore
import Reporting

/// `wirecase captures`: what a case holds.
struct Captures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captures",
    abstract: "List the captures in a case: name, format, packets, times, gaps, faults, digest.")

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
        SELECT name, format, packets, first_time, last_time,
               CASE complete WHEN 1 THEN 'yes' ELSE 'no' END AS complete,
               round(longest_gap_ns / 1e9, 3) AS longest_gap_s, cut_packets, dropped,
               (SELECT count(*) FROM faults AS f WHERE f.capture_id = c.capture_id) AS faults,
               sha256
        FROM captures AS c
        ORDER BY capture_id
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
