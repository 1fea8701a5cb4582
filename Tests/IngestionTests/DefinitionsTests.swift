import CaseFixtures
import CaseStore
import Foundation
import GRDB
import Schema
import Testing

/// `Schema/definitions` says what derivations are; the program makes them another way.
@Suite("What a case stores is what the definitions say")
struct DefinitionsTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// The captures and prints of a folder that lies beside the repository.
  private static func files(_ folder: String) -> [String] {
    guard let path = Places.shared(folder) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasSuffix(".csv") }.sorted().map { path + "/" + $0 }
  }

  private static let labCaptures = [
    "client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng",
  ]

  @Test(
    "Every capture by itself", .besideCaptures("lab", "public", "tcpdump-text"),
    arguments: ["lab", "public", "tcpdump-text"])
  func alone(_ name: String) throws {
    let files = Self.files(name)
    #expect(!files.isEmpty)
    var stored = 0
    for (index, file) in files.enumerated() {
      try folder.ingest([file], into: "\(index).case")
      // Of some files, which are there to be refused, nothing can be read.
      guard FileManager.default.fileExists(atPath: folder.file("\(index).case")) else { continue }
      let reader = try folder.read("\(index).case")
      for difference in try Defined.differences(in: reader) {
        Issue.record("\(file): \(difference)")
      }
      stored += try Defined.count(.flows, in: reader)
    }
    #expect(stored > files.count / 2)
  }

  @Test("All public captures in one case", .besideCaptures("public"))
  func together() throws {
    try folder.ingest(Self.files("public"))
    let reader = try folder.read()
    #expect(try Defined.differences(in: reader) == [])
  }

  @Test(
    "Four captures of one outage, in one go and one after the other; with what was printed of two",
    .besideCaptures("lab"))
  func lab() throws {
    let captures = Self.labCaptures.compactMap { Places.shared("lab/" + $0) }
    try folder.ingest(captures, into: "one.case")
    for capture in captures.reversed() { try folder.ingest([capture], into: "four.case") }
    let prints = ["client1-nn-tttt.txt", "client2-nn-tttt.txt", "client1-n.txt"]
    try folder.ingest(
      captures + prints.compactMap { Places.shared("lab/" + $0) }, into: "prints.case")
    for name in ["one.case", "four.case", "prints.case"] {
      let reader = try folder.read(name)
      for definition in Schema.Definition.allCases {
        #expect(try Defined.count(definition, in: reader) > 0, "\(definition)")
      }
      #expect(try Defined.differences(in: reader) == [], "\(name)")
    }
  }

  @Test("A capture cut in three pieces", .besideCaptures("lab/client1.pcap"))
  func pieces() throws {
    let path = try #require(Places.shared("lab/client1.pcap"))
    let (head, rest) = try #require(
      cutPcap(Array(try Data(contentsOf: URL(filePath: path))), after: 40))
    let (middle, tail) = try #require(cutPcap(rest, after: 40))
    try folder.ingest([
      folder.write(head, "1.pcap"), folder.write(middle, "2.pcap"), folder.write(tail, "3.pcap"),
    ])
    let reader = try folder.read()
    #expect(try Defined.count(.flowMembers, in: reader) > 0)
    #expect(try Defined.differences(in: reader) == [])
  }

  @Test("The sample incident")
  func samples() throws {
    try folder.ingest(["client-a.pcap", "client-b.log", "server.pcapng"].map(Places.sample))
    let reader = try folder.read()
    #expect(try Defined.count(.dnsTransactions, in: reader) > 0)
    #expect(try Defined.differences(in: reader) == [])
  }

  @Test("Traffic made at random, in one to three captures of two interfaces", arguments: 0..<8)
  func random(part: UInt64) throws {
    var stored: [Schema.Definition: Int] = [:]
    for seed in part * 12..<(part + 1) * 12 {
      var traffic = RandomTraffic(seed: seed)
      let paths = try traffic.captures().enumerated().map {
        try folder.write($1, "\(seed)-\($0).pcapng")
      }
      try folder.ingest(paths, into: "\(seed).case")
      let reader = try folder.read("\(seed).case")
      for difference in try Defined.differences(in: reader) {
        Issue.record("seed \(seed): \(difference)")
      }
      for definition in Schema.Definition.allCases {
        stored[definition, default: 0] += try Defined.count(definition, in: reader)
      }
    }
    for definition in Schema.Definition.allCases {
      #expect(stored[definition] ?? 0 > 12, "\(definition)")
    }
  }

  @Test("From empty tables, storing what the definitions yield again and again ends at the same")
  func fromNothing() throws {
    try folder.ingest(["client-a.pcap", "client-b.log", "server.pcapng"].map(Places.sample))
    let before = try Schema.Definition.allCases.map {
      try folder.read().lines(Defined.stored($0)).sorted()
    }
    #expect(before.allSatisfy { !$0.isEmpty })
    let isSettled = try DatabaseQueue(path: folder.file("a.case")).write { database in
      try Defined.deriveFromNothing(database)
    }
    #expect(isSettled)
    let after = try Schema.Definition.allCases.map {
      try folder.read().lines(Defined.stored($0)).sorted()
    }
    for (definition, (old, new)) in zip(Schema.Definition.allCases, zip(before, after)) {
      #expect(old == new, "\(definition)")
    }
  }

  @Test(
    "A stored row that was taken out, changed or made up is told",
    arguments: [
      (Schema.Definition.duplicates, "DELETE FROM derived_duplicate WHERE rowid % 3 = 0"),
      (.duplicates, "UPDATE derived_duplicate SET first_packet_id = packet_id - 1"),
      (.icmpLinks, "DELETE FROM derived_icmp_link WHERE rowid % 2 = 0"),
      (.flowMembers, "DELETE FROM derived_flow_member WHERE rowid % 2 = 0"),
      (.flows, "UPDATE derived_flow SET packets_to_client = packets_to_client + 1"),
      (.flows, "UPDATE derived_flow SET state = 2 WHERE state = 3"),
      (.dnsMatches, "UPDATE derived_dns_transaction SET response_packet_id = NULL"),
      (.dnsMatches, "UPDATE derived_dns_transaction SET icmp_packet_id = NULL"),
      (
        .dnsMatches,
        """
        INSERT INTO derived_dns_retry
        SELECT response_packet_id, response_position, query_packet_id, query_position
        FROM derived_dns_transaction WHERE response_packet_id IS NOT NULL LIMIT 1
        """
      ),
      (.dnsTransactions, "UPDATE derived_dns_transaction SET outcome = outcome % 5 + 1"),
      (.dnsTransactions, "UPDATE derived_dns_transaction SET attempts = attempts + 1"),
      (.dnsTransactions, "UPDATE derived_dns_transaction SET rtt_ns = rtt_ns + 1"),
    ] as [(Schema.Definition, String)])
  func changed(definition: Schema.Definition, change: String) throws {
    try folder.ingest(["client-a.pcap", "client-b.log", "server.pcapng"].map(Places.sample))
    try DatabaseQueue(path: folder.file("a.case")).write { database in
      try database.execute(sql: change)
      #expect(database.changesCount > 0, "the sample incident has no such row")
    }
    let differences = try Defined.differences(in: folder.read())
    #expect(differences.contains { $0.hasPrefix(definition.rawValue + ":") })
  }
}
