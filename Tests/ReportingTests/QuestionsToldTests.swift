import Foundation
import Testing

@testable import Reporting

@Suite("What a report tells of the questions that failed")
struct QuestionsToldTests {
  private let client: [UInt8] = [192, 0, 2, 15]
  private let server: [UInt8] = [203, 0, 113, 9]
  private let other: [UInt8] = [203, 0, 113, 10]

  /// Questions to `server`, ten seconds apart, each refused after `delay` milliseconds.
  ///
  /// - Parameters:
  ///   - identifiers: One for each question; the port goes with it.
  ///   - type: Number of the record's type.
  ///   - answersElsewhere: Whether another server answers each.
  private func report(
    identifiers: [Int], delay: Int64 = 2, type: UInt8 = 1, answersElsewhere: Bool = false
  ) throws -> Report {
    let folder = try TemporaryFolder()
    let name = ["mail", "example"].map { Array($0.utf8) }
    var capture = CaptureFixture()
    for (index, identifier) in identifiers.enumerated() {
      var message = dnsQuery(identifier, name)
      message[message.count - 3] = type
      let query = udp(client, 40_000 + identifier, server, 53, message)
      let start = Int64(index) * 10_000
      capture.add(start, query)
      capture.add(start + delay, unreachable(server, code: 3, quoting: query))
      guard answersElsewhere else { continue }
      let port = 50_000 + index
      capture.add(start + 1, udp(client, port, other, 53, dnsQuery(index, name)))
      capture.add(start + 2, udp(other, 53, client, port, dnsAnswer(index, name)))
    }
    return try folder.report(of: [capture.write("c.pcap", in: folder.url)])
  }

  private func analysis(_ report: Report) -> String {
    report.analysis.map(\.text).joined(separator: "\n")
  }

  // Expected: the printed clocks subtracted by hand; identifier and port as printed.
  @Test("A query that was sent again, and errors that came late, are seen in six printed lines")
  func printed() throws {
    let folder = try TemporaryFolder()
    let log = folder.url.appending(path: "outage.log")
    let lines = [("24:32", "24:36"), ("26:32", "27:15"), ("28:32", "28:50")].map { asked, refused in
      """
      13:\(asked).192571 IP 192.51.100.15.52444 > 203.0.113.2.domain: 35084+ A? shop.example. (24)
      13:\(refused).098564 IP 203.0.113.2 > 192.51.100.15: ICMP 203.0.113.2 udp port 53 unreachable

      """
    }
    try Data(lines.joined().utf8).write(to: log)
    let report = try folder.report(of: [log.path])
    #expect(
      analysis(report).contains(
        "192.51.100.15 asked 3 times with the same identifier, 35084, from the same port, 52444, "
          + "2 min 0.000 s apart"))
    #expect(analysis(report).contains("3 of these errors came more than a second after"))
    #expect(report.summary.contains { $0.contains("the address of shop.example:") })
  }

  @Test("Queries of their own identifiers are several, and errors that come at once are no wonder")
  func plain() throws {
    let text = analysis(try report(identifiers: [7, 8, 9, 10]))
    #expect(!text.contains("the same identifier") && !text.contains("more than a second"))
    #expect(text.contains("2 ms, 2 ms, 2 ms and 2 ms"))
  }

  @Test("Of several queries that were sent again the one that came most often is told")
  func several() throws {
    let text = analysis(try report(identifiers: [7, 8, 7, 8, 7, 9]))
    #expect(
      text.contains(
        "192.0.2.15 asked 3 times with the same identifier, 7, from the same port, 40007, 20.000 s apart"
      ))
    #expect(text.contains("So it was with 1 other query."))
  }

  @Test("Who gets its answers from another server can still reach what it looks for")
  func elsewhere() throws {
    let alone = try report(identifiers: [7, 8, 9])
    #expect(alone.summary.contains { $0.contains("cannot reach what bears this name") })
    let served = try report(identifiers: [7, 8, 9], answersElsewhere: true)
    #expect(!served.summary.contains { $0.contains("cannot reach") })
    #expect(served.summary.contains { $0.contains("got 3 answers from 203.0.113.10 meanwhile") })
  }

  // MX is type 15: RFC 1035, 3.2.2.
  @Test("Records other than addresses are named with their type, and no web site is spoken of")
  func mail() throws {
    let report = try report(identifiers: [7, 8, 9], type: 15)
    #expect(report.summary.contains("Asked for, in vain, was mail.example (MX)."))
  }

  @Test("A finding names the capture whose clock it goes by, and no number of the case's own")
  func clocks() throws {
    let folder = try TemporaryFolder()
    let names = ["one.log", "two.log"]
    for (index, name) in names.enumerated() {
      let text = (1...3).map { number in
        """
        13:2\(number):0\(index).000000 IP 192.0.2.1.4\(number) > 203.0.113.2.53: \(number)+ A? a.example. (24)
        13:2\(number):0\(index).100000 IP 203.0.113.2 > 192.0.2.1: ICMP 203.0.113.2 udp port 53 unreachable

        """
      }
      try Data(text.joined().utf8).write(to: folder.url.appending(path: name))
    }
    let report = try folder.report(of: names.map { folder.url.appending(path: $0).path })
    let group = try #require(report.findings.first { $0.investigation == "dns-resolver-down" })
    #expect(
      zip(group.shown, names).allSatisfy { $0.summary.hasSuffix(" (by the clock of \($1))") }
        && group.shown.count == 2)
    let summaries = report.findings.flatMap(\.shown).map(\.summary)
    #expect(!summaries.contains { $0.contains(/\b(capture_id|clock) [0-9]/) })
  }
}
