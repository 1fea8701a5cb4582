import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Ingestion

@Suite("Sightings are told while a capture is read")
struct SightingsWhileReadingTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  /// Puts captures into a case one after the other, and holds its rows against the definitions.
  ///
  /// - Returns: Of each, whether its sightings were told while it was read.
  @discardableResult
  private func read(_ captures: [[UInt8]], into name: String = "a.case") throws -> [Bool] {
    let told = try captures.enumerated().map { number, octets in
      try ingest(folder.write(octets, "\(name)-\(number).pcap"), into: name)
    }
    #expect(try Defined.differences(in: folder.read(name)) == [], "\(name)")
    return told
  }

  private func ingest(_ path: String, into name: String) throws -> Bool {
    let writer = try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
    var isTold = false
    try writer.addCapture { session in
      let digest = SourceDigest(forInventories: false)
      let reader = try CaptureReader(location: .file(path: path)) { digest.add($0) }
      let facts = CaptureFacts(
        name: URL(filePath: path).lastPathComponent, path: path, format: reader.format.rawValue,
        sha256: "", size: reader.sourceSize ?? 0)
      let work = Handover(Ingestion.Work(reader: reader, digest: digest, facts: facts))
      let read = try Ingestion.decode(
        work, CapturePass.Numbers(session), IngestOptions(programVersion: "test"), isPipe: false,
        write: session.write)
      isTold = read.areSightingsTold
      return read
    }
    try writer.finish()
    return isTold
  }

  private static let duplicates = """
    SELECT packet_id >> 32, packet_id & 4294967295, duplicate_of >> 32, duplicate_of & 4294967295
    FROM packets WHERE duplicate_of IS NOT NULL ORDER BY packet_id
    """
  /// The captures that show packets first.
  private static let first = """
    SELECT DISTINCT duplicate_of >> 32 FROM packets WHERE duplicate_of IS NOT NULL
    """
  private static let questions = """
    SELECT query_packet_id >> 32, query_packet_id & 4294967295, response_packet_id >> 32,
      response_packet_id & 4294967295, outcome
    FROM dns_transactions ORDER BY 1, 2
    """

  /// Questions and answers by the second, each way so many milliseconds later than at the client.
  private func capture(_ there: Int64, _ back: Int64, _ numbers: Range<Int> = 0..<4) -> CaptureFile
  {
    var file = CaptureFile()
    for number in numbers {
      let (id, time) = (UInt16(number + 1), Int64(number) * 1000)
      file.add(time + there, .query(client, server, id: id, "a.example", identification: id))
      file.add(
        time + 20 + back, .answer(server, client, id: id, "a.example", identification: id))
    }
    return file
  }

  @Test("What a capture shows later than others is no flow and no question of its own")
  func later() throws {
    #expect(try read([capture(0, 0).octets, capture(1, 1).octets]) == [false, true])
    let reader = try folder.read()
    #expect(try reader.lines(Self.duplicates) == (1...8).map { "2|\($0)|1|\($0)" })
    #expect(
      try reader.lines(Self.questions)
        == stride(from: 1, to: 8, by: 2).map { "1|\($0)|1|\($0 + 1)|answered" })
    #expect(
      try reader.lines("SELECT packets_to_server, packets_to_client, last_ts - first_ts FROM flows")
        == ["4|4|3020000000"])
    #expect(try reader.lines("SELECT DISTINCT flow_id FROM packets").count == 1)
  }

  @Test("What a capture shows earlier takes the place of what was there")
  func earlier() throws {
    #expect(try read([capture(1, 1).octets, capture(0, 0).octets]) == [false, true])
    let reader = try folder.read()
    #expect(try reader.lines(Self.duplicates) == (1...8).map { "1|\($0)|2|\($0)" })
    #expect(
      try reader.lines(Self.questions)
        == stride(from: 1, to: 8, by: 2).map { "2|\($0)|2|\($0 + 1)|answered" })
    #expect(try reader.lines("SELECT packets_to_server, packets_to_client FROM flows") == ["4|4"])
  }

  @Test("A question that its client showed first is answered by what the server showed first")
  func bothEnds() throws {
    #expect(try read([capture(0, 0).octets, capture(2, -2).octets]) == [false, true])
    let reader = try folder.read()
    #expect(
      try reader.lines(Self.questions)
        == stride(from: 1, to: 8, by: 2).map { "1|\($0)|2|\($0 + 1)|answered" })
    #expect(
      try reader.lines("SELECT DISTINCT rtt_ns FROM dns_transactions") == ["18000000"])
  }

  @Test("Pieces of one capture that overlap show each packet once, in either order")
  func pieces() throws {
    let (whole, tail) = (capture(0, 0), capture(0, 0, 2..<4))
    let head = whole.cut(after: 6).0
    for (number, pieces) in [[head, tail], [tail, head], [tail, whole], [whole, tail]].enumerated()
    {
      let name = "\(number).case"
      #expect(try read(pieces.map(\.octets), into: name) == [false, true])
      let reader = try folder.read(name)
      #expect(try reader.value("SELECT count(*) FROM packets WHERE duplicate_of IS NULL") == "8")
      #expect(
        try reader.lines("SELECT DISTINCT outcome, attempts FROM dns_transactions") == [
          "answered|1"
        ])
      // Of one time, the sighting of the capture that begins first is first.
      #expect(try reader.lines(Self.first) == [number == 0 || number == 3 ? "1" : "2"])
    }
  }

  @Test("One capture with packets cut short, and whole, is one: the smaller file comes first")
  func takenTwice() throws {
    let file = capture(0, 0)
    for (number, sources) in [
      [file.octets, file.octets(keeping: 60)], [file.octets(keeping: 60), file.octets],
    ].enumerated() {
      #expect(try read(sources, into: "\(number).case") == [false, true])
      #expect(
        try folder.read("\(number).case").lines(Self.first) == [number == 0 ? "2" : "1"])
    }
  }

  @Test("A capture whose packets are out of order is looked at afterwards, with the same outcome")
  func outOfOrder() throws {
    var file = capture(1, 1, 0..<3)
    file.add(1500, .query(client, server, id: 9, "b.example", identification: 9))
    #expect(try read([capture(0, 0).octets, file.octets]) == [false, false])
    #expect(
      try folder.read().lines(Self.duplicates) == (1...6).map { "2|\($0)|1|\($0)" })
  }

  @Test("Where others begin and end in the middle of what is shown again and again, too")
  func chains() throws {
    let frame = Frame.udp(client, Endpoint("198.51.100.9", 4500), identification: 0, [7])
    var (long, short) = (CaptureFile(), CaptureFile())
    for number in 0..<60 {
      long.add(Int64(number) * 900, frame)
      if (20..<30).contains(number) { short.add(Int64(number) * 900 + 1, frame) }
    }
    #expect(try read([long.octets, short.octets]) == [false, true])
    #expect(
      try folder.read().lines(Self.duplicates) == (1...10).map { "2|\($0)|1|\($0 + 20)" })
  }

  @Test("What was seen before is no question, also where only what is not IP follows for long")
  func otherThanIP() throws {
    var file = capture(1, 1, 0..<1)
    for number in 0..<5000 {
      file.add(Int64(2000 + 2 * number), .arp(1, from: "192.0.2.1", to: "192.0.2.10"))
    }
    #expect(try read([capture(0, 0, 0..<1).octets, file.octets]) == [false, true])
    #expect(try folder.read().lines(Self.questions) == ["1|1|1|2|answered"])
  }

  @Test("Where more packets wait than there is room for, a capture is looked at afterwards")
  func floods() throws {
    var (busy, short) = (CaptureFile(), CaptureFile())
    for number in 0..<270_000 {
      let (low, high) = (UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8))
      let frame = Frame.udp(
        client, Endpoint("198.51.100.9", number < 20 ? 4501 : 4500),
        identification: UInt16(number >> 16), [low, high])
      busy.add(0, frame, microseconds: Int64(number))
      if number < 20 { short.add(900, frame, microseconds: Int64(number)) }
    }
    for (name, file) in [("busy", busy), ("short", short)] {
      #expect(try !ingest(folder.write(file, name + ".pcap"), into: "a.case"))
    }
    #expect(
      try folder.read().lines(Self.duplicates) == (1...20).map { "2|\($0)|1|\($0)" })
  }

  @Test("Traffic made at random, in captures of one interface each", arguments: 0..<6)
  func random(part: UInt64) throws {
    var (told, captures) = (0, 0)
    for seed in part * 16..<(part + 1) * 16 {
      var traffic = RandomTraffic(seed: 1000 + seed)
      let results = try read(traffic.capturesInOrder(), into: "\(seed).case")
      told += results.count { $0 }
      captures += results.count
    }
    // The first of a case is beside no other.
    #expect(told >= (captures - 16) * 3 / 4)
  }
}
