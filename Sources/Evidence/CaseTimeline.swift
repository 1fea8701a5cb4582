import CaseStore
import Foundation

/// The events of a case in the order of time, as JSON lines that Timesketch and plaso read: DNS
/// questions, ICMP errors, findings, and when captures begin and end.
///
/// An event is told once, wherever and however often it was seen. Each line names the packets that
/// it rests on. Memory is bounded: the lines are put in order on the disk where they are many.
///
/// Source of the fields: Timesketch, "Import a JSONL file" (message, datetime, timestamp_desc), and
/// plaso's event formatters (timestamp in microseconds, data_type).
public struct CaseTimeline {
  /// Events without a time in UTC, by what they are.
  public struct LeftOut: Equatable, Sendable {
    public var what: String
    public var count: Int64
  }

  private let reader: CaseReader
  private let order: TimeOrder
  private var leftOut: [LeftOut] = []
  private var added: Int64 = 0

  /// The most packets of one finding that are named; its `packet_count` tells how many there are.
  static let mostPackets = 1_000

  /// - Parameter folder: For a scratch file, should one be needed.
  public init(_ reader: CaseReader, folder: String, capacity: Int = 32 << 20) {
    self.reader = reader
    order = TimeOrder(folder: folder, capacity: capacity)
  }

  /// Prints the lines, line feeds included.
  ///
  /// - Returns: What has no time that could be compared.
  /// - Throws: `SQLFault`, `EvidenceError`, and what `print` throws.
  public mutating func write(_ print: (String) throws -> Void) throws -> [LeftOut] {
    // Of events of one time, those that come first here stand first.
    try addCaptures("first_ts", "begins", "Start Time", type: "capture:start")
    try addQuestions()
    try addErrors()
    try addFindings()
    try addCaptures("last_ts", "ends", "End Time", type: "capture:end")
    try order.drain { _, line in try print(String(decoding: line, as: UTF8.self)) }
    return leftOut.filter { $0.count > 0 }
  }

  /// Adds an event.
  ///
  /// - Parameters:
  ///   - time: Nanoseconds; `nil` where there is none in UTC.
  ///   - fields: Beside those that every event has.
  private mutating func add(
    _ what: String, at time: Int64?, described description: String, type: String, message: String,
    packets: [Int64], _ fields: [(String, SQLValue)]
  ) throws {
    guard let time else {
      if let index = leftOut.firstIndex(where: { $0.what == what }) {
        leftOut[index].count += 1
      } else {
        leftOut.append(LeftOut(what: what, count: 1))
      }
      return
    }
    // Rounded down, but where 64 bits of nanoseconds begin.
    let microseconds = max(time / 1000 - (time % 1000 < 0 ? 1 : 0), .min / 1000)
    let members: [(String, SQLValue)] =
      [
        ("message", .text(HarmlessText.of(message))),
        ("datetime", .text(TimeText.text(of: microseconds * 1000, basis: .utc))),
        ("timestamp", .integer(microseconds)), ("timestamp_desc", .text(description)),
        ("data_type", .text("wirecase:\(type)")),
      ] + fields
    let object = JSONText.object(members.map(\.0), members.map(\.1))
    let list = packets.map(String.init).joined(separator: ", ")
    try order.add(
      time: time, tie: added, Array((object.dropLast() + ", \"packet_ids\": [\(list)]}\n").utf8))
    added += 1
  }

  private mutating func addCaptures(
    _ column: String, _ word: String, _ description: String, type: String
  ) throws {
    for row in try reader.rows("SELECT * FROM captures ORDER BY capture_id") {
      try add(
        "times of captures", at: row["time_basis"].text == "utc" ? row[column].integer : nil,
        described: description, type: type,
        message:
          "Capture \(row["name"].description) \(word): \(row["packets"].description) packets",
        packets: [],
        [("capture", row["name"]), ("format", row["format"]), ("sha256", row["sha256"])])
    }
  }

  private mutating func addQuestions() throws {
    let columns = [
      "client", "client_port", "server", "server_port", "transport", "txid", "qname", "qtype",
      "attempts", "rcode", "rtt_ns", "outcome",
    ]
    try each(
      """
      SELECT ts, clock, query_packet_id, response_packet_id, icmp_packet_id,
             \(columns.joined(separator: ", "))
      FROM dns_transactions
      """
    ) { timeline, row in
      let ends =
        "\(PacketRows.end(row["client"], row["client_port"])) of "
        + PacketRows.end(row["server"], row["server_port"])
      try timeline.add(
        "DNS questions", at: Self.time(row), described: "Query Time", type: "dns:transaction",
        message: "DNS question \(row["qtype"].description) \(row["qname"].description) by \(ends): "
          + row["outcome"].description,
        packets: [row["query_packet_id"], row["response_packet_id"], row["icmp_packet_id"]]
          .compactMap(\.integer), columns.map { ($0, row[$0]) })
    }
  }

  /// RFC 1122, 3.2.2: unreachable, source quench, redirect, time exceeded, parameter problem; RFC
  /// 4443, 2.1: types below 128.
  private mutating func addErrors() throws {
    let columns = [
      "src", "dst", "version", "type", "code", "quoted_src", "quoted_src_port", "quoted_dst",
      "quoted_dst_port", "quoted_ip_proto", "quoted_qname",
    ]
    try each(
      """
      SELECT ts, clock, packet_id, original_packet_id, name, \(columns.joined(separator: ", "))
      FROM icmp_messages
      WHERE duplicate_of IS NULL
        AND (version = 4 AND type IN (3, 4, 5, 11, 12) OR version = 6 AND type < 128)
      """
    ) { timeline, row in
      let quote =
        row["quoted_src"] == .null
        ? ""
        : ", quoting \(PacketRows.end(row["quoted_src"], row["quoted_src_port"])) > "
          + PacketRows.end(row["quoted_dst"], row["quoted_dst_port"])
      try timeline.add(
        "ICMP errors", at: Self.time(row), described: "Event Time", type: "icmp:error",
        message: "ICMP \(row["name"].description) from \(row["src"].description) to "
          + row["dst"].description + quote,
        packets: [row["packet_id"], row["original_packet_id"]].compactMap(\.integer),
        columns.map { ($0, row[$0]) })
    }
  }

  private mutating func addFindings() throws {
    let findings = try reader.rows(
      """
      SELECT finding_id, investigation, severity, first_time, last_time, first_ts, summary,
             (SELECT count(*) FROM finding_evidence AS e WHERE e.finding_id = f.finding_id)
               AS packet_count
      FROM findings AS f
      ORDER BY finding_id
      """)
    for row in findings {
      // Of times without a date, and of none, the text has no zone.
      let isUTC = row["first_time"].text?.hasSuffix("Z") == true
      let packets = try reader.rows(
        """
        SELECT packet_id FROM finding_evidence WHERE finding_id = :id
        ORDER BY packet_id LIMIT \(Self.mostPackets)
        """, parameters: ["id": row["finding_id"]])
      try add(
        "findings", at: isUTC ? row["first_ts"].integer : nil, described: "Start Time",
        type: "finding",
        message: "Finding \(row["finding_id"].description) (\(row["investigation"].description), "
          + "\(row["severity"].description)): \(row["summary"].description)",
        packets: packets.compactMap { $0.values.first?.integer },
        ["finding_id", "investigation", "severity", "last_time", "packet_count"].map {
          ($0, row[$0])
        })
    }
  }

  private mutating func each(
    _ sql: String, _ body: (inout CaseTimeline, SQLRow) throws -> Void
  ) throws {
    var columns: [String] = []
    try reader.run(
      sql, begin: { columns = $0 },
      body: { values in
        try body(&self, SQLRow(columns: columns, values: values))
        return true
      })
  }

  /// Clock 0 is UTC.
  private static func time(_ row: SQLRow) -> Int64? {
    row["clock"].integer == 0 ? row["ts"].integer : nil
  }
}
