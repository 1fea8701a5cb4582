import Foundation
import Testing

@Suite("Notes, taking captures out, deriving anew, verifying")
struct HousekeepingTests {
  let folder: Folder

  init() throws {
    folder = try Folder()
    for name in ["client-a.pcap", "server.pcapng"] {
      _ = try Program.run(["ingest", "a.db", Program.sample(name)], in: folder.url)
    }
  }

  private func run(_ arguments: String...) throws -> Program.Output {
    try Program.run(arguments, in: folder.url)
  }

  @Test("A note on a packet is listed, and told in the report")
  func note() throws {
    let said = try run("note", "a.db", "the first *refusal*", "--packet", "1:41")
    #expect(said.status == 0 && said.errors == "wirecase: note 1\n")
    #expect(try run("note", "a.db").text.contains(",1:41,,,,the first *refusal*"))
    let report = try run("report", "a.db").text
    #expect(report.contains("on packet 41 of client-a.pcap: the first \\*refusal\\*"))
  }

  @Test(
    "A note about nothing, or on what is not there, is wrong usage",
    arguments: [
      (["x", "--packet", "1:9999"], "wirecase: the case holds no packet 1:9999"),
      (["x", "--flow", "99999"], "wirecase: the case holds no flow 99999"),
      (
        ["x", "--packet", "one"],
        "wirecase: 'one' names no packet; write capture:number, such as 2:65"
      ),
      ([" "], "wirecase: an empty note says nothing"),
      (["x", "--flow", "1", "--packet", "1:1"], "wirecase: a note is about one thing"),
      (["x", "--at", "12:00"], "wirecase: '12:00' has no date"),
    ])
  func wrongNote(arguments: [String], message: String) throws {
    let said = try Program.run(["note", "a.db"] + arguments, in: folder.url)
    #expect(said.status == 2 && said.errors.hasPrefix(message), "\(said.errors)")
    #expect(said.errors.split(separator: "\n").count == 1)
  }

  @Test("A capture that is taken out is gone, and the log and verify agree that it is")
  func remove() throws {
    let said = try run("captures", "a.db", "--remove", "client-a.pcap")
    #expect(said.status == 0)
    #expect(said.errors.hasPrefix("wirecase: client-a.pcap: taken out, 99 packets"))
    #expect(try run("sql", "a.db", "SELECT name FROM captures").text == "name\nserver.pcapng\n")
    #expect(try run("verify", "a.db").status == 0)
    let again = try run("captures", "a.db", "--remove", "client-a.pcap")
    #expect(again.status == 2)
    #expect(again.errors.contains("holds no capture 'client-a.pcap'"))
  }

  @Test("Deriving anew changes no row, and is in the log")
  func derive() throws {
    let asked = "SELECT * FROM dns_transactions ORDER BY 1"
    let before = try run("sql", "a.db", asked).text
    #expect(try run("derive", "a.db").status == 0)
    #expect(try run("sql", "a.db", asked).text == before)
    #expect(
      try run("sql", "a.db", "SELECT action FROM audit_log").text
        == "action\ningest\ningest\nderive\n")
  }

  @Test("What changes a case needs one that is there", arguments: ["derive", "note"])
  func missing(command: String) throws {
    let said = try Program.run(
      [command, "b.db"] + (command == "note" ? ["x"] : []), in: folder.url)
    #expect(said.status == 5 && said.errors.hasPrefix("wirecase: b.db: no such case"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "b.db").path))
  }

  @Test("An investigation that is named twice is run once")
  func twice() throws {
    let once = try run("run", "a.db", "dns-unanswered")
    let twice = try run("run", "a.db", "dns-unanswered", "dns-unanswered")
    #expect(twice.status == 0 && twice.text == once.text)
  }
}
