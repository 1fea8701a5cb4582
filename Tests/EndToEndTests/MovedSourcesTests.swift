import Foundation
import Testing

@Suite("Sources that were moved are found again by their digests")
struct MovedSourcesTests {
  let folder: Folder

  /// A case of two captures and a log, whose sources went to `archive/2026` under other names; the
  /// log went nowhere.
  init() throws {
    folder = try Folder()
    for name in ["client-a.pcap", "server.pcapng", "client-b.log"] {
      try FileManager.default.copyItem(atPath: Program.sample(name), toPath: folder.path(name))
    }
    _ = try Program.run(
      ["ingest", "a.db", "client-a.pcap", "server.pcapng", "client-b.log"], in: folder.url)
    try FileManager.default.createDirectory(
      atPath: folder.path("archive/2026"), withIntermediateDirectories: true)
    try move("client-a.pcap", "archive/2026/one")
    try move("server.pcapng", "archive/2026/two")
    try move("client-b.log", "archive/2026/three")
  }

  private func run(_ arguments: String...) throws -> Program.Output {
    try Program.run(arguments, in: folder.url)
  }

  private func move(_ name: String, _ other: String) throws {
    try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(other))
  }

  /// As the case keeps it.
  private func place(_ name: String) -> String {
    folder.url.resolvingSymlinksInPath().appending(path: name).path
  }

  private func located(_ said: Program.Output) -> [String] {
    said.text.replacing(place("") + "/", with: "").split(separator: "\n").map(String.init)
  }

  @Test("packet, export and verify read them where they are; where they were read stays recorded")
  func found() throws {
    #expect(try run("packet", "a.db", "1:41").text.contains("No octets: client-a.pcap: /"))
    let said = try run("captures", "a.db", "--locate", "archive")
    #expect(said.status == 0 && said.errors.isEmpty, "\(said.errors)")
    #expect(
      located(said) == [
        "name,state,path", "client-a.pcap,found,archive/2026/one",
        "server.pcapng,found,archive/2026/two", "client-b.log,found,archive/2026/three",
      ])
    #expect(try run("packet", "a.db", "1:41").text.contains("\n0000  "))
    #expect(try run("packet", "a.db", "3:1").text.contains("02:36:46.335956 ARP, Request who-has"))
    #expect(
      try run("export", "a.db", "--where", "number <= 3", "-o", "out.pcapng").errors
        .contains("out.pcapng: 6 packets"))
    let verified = try run("verify", "a.db")
    #expect(verified.status == 0)
    #expect(
      verified.text.contains("source,server.pcapng,unchanged,found at \(place("archive/2026/two"))")
    )
    #expect(verified.text.contains("log,1 to 6,unchanged,"))
    #expect(
      try run("sql", "a.db", "SELECT path, found_at_path FROM captures WHERE capture_id = 1").text
        == "path,found_at_path\n\(place("client-a.pcap")),\(place("archive/2026/one"))\n")
    #expect(
      try run("captures", "a.db", "--locate", "archive").errors
        == "wirecase: every source is where it is looked for\n")
  }

  @Test("A source that was moved again is found again, and the log keeps both places")
  func again() throws {
    _ = try run("captures", "a.db", "--locate", "archive")
    try move("archive/2026/two", "two")
    #expect(
      located(try run("captures", "a.db", "--locate", "."))
        == ["name,state,path", "server.pcapng,found,two"])
    #expect(
      try run(
        "sql", "a.db",
        """
        SELECT count(*) FROM audit_log
        WHERE action = 'locate' AND json_extract(details, '$.capture') = 'server.pcapng'
        """
      ).text == "count(*)\n2\n")
  }

  @Test(
    "Of equal size and other octets is another file; what is not found is said, with exit code 3")
  func notFound() throws {
    var octets = try Data(contentsOf: URL(filePath: folder.path("archive/2026/two")))
    octets[octets.count - 1] ^= 1
    try folder.write(octets, to: "archive/2026/two")
    let said = try run("captures", "a.db", "--locate", "archive")
    #expect(said.status == 3)
    #expect(located(said).contains("server.pcapng,not found,"))
    #expect(located(said).contains("client-a.pcap,found,archive/2026/one"))
  }

  @Test("Where nothing is found, nothing is changed, with exit code 4")
  func nothing() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("empty"), withIntermediateDirectories: true)
    let before = try Data(contentsOf: URL(filePath: folder.path("a.db")))
    let said = try run("captures", "a.db", "--locate", "empty")
    #expect(said.status == 4 && located(said).count == 4)
    #expect(try Data(contentsOf: URL(filePath: folder.path("a.db"))) == before)
  }

  @Test("A source that was read from standard input is found as the file that it was")
  func standardInput() throws {
    let octets = try Data(contentsOf: URL(filePath: folder.path("archive/2026/one")))
    _ = try Program.run(["ingest", "b.db", "-"], in: folder.url, input: octets)
    #expect(
      located(try run("captures", "b.db", "--locate", "archive"))
        == ["name,state,path", "stdin,found,archive/2026/one"])
  }

  @Test("A place that is no folder, and two things at a time, are wrong usage")
  func wrongUsage() throws {
    let missing = try run("captures", "a.db", "--locate", "nowhere")
    #expect(missing.status == 2 && missing.errors.contains("--locate nowhere: no such folder"))
    let both = try run("captures", "a.db", "--locate", "archive", "--remove", "client-a.pcap")
    #expect(both.status == 2 && both.errors.contains("one thing at a time"))
  }

  @Test("Taking a capture out takes its place out")
  func removed() throws {
    _ = try run("captures", "a.db", "--locate", "archive")
    _ = try run("captures", "a.db", "--remove", "client-a.pcap")
    #expect(
      try run("sql", "a.db", "SELECT capture_id FROM custody_location ORDER BY 1").text
        == "capture_id\n2\n3\n")
  }
}
