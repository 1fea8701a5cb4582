import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Evidence

@Suite("A case as a timeline, and its tables as a spreadsheet takes them")
struct CaseTimelineTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private struct Event: Decodable {
    var message: String
    var datetime: String
    var timestamp: Int64
    var timestampDesc: String
    var dataType: String
    var packetIds: [Int64]
  }

  private func timeline(
    capacity: Int = 32 << 20
  ) throws -> (events: [Event], left: [CaseTimeline.LeftOut]) {
    var lines: [String] = []
    var timeline = CaseTimeline(try folder.read(), folder: folder.path, capacity: capacity)
    let left = try timeline.write { lines.append($0) }
    #expect(lines.allSatisfy { $0.hasSuffix("}\n") && $0.dropLast().allSatisfy { $0 != "\n" } })
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try lines.map { try decoder.decode(Event.self, from: Data($0.utf8)) }, left)
  }

  /// A question that is refused, seen at two places, and a finding about it.
  private func refusal() throws {
    let (client, server) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53))
    let query = Frame.query(client, server, id: 7, "a.example")
    var (first, second) = (CaptureFile(), CaptureFile())
    for milliseconds in [0, 1] as [Int64] {
      let error = Frame.unreachable("198.51.100.53", code: 3, quoting: query)
      if milliseconds == 0 {
        first.add(0, query)
        first.add(10, error)
      } else {
        second.add(1, query)
        second.add(9, error)
      }
    }
    try folder.ingest([folder.write(first, "c.pcap"), folder.write(second, "s.pcap")])
    _ = try folder.saveFinding(
      [PacketName(id: 1 << 32 | 1)], first: CaptureFile.noon + 999)
  }

  @Test("Each event is told once, in the order of time, with the fields that Timesketch asks for")
  func events() throws {
    try refusal()
    let (events, left) = try timeline()
    #expect(left.isEmpty)
    #expect(
      events.map(\.dataType) == [
        "wirecase:capture:start", "wirecase:dns:transaction", "wirecase:finding",
        "wirecase:capture:start", "wirecase:icmp:error", "wirecase:capture:end",
        "wirecase:capture:end",
      ])
    // date -u -d 2026-11-24T12:00:00Z +%s
    #expect(events[1].timestamp == 1_795_521_600_000_000)
    #expect(events[1].datetime == "2026-11-24T12:00:00.000000Z")
    #expect(events[1].timestampDesc == "Query Time")
    #expect(
      events[1].message
        == "DNS question A a.example by 192.0.2.10:40000 of 198.51.100.53:53: refused")
    #expect(events[1].packetIds.first == 4_294_967_297)
    // 999 ns are no microsecond.
    #expect(events[2].datetime == "2026-11-24T12:00:00.000000Z")
    #expect(events[2].packetIds == [4_294_967_297])
    #expect(events[3].message == "Capture s.pcap begins: 2 packets")
    #expect(events[4].message.hasSuffix("quoting 192.0.2.10:40000 > 198.51.100.53:53"))
  }

  @Test("The order does not depend on how much memory there is")
  func memory() throws {
    try refusal()
    #expect(try timeline(capacity: 1).events.map(\.message) == timeline().events.map(\.message))
  }

  @Test("What has no time in UTC is left out and counted")
  func clocks() throws {
    let log = "13:24:32.192571 IP 192.0.2.1.40000 > 192.0.2.2.53: 1+ A? a.example. (27)\n"
    try folder.ingest([folder.write(Array(log.utf8), "a.log")])
    _ = try folder.saveFinding([PacketName(id: 1 << 32 | 1)], first: 5, basis: .clock)
    let (events, left) = try timeline()
    #expect(events.isEmpty)
    #expect(
      left == [
        .init(what: "times of captures", count: 2), .init(what: "DNS questions", count: 1),
        .init(what: "findings", count: 1),
      ])
  }

  // Expected: OWASP, "CSV Injection".
  @Test("A text that a spreadsheet would run has an apostrophe before it; numbers have none")
  func formulas() {
    for text in ["=1+1", "+1+1", "-1-1", "-", "@SUM(A1)", "\tx", "\rx"] {
      #expect(SQLValue.text(text).harmlessInSpreadsheet == .text("'" + text))
    }
    for value in [
      SQLValue.integer(-1), .real(-0.5), .null, .text(""), .text("a=1"), .text("'=1"), .text("+1"),
      .text("-1.5 s"),
    ] {
      #expect(value.harmlessInSpreadsheet == value)
    }
  }
}

@Suite("Records in the order of time")
struct TimeOrderTests {
  @Test("Whatever memory there is, the order is that of time, then of the tie-breaker")
  func order() throws {
    var records: [(time: Int64, tie: Int64, octets: [UInt8])] = []
    var state: UInt32 = 1
    for tie in 0..<2_000 {
      // Numerical Recipes' generator.
      state = state &* 1_664_525 &+ 1_013_904_223
      let length = Int(state >> 20 & 0xff)
      records.append(
        (
          Int64(state >> 8 & 0xff) - 128, Int64(tie),
          Array(repeating: UInt8(tie & 0xff), count: length)
        ))
    }
    let expected = records.sorted { ($0.time, $0.tie) < ($1.time, $1.tie) }
    let folder = try CaseFolder()
    for capacity in [1, 1_000, 100_000, 100_000_000] {
      let order = TimeOrder(folder: folder.path, capacity: capacity)
      for record in records { try order.add(time: record.time, tie: record.tie, record.octets) }
      var place = 0
      try order.drain { tie, octets in
        #expect(tie == expected[place].tie && octets == expected[place].octets)
        place += 1
      }
      #expect(place == records.count)
      #expect(folder.names.isEmpty)
    }
  }

  @Test("Where no scratch file can be made, the folder is named")
  func noFolder() {
    let order = TimeOrder(folder: "/nowhere", capacity: 1)
    #expect(throws: EvidenceError.self) {
      for tie in 0..<2 { try order.add(time: 0, tie: Int64(tie), [1]) }
    }
  }
}
