import CaseFixtures
import CaseStore
import Testing

@testable import Reporting

/// Every UDP question meets "port unreachable"; every second one is asked again over TCP, and answered.
@Suite("The report of a resolver that answers over TCP alone")
struct AnswersOverTCPReportTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func report(overTCP: Bool) throws -> Report {
    let server = Endpoint("198.51.100.53", 53)
    var capture = CaptureFile()
    for number in 0..<6 {
      let client = Endpoint("192.0.2.10", UInt16(40_000 + number))
      let (time, id) = (Int64(number) * 2000, UInt16(number + 1))
      let query = Frame.query(client, server, id: id, "a.example", identification: id)
      capture.add(time, query)
      capture.add(time + 1, .unreachable("198.51.100.53", code: 3, quoting: query))
      guard overTCP, number % 2 == 0 else { continue }
      capture.add(time + 10, .tcp(client, server, flags: 0x02, sequence: 99))
      capture.add(
        time + 11, .tcp(server, client, flags: 0x12, sequence: 499, acknowledgment: 100))
      capture.add(time + 12, .overTCP([query], sequence: 100, acknowledgment: 500))
      capture.add(
        time + 13,
        .overTCP(
          [.answer(server, client, id: id, "a.example")], sequence: 500, acknowledgment: 129))
    }
    return try ReportBuilder(folder.read(capture), options: ReportOptions(programVersion: "test"))
      .build()
  }

  @Test("It says so for a filter of UDP, and against a service that was down")
  func alone() throws {
    let report = try report(overTCP: true)
    #expect(report.services.first?.failed == 6)
    let words = "It answered 3 questions over TCP meanwhile: its program ran, and UDP alone failed."
    let down = try #require(report.causes.first { $0.statement.contains("was not running") })
    let filter = try #require(report.causes.first { $0.statement.hasPrefix("A packet filter on") })
    #expect(down.evidenceAgainst.map(\.text).contains(words))
    #expect(filter.evidenceFor.map(\.text).contains(words))
  }

  @Test("Without such answers nothing is said of TCP")
  func neither() throws {
    let report = try report(overTCP: false)
    #expect(!report.markdown().contains("over TCP meanwhile"))
  }
}
