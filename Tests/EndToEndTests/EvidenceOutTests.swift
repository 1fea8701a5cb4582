import Foundation
import Testing

/// Two captures and a log of the sample incident in a case.
@Suite("Evidence out of a case: packet, export and verify")
struct EvidenceOutTests {
  let folder: Folder

  init() throws {
    folder = try Folder()
    for name in ["client-a.pcap", "server.pcapng", "client-b.log"] {
      try FileManager.default.copyItem(
        atPath: Program.sample(name), toPath: folder.path(name))
    }
    _ = try Program.run(
      ["ingest", "a.db", "client-a.pcap", "server.pcapng", "client-b.log"], in: folder.url)
  }

  private func run(_ typed: String...) throws -> Program.Output {
    try Program.run(typed, in: folder.url)
  }

  // Expected: tshark -n -x -r Tests/Samples/client-a.pcap -Y frame.number==41
  @Test("A packet is shown with what the case says of it, and its octets from the source")
  func packet() throws {
    let output = try run("packet", "a.db", "1:41")
    #expect(output.status == 0 && output.errors.isEmpty)
    #expect(
      output.text.hasPrefix(
        "Frame 41 of client-a.pcap (1:41)\n    Time: 2026-11-24T02:36:50.311584Z\n"))
    #expect(output.text.contains("    Quotes: 192.0.2.21:37302 > 198.51.100.53:53, protocol 17"))
    #expect(
      output.text.contains(
        "\n\n0000  6a 7e 9f c4 4c ab 4a 5a 73 16 b5 0b 08 00 45 c0   j~..L.JZs.....E.\n"))
    let byIdentifier = try run("packet", "a.db", "4294967337")
    #expect(byIdentifier.text == output.text)
  }

  @Test("Where there are no octets, one line says why; of a log, its lines are shown")
  func packetWithoutOctets() throws {
    let printed = try run("packet", "a.db", "3:1")
    let log = try String(contentsOfFile: folder.path("client-b.log"), encoding: .utf8)
    let first = try #require(log.split(separator: "\n").first)
    #expect(printed.status == 0 && printed.text.contains("\n\n\(first)\n"))
    try FileManager.default.removeItem(atPath: folder.path("client-a.pcap"))
    let gone = try run("packet", "a.db", "1:41")
    #expect(gone.status == 0)
    #expect(gone.text.hasPrefix("Frame 41 of client-a.pcap"))
    let path = try real("client-a.pcap")
    #expect(gone.text.hasSuffix("\n\nNo octets: client-a.pcap: \(path): no such file\n"))
    try folder.write(Data("x".utf8), to: "server.pcapng")
    let changed = try run("packet", "a.db", "2:1").text.split(separator: "\n").last ?? ""
    #expect(changed.hasPrefix("No octets: server.pcapng: "))
    #expect(changed.contains("has 1 octets, where "))
  }

  /// As the program names a path that is given relative to its folder.
  private func real(_ name: String) throws -> String {
    let row = try run("sql", "a.db", "SELECT path FROM captures WHERE name = '\(name)'").text
    return String(row.split(separator: "\n").last ?? "")
  }

  @Test("Standard input cannot be read again, and says so")
  func standardInput() throws {
    let data = try Data(contentsOf: URL(filePath: Program.sample("client-a.pcap")))
    _ = try Program.run(["ingest", "in.db", "-"], in: folder.url, input: data)
    let shown = try run("packet", "in.db", "1")
    #expect(shown.status == 0)
    #expect(
      shown.text.hasSuffix(
        "No octets: stdin: it was read from standard input, which cannot be read again\n"))
    let exported = try run("export", "in.db", "--where", "1", "-o", "in.pcapng")
    #expect(exported.status == 4)
    #expect(
      exported.errors == """
        wirecase: stdin: 99 packets left out: it was read from standard input, which cannot be read again
        wirecase: nothing is written: none of the packets has octets

        """)
    #expect(!folder.names.contains { $0.hasPrefix("in.pcapng") })
  }

  @Test("A finding is exported with its manifest, and both are verified")
  func finding() throws {
    _ = try run("run", "a.db")
    let ids = try run(
      "sql", "a.db",
      "SELECT finding_id FROM findings WHERE investigation = 'dns-resolver-down' "
        + "AND first_time LIKE '%Z'"
    ).text.split(separator: "\n")
    let id = String(try #require(ids.last))
    let output = try run("export", "a.db", "--finding", id, "-o", "f.pcapng")
    #expect(output.status == 0 && output.text.isEmpty)
    #expect(output.errors.hasSuffix("f.pcapng.manifest.json tells where from\n"))
    let verified = try run("verify", "a.db", "f.pcapng.manifest.json")
    #expect(verified.status == 0)
    #expect(verified.text.contains("\nexport,f.pcapng,unchanged,\n"))
    #expect(verified.text.contains("as in their sources"))
    // The case goes on.
    _ = try run("run", "a.db", "dns-unanswered", "--param", "timeout_ms=1")
    let later = try run("verify", "a.db", "f.pcapng.manifest.json")
    #expect(later.status == 0 && later.text.contains("exported case,a.db,changed since,"))
    // One bit of a packet's octets.
    var octets = try Data(contentsOf: URL(filePath: folder.path("f.pcapng")))
    octets[octets.count / 2] ^= 1
    try folder.write(octets, to: "f.pcapng")
    let changed = try run("verify", "a.db", "f.pcapng.manifest.json")
    #expect(changed.status == 1 && changed.text.contains("\nexport,f.pcapng,changed,"))
  }

  @Test("A source that is gone costs its packets alone: named, and exit code 3")
  func partly() throws {
    let gone = try real("client-a.pcap")
    try FileManager.default.removeItem(atPath: folder.path("client-a.pcap"))
    let output = try run("export", "a.db", "--where", "capture_id < 3", "-o", "f.pcapng")
    #expect(output.status == 3)
    #expect(
      output.errors == """
        wirecase: client-a.pcap: 99 packets left out: \(gone): no such file
        wirecase: f.pcapng: 171 packets; f.pcapng.manifest.json tells where from

        """)
  }

  @Test("Where no packet is asked for, nothing is written: exit code 4")
  func none() throws {
    let output = try run("export", "a.db", "--where", "dst_port = 1", "-o", "f.pcapng")
    #expect(output.status == 4)
    #expect(
      output.errors == "wirecase: --where dst_port = 1: no packet of the case; nothing is written\n"
    )
    #expect(!folder.names.contains { $0.hasPrefix("f.pcapng") || $0.hasPrefix(".wirecase") })
  }

  @Test(
    "What is typed wrongly gets one line and exit code 2, and nothing is written",
    arguments: [
      BadInput(
        "packet a.db 41", 2, "'41' does not say of which capture: the case holds 3; write 2:41"),
      BadInput("packet a.db 1:999", 2, "the case holds no packet 1:999"),
      BadInput("packet a.db x", 2, "'x' names no packet; write capture:number, such as 2:65"),
      BadInput("packet missing.db 1:1", 5, "no such case"),
      BadInput("export a.db -o f", 2, "say what to export by one of --finding"),
      BadInput("export a.db --flow 1 --where 1 -o f", 2, "say what to export by one of"),
      BadInput("export a.db --where 1", 2, "packets go to a file; name it with -o FILE.pcapng"),
      BadInput("export a.db --timeline -o -", 2, "-o names a file"),
      BadInput("export a.db --where foo -o f", 2, "no such column: foo (column 1, at 'foo')"),
      BadInput("export a.db --finding 99 -o f", 2, "the case holds no finding 99"),
      BadInput("export a.db --flow 99999 -o f", 2, "the case holds no flow 99999"),
      BadInput("export a.db --transaction 2:9999 -o f", 2, "the case holds no packet 2:9999"),
      BadInput("export a.db --where 1 -o a.db", 2, "a.db: is there already, and is left alone"),
      BadInput("export a.db --where 1 -o client-a.pcap", 2, "is there already, and is left alone"),
      BadInput("export a.db --table captures -o a.db", 2, "is there already, and is left alone"),
      BadInput("export a.db --timeline -o a.db", 2, "is there already, and is left alone"),
      BadInput("export a.db --where 1 -o .", 2, "is a folder, and is left alone"),
      BadInput("export a.db --where 1 -o no/f", 2, "the folder of the file does not exist"),
      BadInput("export a.db --table packts", 2, "no view 'packts'; did you mean 'packets'?"),
      BadInput("export a.db --table fact_packet", 2, "the case has no view 'fact_packet'"),
      BadInput("export a.db --timeline --format csv", 2, "--format goes with --table"),
      BadInput("export a.db --ocsf --datasette", 2, "say what to export by one of"),
      BadInput("export a.db --ocsf", 4, "no investigation ran on this case; 'wirecase run a.db'"),
      BadInput("export a.db --datasette -o a.db", 2, "is there already, and is left alone"),
      BadInput(
        "verify a.db client-a.pcap", 2, "client-a.pcap: is no manifest of 'wirecase export'"),
    ])
  func refused(_ input: BadInput) throws {
    let before = folder.names
    let output = try Program.run(input.typed.split(separator: " ").map(String.init), in: folder.url)
    #expect(output.status == input.status)
    #expect(output.errors.contains(input.says))
    #expect(output.errors.split(separator: "\n").count == 1, "one line: \(output.errors)")
    #expect(folder.names == before, "nothing is left behind")
  }

  @Test("A view is exported as CSV and as JSON lines, as sql prints it")
  func table() throws {
    let csv = try run("export", "a.db", "--table", "interfaces")
    #expect(
      csv.text == (try run("sql", "a.db", "SELECT * FROM interfaces", "--format", "csv").text))
    let lines = try run(
      "export", "a.db", "--table", "captures", "--format", "ndjson", "-o", "c.ndjson")
    #expect(lines.status == 0 && lines.text.isEmpty)
    #expect(
      try String(contentsOfFile: folder.path("c.ndjson"), encoding: .utf8)
        == run("sql", "a.db", "SELECT * FROM captures", "--format", "ndjson").text)
    // A name that a spreadsheet would run; a number below zero stays one.
    let capture = try Data(contentsOf: URL(filePath: Program.sample("client-a.pcap")))
    try folder.write(capture, to: "=1+1.pcap")
    _ = try run("ingest", "x.db", "--name", "=1+1", "=1+1.pcap")
    let harmless = try run("export", "x.db", "--table", "captures").text
    #expect(harmless.split(separator: "\n").last?.hasPrefix("1,'=1+1,/") == true)
  }

  @Test("The timeline's lines stand in the order of time; what the log has no date for is counted")
  func timeline() throws {
    let output = try run("export", "a.db", "--timeline")
    #expect(output.status == 0)
    let times = output.text.split(separator: "\n").compactMap {
      $0.firstMatch(of: /"datetime": "([^"]+)"/).map { String($0.1) }
    }
    #expect(times.count > 10 && times == times.sorted())
    #expect(
      output.errors.contains(
        "wirecase: 2 times of captures left out, since they have no time in UTC"))
  }

  @Test("A user who stops an export leaves nothing behind")
  func stopped() throws {
    // The statement runs until it is stopped.
    let endless =
      "1 = (WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t)"
    let process = try Program.start(
      ["export", "a.db", "--where", endless, "-o", "f.pcapng"], in: folder.url)
    Thread.sleep(forTimeInterval: 0.5)
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(!folder.names.contains { $0.hasPrefix("f.pcapng") || $0.hasPrefix(".wirecase") })
  }
}
