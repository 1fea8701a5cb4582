import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Evidence

/// What others' programs make of an exported file; `Places.shared` holds captures of the lab.
@Suite(
  "Wireshark's programs read what is exported",
  .enabled(if: Tool.areThere, "not tested: tshark, capinfos and editcap are not installed"))
struct OtherReadersTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// The octets of each packet as `tshark -x` dumps them.
  private func dumps(_ path: String) throws -> [String] {
    // Without the octets that it would put together from several packets.
    try Tool.run(
      "tshark",
      [
        "-n", "-x", "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "ip.defragment:FALSE", "-r",
        path,
      ]
    ).text.components(separatedBy: "\n\n")
      .filter { !$0.isEmpty }
  }

  private func capture() -> CaptureFile {
    let (client, server) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53))
    var capture = CaptureFile()
    for id in 0..<5 as Range<UInt16> {
      capture.add(Int64(id), .query(client, server, id: id, "a.example"))
    }
    capture.delay(by: 123_456_789)
    return capture
  }

  @Test("tshark dumps the same octets of source and export, and HexDump prints them as it does")
  func octets() throws {
    let source = try folder.write(capture(), "a.pcap")
    try folder.ingest([source])
    _ = try folder.export(.condition("1"))
    let expected = try dumps(source)
    #expect(expected.count == 5)
    #expect(try dumps(folder.file("out.pcapng")) == expected)
    #expect(
      capture().packets.map { HexDump.lines($0).joined(separator: "\n") } == expected)
    // The function of statements, in order and against it.
    let (reader, dump) = (try folder.read(), PacketHexDump(path: folder.file("a.case")))
    try reader.addFunctions { dump.text(of: $0) }
    for (order, dumps) in [("ASC", expected), ("DESC", expected.reversed())] {
      #expect(
        try reader.rows("SELECT hexdump(packet_id) AS octets FROM packets ORDER BY number \(order)")
          .map { $0["octets"].text } == dumps)
    }
    #expect(try reader.value("SELECT hexdump(9) IS NULL") == "1" && dump.takeLosses().isEmpty)
    try Data("other".utf8).write(to: URL(filePath: source))
    #expect(try reader.value("SELECT sum(hexdump(packet_id) IS NULL) FROM packets") == "5")
    let losses = dump.takeLosses()
    #expect(losses.count == 1 && losses[0].hasPrefix("hexdump: a.pcap: no octets: "))
  }

  @Test("tshark shows nanoseconds, comment and interface; capinfos has no complaint")
  func fields() throws {
    try folder.ingest([folder.write(capture(), "a.pcap")])
    _ = try folder.export(.condition("number = 2"))
    let path = folder.file("out.pcapng")
    let row = try Tool.run(
      "tshark",
      [
        "-n", "-r", path, "-T", "fields", "-E", "separator=|", "-e", "frame.time_epoch", "-e",
        "frame.comment", "-e", "frame.interface_name", "-e", "frame.len",
      ])
    #expect(row.text == "1795521600.124456789|a.pcap packet 2|a.pcap|69\n" && row.status == 0)
    let info = try Tool.run("capinfos", ["-M", path])
    #expect(info.status == 0)
    #expect(info.text.contains("File timestamp precision:  nanoseconds (9)"))
    #expect(info.text.contains("Number of packets:   1"))
    #expect(info.text.contains("Strict time order:   True"))
  }

  @Test("editcap makes a pcap file of it whose packets are those of the source, octet by octet")
  func converted() throws {
    let source = capture().pcap(isBigEndian: false, hasNanoseconds: true)
    try folder.ingest([folder.write(source, "a.pcap")])
    _ = try folder.export(.condition("1"))
    let result = try Tool.run(
      "editcap", ["-F", "nsecpcap", folder.file("out.pcapng"), folder.file("back.pcap")])
    #expect(result.status == 0)
    let back = Array(try Data(contentsOf: URL(filePath: folder.file("back.pcap"))))
    // Behind the file header, in which editcap writes a snapshot length of its own.
    #expect(back.dropFirst(24) == source.dropFirst(24))
  }

  @Test(
    "Captures of four places, of two link types, are read without complaint, in the order of time")
  func lab() throws {
    let names = ["client1.pcap", "client2.pcap", "router.pcapng", "server-any.pcap"]
    let paths = names.compactMap { Places.shared("lab/\($0)") }
    guard paths.count == names.count else { return }
    try folder.ingest(paths)
    let outcome = try folder.export(.condition("1"))
    let path = folder.file("out.pcapng")
    let times = try Tool.run(
      "tshark", ["-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch"])
    let lines = times.text.split(separator: "\n")
    #expect(lines.count == Int(outcome.packetsWritten) && times.status == 0)
    #expect(lines == lines.sorted())
    #expect(try Tool.run("capinfos", ["-M", path]).status == 0)
    // Every packet of each source, wherever it now stands.
    #expect(
      try dumps(path).sorted() == paths.flatMap { try dumps($0) }.sorted())
  }
}
