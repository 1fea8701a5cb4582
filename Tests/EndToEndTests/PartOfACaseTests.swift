import Foundation
import Testing

/// `client-a.pcap`, of 2026-11-24 from 02:36:46 to 02:37:01 UTC, in a case; and a log without dates
/// in another.
@Suite("A part of a case")
struct PartOfACaseTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    _ = try Program.run(
      ["ingest", "a.db", Program.sample("client-a.pcap")], in: folder.url)
    _ = try Program.run(
      ["ingest", "both.db", Program.sample("client-a.pcap"), Program.sample("client-b.log")],
      in: folder.url)
  }

  private func report(_ arguments: String...) throws -> Program.Output {
    try Program.run(["report"] + arguments, in: folder.url)
  }

  @Test("A clock without a date is of the day that the captures were taken on")
  func clockOnOneDay() throws {
    let clock = try report("a.db", "--since", "02:36:55").text
    #expect(clock == (try report("a.db", "--since", "2026-11-24T02:36:55Z").text))
    #expect(clock.contains("- **Only:** since 2026-11-24T02:36:55.000000Z"))
  }

  // Expected: tshark -r client-a.pcap -Y 'frame.time_epoch >= 1795487819' | wc -l
  @Test("The report of a part says so in its head, with the packets of that part")
  func head() throws {
    let part = try report("a.db", "--since", "2026-11-24 02:36:59").text
    #expect(part.contains("# Report: no outage found in the part of the case that was looked at"))
    #expect(part.contains("- **Captures:** client-a.pcap (18 packets)"))
    #expect(part.contains("- **Span:** 2026-11-24T02:37:"))
    #expect(part.contains("Only a part of the case was looked at: since 2026-11-24T02:36:59"))
  }

  @Test("Captures whose times cannot be compared with the ones given are left out, and named")
  func leftOut() throws {
    let part = try report("both.db", "--since", "2026-11-24 02:36:50")
    #expect(part.errors.contains("client-b.log: left out"))
    #expect(part.text.contains("without client-b.log, whose times cannot be compared"))
    #expect(!part.text.contains("| client-b.log |"))
  }

  @Test("Changes beside the case that are not read are among what the report cannot tell")
  func unreadChanges() throws {
    try folder.write(Data([1]), to: "a.db-wal")
    let report = try report("a.db")
    #expect(report.errors.contains("ingest the sources again"))
    #expect(report.text.contains("A file of changes beside the case"))
  }
}
