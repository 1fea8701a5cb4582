import CaseFixtures
import CaseStore
import Foundation
import Testing

@Suite("Captures cut into pieces, and captures whose clock is wrong")
struct CutAndShiftedTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private static let captures = [
    "client1.pcap", "client2.pcap", "router.pcapng", "server-any.pcap",
  ]

  /// What became of each question, whatever the clocks and pieces.
  private static let questions = """
    SELECT client, client_port, server, transport, txid, qname, qtype, attempts, rcode, outcome
    FROM dns_transactions ORDER BY 1, 2, 5, 6, 7, 10, 8
    """
  private static let flows = """
    SELECT ip_proto, client, client_port, server, server_port, first_ts, last_ts,
      packets_to_server, packets_to_client, bytes_to_server, bytes_to_client, state
    FROM flows ORDER BY 6, 3, 5, 2, 4, 1, 8
    """

  private func octets(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }

  private func paths() throws -> [String] {
    try Self.captures.map { try #require(Places.shared("lab/\($0)")) }
  }

  @Test(
    "One capture cut into seven pieces shows the same questions and flows", .besideCaptures("lab"))
  func sevenPieces() throws {
    let paths = try paths()
    try folder.ingest(paths, into: "whole.case")
    // client1.pcap has 120 packets (truth.csv).
    var rest = try octets(paths[0])
    var pieces: [String] = []
    for number in 1...6 {
      let (piece, behind) = try #require(cutPcap(rest, after: 17))
      pieces.append(try folder.write(piece, "piece-\(number).pcap"))
      rest = behind
    }
    pieces.append(try folder.write(rest, "piece-7.pcap"))
    // In no order at all.
    let order = [pieces[3], paths[1], pieces[0], pieces[6], paths[2], pieces[2], pieces[5]]
    try folder.ingest(order + [paths[3], pieces[1], pieces[4]], into: "cut.case")
    let (whole, cut) = (try folder.read("whole.case"), try folder.read("cut.case"))
    #expect(try cut.value("SELECT count(*) FROM captures") == "10")
    for query in [Self.questions, Self.flows] {
      let rows = try whole.lines(query)
      #expect(!rows.isEmpty)
      #expect(try cut.lines(query) == rows)
    }
  }

  @Test(
    "A capture whose clock is 0.8 s ahead shows the same questions, and how far it is ahead",
    .besideCaptures("lab"), arguments: [0, 1, 3])
  func shifted(_ index: Int) throws {
    let paths = try paths()
    try folder.ingest(paths, into: "true.case")
    var wrong = paths
    let shifted = try #require(delayPcap(try octets(paths[index]), by: 800_000_000))
    wrong[index] = try folder.write(shifted, "shifted.pcap")
    try folder.ingest(wrong, into: "shifted.case")
    let reader = try folder.read("shifted.case")
    #expect(try reader.lines(Self.questions) == folder.read("true.case").lines(Self.questions))
    let offsets = try reader.lines(
      """
      SELECT o.offset_ns FROM clock_offsets AS o JOIN captures AS c ON c.capture_id = o.other_capture_id
      WHERE c.name = 'shifted.pcap'
      """
    ).compactMap(Int64.init)
    #expect(!offsets.isEmpty)
    for offset in offsets { #expect(abs(offset - 800_000_000) < 5_000_000, "\(offset)") }
  }

  @Test("Aligned, the place that a packet passed first has its first sighting")
  func firstPlace() throws {
    let (client, server) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53))
    var (near, far) = (CaptureFile(), CaptureFile())
    for index in 0..<8 {
      let id = UInt16(index + 1)
      let there = Frame.query(client, server, id: id, "a.example", identification: id)
      let back = Frame.answer(server, client, id: id, "a.example", identification: id)
      // 2 ms on the way, and 6 ms in the server; the client's clock is 300 ms ahead.
      near.add(Int64(index * 1000 + 300), there)
      far.add(Int64(index * 1000 + 2), there)
      far.add(Int64(index * 1000 + 8), back)
      near.add(Int64(index * 1000 + 310), back)
    }
    try folder.ingest([folder.write(near, "near.pcap"), folder.write(far, "far.pcap")])
    let events = """
      SELECT c.name, t.rtt_ns, count(*) FROM dns_transactions AS t
      JOIN packets AS p ON p.packet_id = t.query_packet_id JOIN captures AS c USING (capture_id)
      GROUP BY 1, 2
      """
    #expect(try folder.read().lines(events) == ["far.pcap|6000000|8"])
    let writer = try CaseWriter(
      path: folder.file("a.case"), by: Actor(programVersion: "test")
    ) { _ in }
    #expect(try writer.align(to: "far.pcap").map(\.shift) == [-300_000_000, 0])
    try writer.finish()
    // The question left the client first, and the answer left the server 8 ms later.
    #expect(try folder.read().lines(events) == ["near.pcap|8000000|8"])
    #expect(
      try folder.read().value("SELECT min(ts) FROM dns_transactions")
        == String(CaptureFile.noon + 300_000_000))
  }

  @Test(
    "A clock that is hours off is brought near by hand, and then aligned", .besideCaptures("lab"))
  func hoursOff() throws {
    let paths = try paths()
    try folder.ingest(paths, into: "true.case")
    let shifted = try #require(delayPcap(try octets(paths[3]), by: 7_200_800_000_000))
    try folder.ingest(
      Array(paths.dropLast()) + [try folder.write(shifted, "shifted.pcap")], into: "shifted.case")
    let writer = try CaseWriter(
      path: folder.file("shifted.case"), by: Actor(programVersion: "test")
    ) { _ in }
    #expect(try !writer.shift(captureNamed: "none.pcap", by: 1))
    #expect(try writer.shift(captureNamed: "shifted.pcap", by: -7_200_000_000_000))
    let result = try writer.align(to: "client1.pcap")
    try writer.finish()
    let shift = try #require(result.first { $0.name == "shifted.pcap" }?.shift)
    #expect(abs(shift + 7_200_800_000_000) < 5_000_000, "\(shift)")
    let (found, expected) = (try folder.read("shifted.case"), try folder.read("true.case"))
    #expect(try found.lines(Self.questions) == expected.lines(Self.questions))
  }

  @Test(
    "Aligned, a wrong clock shifts no answer; recorded times stay, and all can be undone",
    .besideCaptures("lab"))
  func aligned() throws {
    let paths = try paths()
    let durations = """
      SELECT client, client_port, txid, qname, rtt_ns FROM dns_transactions
      WHERE rtt_ns IS NOT NULL ORDER BY 1, 2, 3, 4
      """
    try folder.ingest(paths, into: "true.case")
    let shifted = try #require(delayPcap(try octets(paths[3]), by: 800_000_000))
    let wrong = Array(paths.dropLast()) + [try folder.write(shifted, "shifted.pcap")]
    try folder.ingest(wrong, into: "shifted.case")
    let recorded = try folder.read("shifted.case").lines("SELECT packet_id, ts FROM packets")
    let writer = try CaseWriter(
      path: folder.file("shifted.case"), by: Actor(programVersion: "test")
    ) { _ in }
    let result = try writer.align(to: "client1.pcap")
    try writer.finish()
    let shift = try #require(result.first { $0.name == "shifted.pcap" }?.shift)
    #expect(abs(shift + 800_000_000) < 5_000_000, "\(shift)")
    #expect(result.first { $0.name == "client1.pcap" }?.shift == 0)
    let reader = try folder.read("shifted.case")
    #expect(try reader.lines("SELECT packet_id, ts FROM packets") == recorded)
    let (found, expected) = try (
      reader.rows(durations), folder.read("true.case").rows(durations)
    )
    #expect(!expected.isEmpty && found.count == expected.count)
    for (one, other) in zip(found, expected) {
      let (this, that) = (one["rtt_ns"].integer ?? 0, other["rtt_ns"].integer ?? 0)
      #expect(abs(this - that) < 1_000_000, "\(this) \(that)")
    }
    #expect(
      try reader.value(
        "SELECT count(*) FROM packets WHERE aligned_ts - ts = \(shift) AND capture_id = 4")
        == reader.value("SELECT packets FROM captures WHERE capture_id = 4"))
    #expect(
      try reader.value("SELECT action FROM audit_log ORDER BY event_id DESC LIMIT 1") == "align")

    let again = try CaseWriter(
      path: folder.file("shifted.case"), by: Actor(programVersion: "test")
    ) { _ in }
    try again.undoAlignment()
    try again.finish()
    try folder.ingest(wrong, into: "untouched.case")
    for (one, other) in zip(
      try ContractRows.of(folder.read("shifted.case")),
      try ContractRows.of(folder.read("untouched.case")))
    {
      #expect(one == other)
    }
  }
}
