import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@Suite("Taking a capture out again")
struct RemovalTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// What views show, without ids, which say in which order captures came.
  private static let views = [
    """
    SELECT name, packets, first_ts, last_ts, complete, sha256 FROM captures ORDER BY sha256
    """,
    """
    SELECT c.name, p.number, p.ts, p.src, p.dst, p.protocol, p.info, p.tcp_seq,
      dc.name, p.duplicate_of & 4294967295
    FROM packets AS p JOIN captures AS c ON c.capture_id = p.capture_id
    LEFT JOIN captures AS dc ON dc.capture_id = p.duplicate_of >> 32
    ORDER BY c.sha256, p.number
    """,
    """
    SELECT ip_proto, client, client_port, server, server_port, service, first_ts, last_ts,
      packets_to_server, packets_to_client, bytes_to_server, bytes_to_client, state
    FROM flows ORDER BY 7, 3, 5, 2, 4, 1, 9
    """,
    """
    SELECT ts, client, client_port, server, server_port, transport, txid, qname, qtype, attempts,
      rcode, rtt_ns, outcome, response_packet_id & 4294967295, icmp_packet_id & 4294967295
    FROM dns_transactions ORDER BY 1, 3, 7, 8, 9
    """,
    """
    SELECT i.ts, i.src, i.dst, i.type, i.code, o.ts
    FROM icmp_messages AS i LEFT JOIN packets AS o ON o.packet_id = i.original_packet_id
    ORDER BY 1, 2, 3
    """,
    """
    SELECT a.name, b.name, o.offset_ns, o.spread_ns, o.packets
    FROM clock_offsets AS o JOIN captures AS a USING (capture_id)
    JOIN captures AS b ON b.capture_id = o.other_capture_id ORDER BY 1, 2
    """,
  ]

  private func shown(_ name: String) throws -> [[String]] {
    let reader = try folder.read(name)
    return try Self.views.map { try reader.lines($0) }
  }

  private func writer(_ name: String) throws -> CaseWriter {
    try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
  }

  private static let lab = ["client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng"]
  private static let hasLab = Places.shared("lab/router.pcapng") != nil

  @Test(
    "What is left is what a case has that never held the capture",
    .enabled(if: hasLab, "needs ../shared/captures/lab"), arguments: lab)
  func likeNever(_ removed: String) throws {
    let paths = Self.lab.compactMap { Places.shared("lab/" + $0) }
    try folder.ingest(paths, into: "a.case")
    let rest = paths.filter { !$0.hasSuffix(removed) }
    try folder.ingest(rest, into: "b.case")
    let writer = try writer("a.case")
    #expect(try writer.removeCapture(named: removed) ?? 0 > 0)
    try writer.finish()
    for (one, other) in zip(try shown("a.case"), try shown("b.case")) { #expect(one == other) }
    // Nor is anything wrong that deriving anew would mend.
    let again = try self.writer("a.case")
    try again.deriveEverything()
    try again.finish()
    for (one, other) in zip(try shown("a.case"), try shown("b.case")) { #expect(one == other) }
  }

  @Test("The log keeps that a capture was taken out, and its bytes can be ingested again")
  func again() throws {
    var capture = CaptureFile()
    capture.add(
      0, .query(Endpoint("192.0.2.1", 1), Endpoint("192.0.2.2", 53), id: 7, "secret.example"))
    let path = try folder.write(capture, "a.pcap")
    try folder.ingest([path])
    let writer = try writer("a.case")
    #expect(try writer.removeCapture(named: "a.pcap") == 1)
    #expect(try writer.removeCapture(named: "a.pcap") == nil)
    try writer.finish()
    #expect(
      try folder.read().lines("SELECT action FROM audit_log ORDER BY event_id")
        == ["ingest", "remove"])
    let octets = try Data(contentsOf: URL(filePath: folder.file("a.case")))
    #expect(octets.range(of: Data("secret.example".utf8)) == nil)
    #expect(try folder.ingest([path]).map(\.packets) == [1])
  }
}
