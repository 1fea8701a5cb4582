import CaseStore
import Foundation
import Investigations

/// The findings of a case as events of the Open Cybersecurity Schema Framework: class Detection
/// Finding, one JSON object a line.
///
/// `time` is when the investigation ran: what OCSF calls the finding's creation, and what is known
/// of every finding. When its packets were captured is said by `start_time` and `end_time`, and
/// left out where their capture prints a clock without a date, or no time: then `unmapped` holds the
/// times as they were printed. Nothing is said of confidence, which no investigation measures.
///
/// Source: OCSF 1.3.0, class `detection_finding` and the objects that it names.
public struct OCSFFindings {
  /// Of the schema that events follow.
  static let schemaVersion = "1.3.0"
  /// The most packets of one finding that are named; `packet_count` tells how many there are.
  static let mostPackets = 1_000

  private let reader: CaseReader
  private let library: InvestigationLibrary
  private var captures: [(id: Int64, name: String, sha256: String)] = []
  /// What no other case has: the digest of the log's first row.
  private var caseID = ""

  /// - Parameter library: Where what findings mean is looked up by their investigations' names.
  /// - Throws: `SQLFault`.
  public init(_ reader: CaseReader, _ library: InvestigationLibrary) throws {
    (self.reader, self.library) = (reader, library)
    captures = try reader.rows("SELECT capture_id, name, sha256 FROM captures").map { row in
      (row["capture_id"].integer ?? 0, row["name"].description, row["sha256"].description)
    }
    let first = try reader.firstRow("SELECT sha256 FROM audit_log ORDER BY event_id LIMIT 1")
    caseID = String(first?["sha256"].text?.prefix(32) ?? "")
  }

  /// Prints the events, line feeds included, in the order of the findings' numbers.
  ///
  /// - Returns: How many there are.
  /// - Throws: `SQLFault`, and what `print` throws.
  public func write(_ print: (String) throws -> Void) throws -> Int {
    let findings = try reader.rows("SELECT * FROM findings ORDER BY finding_id")
    for finding in findings { try print(event(finding).line + "\n") }
    return findings.count
  }

  private func event(_ finding: SQLRow) throws -> JSONTree {
    let investigation = library.all.first { $0.name == finding["investigation"].text }
    let row = try members(of: finding["details"])
    let severity = finding["severity"].text.flatMap(Severity.init)?.ocsf
    let ends = Ends(row)
    // Of times without a date, and of none, the text has no zone.
    let isUTC = finding["first_time"].text?.hasSuffix("Z") == true
    let first = isUTC ? milliseconds(finding["first_ts"]) : nil
    let last = isUTC ? milliseconds(finding["last_ts"]) : nil
    let observables = ends.observables
    return .members([
      ("activity_id", .integer(1)), ("activity_name", .text("Create")),
      ("category_uid", .integer(2)), ("category_name", .text("Findings")),
      ("class_uid", .integer(2004)), ("class_name", .text("Detection Finding")),
      ("type_uid", .integer(200_401)), ("type_name", .text("Detection Finding: Create")),
      ("severity_id", .integer(severity?.id ?? 0)),
      ("severity", .text(severity?.name ?? "Unknown")),
      ("time", milliseconds(finding["ran_at"]) ?? .integer(0)),
      ("start_time", first), ("end_time", last),
      ("message", .text(HarmlessText.of(finding["summary"].description))),
      ("status_id", .integer(1)), ("status", .text("New")),
      ("metadata", metadata(finding)),
      ("finding_info", information(finding, investigation, first, last)),
      ("evidences", .array([try evidence(finding, row, ends)])),
      ("observables", observables.isEmpty ? nil : .array(observables)),
      ("resources", resources(row, ends)),
      ("unmapped", unmapped(finding, isUTC: isUTC)),
    ])
  }

  private func metadata(_ finding: SQLRow) -> JSONTree {
    let product = JSONTree.object([
      ("name", .text("Wirecase")), ("vendor_name", .text("Wirecase")),
      ("version", finding["program_version"].asJSON),
    ])
    let time = finding["first_time"]
    return .members([
      ("version", .text(Self.schemaVersion)), ("product", product), ("profiles", .array([])),
      ("log_name", .text(URL(filePath: reader.path).lastPathComponent)),
      ("original_time", time == .null ? nil : time.asJSON),
    ])
  }

  private func information(
    _ finding: SQLRow, _ investigation: Investigation?, _ first: JSONTree?, _ last: JSONTree?
  ) -> JSONTree {
    let techniques = (investigation?.references ?? []).compactMap(Self.attack)
    let digests = (finding["captures"].text ?? "").split(separator: " ")
    let sources = digests.map { digest in
      JSONTree.text(captures.first { $0.sha256 == digest }?.name ?? String(digest))
    }
    // Queries/dns/dns-unanswered.sql is of the type `dns`.
    let folder =
      investigation?.source == .shipped
      ? investigation?.origin.split(separator: "/").dropLast().last.map(String.init) : nil
    return .members([
      ("uid", .text("\(caseID):\(finding["finding_id"].description)")),
      ("title", finding["title"].asJSON),
      ("desc", (investigation?.meaning).map(JSONTree.text)),
      ("types", folder.map { .array([.text($0)]) }),
      ("created_time", milliseconds(finding["ran_at"])),
      ("first_seen_time", first), ("last_seen_time", last),
      (
        "analytic",
        .object([
          ("name", finding["title"].asJSON), ("uid", finding["investigation"].asJSON),
          ("type_id", .integer(1)), ("type", .text("Rule")),
          ("version", finding["program_version"].asJSON),
        ])
      ),
      ("attacks", techniques.isEmpty ? nil : .array(techniques)),
      ("data_sources", sources.isEmpty ? nil : .array(sources)),
    ])
  }

  /// The technique that a reference names as `MITRE ATT&CK T1071.004 (DNS)`; `nil` for another.
  static func attack(_ reference: String) -> JSONTree? {
    let form = /MITRE ATT&CK,? (T\d{4})(\.\d{3})?(?: \((.+)\))?/
    guard let match = reference.prefixMatch(of: form) else { return nil }
    let technique = String(match.1)
    let name = match.3.map { JSONTree.text(String($0)) }
    guard let part = match.2 else {
      return .object([("technique", .members([("uid", .text(technique)), ("name", name)]))])
    }
    return .object([
      ("technique", .object([("uid", .text(technique))])),
      ("sub_technique", .members([("uid", .text(technique + part)), ("name", name)])),
    ])
  }

  // MARK: - What it rests on

  private func evidence(_ finding: SQLRow, _ row: SQLRow, _ ends: Ends) throws -> JSONTree {
    let id = ["id": finding["finding_id"]]
    let cited = try reader.rows(
      """
      SELECT packet_id FROM finding_evidence WHERE finding_id = :id
      ORDER BY packet_id LIMIT \(Self.mostPackets)
      """, parameters: id
    ).compactMap { $0["packet_id"].integer }
    let count = try reader.firstRow(
      "SELECT count(*) AS packets FROM finding_evidence WHERE finding_id = :id", parameters: id)
    let packets = cited.map { JSONTree.text("\($0 >> 32):\($0 & 0xffff_ffff)") }
    let places = Set(cited.map { $0 >> 32 }).sorted().map { id in
      (name: String(id), value: JSONTree.text(captures.first { $0.id == id }?.name ?? ""))
    }
    return .members([
      ("src_endpoint", ends.source?.endpoint), ("dst_endpoint", ends.destination?.endpoint),
      ("connection_info", ends.connection), ("query", ends.query),
      (
        "data",
        .object([
          ("row", .row(row)), ("parameters", .row(try members(of: finding["parameters"]))),
          ("packet_count", (count?["packets"] ?? .null).asJSON), ("packets", .array(packets)),
          ("captures", .object(places)),
        ])
      ),
    ])
  }

  private func resources(_ row: SQLRow, _ ends: Ends) -> JSONTree? {
    var resources = [("server", ends.destination), ("client", ends.source)].compactMap {
      type, end in
      end.map { end in
        JSONTree.object([
          ("uid", .text(end.address)), ("name", .text(end.address)), ("type", .text(type)),
        ])
      }
    }
    if let name = row["capture"].text {
      resources.append(
        .members([
          ("uid", captures.first { $0.name == name }.map { .text($0.sha256) }),
          ("name", .text(name)), ("type", .text("capture")),
        ]))
    }
    return resources.isEmpty ? nil : .array(resources)
  }

  /// What OCSF has no place for.
  private func unmapped(_ finding: SQLRow, isUTC: Bool) -> JSONTree? {
    var members = [(name: String, value: JSONTree?)]()
    if !isUTC, finding["first_time"] != .null {
      members = [
        ("first_time", finding["first_time"].asJSON), ("last_time", finding["last_time"].asJSON),
      ]
    }
    if finding["is_stale"].integer == 1 { members.append(("is_stale", .boolean(true))) }
    return members.isEmpty ? nil : .members(members)
  }

  /// The members of a JSON object that the case keeps as text.
  private func members(of text: SQLValue) throws -> SQLRow {
    let rows = try reader.rows(
      """
      SELECT key, value FROM json_each(CASE WHEN json_valid(:text) THEN :text ELSE '{}' END)
      """, parameters: ["text": text])
    return SQLRow(columns: rows.map { $0["key"].description }, values: rows.map { $0["value"] })
  }

  private func milliseconds(_ time: SQLValue) -> JSONTree? {
    // Rounded down, before 1970 as well.
    time.integer.map { .integer($0 / 1_000_000 - ($0 % 1_000_000 < 0 ? 1 : 0)) }
  }
}

/// The ends that a row speaks of, by the names that columns have in all investigations.
private struct Ends {
  struct End {
    var address: String
    var port: Int64?

    /// Rather than an IP address, an EUI-48, as on links where nobody has one.
    var isLinkAddress: Bool {
      address.wholeMatch(of: /[0-9a-f]{2}(?::[0-9a-f]{2}){5}/) != nil
    }

    var endpoint: JSONTree {
      isLinkAddress
        ? .object([("uid", .text(address)), ("mac", .text(address))])
        : .members([("ip", .text(address)), ("port", port.map(JSONTree.integer))])
    }

    /// - Parameter path: The endpoint's place in the event.
    func observable(at path: String) -> JSONTree {
      isLinkAddress
        ? Ends.observable(path + ".mac", 3, "MAC Address", address)
        : Ends.observable(path + ".ip", 2, "IP Address", address)
    }
  }

  var source: End?
  var destination: End?
  /// Of the connection: direction, which captures do not know, and protocol.
  var connection: JSONTree?
  /// The DNS question; `nil` for a name that OCSF takes for none.
  var query: JSONTree?
  private var name: String?

  init(_ row: SQLRow) {
    source = Self.end(row, ("client", ["client_port"]), ("src", ["src_port"]))
    destination = Self.end(row, ("server", ["server_port", "port"]), ("dst", ["dst_port"]))
    let (protocolName, number) = (row["transport"].text, row["ip_proto"].integer)
    if protocolName != nil || number != nil {
      connection = .members([
        ("direction_id", .integer(0)), ("direction", .text("Unknown")),
        ("protocol_name", protocolName.map(JSONTree.text)),
        ("protocol_num", number.map(JSONTree.integer)),
      ])
    }
    if let asked = row["qname"].text, Self.isHostName(asked) {
      name = asked
      query = .members([
        ("hostname", .text(asked)), ("type", row["qtype"].text.map(JSONTree.text)),
      ])
    }
  }

  /// Whether OCSF's type `hostname_t` takes a name: labels of letters, digits and inner hyphens.
  private static func isHostName(_ name: String) -> Bool {
    name.utf8.count <= 255
      && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      }
  }

  private static func end(_ row: SQLRow, _ names: (address: String, ports: [String])...) -> End? {
    for name in names {
      guard let address = row[name.address].text, !address.isEmpty else { continue }
      let port = name.ports.lazy.compactMap { row[$0].integer }.first
      return End(address: address, port: port.flatMap { (0...65_535).contains($0) ? $0 : nil })
    }
    return nil
  }

  /// What a SIEM looks up.
  var observables: [JSONTree] {
    [
      source?.observable(at: "evidences[0].src_endpoint"),
      destination?.observable(at: "evidences[0].dst_endpoint"),
      name.map { Self.observable("evidences[0].query.hostname", 1, "Hostname", $0) },
    ].compactMap(\.self)
  }

  private static func observable(
    _ path: String, _ id: Int64, _ type: String, _ value: String
  ) -> JSONTree {
    .object([
      ("name", .text(path)), ("type_id", .integer(id)), ("type", .text(type)),
      ("value", .text(value)),
    ])
  }
}

extension SQLValue {
  fileprivate var asJSON: JSONTree { .value(self) }
}

extension Severity {
  /// OCSF's number and word for it.
  fileprivate var ocsf: (id: Int64, name: String) {
    switch self {
    case .info: (1, "Informational")
    case .low: (2, "Low")
    case .medium: (3, "Medium")
    case .high: (4, "High")
    case .critical: (5, "Critical")
    }
  }
}
