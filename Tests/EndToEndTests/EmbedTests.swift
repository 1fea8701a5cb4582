import Foundation
import Testing

/// The sample incident in a case that keeps its sources, and the sources gone.
@Suite("Sources kept in a case: ingest --embed, captures, packet, export, verify")
struct EmbedTests {
  private static let samples = ["client-a.pcap", "server.pcapng", "client-b.log"]
  let folder: Folder

  init() throws {
    folder = try Folder()
    for name in Self.samples {
      try FileManager.default.copyItem(atPath: Program.sample(name), toPath: folder.path(name))
    }
    _ = try Program.run(["ingest", "a.db", "--embed"] + Self.samples, in: folder.url)
    for name in Self.samples { try FileManager.default.removeItem(atPath: folder.path(name)) }
  }

  private func run(_ typed: String...) throws -> Program.Output {
    try Program.run(typed, in: folder.url)
  }

  private func octets(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test("Each source is given back with the SHA-256 that was taken of it", arguments: samples)
  func export(name: String) throws {
    let output = try run("export", "a.db", "--capture", name, "-o", "out")
    let sha256 =
      try run("sql", "a.db", "SELECT sha256 FROM captures WHERE name = '\(name)'").text
      .split(separator: "\n").last ?? ""
    let original = try octets(Program.sample(name))
    #expect(output.status == 0 && output.text.isEmpty)
    #expect(
      output.errors
        == "wirecase: out: \(original.count) bytes of \(name) from the case, SHA-256 \(sha256)\n")
    #expect(try octets(folder.path("out")) == original)
    #expect(folder.names == ["a.db", "out"], "no manifest, nothing unfinished")
  }

  // Expected: tshark -n -x -r Tests/Samples/client-a.pcap -Y frame.number==41
  @Test("A packet is shown with its octets, and a packet of a log with its lines")
  func packet() throws {
    #expect(
      try run("packet", "a.db", "1:41").text.contains(
        "\n\n0000  6a 7e 9f c4 4c ab 4a 5a 73 16 b5 0b 08 00 45 c0   j~..L.JZs.....E.\n"))
    let log = try String(contentsOfFile: Program.sample("client-b.log"), encoding: .utf8)
    let first = try #require(log.split(separator: "\n").first)
    #expect(try run("packet", "a.db", "3:1").text.contains("\n\n\(first)\n"))
  }

  @Test("Packets are exported, and the export is verified against what the case keeps")
  func packets() throws {
    let output = try run("export", "a.db", "--where", "capture_id < 3", "-o", "f.pcapng")
    #expect(output.status == 0 && output.errors.hasPrefix("wirecase: f.pcapng: 270 packets"))
    let verified = try run("verify", "a.db", "f.pcapng.manifest.json")
    #expect(verified.status == 0)
    #expect(
      verified.text.contains("\nexported packets,f.pcapng,unchanged,270 as in their sources\n"))
    #expect(verified.text.contains("\nembedded,client-a.pcap,unchanged,\n"))
    #expect(verified.text.contains("\nsource,client-a.pcap,missing,"))
  }

  @Test("The list of captures tells which are kept, and a capture goes with its bytes")
  func captures() throws {
    try folder.write(try octets(Program.sample("client-a.pcap")), to: "client-a.pcap")
    _ = try run("ingest", "b.db", "client-a.pcap")
    let plain = try run("captures", "b.db").text.split(separator: "\n")
    #expect(plain.first?.hasSuffix(",sha256,embedded_size") == true)
    #expect(plain.last?.hasSuffix(",") == true)
    let kept = try run("captures", "a.db").text.split(separator: "\n").dropFirst()
    #expect(kept.allSatisfy { Int($0.split(separator: ",").last ?? "") ?? 0 > 1_000 })
    _ = try run("captures", "a.db", "--remove", "client-a.pcap")
    #expect(
      try run("sql", "a.db", "SELECT DISTINCT block_id >> 32 FROM fact_source_block").text
        == "block_id >> 32\n2\n3\n")
    #expect(try run("verify", "a.db").status == 0)
  }

  @Test("Standard input is kept as well: then it can be read again")
  func standardInput() throws {
    let data = try octets(Program.sample("client-a.pcap"))
    let output = try Program.run(["ingest", "in.db", "-", "--embed"], in: folder.url, input: data)
    #expect(output.status == 0)
    #expect(try run("export", "in.db", "--capture", "stdin", "-o", "out").status == 0)
    #expect(try octets(folder.path("out")) == data)
    #expect(try run("packet", "in.db", "41").text.contains("\n0000  6a 7e 9f c4 "))
  }

  @Test("Bytes that are known are kept from then on; of standard input, the user is told how")
  func later() throws {
    let data = try octets(Program.sample("client-a.pcap"))
    try folder.write(data, to: "a.pcap")
    _ = try run("ingest", "b.db", "a.pcap")
    let piped = try Program.run(["ingest", "b.db", "-", "--embed"], in: folder.url, input: data)
    #expect(piped.status == 0)
    #expect(
      piped.errors == """
        wirecase: standard input: the case holds the same bytes already, as 'a.pcap'; nothing added. \
        Without its bytes, since it could be read only once: ingest it from a file with --embed to \
        keep them too

        """)
    let output = try run("ingest", "b.db", "a.pcap", "--embed")
    #expect(output.status == 0)
    #expect(
      output.errors == """
        wirecase: a.pcap: the case holds the same bytes already, as 'a.pcap', and keeps them in itself \
        from now on

        """)
    try FileManager.default.removeItem(atPath: folder.path("a.pcap"))
    #expect(try run("export", "b.db", "--capture", "a.pcap", "-o", "out").status == 0)
    #expect(try run("verify", "b.db").status == 0)
  }

  @Test("A source that cannot be had gets one line, exit code 4, and no file")
  func gone() throws {
    try folder.write(try octets(Program.sample("client-a.pcap")), to: "a.pcap")
    _ = try run("ingest", "b.db", "a.pcap")
    try FileManager.default.removeItem(atPath: folder.path("a.pcap"))
    let output = try run("export", "b.db", "--capture", "a.pcap", "-o", "out")
    #expect(output.status == 4)
    #expect(output.errors.split(separator: "\n").count == 1)
    #expect(output.errors.contains("a.pcap: no such file; the case does not keep its octets\n"))
    #expect(!folder.names.contains { $0 == "out" || $0.hasPrefix(".wirecase") })
  }

  @Test(
    "What is typed wrongly gets one line and exit code 2, and nothing is written",
    arguments: [
      BadInput("export a.db --capture none -o out", 2, "the case holds no capture 'none'"),
      BadInput("export a.db --capture client-a.pcap", 2, "name it with -o FILE"),
      BadInput("export a.db --capture client-a.pcap -o -", 2, "-o names a file"),
      BadInput("export a.db --capture client-a.pcap -o a.db", 2, "is there already"),
      BadInput(
        "export a.db --capture client-a.pcap --where 1 -o out", 2,
        "--capture is the source itself"),
      BadInput(
        "export a.db --capture client-a.pcap --format csv -o out", 2, "--format goes with --table"),
    ])
  func refused(_ input: BadInput) throws {
    let before = folder.names
    let output = try Program.run(input.typed.split(separator: " ").map(String.init), in: folder.url)
    #expect(output.status == input.status)
    #expect(output.errors.contains(input.says), "\(output.errors)")
    #expect(output.errors.split(separator: "\n").count == 1, "one line: \(output.errors)")
    #expect(folder.names == before)
  }

  @Test("An ingest that is killed leaves no block behind")
  func killed() throws {
    let path = folder.path("large.log")
    let line = "13:24:31.000000 IP 192.0.2.1.40000 > 192.0.2.2.53: 1+ A? a.example. (27)\n"
    try Data(String(repeating: line, count: 300_000).utf8).write(to: URL(filePath: path))
    for moment in [0.05, 0.2, 0.6] {
      let process = try Program.start(["ingest", "a.db", "large.log", "--embed"], in: folder.url)
      Thread.sleep(forTimeInterval: moment)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let output = try run(
        "sql", "a.db",
        """
        SELECT count(*) - count(embedded_size),
          (SELECT count(*) FROM fact_source_block WHERE block_id >> 32 NOT IN (
            SELECT capture_id FROM captures))
        FROM captures
        """
      )
      #expect(
        output.text.split(separator: "\n").last == "0,0", "after \(moment) s: \(output.errors)")
    }
  }
}
