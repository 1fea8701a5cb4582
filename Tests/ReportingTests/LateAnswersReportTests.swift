import Foundation
import Testing

@testable import Reporting

@Suite("The report of answers that came after the client had given up")
struct LateAnswersReportTests {
  private let name = ["www", "example"].map { Array($0.utf8) }
  private let client: [UInt8] = [192, 0, 2, 15]
  private let server: [UInt8] = [203, 0, 113, 9]

  /// Questions nine seconds apart, each answered after so many milliseconds; `nil` for never.
  private func report(answeredAfter delays: [Int64?]) throws -> Report {
    let folder = try TemporaryFolder()
    var capture = CaptureFixture()
    for (index, delay) in delays.enumerated() {
      let start = Int64(index) * 9000
      capture.add(start, udp(client, 50_000 + index, server, 53, dnsQuery(index, name)))
      if let delay {
        capture.add(
          start + delay, udp(server, 53, client, 50_000 + index, dnsAnswer(index, name)))
      }
    }
    // The capture goes on to the client, so that silence can be told from what was not captured.
    capture.add(Int64(delays.count) * 9000 + 9000, udp([192, 0, 2, 1], 9, client, 9, [0]))
    return try folder.report(of: [capture.write("late.pcap", in: folder.url)])
  }

  @Test("tells an outage, by late answers and not by silence")
  func outage() throws {
    let report = try report(answeredAfter: [8000, 8000, 8000, 8000])
    #expect(report.verdict == .outage)
    let service = try #require(report.services.first)
    #expect(service.failed == 4 && service.late == 4 && service.silent == 0)
    #expect(service.refused == 0 && service.answered == 0 && service.how == "late answers: 4")
    let summary = report.summary.joined(separator: " ")
    #expect(summary.contains("4 of 4 questions in that time got no timely answer."))
    #expect(summary.contains("4 were answered too late, after 8.000 s."))
    #expect(!report.markdown().contains("silence:"))
    #expect(
      report.timeline?.phases.map(\.text) == ["late: answered, but after the time-out"])
    #expect(report.evidence.map(\.caption).contains("first too late answered question"))
  }

  @Test("blames a slow service, and neither its host nor a filter")
  func causes() throws {
    let report = try report(answeredAfter: [8000, 6000, 8000, 8000])
    let cause = try #require(report.causes.first)
    #expect(cause.weight == .likely && cause.explained == 4)
    #expect(cause.statement.hasPrefix("The service on 203.0.113.9 answered too slowly"))
    #expect(cause.evidenceFor.first?.text.contains("after 6.000 s to 8.000 s") == true)
    #expect(cause.evidenceFor.first?.packets.count == 4)
    #expect(!report.causes.contains { $0.statement.hasPrefix("The host 203.0.113.9 was down") })
    #expect(
      report.causes.contains { $0.statement.hasPrefix("The client asks") && $0.weight == .unlikely }
    )
    #expect(!report.nextSteps.contains { $0.command?.hasPrefix("ss ") == true })
  }

  @Test("weighs that a retry was answered, and the first try lost")
  func retried() throws {
    let folder = try TemporaryFolder()
    var capture = CaptureFixture()
    for index in 0..<3 {
      let query = udp(client, 50_000 + index, server, 53, dnsQuery(index, name))
      let start = Int64(index) * 9000
      capture.add(start, query)
      capture.add(start + 5000, query)
      capture.add(start + 5010, udp(server, 53, client, 50_000 + index, dnsAnswer(index, name)))
    }
    let report = try folder.report(of: [capture.write("retried.pcap", in: folder.url)])
    #expect(report.services.first?.late == 3)
    let slow = try #require(report.causes.first { $0.statement.contains("answered too slowly") })
    #expect(slow.weight == .possible)
    #expect(slow.evidenceAgainst.contains { $0.text.hasPrefix("3 questions had been asked again") })
    let lost = try #require(report.causes.first { $0.statement.contains("dropped on the way") })
    #expect(lost.weight == .possible && lost.explained == 3)
  }

  @Test("parts late answers from silence in counts, phases and sentences")
  func mixed() throws {
    let report = try report(answeredAfter: [20, 8000, 8000, nil, nil, 20])
    let service = try #require(report.services.first)
    #expect(service.failed == 4 && service.late == 2 && service.silent == 2)
    let phases = try #require(report.timeline?.phases)
    #expect(phases.map(\.questions) == [1, 2, 2, 1])
    #expect(phases[1].text.hasPrefix("late") && phases[2].text.hasPrefix("silence"))
    #expect(
      report.summary.joined().contains("2 met silence and 2 were answered too late, after 8.000 s.")
    )
  }

  @Test("does not count a single late answer among those in time")
  func noOutage() throws {
    let report = try report(answeredAfter: [20, 8000, 20, 20])
    #expect(report.verdict == .noOutage)
    #expect(
      report.summary.joined().contains("3 of 4 DNS questions were answered in time; 1 failure"))
  }
}
