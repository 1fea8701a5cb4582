import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

@Suite("What investigations of TCP count")
struct TCPSightingsTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  @Test("What another place saw 100 µs later counts once", arguments: Trial.tcpTrials)
  func once(_ trial: Trial) throws {
    let near = try #require(trial.fires.first)
    let far = try #require(delayPcap(near.octets, by: 100_000))
    try folder.ingest([folder.write(near, "1.pcap"), folder.write(far, "2.pcap")])
    let reader = try folder.read()
    let seen = try reader.lines("SELECT count(*) FROM packets WHERE duplicate_of IS NOT NULL")
    #expect(seen == ["\(near.count)"], "each packet of the second is a sighting")
    let told = try Told(trial.name, reader, given: trial.given)
    #expect(told.rows == trial.rows)
    #expect(told.evidence == trial.evidence)
  }
}
