import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import PacketDecoding
import Testing

@testable import Ingestion

/// Deriving while packets stream by, in pieces, or from nothing: the same rows.
@Suite("Derivations do not depend on the way to them")
struct DerivingAnewTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// Everything derived, row by row.
  private static let derived = [
    "SELECT * FROM flows ORDER BY flow_id",
    "SELECT * FROM dns_transactions ORDER BY query_packet_id",
    "SELECT * FROM dns_retries ORDER BY packet_id",
    "SELECT * FROM icmp_messages ORDER BY packet_id",
    "SELECT packet_id, flow_id, duplicate_of FROM packets ORDER BY packet_id",
  ]

  /// The same without ids, which say which piece of a capture a row came from.
  private static let withoutIDs = [
    """
    SELECT ip_proto, client, client_port, server, server_port, service, first_ts, last_ts,
      packets_to_server, packets_to_client, bytes_to_server, bytes_to_client, state
    FROM flows ORDER BY 7, 3, 5, 2, 4, 1, 9
    """,
    """
    SELECT ts, client, client_port, server, server_port, transport, txid, qname, qtype, attempts,
      rcode, rtt_ns, outcome, response_packet_id IS NULL, icmp_packet_id IS NULL
    FROM dns_transactions ORDER BY 1, 3, 7, 8, 9
    """,
    """
    SELECT i.ts, i.src, i.dst, i.type, i.code, o.ts
    FROM icmp_messages AS i LEFT JOIN packets AS o ON o.packet_id = i.original_packet_id
    ORDER BY 1, 2, 3
    """,
  ]

  /// A capture of the sample incident, or of the lab.
  private static func place(_ name: String) -> String? {
    name == "client-a.pcap" ? Places.sample(name) : Places.shared("lab/" + name)
  }

  /// Those captures that are there: of the sample incident always, of the lab where it lies beside.
  private static func there(_ names: [String]) -> [String] { names.filter { place($0) != nil } }

  private func rows(_ name: String, _ queries: [String]) throws -> [[String]] {
    let reader = try folder.read(name)
    return try queries.map { try reader.lines($0) }
  }

  /// Derives a case from nothing and looks whether that changes a row.
  private func expectSameAnew(_ name: String, _ what: String) throws {
    let before = try rows(name, Self.derived)
    let writer = try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
    try writer.deriveEverything()
    try writer.finish()
    for (old, new) in zip(before, try rows(name, Self.derived)) {
      #expect(old == new, "\(what)")
    }
  }

  private static let labCaptures = [
    "client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng",
  ]

  @Test(
    "Deriving a lab capture from nothing gives the rows that streaming gave",
    .besideCaptures("lab"),
    arguments:
      labCaptures + ["client1-n.txt", "client1-nn-tttt.txt", "client1-v.txt", "client2-n.txt"])
  func lab(_ name: String) throws {
    try folder.ingest([#require(Places.shared("lab/" + name))])
    try expectSameAnew("a.case", name)
  }

  @Test("Deriving the sample incident from nothing gives the same rows, alone and together")
  func samples() throws {
    let paths = ["client-a.pcap", "client-b.log", "server.pcapng"].map(Places.sample)
    for (index, path) in paths.enumerated() {
      try folder.ingest([path], into: "\(index).case")
      try expectSameAnew("\(index).case", path)
    }
    try folder.ingest(paths, into: "all.case")
    try expectSameAnew("all.case", "all")
  }

  @Test(
    "Four captures of one outage show the same in each of their 24 orders",
    .besideCaptures("lab"))
  func orders() throws {
    let paths = Self.labCaptures.compactMap { Places.shared("lab/" + $0) }
    try folder.ingest(paths, into: "first.case")
    let expected = try ContractRows.of(folder.read("first.case"))
    #expect(expected.allSatisfy { !$0.isEmpty })
    let orders = Self.orders(of: paths)
    #expect(orders.count == 24)
    for (number, order) in orders.enumerated() {
      try folder.ingest(order, into: "\(number).case")
      for (one, other) in zip(expected, try ContractRows.of(folder.read("\(number).case"))) {
        #expect(one == other, "\(order)")
      }
    }
    try expectSameAnew("first.case", "in one go")
    for path in paths.reversed() { try folder.ingest([path], into: "c.case") }
    for (one, other) in zip(expected, try ContractRows.of(folder.read("c.case"))) {
      #expect(one == other)
    }
    try expectSameAnew("c.case", "one after the other")
  }

  /// The orders that elements can stand in.
  private static func orders<Element>(of elements: [Element]) -> [[Element]] {
    guard !elements.isEmpty else { return [[]] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  @Test(
    "Deriving all public captures in one case from nothing gives the same rows",
    .besideCaptures("public"))
  func everything() throws {
    let names = try Places.truth("public").compactMap { $0["name"] }
    #expect(!names.isEmpty)
    try folder.ingest(names.compactMap { Places.shared("public/" + $0) })
    try expectSameAnew("a.case", "public")
  }

  @Test(
    "A capture cut in two has the flows, questions and errors of the whole",
    arguments: there(["client-a.pcap", "client1.pcap", "client2.pcap", "server-any.pcap"]))
  func cut(_ name: String) throws {
    let path = try #require(Self.place(name))
    let octets = Array(try Data(contentsOf: URL(filePath: path)))
    try folder.ingest([path], into: "whole.case")
    let whole = try rows("whole.case", Self.withoutIDs)
    let packets = try #require(
      Int(try folder.read("whole.case").value("SELECT count(*) FROM packets")))
    for quarter in 1...3 {
      let (head, tail) = try #require(cutPcap(octets, after: packets * quarter / 4))
      let pieces = [
        try folder.write(head, "head\(quarter)"), try folder.write(tail, "tail\(quarter)"),
      ]
      try folder.ingest(pieces, into: "\(quarter).case")
      for (one, other) in zip(whole, try rows("\(quarter).case", Self.withoutIDs)) {
        #expect(one == other, "\(name), cut after \(quarter)/4")
      }
    }
  }

  @Test(
    "With room for two conversations, flows are those that much room makes",
    arguments: there(["client-a.pcap", "client1.pcap", "client2.pcap", "router.pcapng"]))
  func smallTable(_ name: String) throws {
    let path = try #require(Self.place(name))
    try ingest(path, limit: 2, into: "small.case")
    try ingest(path, limit: ConversationTable.usualLimit, into: "usual.case")
    let streams = "SELECT count(*) FROM fact_stream"
    let (small, usual) = (try folder.read("small.case"), try folder.read("usual.case"))
    // The limit was felt: more parts, the same flows.
    #expect(try (Int(small.value(streams)) ?? 0) > (Int(usual.value(streams)) ?? 0))
    #expect(try small.lines(Self.withoutIDs[0]) == usual.lines(Self.withoutIDs[0]))
  }

  /// Puts a capture into a new case by way of a table with that much room.
  private func ingest(_ path: String, limit: Int, into name: String) throws {
    let writer = try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
    try writer.addCapture { session in
      let reader = try CaptureReader(location: .file(path: path))
      var decoder = PacketDecoder()
      var batch = FactBatch()
      var facts = CaptureFacts(
        name: "capture", path: path, format: reader.format.rawValue, sha256: name, size: 1)
      while try reader.next({ packet, octets in
        decoder.decode(
          octets,
          of: PacketDecoding.Frame(
            number: packet.number, timestamp: packet.timestamp, offset: packet.offset,
            length: packet.length, interface: packet.interface, linkType: packet.linkType),
          into: &batch.records)
      }) {}
      var table = ConversationTable(
        numbers: CapturePass.Numbers(session), domain: 0, limit: limit)
      for packet in batch.records.packets {
        batch.streamIDs.append(table.add(packet, to: &batch).0)
      }
      while !table.finish(1000, to: &batch) {}
      batch.quotedKeys = batch.records.icmp.map { _ in nil }
      facts.packets = Int64(batch.records.packets.count)
      facts.firstTime = batch.records.packets.compactMap(\.timestamp).min()
      facts.lastTime = batch.records.packets.compactMap(\.timestamp).max()
      try session.write(batch)
      return facts
    }
    try writer.finish()
  }
}
