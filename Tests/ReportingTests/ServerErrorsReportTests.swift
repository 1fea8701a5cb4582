import CaseFixtures
import CaseStore
import Testing

@testable import Reporting

/// Servers that can be reached, and fail all the same; counts by hand.
@Suite("The report of servers that answer with errors of their own")
struct ServerErrorsReportTests {
  let folder: CaseFolder
  private let server = Endpoint("198.51.100.80", 80)

  init() throws { folder = try CaseFolder() }

  /// What a client and a server say, each in one segment of a connection of its own.
  private func connection(
    _ number: Int, to server: Endpoint, _ request: [UInt8], _ answer: [UInt8],
    in capture: inout CaptureFile
  ) {
    let client = Endpoint("192.0.2.\(number % 2 + 10)", UInt16(40_000 + number))
    let time = Int64(number) * 1000
    capture.add(time, .tcp(client, server, flags: 0x02, sequence: 99))
    capture.add(time + 1, .tcp(server, client, flags: 0x12, sequence: 499, acknowledgment: 100))
    capture.add(
      time + 2, .tcp(client, server, flags: 0x18, sequence: 100, acknowledgment: 500, request))
    let next = 100 + UInt32(request.count)
    capture.add(
      time + 5, .tcp(server, client, flags: 0x18, sequence: 500, acknowledgment: next, answer))
    capture.add(
      time + 6,
      .tcp(client, server, flags: 0x11, sequence: next, acknowledgment: 500 + UInt32(answer.count)))
  }

  private func report(_ capture: CaptureFile) throws -> Report {
    try ReportBuilder(folder.read(capture), options: ReportOptions(programVersion: "test")).build()
  }

  @Test("A web server's own errors are the report, with what each status tells")
  func http() throws {
    var capture = CaptureFile()
    for number in 0..<8 {
      let status = [502, 502, 502, 502, 503, 200, 200, 404][number]
      connection(
        number, to: server, Array("GET /\(number) HTTP/1.1\r\nHost: shop.example\r\n\r\n".utf8),
        Array("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n".utf8), in: &capture)
    }
    let report = try report(capture)
    #expect(
      report.title
        == "Incident report: errors of the web server shop.example, at 198.51.100.80")
    #expect(
      report.summary.first
        == "The web server 198.51.100.80 port 80 (shop.example) answered 5 of 8 requests with an error "
        + "of its own, for 2 clients: 502 Bad Gateway (4) and 503 Service Unavailable (1).")
    #expect(report.causes.map(\.explained) == [4, 1])
    #expect(
      report.causes.first?.statement
        == "What 198.51.100.80 port 80 (shop.example) passes requests on to was down or too slow.")
    #expect(report.evidence.count == 2)
  }

  @Test(
    "Of many servers that fail the five with the most errors are told, and how many are left out")
  func many() throws {
    var capture = CaptureFile()
    // The server 198.51.100.(100 + n) fails n times, from 5 to 12; then two fail at TLS.
    var number = 0
    for errors in 5...12 {
      for _ in 0..<errors {
        connection(
          number, to: Endpoint("198.51.100.\(100 + errors)", 80),
          Array("GET / HTTP/1.1\r\n\r\n".utf8),
          Array("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n".utf8), in: &capture)
        number += 1
      }
    }
    for place in 0..<8 {
      connection(
        number + place, to: Endpoint("198.51.100.\(80 + place % 2)", 443),
        Self.hello("shop.example"),
        [0x15, 3, 3, 0, 2, 2, 112], in: &capture)
    }
    let summary = try report(capture).summary
    #expect(
      summary.prefix(2).map { $0.hasPrefix("Of 4 TLS handshakes with 198.51.100.8") } == [
        true, true,
      ])
    #expect(
      summary.dropFirst(2).prefix(5).map { $0.split(separator: " ").prefix(4).last }
        == [
          "198.51.100.112", "198.51.100.111", "198.51.100.110", "198.51.100.109", "198.51.100.108",
        ])
    #expect(
      summary[7]
        == "Left out here: 3 more of http-error-rates; 'wirecase run' lists them."
    )
    #expect(summary[8] == "Beside that, the captures show no outage.")
  }

  @Test("What a server only refuses is no incident")
  func refused() throws {
    var capture = CaptureFile()
    for number in 0..<8 {
      connection(
        number, to: server, Array("GET /\(number) HTTP/1.1\r\nHost: shop.example\r\n\r\n".utf8),
        Array("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n".utf8), in: &capture)
    }
    #expect(try report(capture).verdict == .noOutage)
  }

  @Test("TLS handshakes that end in an alert are the report, and what the alert is about")
  func tls() throws {
    let https = Endpoint("198.51.100.80", 443)
    var capture = CaptureFile()
    for number in 0..<4 {
      // unrecognized_name, RFC 6066, 3: fatal (2), 112.
      connection(
        number, to: https, Self.hello("shop.example"), [0x15, 3, 3, 0, 2, 2, 112], in: &capture)
    }
    let report = try report(capture)
    #expect(
      report.title == "Incident report: failing TLS handshakes with shop.example, at 198.51.100.80")
    #expect(
      report.summary.first
        == "Of 4 TLS handshakes with 198.51.100.80 port 443 (shop.example), 4 ended with the alert "
        + "unrecognized_name, which the server sent, for 2 clients.")
    #expect(
      report.causes.first?.statement
        == "198.51.100.80 port 443 (shop.example) does not serve the name that it is asked for.")
    #expect(report.evidence.map(\.caption) == ["first hello of a client", "first alert"])
  }

  /// A ClientHello of one cipher suite and a server's name: RFC 8446, 4.1.2; RFC 6066, 3.
  private static func hello(_ name: String) -> [UInt8] {
    func counted(_ octets: [UInt8], _ width: Int) -> [UInt8] {
      (0..<width).reversed().map { UInt8(truncatingIfNeeded: octets.count >> (8 * $0)) } + octets
    }
    let names = counted([0] + counted(Array(name.utf8), 2), 2)
    let body =
      [3, 3] + Array(repeating: 7, count: 32) + [0] + counted([0x13, 0x01], 2) + counted([0], 1)
      + counted([0, 0] + counted(names, 2), 2)
    return [0x16, 3, 1] + counted([1] + counted(body, 3), 2)
  }
}
