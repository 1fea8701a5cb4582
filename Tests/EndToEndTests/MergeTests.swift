import Foundation
import Testing

@Suite("wirecase merge")
struct MergeTests {
  let folder: Folder

  init() throws {
    folder = try Folder()
    for (name, source) in [("a.db", "client-a.pcap"), ("b.db", "server.pcapng")] {
      _ = try Program.run(["ingest", name, Program.sample(source)], in: folder.url)
    }
  }

  private func run(_ arguments: String...) throws -> Program.Output {
    try Program.run(arguments, in: folder.url)
  }

  private static let question = """
    SELECT count(*), count(duplicate_of), (SELECT count(*) FROM flows),
           (SELECT group_concat(outcome) FROM dns_transactions)
    FROM packets
    """

  @Test("Two cases become a third, which verifies, and are as they were")
  func merge() throws {
    let before = try ["a.db", "b.db"].map { try Data(contentsOf: URL(filePath: folder.path($0))) }
    let said = try run("merge", "all.db", "a.db", "b.db")
    #expect(said.status == 0)
    #expect(
      said.errors == """
        wirecase: a.db: client-a.pcap: 99 packets
        wirecase: b.db: server.pcapng: 171 packets

        """)
    _ = try run(
      "ingest", "both.db", Program.sample("client-a.pcap"), Program.sample("server.pcapng"))
    let merged = try run("sql", "all.db", Self.question).text
    #expect(merged == (try run("sql", "both.db", Self.question).text))
    #expect(merged.contains("\n270,") && !merged.contains("\n270,0,"))
    let verified = try run("verify", "all.db")
    #expect(verified.status == 0 && verified.text.contains("log,1 to 2,unchanged,"))
    let after = try ["a.db", "b.db"].map { try Data(contentsOf: URL(filePath: folder.path($0))) }
    #expect(before == after)
    #expect(folder.names == ["a.db", "all.db", "b.db", "both.db"])
    let again = try run("merge", "all.db", "b.db")
    #expect(again.status == 0)
    #expect(
      again.errors
        == "wirecase: b.db: server.pcapng: the case holds the same bytes already, as "
        + "'server.pcapng'; nothing added\n")
  }

  @Test(
    "What is no case to merge is told in one line, and the others are merged",
    arguments: [
      ("none.db", "wirecase: none.db: no such case; name one that 'wirecase ingest' has written"),
      ("text", "wirecase: text: is not a SQLite database, so not a case"),
      ("newer.db", "wirecase: newer.db: is a case of version 99, newer than this program"),
      ("folder", "wirecase: folder: is a folder, not a case"),
    ])
  func unusable(name: String, message: String) throws {
    try folder.write(Data("not a database, but long enough to be looked at: ".utf8), to: "text")
    var newer = try Data(contentsOf: URL(filePath: folder.path("a.db")))
    newer[63] = 99
    try folder.write(newer, to: "newer.db")
    try FileManager.default.createDirectory(
      atPath: folder.path("folder"), withIntermediateDirectories: true)
    let partly = try run("merge", "all.db", name, "a.db")
    #expect(partly.status == 3 && partly.errors.hasPrefix(message), "\(partly.errors)")
    #expect(partly.errors.split(separator: "\n").count == 2)
    #expect(try run("sql", "all.db", "SELECT name FROM captures").text == "name\nclient-a.pcap\n")
    let nothing = try run("merge", "new.db", name)
    #expect(nothing.status == 4 && nothing.errors.hasPrefix(message))
    #expect(!folder.names.contains { $0.hasPrefix("new.db") })
    let other = try run("merge", name, "a.db")
    #expect(other.status == (name == "none.db" ? 0 : 5), "\(other.errors)")
  }

  @Test("In several jobs, what became of each source is told in their order")
  func jobs() throws {
    let sources = ["server.pcapng", "client-a.pcap", "client-b.log"].map(Program.sample)
    let one = try Program.run(["ingest", "one.db"] + sources, in: folder.url)
    let several = try Program.run(
      ["ingest", "several.db", "--jobs", "3"] + sources, in: folder.url)
    #expect(several.status == 0 && several.errors == one.errors)
    #expect(
      try run("sql", "several.db", Self.question).text == run("sql", "one.db", Self.question).text)
    #expect(folder.names == ["a.db", "b.db", "one.db", "several.db"])
    let none = try run("ingest", "one.db", "x.pcap", "--jobs", "0")
    #expect(none.status == 2 && none.errors.hasPrefix("wirecase: --jobs takes a number from 1"))
  }

  @Test("A case into itself is wrong usage")
  func itself() throws {
    let said = try run("merge", "a.db", "./a.db")
    #expect(said.status == 2 && said.errors.hasPrefix("wirecase: ./a.db: is the case itself"))
  }

  @Test("A damaged case adds whole captures only, and this case stays sound")
  func damaged() throws {
    var octets = try Data(contentsOf: URL(filePath: folder.path("b.db")))
    for offset in stride(from: 16_384 * 4, to: octets.count, by: 16_384) {
      for index in offset..<min(offset + 64, octets.count) { octets[index] = 0xff }
    }
    try folder.write(octets, to: "damaged.db")
    let said = try run("merge", "a.db", "damaged.db")
    #expect(said.status == 4, "\(said.errors)")
    #expect(said.errors.contains("damaged.db: the case is damaged: "))
    #expect(said.errors.split(separator: "\n").count == 1)
    #expect(try run("sql", "a.db", "SELECT name FROM captures").text == "name\nclient-a.pcap\n")
    #expect(try run("verify", "a.db").status == 0)
  }

  @Test("Killed at any moment, the case opens, is sound, and takes the other case anew")
  func killed() throws {
    let large = DNSQueries.capture(of: 120_000)
    try folder.write(large, to: "large.pcap")
    _ = try run("ingest", "large.db", "large.pcap")
    _ = try run("merge", "whole.db", "a.db", "large.db")
    let question = """
      SELECT (SELECT count(*) FROM packets), (SELECT sum(packets) FROM captures),
             (SELECT count(*) FROM flows), (SELECT count(*) FROM dns_transactions)
      """
    let whole = try run("sql", "whole.db", question).text
    #expect(whole.contains("120099,120099,"))
    var generator = SystemRandomNumberGenerator()
    for round in 0..<8 {
      try? FileManager.default.removeItem(atPath: folder.path("case.db"))
      // Into a case that is there, and into none.
      if round.isMultiple(of: 2) {
        try FileManager.default.copyItem(
          atPath: folder.path("a.db"), toPath: folder.path("case.db"))
      }
      let process = try Program.start(["merge", "case.db", "a.db", "large.db"], in: folder.url)
      let moment = Double.random(in: 0...2, using: &generator)
      Thread.sleep(forTimeInterval: moment)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if folder.names.contains("case.db") {
        #expect(
          try run("sql", "case.db", "PRAGMA integrity_check").text == "integrity_check\nok\n")
        let counts = try run("sql", "case.db", question).text
        let numbers = try #require(counts.split(separator: "\n").last).split(separator: ",")
        #expect(numbers[0] == numbers[1], "whole captures only, after \(moment) s")
      }
      #expect(try run("merge", "case.db", "a.db", "large.db").status == 0)
      #expect(try run("sql", "case.db", question).text == whole, "after \(moment) s")
      #expect(!folder.names.contains { $0.hasPrefix("case.db-") || $0.hasPrefix("case.db.") })
    }
  }
}
