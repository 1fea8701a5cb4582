import CaseFixtures
import CaseStore

@testable import Investigations

/// A capture from which every investigation but `capture-quality` reports something.
///
/// | packet | ms | |
/// | ---: | ---: | --- |
/// | 1, 2 | 0, 20 | client A asks for a.example, answered |
/// | 3, 4 | 1000, 1001 | A asks for b.example; port unreachable, from the server |
/// | 5, 6 | 2000, 2001 | client B asks for b.example; likewise |
/// | 7, 8 | 3000, 3001 | A asks for c.example; likewise |
/// | 9 | 4000 | A asks for d.example: silence |
/// | 10, 11 | 10,000, 10,020 | A asks for a.example, answered |
/// | 12, 13 | 11,000, 17,000 | A asks for e.example, answered late |
struct Incident {
  static let a = Endpoint("192.0.2.10", 40_000)
  static let b = Endpoint("192.0.2.11", 40_000)
  static let server = Endpoint("198.51.100.53", 53)
  private(set) var capture = CaptureFile()

  init() {
    exchange(0, Self.a, id: 1, "a.example")
    refused(1000, Self.a, id: 2, "b.example")
    refused(2000, Self.b, id: 3, "b.example")
    refused(3000, Self.a, id: 4, "c.example")
    capture.add(4000, .query(Self.a, Self.server, id: 5, "d.example", identification: 5))
    exchange(10_000, Self.a, id: 6, "a.example")
    exchange(11_000, Self.a, id: 7, "e.example", wait: 6000)
  }

  /// Without anything.
  static let quiet: CaptureFile = {
    var capture = CaptureFile()
    capture.add(0, .tcp(a, Endpoint("198.51.100.80", 443), flags: 2))
    return capture
  }()

  private mutating func exchange(
    _ time: Int64, _ client: Endpoint, id: UInt16, _ name: String, wait: Int64 = 20
  ) {
    capture.add(time, .query(client, Self.server, id: id, name, identification: id))
    capture.add(time + wait, .answer(Self.server, client, id: id, name, identification: id + 100))
  }

  private mutating func refused(_ time: Int64, _ client: Endpoint, id: UInt16, _ name: String) {
    let query = Frame.query(client, Self.server, id: id, name, identification: id)
    capture.add(time, query)
    capture.add(time + 1, .unreachable("198.51.100.53", code: 3, quoting: query))
  }
}

/// What an investigation came to, in lines.
struct Told {
  var outcome: InvestigationResult.Outcome
  /// The rows, values parted by `|`; times are milliseconds after noon.
  var rows: [String]
  /// For each row, the numbers of the packets that it cites.
  var evidence: [[Int64]]

  init(
    _ name: String, _ reader: CaseReader, given: [String: SQLValue] = [:]
  ) throws {
    let investigation = try InvestigationLibrary().investigation(named: name)
    let result = try InvestigationRunner(reader).run(investigation, given: given)
    outcome = result.outcome
    rows = result.findings.map { finding in
      zip(finding.row.columns, finding.row.values).map { column, value in
        guard column.hasSuffix("_ts"), let time = value.integer else { return value.description }
        return String((time - CaptureFile.noon) / 1_000_000)
      }.joined(separator: "|")
    }
    evidence = result.findings.map { $0.evidence.map { $0 & 0xffff_ffff } }
  }
}
