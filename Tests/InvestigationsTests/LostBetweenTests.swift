import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

/// Two places on the way from a client to a server: `near` sees all queries, `far` those that got
/// through. What `near` shows at 3 s, 4 s and 5 s was dropped between the two.
@Suite("dns-lost-between: queries seen at one place and not at another")
struct LostBetweenTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  private func told(dropped: Set<Int>, farClient: Endpoint? = nil) throws -> Told {
    var (near, far) = (CaptureFile(), CaptureFile())
    for second in 0..<10 {
      let id = UInt16(second + 1)
      let query = Frame.query(client, server, id: id, "a.example", identification: id)
      near.add(Int64(second) * 1000, query)
      if dropped.contains(second) { continue }
      let answer = Frame.answer(server, client, id: id, "a.example", identification: id)
      far.add(
        Int64(second) * 1000 + 1,
        farClient.map { .query($0, server, id: id, "a.example", identification: id) } ?? query)
      far.add(Int64(second) * 1000 + 2, answer)
      near.add(Int64(second) * 1000 + 3, answer)
    }
    try folder.ingest([folder.write(near, "near.pcap"), folder.write(far, "far.pcap")])
    return try Told("dns-lost-between", folder.read())
  }

  @Test("Queries that one place alone saw are told, with those that passed")
  func lost() throws {
    let told = try told(dropped: [3, 4, 5])
    #expect(
      told.rows == [
        "192.0.2.10|198.51.100.53|udp|1|0|near.pcap|2|0|far.pcap|3|0|7|3000|5000"
      ])
    // Packets of near.pcap: two for each second before, then the queries alone.
    #expect(told.evidence == [[7, 8, 9]])
  }

  @Test(
    "A single query is fewer than the two that a row takes, and one at the end may be on its way")
  func nearMiss() throws {
    let told = try told(dropped: [3, 9])
    #expect(told.outcome == .nothingFound)
  }

  @Test("A query that was answered all the same is not lost: the other place is on another way")
  func anotherWay() throws {
    var (near, far) = (CaptureFile(), CaptureFile())
    for second in 0..<10 {
      let id = UInt16(second + 1)
      let query = Frame.query(client, server, id: id, "a.example", identification: id)
      near.add(Int64(second) * 1000, query)
      near.add(
        Int64(second) * 1000 + 3, .answer(server, client, id: id, "a.example", identification: id))
      if second < 3 || second > 6 { far.add(Int64(second) * 1000 + 1, query) }
    }
    try folder.ingest([folder.write(near, "near.pcap"), folder.write(far, "far.pcap")])
    #expect(try Told("dns-lost-between", folder.read()).outcome == .nothingFound)
  }

  @Test("A place that shows no query of the client is not compared")
  func otherClient() throws {
    let told = try told(dropped: [3, 4, 5], farClient: Endpoint("192.0.2.99", 40_000))
    #expect(told.outcome == .nothingFound)
  }

  @Test("In a case of one place there is nothing to look at")
  func onePlace() throws {
    #expect(
      try Told("dns-lost-between", folder.read(Incident().capture)).outcome == .nothingToLookAt)
  }

  // tshark 4.0.17, dns.qry.name on each interface of router.pcapng: queries of 192.0.2.10 by UDP in
  // phase 3 of the lab's script come in at interface 1 and do not go out at interface 0.
  @Test(
    "In the lab the drops are told between the router's two interfaces",
    .enabled(if: Places.shared("lab/router.pcapng") != nil, "needs ../shared/captures/lab"))
  func lab() throws {
    let path = try #require(Places.shared("lab/router.pcapng"))
    try folder.ingest([path])
    let told = try Told("dns-lost-between", folder.read())
    #expect(told.rows.count == 1)
    #expect(
      told.rows.first?.hasPrefix(
        "192.0.2.10|203.0.113.2|udp|1|1|router.pcapng|1|0|router.pcapng|13|4|") == true)
  }
}
