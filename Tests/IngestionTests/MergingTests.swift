import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@Suite("Merging cases gives the rows that ingesting their sources gives")
struct MergingTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private static let packets = ["client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng"]
  /// What tcpdump printed with a date: comparable with the captures.
  private static let dated = ["client1-nn-tttt.txt", "client2-nn-tttt.txt"]
  /// What it printed without: each log a world of its own.
  private static let clocks = [
    "client1-n.txt", "client1-v.txt", "client1-e.txt", "client2-n.txt", "client2-v.txt",
  ]

  /// Makes the facts and the views of two cases of the same captures alike or says where not.
  private func expectSame(
    _ name: String, as other: String, _ what: String, facts: Bool
  ) throws {
    let (one, two) = (try folder.read(name), try folder.read(other))
    for (rows, expected) in zip(try ContractRows.of(one), try ContractRows.of(two)) {
      #expect(rows == expected, "\(what)")
    }
    guard facts else { return }
    let expected = try ContractRows.facts(two)
    #expect(expected.count > 10 && expected["fact_packet"]?.isEmpty == false)
    for (table, rows) in try ContractRows.facts(one) {
      #expect(rows == expected[table], "\(what): \(table)")
    }
  }

  private func expectSameAnew(_ name: String) throws {
    let before = try ContractRows.of(folder.read(name))
    let writer = try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
    try writer.deriveEverything()
    try writer.finish()
    #expect(try ContractRows.of(folder.read(name)) == before, "deriving anew changes rows")
  }

  @Test(
    "Cases of one capture each, merged in two orders, are the case of all of them",
    .besideCaptures("lab"),
    arguments: [packets, packets + dated, clocks, packets + dated + clocks])
  func lab(_ names: [String]) throws {
    let paths = try names.map { try #require(Places.shared("lab/" + $0)) }
    for (name, path) in zip(names, paths) { try folder.ingest([path], into: name + ".case") }
    try folder.ingest(paths, into: "all.case")
    try folder.merge(names.map { $0 + ".case" }, into: "merged.case")
    try expectSame("merged.case", as: "all.case", "in their order", facts: true)
    try folder.ingest(paths.reversed(), into: "backward.case")
    try folder.merge(names.reversed().map { $0 + ".case" }, into: "reversed.case")
    try expectSame("reversed.case", as: "backward.case", "reversed", facts: true)
    try expectSame("reversed.case", as: "all.case", "against the order", facts: false)
    try expectSameAnew("merged.case")
    let reader = try folder.read("merged.case")
    #expect(try reader.value("PRAGMA integrity_check") == "ok")
  }

  @Test(
    "Cases of several captures, some of them known, are merged into one that grew meanwhile",
    .besideCaptures("lab"))
  func several() throws {
    func paths(_ names: String...) throws -> [String] {
      try names.map { try #require(Places.shared("lab/" + $0)) }
    }
    let first = try paths("client2-n.txt", "client1.pcap", "client1-n.txt")
    let second = try paths("router.pcapng", "client1.pcap", "client2-nn-tttt.txt", "client2-v.txt")
    let third = try paths("client2.pcap", "server-any.pcap")
    try folder.ingest(first, into: "first.case")
    try folder.ingest(second, into: "second.case")
    try folder.ingest(third, into: "here.case")
    let outcomes = try folder.merge(["second.case", "first.case"], into: "here.case")
    #expect(
      outcomes == [
        .added(name: "router.pcapng"), .added(name: "client1.pcap"),
        .added(name: "client2-nn-tttt.txt"), .added(name: "client2-v.txt"),
        .added(name: "client2-n.txt"), .known(name: "client1.pcap", isPart: false),
        .added(name: "client1-n.txt"),
      ])
    try folder.ingest(third + second + first, into: "all.case")
    try expectSame("here.case", as: "all.case", "", facts: true)
    try expectSameAnew("here.case")
    // Merged once more, nothing is added.
    let again = try folder.merge(["first.case", "second.case"], into: "here.case")
    #expect(again.count == 7)
    for outcome in again {
      guard case .known = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
    try expectSame("here.case", as: "all.case", "again", facts: true)
  }

  @Test(
    "A capture that was taken out leaves numbers that merging passes over", .besideCaptures("lab"))
  func gaps() throws {
    let paths = try Self.packets.map { try #require(Places.shared("lab/" + $0)) }
    try folder.ingest(paths, into: "gaps.case")
    let writer = try CaseWriter(path: folder.file("gaps.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    #expect(try writer.removeCapture(named: "client1.pcap") != nil)
    #expect(try writer.removeCapture(named: "server-any.pcap") != nil)
    try writer.finish()
    try folder.merge(["gaps.case"], into: "merged.case")
    try folder.ingest([paths[1], paths[3]], into: "all.case")
    try expectSame("merged.case", as: "all.case", "", facts: true)
  }

  @Test("What a capture says beside its packets comes along: names, comments, faults, digests")
  func beside() throws {
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "eth0")
    var packets = CaptureFile()
    packets.add(0, .query(Endpoint("192.0.2.1", 1), Endpoint("192.0.2.2", 53), id: 7, "a.example"))
    file.packet(
      interface: 0, time: CaptureFile.noon, try #require(packets.packets.first),
      comment: "look here")
    let whole = try folder.write(file.octets, "whole.pcapng")
    let cut = try folder.write(Array(file.octets.dropLast(9)), "cut.pcapng")
    let empty = try folder.write([1, 2, 3, 4, 5], "noise.pcap")
    var options = IngestOptions(programVersion: "elsewhere")
    options.takesOldDigests = true
    try folder.ingest([cut], into: "one.case", options: options)
    try folder.ingest([whole, empty], into: "two.case", options: options)
    try folder.merge(["one.case", "two.case"], into: "merged.case")
    try folder.ingest([cut, whole, empty], into: "all.case", options: options)
    try expectSame("merged.case", as: "all.case", "", facts: true)
    let (merged, all) = (try folder.read("merged.case"), try folder.read("all.case"))
    for question in [
      "SELECT * FROM comments", "SELECT * FROM faults", "SELECT * FROM interfaces",
      "SELECT name, sha1, md5, modified_at, options, program_version FROM captures",
    ] {
      let (rows, expected) = (try merged.lines(question), try all.lines(question))
      #expect(!rows.isEmpty && rows == expected, "\(question)")
    }
    #expect(
      try merged.lines("SELECT ingested_at FROM fact_capture ORDER BY 1")
        == folder.read("one.case").lines("SELECT ingested_at FROM fact_capture")
        + folder.read("two.case").lines("SELECT ingested_at FROM fact_capture"))
  }

  /// A capture of one question from `192.0.2.n`.
  private func question(_ number: Int64) -> CaptureFile {
    var capture = CaptureFile()
    let client = Endpoint("192.0.2.\(number)", 4000)
    capture.add(number, .query(client, Endpoint("198.51.100.53", 53), id: 7, "a.example"))
    return capture
  }

  @Test("The log says of each capture which case it came from, and how far that case's log went")
  func log() throws {
    try folder.ingest([folder.write(question(1), "a.pcap")], into: "other.case")
    let digest = try folder.read("other.case").value("SELECT max(sha256) FROM audit_log")
    let before = try Data(contentsOf: URL(filePath: folder.file("other.case")))
    try folder.ingest([folder.write(question(2), "a.pcap")], into: "here.case")
    #expect(try folder.merge(["other.case"], into: "here.case") == [.added(name: "a.pcap (2)")])
    let reader = try folder.read("here.case")
    #expect(
      try reader.lines(
        """
        SELECT action, json_extract(details, '$.capture'), json_extract(details, '$.packets'),
               json_extract(details, '$.case'), json_extract(details, '$.case_log_sha256')
        FROM audit_log WHERE event_id > 1
        """) == ["merge|a.pcap (2)|1|\(folder.file("other.case"))|\(digest)"])
    #expect(try Data(contentsOf: URL(filePath: folder.file("other.case"))) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["a.pcap", "here.case", "other.case"])
  }

  @Test("Notes about packets and flows come along with who wrote them; others do not")
  func notes() throws {
    try folder.ingest([folder.write(question(1), "a.pcap")], into: "here.case")
    try folder.ingest([folder.write(question(2), "b.pcap")], into: "other.case")
    let writer = try CaseWriter(
      path: folder.file("other.case"), by: Actor(programVersion: "test")
    ) { _ in }
    try writer.addNote("odd", about: .packet(1 << 32 | 1))
    try writer.addNote("the whole of it", about: .wholeCase)
    try writer.addNote("then", about: .time(CaptureFile.noon))
    try writer.addNote("a flow", about: .flow(1))
    try writer.finish()
    try folder.merge(["other.case"], into: "here.case")
    let question = "SELECT text, packet_id & 4294967295, flow_id IS NULL, time, who FROM notes"
    let reader = try folder.read("here.case")
    let wanted = try folder.read("other.case").lines(question + " WHERE packet_id IS NOT NULL")
    #expect(wanted.count == 2)
    #expect(try reader.lines(question) == wanted)
    #expect(try reader.value("SELECT group_concat(packet_id >> 32) FROM notes") == "2,2")
    #expect(try reader.value("SELECT count(*) FROM audit_log WHERE action = 'note'") == "2")
  }

  @Test("A finding is stale once a capture was merged, however long ago that was ingested")
  func stale() throws {
    try folder.ingest([folder.write(question(2), "b.pcap")], into: "other.case")
    try folder.ingest([folder.write(question(1), "a.pcap")], into: "here.case")
    let writer = try CaseWriter(path: folder.file("here.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    let finding = StoredFinding(
      firstTime: nil, lastTime: nil, timeBasis: .utc, summary: "s", details: "{}", evidence: [])
    try writer.save(
      [
        StoredRun(
          investigation: "i", title: "t", severity: "low", sql: "SELECT 1", evidenceSQL: "SELECT 1",
          parameters: "{}", findings: [finding])
      ], of: CaseScope())
    try writer.finish()
    #expect(try folder.read("here.case").value("SELECT is_stale FROM findings") == "0")
    try folder.merge(["other.case"], into: "here.case")
    #expect(try folder.read("here.case").value("SELECT is_stale FROM findings") == "1")
  }
}
