import Foundation
import Testing

@Suite("An ingest that is killed leaves each capture whole or absent")
struct InterruptionTests {
  private let question = """
    SELECT (SELECT count(*) FROM captures), (SELECT count(*) FROM packets),
           (SELECT sum(packets) FROM captures), (SELECT count(*) FROM dns_transactions)
    """

  @Test("Killed at any moment, the case opens, is sound, and takes the capture anew")
  func killed() throws {
    let folder = try Folder()
    try folder.write(DNSQueries.capture(of: 120_000), to: "large.pcap")
    let small = Program.sample("client-a.pcap")
    _ = try Program.run(["ingest", "first.db", small], in: folder.url)
    _ = try Program.run(["ingest", "whole.db", small, "large.pcap"], in: folder.url)
    let whole = try Program.run(["sql", "whole.db", question], in: folder.url).text
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10 {
      try? FileManager.default.removeItem(atPath: folder.path("case.db"))
      try FileManager.default.copyItem(
        atPath: folder.path("first.db"), toPath: folder.path("case.db"))
      let process = try Program.start(["ingest", "case.db", "large.pcap"], in: folder.url)
      let moment = Double.random(in: 0...1.5, using: &generator)
      Thread.sleep(forTimeInterval: moment)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()

      let sound = try Program.run(["sql", "case.db", "PRAGMA integrity_check"], in: folder.url)
      #expect(sound.text == "integrity_check\nok\n", "after \(moment) s")
      let counts = try Program.run(["sql", "case.db", question], in: folder.url).text
      let numbers = try #require(counts.split(separator: "\n").last).split(separator: ",")
      #expect(numbers[1] == numbers[2], "whole captures only, after \(moment) s")

      #expect(try Program.run(["ingest", "case.db", "large.pcap"], in: folder.url).status == 0)
      let again = try Program.run(["sql", "case.db", question], in: folder.url).text
      #expect(again == whole, "after \(moment) s")
      #expect(!folder.names.contains { $0.hasPrefix("case.db-") || $0.hasPrefix("case.db.") })
    }
  }

  @Test("A new case that is not finished is not there")
  func killedBeforeTheFirst() throws {
    let folder = try Folder()
    try folder.write(DNSQueries.capture(of: 120_000), to: "large.pcap")
    let process = try Program.start(["ingest", "case.db", "large.pcap"], in: folder.url)
    Thread.sleep(forTimeInterval: 0.05)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(!folder.names.contains("case.db"))
    #expect(try Program.run(["ingest", "case.db", "large.pcap"], in: folder.url).status == 0)
    #expect(folder.names == ["case.db", "large.pcap"], "what was left of the first is gone")
  }

  @Test("A second writer waits for the first, and both captures are in the case")
  func twoWriters() throws {
    let folder = try Folder()
    try folder.write(DNSQueries.capture(of: 60_000), to: "large.pcap")
    let first = try Program.start(["ingest", "case.db", "large.pcap"], in: folder.url)
    Thread.sleep(forTimeInterval: 0.05)
    let second = try Program.run(
      ["ingest", "case.db", Program.sample("client-a.pcap")], in: folder.url)
    first.waitUntilExit()
    #expect(first.terminationStatus == 0 && second.status == 0)
    let answer = try Program.run(
      ["sql", "case.db", "SELECT count(*) FROM captures"], in: folder.url)
    #expect(answer.text == "count(*)\n2\n")
  }
}
