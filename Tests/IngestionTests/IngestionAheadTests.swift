import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@Suite("Decoding sources ahead of their turn changes no row")
struct IngestionAheadTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// Ingests in `jobs` jobs, and tells what became of each source.
  private func ingest(_ paths: [String], into name: String, jobs: Int) throws -> [String] {
    let writer = try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
    var told: [String] = []
    try IngestionAhead(into: writer, options: IngestOptions(programVersion: "test"), jobs: jobs)
      .ingest(
        paths.map { .file(path: $0) }, progress: { _, _, _ in },
        told: { result in
          told.append(
            "\(result.source) \(result.name) \(result.outcome) \(result.packets) \(result.size) "
              + "\(result.format ?? "") \(result.faults)")
        })
    try writer.finish()
    return told
  }

  /// What the log says, but for when.
  private static let log = """
    SELECT event_id, action, details FROM audit_log ORDER BY event_id
    """

  private func expectSame(_ name: String, as other: String) throws {
    let (one, two) = (try folder.read(name), try folder.read(other))
    let (facts, expected) = (try ContractRows.facts(one), try ContractRows.facts(two))
    #expect(expected["fact_packet"]?.isEmpty == false)
    for (table, rows) in facts { #expect(rows == expected[table], "\(table)") }
    let (rows, expectedRows) = (try ContractRows.of(one), try ContractRows.of(two))
    #expect(rows == expectedRows)
    for question in [
      Self.log, "SELECT * FROM flows ORDER BY flow_id",
      "SELECT * FROM dns_transactions ORDER BY query_packet_id",
      "SELECT packet_id, flow_id, duplicate_of FROM packets ORDER BY packet_id",
      "SELECT icmp_packet_id, original_packet_id FROM derived_icmp_link ORDER BY 1",
      "SELECT name, sha1, modified_at, ingested_by, options FROM captures ORDER BY capture_id",
    ] {
      let (rows, expected) = (try one.lines(question), try two.lines(question))
      #expect(!expected.isEmpty && rows == expected, "\(question)")
    }
  }

  @Test(
    "The lab captures, packets and prints, in 1, 2 and 4 jobs: the same rows, with the same numbers",
    .besideCaptures("lab"), arguments: [1, 2, 4])
  func lab(jobs: Int) throws {
    let search = captureLocations(for: [try #require(Places.shared("lab"))])
    let paths = search.found.map(\.name)
    #expect(paths.count == 11)
    // One after the other, as it is without any thread beside.
    try folder.ingest(paths, into: "one.case")
    let told = try ingest(paths, into: "jobs.case", jobs: jobs)
    #expect(told.count == paths.count)
    try expectSame("jobs.case", as: "one.case")
    #expect(try folder.read("jobs.case").value("PRAGMA integrity_check") == "ok")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["jobs.case", "one.case"])
  }

  @Test(
    "Into a case that holds some already, with equal and unreadable sources among them",
    arguments: [2, 3])
  func mixed(jobs: Int) throws {
    let samples = ["client-a.pcap", "server.pcapng", "client-b.log"].map(Places.sample)
    let noise = try folder.write(Array(repeating: 0, count: 300), "noise.pcap")
    let copy = try folder.write(
      Array(Data(contentsOf: URL(filePath: samples[1]))), "server.pcapng")
    let cut = try folder.write(
      Array(Data(contentsOf: URL(filePath: samples[0])).dropLast(7)), "client-a.pcap")
    let sources = [noise, samples[0], cut, samples[1], copy, samples[2], folder.file("none")]
    for name in ["one.case", "jobs.case"] { try folder.ingest([samples[0]], into: name) }
    let expected = try ingest(sources, into: "one.case", jobs: 1)
    #expect(try ingest(sources, into: "jobs.case", jobs: jobs) == expected)
    #expect(expected.count == 7 && expected.contains { $0.contains("client-a.pcap (2)") })
    try expectSame("jobs.case", as: "one.case")
    #expect(!FileManager.default.fileExists(atPath: folder.file("jobs.case.scratch")))
  }

  @Test("Whoever stops the ingest waits for no source, and nothing is left beside the case")
  func stopped() throws {
    struct Stop: Error {}
    let samples = ["client-a.pcap", "server.pcapng", "client-b.log"].map(Places.sample)
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    let ingestion = IngestionAhead(
      into: writer, options: IngestOptions(programVersion: "test"), jobs: 3)
    #expect(throws: Stop.self) {
      try ingestion.ingest(
        samples.map { .file(path: $0) }, progress: { _, _, _ in }, told: { _ in throw Stop() })
    }
    writer.abandon()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("What a killed ingest left of its scratch is removed, and what is not ours is not")
  func leftOver() throws {
    let scratch = folder.file("a.case.scratch")
    try FileManager.default.createDirectory(
      atPath: scratch, withIntermediateDirectories: true)
    for name in ["3.case.partial", "4.case.lock", "notes.txt"] {
      _ = try folder.write([1], "a.case.scratch/" + name)
    }
    _ = try ingest([Places.sample("client-a.pcap")], into: "a.case", jobs: 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == ["notes.txt"])
  }
}
