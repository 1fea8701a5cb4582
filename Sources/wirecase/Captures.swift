import ArgumentParser
import CaseStore
import Evidence
import Foundation
import Investigations
import Reporting

/// `wirecase captures`: what a case holds.
struct Captures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captures",
    abstract: "List the captures in a case: name, format, packets, times, gaps, faults, digest.",
    discussion: """
      Where captures show the same packets, their clocks are compared: clock_offset_ms is what a \
      capture's clock shows more than that of clock_reference, the capture that shares most packets \
      with others; clock_spread_ms lies between the quartiles of what single packets say. With \
      --align that is taken into account where times of several captures are compared: which place saw \
      a packet first, which answer belongs to a question and how long it took. Clocks more than a second apart \
      are not compared until --shift brings them nearer. Recorded times are never \
      changed by it. embedded_size is how many bytes a source takes in the case, compressed, where it \
      is kept there.

      A source that was moved is found again by --locate: among the files of a folder, one of its \
      size and SHA-256 is it. 'packet', 'export' and 'verify' read it there from then on; the path \
      that it was read from stays in the case. Exit code 3 when some are not found, 4 when none is.
      """)

  @Argument(
    help: ArgumentHelp("Path of the case.", valueName: "case"), completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "Take a capture out again, with all that follows from it; the log keeps that.",
      valueName: "name"))
  var remove: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Take the captures' clocks into account, or believe each again.")
  var align: Bool?

  @Option(
    help: ArgumentHelp(
      """
      Add seconds to the times of a capture where they are compared with others', such as \
      office.pcap=-3600.5, for a clock that is known to be far from the others'.
      """, valueName: "name=seconds"))
  var shift: String?

  @Option(
    help: ArgumentHelp(
      """
      With --align: the capture whose clock is believed; without, the one that shares most packets \
      with others.
      """, valueName: "name"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "Look below a folder for sources that are not where they were read, and keep where they are.",
      valueName: "folder"),
    completion: .directory)
  var locate: String?

  @OptionGroup var table: TableOptions

  func validate() throws {
    let tasks = [remove != nil, align != nil, shift != nil, locate != nil].count { $0 }
    if tasks > 1 {
      throw ValidationError("one thing at a time: --remove, --align, --shift or --locate")
    }
    if tasks == 1, locate == nil, table.asked != nil {
      throw ValidationError("--format goes with the list; --remove, --align and --shift print none")
    }
    if let shift, Self.parsed(shift) == nil {
      throw ValidationError("'\(shift)' is no NAME=SECONDS, such as office.pcap=-3600.5")
    }
    if reference != nil && align != true {
      throw ValidationError("--reference goes with --align")
    }
  }

  func run() throws {
    try reportingErrors {
      if let remove { return try takeOut(remove) }
      if let align { return try setAlignment(align) }
      if let shift { return try setShift(shift) }
      if let locate { return try find(below: locate) }
      let reader = try CaseReader(path: path)
      if let notice = reader.notice { Terminal.say(notice) }
      // Cases of the first versions kept no bytes, and aligned no clocks.
      let isOlder =
        try reader.firstRow(
          "SELECT 1 FROM pragma_table_info('captures') WHERE name = 'embedded_size'") == nil
      try table.print(
        reader,
        """
        WITH
        reference AS (  -- the capture that shares most packets with others
          SELECT capture_id
          FROM clock_offsets
          GROUP BY capture_id
          ORDER BY sum(packets) DESC, capture_id
          LIMIT 1
        )
        SELECT c.capture_id AS id, c.name, c.format, c.packets, c.first_time, c.last_time,
               CASE complete WHEN 1 THEN 'yes' ELSE 'no' END AS complete,
               round(longest_gap_ns / 1e9, 3) AS longest_gap_s, cut_packets, dropped,
               (SELECT count(*) FROM faults AS f WHERE f.capture_id = c.capture_id) AS faults,
               round(o.offset_ns / 1e6, 3) AS clock_offset_ms,
               round(o.spread_ns / 1e6, 3) AS clock_spread_ms,
               CASE WHEN o.offset_ns IS NOT NULL
                 THEN (SELECT r.name FROM captures AS r JOIN reference USING (capture_id)) END
                 AS clock_reference,
               round(\(isOlder ? "NULL" : "c.clock_shift_ns") / 1e6, 3) AS clock_shift_ms,
               sha256, \(isOlder ? "NULL AS " : "")embedded_size
        FROM captures AS c
        LEFT JOIN clock_offsets AS o
          ON o.other_capture_id = c.capture_id
          AND o.capture_id = (SELECT capture_id FROM reference)
        ORDER BY c.capture_id
        """)
    }
  }

  private func checkName(_ name: String) throws {
    let names = try CaseReader(path: path).rows("SELECT name FROM captures").compactMap {
      $0["name"].text
    }
    guard names.contains(name) else {
      throw InvestigationError.unknownCapture(name: name)
    }
  }

  /// The name and the nanoseconds of `NAME=SECONDS`; up to 300 years either way.
  private static func parsed(_ shift: String) -> (name: String, nanoseconds: Int64)? {
    guard let sign = shift.lastIndex(of: "="), sign > shift.startIndex,
      let seconds = Double(shift[shift.index(after: sign)...]), seconds.magnitude < 9e9
    else { return nil }
    return (String(shift[..<sign]), Int64((seconds * 1e9).rounded()))
  }

  private func setShift(_ shift: String) throws {
    guard let (name, nanoseconds) = Self.parsed(shift) else { return }
    try checkName(name)
    _ = try changing(path) { try $0.shift(captureNamed: name, by: nanoseconds) }
    Terminal.say(
      "\(name): \(Aligning.milliseconds(nanoseconds)) ms where its times are compared with others'; "
        + "--align refines that where captures show the same packets")
  }

  private func setAlignment(_ align: Bool) throws {
    if let reference { try checkName(reference) }
    try changing(path) { writer in
      if align {
        try Aligning.align(writer, to: reference)
      } else {
        try writer.undoAlignment()
        Terminal.say("\(path): each capture's clock is believed")
      }
    }
  }

  private func takeOut(_ name: String) throws {
    try checkName(name)
    let packets = try changing(path) { try $0.removeCapture(named: name) }
    Terminal.say(
      "\(name): taken out, \(packets ?? 0) packets, with what was found in runs that looked at it; ingest its "
        + "source to have it again")
  }

  private func find(below folder: String) throws {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(filePath: folder).resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
      throw ValidationError("--locate \(folder): no such folder")
    }
    let reader = try CaseReader(path: path)
    if let notice = reader.notice { Terminal.say(notice) }
    var search = try SourceSearch(reader)
    if search.missing.isEmpty { return Terminal.say("every source is where it is looked for") }
    let results = search.search(below: folder)
    for message in search.unreadable { Terminal.say(message) }
    let places = Dictionary(
      results.compactMap { result in result.path.map { (result.sha256, $0) } },
      uniquingKeysWith: { first, _ in first })
    if !places.isEmpty { try changing(path) { try $0.recordPlaces(places) } }
    try Terminal.whileRead {
      var output = table.output()
      try output.begin(columns: ["name", "state", "path"])
      for result in results {
        try output.add([
          .text(result.name), .text(result.path == nil ? "not found" : "found"),
          result.path.map { .text($0) } ?? .null,
        ])
      }
      try output.end()
    }
    if places.isEmpty { throw ExitCode.nothing }
    if places.count < results.count { throw ExitCode.partly }
  }
}
