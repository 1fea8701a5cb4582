import CaseFixtures
import CaseStore
import Testing

@Suite("Packets in tunnels")
struct TunnelsTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)
  let near = Endpoint("203.0.113.1", 50_000)
  let far = Endpoint("203.0.113.2", 4789)

  init() throws { folder = try CaseFolder() }

  /// RFC 7348, 5.
  private func vxlan(_ network: UInt8, _ inner: Frame, from: Endpoint, to: Endpoint) -> Frame {
    var source = from
    source.port = 50_000
    var destination = to
    destination.port = 4789
    return .udp(source, destination, [8, 0, 0, 0, 0, 0, network, 0] + inner.octets)
  }

  /// A question and its answer, as the client's network saw them and as the tunnel did.
  private func capture() throws -> CaseReader {
    var (plain, wrapped) = (CaptureFile(), CaptureFile())
    let query = Frame.query(client, server, id: 7, "a.example", identification: 70)
    let answer = Frame.answer(server, client, id: 7, "a.example", identification: 71)
    plain.add(0, query)
    wrapped.add(1, vxlan(9, query, from: near, to: far))
    wrapped.add(5, vxlan(9, answer, from: far, to: near))
    plain.add(6, answer)
    try folder.ingest([folder.write(plain, "plain.pcap"), folder.write(wrapped, "wrapped.pcap")])
    return try folder.read()
  }

  @Test("A packet in a tunnel and the same outside it are one event, in one flow")
  func oneEvent() throws {
    let reader = try capture()
    #expect(
      try reader.lines(
        """
        SELECT p.capture_id, p.number, p.src, f.capture_id, f.number
        FROM packets AS p LEFT JOIN packets AS f ON f.packet_id = p.duplicate_of
        ORDER BY p.ts
        """) == [
          "1|1|192.0.2.10||", "2|1|192.0.2.10|1|1", "2|2|198.51.100.53||",
          "1|2|198.51.100.53|2|2",
        ])
    #expect(
      try reader.lines("SELECT client, server, packets_to_server, packets_to_client FROM flows")
        == ["192.0.2.10|198.51.100.53|1|1"])
    #expect(
      try reader.lines("SELECT outcome, attempts FROM dns_transactions") == ["answered|1"])
  }

  @Test("The outer ends and the network's identifier can be asked for")
  func encapsulations() throws {
    let reader = try capture()
    #expect(
      try reader.lines(
        """
        SELECT capture_id, packet_id & 4294967295, depth, protocol, src, dst, identifier
        FROM encapsulations ORDER BY packet_id
        """) == [
          "2|1|1|vxlan|203.0.113.1|203.0.113.2|9", "2|2|1|vxlan|203.0.113.2|203.0.113.1|9",
        ])
    // Of one packet, through its stream; of an outer end, through the few links that have one.
    let plan = try reader.lines(
      "EXPLAIN QUERY PLAN SELECT * FROM encapsulations WHERE packet_id = 1")
    #expect(!plan.contains { $0.contains("SCAN p") })
  }

  @Test("A case without one of its captures is as if it never had its tunnels")
  func removed() throws {
    _ = try capture()
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    _ = try writer.removeCapture(named: "wrapped.pcap")
    let reader = try folder.read()
    #expect(try reader.value("SELECT count(*) FROM fact_encapsulation") == "0")
    #expect(try reader.value("SELECT count(*) FROM packets WHERE duplicate_of IS NOT NULL") == "0")
  }

  @Test("Two networks with the same addresses inside are told apart by their tunnels")
  func networks() throws {
    var file = CaptureFile()
    let datagram = Frame.udp(client, Endpoint("198.51.100.7", 9), identification: 5, [1])
    // Identical packets of two networks, at once: two places, and so one event seen twice, but the
    // streams stay apart.
    file.add(0, vxlan(1, datagram, from: near, to: far))
    file.add(100, vxlan(2, datagram, from: near, to: far))
    try folder.ingest([folder.write(file, "networks.pcap")])
    let reader = try folder.read()
    #expect(
      try reader.lines("SELECT identifier, stream_id FROM encapsulations ORDER BY packet_id").count
        == 2)
    #expect(try reader.value("SELECT count(DISTINCT stream_id) FROM packets") == "2")
  }
}
