import CaseFixtures
import CaseStore
import Testing

/// The same exchange captured twice: whole, and a moment earlier by somebody who kept headers alone.
@Suite("What one sighting shows and another does not")
struct CutSightingsTests {
  let folder: CaseFolder
  private let client = Endpoint("192.0.2.10", 40_000)
  private let server = Endpoint("198.51.100.7", 80)

  init() throws { folder = try CaseFolder() }

  private func exchange() -> [Frame] {
    let request = Array("GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n".utf8)
    let answer = Array("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n".utf8)
    return [
      .tcp(client, server, flags: 0x02, sequence: 99),
      .tcp(server, client, flags: 0x12, sequence: 499, acknowledgment: 100),
      .tcp(client, server, flags: 0x18, sequence: 100, acknowledgment: 500, request),
      .tcp(
        server, client, flags: 0x18, sequence: 500, acknowledgment: 100 + UInt32(request.count),
        answer),
    ]
  }

  @Test("A message counts once, by the sighting that shows it")
  func once() throws {
    var (whole, earlier) = (CaptureFile(), CaptureFile())
    for (index, frame) in exchange().enumerated() {
      whole.add(Int64(index) * 10 + 5, frame)
      earlier.add(Int64(index) * 10, frame)
    }
    // 54 octets: Ethernet, IPv4 and TCP.
    let cut = earlier.octets(keeping: 54)
    try folder.ingest([folder.write(cut, "cut.pcap"), folder.write(whole, "whole.pcap")])
    let reader = try folder.read()
    #expect(try reader.value("SELECT count(*) FROM packets WHERE duplicate_of IS NOT NULL") == "4")
    #expect(
      try reader.lines("SELECT is_response, duplicate_of IS NULL FROM http_messages ORDER BY 1")
        == ["0|1", "1|1"])
    // Where both show it, the earlier does.
    try folder.ingest(
      [folder.write(earlier, "earlier.pcap"), folder.write(whole, "again.pcap")], into: "b.case")
    #expect(
      try folder.read("b.case").lines(
        "SELECT is_response, duplicate_of IS NULL FROM http_messages ORDER BY 1, 2")
        == ["0|0", "0|1", "1|0", "1|1"])
  }
}
