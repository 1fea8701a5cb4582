import Foundation
import Testing

@testable import Reporting

/// Logs without a date: each is a clock of its own.
@Suite("The report of captures whose clocks cannot be compared")
struct ClocksReportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ lines: String, _ name: String) throws -> String {
    let url = folder.url.appending(path: name)
    try Data(lines.utf8).write(to: url)
    return url.path
  }

  /// Three questions of one client, each refused by the server a millisecond later.
  private func refusals(_ name: String) throws -> String {
    let lines = (0..<3).map { second in
      """
      10:00:0\(second).000000 IP 192.0.2.10.400\(second) > 203.0.113.2.53: \(second)+ A? a.example. (27)
      10:00:0\(second).001000 IP 203.0.113.2 > 192.0.2.10: ICMP 203.0.113.2 udp port 53 unreachable, \
      length 36

      """
    }
    return try write(lines.joined(), name)
  }

  @Test("takes a host for alive by the packets of the same clock alone")
  func otherClockIsNotMeanwhile() throws {
    let refusals = try refusals("refusals.log")
    let alive = try write(
      """
      10:00:01.000000 IP 198.51.100.7 > 203.0.113.2: ICMP echo request, id 1, seq 1, length 64
      10:00:01.010000 IP 203.0.113.2 > 198.51.100.7: ICMP echo reply, id 1, seq 1, length 64
      10:00:01.100000 IP 198.51.100.7.4000 > 203.0.113.2.80: Flags [S], seq 1, length 0
      10:00:01.110000 IP 203.0.113.2.80 > 198.51.100.7.4000: Flags [S.], seq 5, ack 2, length 0
      10:00:01.120000 IP 198.51.100.7.4000 > 203.0.113.2.80: Flags [.], ack 6, length 0

      """, "alive.log")
    let alone = try folder.report(of: [refusals])
    let both = try folder.report(of: [refusals, alive])
    #expect(both.causes == alone.causes && both.conclusion == alone.conclusion)
    #expect(both.nextSteps == alone.nextSteps && both.analysis == alone.analysis)
  }

  @Test("names the captures by whose clock another service failed")
  func furtherFailures() throws {
    let log = try refusals("refusals.log")
    var capture = CaptureFixture()
    let (client, server): ([UInt8], [UInt8]) = ([192, 0, 2, 15], [203, 0, 113, 9])
    for second in 0..<7 {
      let query = udp(client, 50_000 + second, server, 53, dnsQuery(second, [Array("a".utf8)]))
      capture.add(Int64(second) * 1000, query)
      capture.add(Int64(second) * 1000 + 1, unreachable(server, code: 3, quoting: query))
    }
    let dated = try capture.write("dated.pcap", in: folder.url)
    // Seven failures are told first, the log's three beside them; then the other way round.
    let more = try folder.report(of: [log, dated])
    #expect(
      more.summary.contains(
        "Further failures: DNS (UDP 53) at 203.0.113.2 by the clock of refusals.log."))
    let longer = try write(
      (0..<9).map { second in
        """
        10:00:0\(second).000000 IP 192.0.2.10.400\(second) > 203.0.113.2.53: \(second)+ A? a.example. (27)
        10:00:0\(second).001000 IP 203.0.113.2 > 192.0.2.10: ICMP 203.0.113.2 udp port 53 unreachable

        """
      }.joined(), "longer.log")
    let fewer = try folder.report(of: [longer, dated])
    #expect(
      fewer.summary.contains(
        "Further failures: DNS (UDP 53) at 203.0.113.9 by the clock of the captures with dates."))
  }

  @Test("counts no port as asked before the onset that another clock shows")
  func otherClockIsNotBefore() throws {
    var capture = CaptureFixture()
    let (client, server): ([UInt8], [UInt8]) = ([192, 0, 2, 15], [203, 0, 113, 2])
    for index in 0..<3 {
      let query = udp(
        client, 50_000 + index, server, 53, dnsQuery(index, ["a", "b"].map { Array($0.utf8) }))
      capture.add(Int64(index) * 1000, query)
      capture.add(Int64(index) * 1000 + 1, unreachable(server, code: 3, quoting: query))
    }
    // After the failures, by the day that the capture records and the log does not.
    let scan = (1...40).map { port in
      "12:05:00.0000\(port + 10) IP 192.0.2.200.45000 > 203.0.113.2.\(port): UDP, length 3\n"
    }
    let report = try folder.report(of: [
      capture.write("dated.pcap", in: folder.url), write(scan.joined(), "scan.log"),
    ])
    #expect(report.verdict == .outage)
    let told = report.analysis + report.causes.flatMap { $0.evidenceFor + $0.evidenceAgainst }
    #expect(!told.contains { $0.text.contains("scan") })
  }

  /// Connection attempts to TCP port 8443, at whole minutes past ten, each reset at once.
  private func resets(at minutes: [Int], _ name: String) throws -> String {
    let lines = minutes.map { minute in
      """
      10:0\(minute):00.000000 IP 192.0.2.10.40\(minute) > 203.0.113.5.8443: Flags [S], seq 1, length 0
      10:0\(minute):00.001000 IP 203.0.113.5.8443 > 192.0.2.10.40\(minute): Flags [R.], seq 0, ack 2, \
      length 0

      """
    }
    return try write(lines.joined(), name)
  }

  @Test("finds a TCP service that reset connections, whatever other captures there are")
  func resetsOfOneClock() throws {
    let outage = try resets(at: [1, 2, 3], "outage.log")
    let other = try resets(at: [4], "other.log")
    let healthy = CaptureFixture()
    for sources in [
      [outage], [outage, other], [other, outage, try healthy.write("empty.pcap", in: folder.url)],
    ] {
      let report = try folder.report(of: sources)
      #expect(report.verdict == .outage && report.services.count == 1)
      let service = try #require(report.services.first)
      #expect(service.address == "203.0.113.5" && service.port == 8443 && service.refused == 3)
      #expect(service.first?.text == "10:01:00.000000")
    }
  }

  @Test("does not add up what three clocks show once each")
  func resetsOfThreeClocks() throws {
    let sources = try [1, 2, 3].map { try resets(at: [$0], "reset-\($0).log") }
    #expect(try folder.report(of: sources).services.isEmpty)
  }

  // Expected: the script that recorded the lab: its scan came after the service was back.
  @Test(
    "tells no scan before the onset where only logs without dates would put it there",
    .needsShared("captures/lab"))
  func lab() throws {
    let names = [
      "client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng", "client1-n.txt",
      "client2-n.txt",
    ]
    let report = try folder.report(
      of: names.map { try #require(sharedCapture("captures/lab/\($0)")) })
    let service = try #require(report.services.first)
    #expect(service.first?.text == "2026-11-23T20:35:28.462949Z")
    let evidence = report.causes.flatMap(\.evidenceFor).map(\.text)
    #expect(!evidence.contains { $0.contains("before the onset: a scan") })
  }
}
