import CaseFixtures

extension Trial {
  /// `Queries/capture`.
  static let captureTrials = [clockOffsets, oneSidedHosts, quality]

  private static let clockOffsets = Trial(
    name: "capture-clock-offsets", fires: [sameQueries(), sameQueries(later: 101)],
    rows: ["1.pcap|2.pcap|1|2|101.0|101.0|0.0|3"], evidence: [[1, 1]],
    nearMiss: [sameQueries(), sameQueries(later: 100)])

  /// Three queries, by a clock that shows so many milliseconds more.
  private static func sameQueries(later milliseconds: Int64 = 0) -> CaptureFile {
    var capture = CaptureFile()
    for id in 1...3 as ClosedRange<UInt16> {
      capture.add(
        Int64(id) * 1000 + milliseconds,
        .query(Incident.a, Incident.server, id: id, "a.example", identification: id))
    }
    return capture
  }

  private static let oneSidedHosts = Trial(
    name: "capture-one-sided-hosts", fires: [unheard(ports: 3, flags: 16)],
    rows: ["198.51.100.80|3|3|1.0|1|192.0.2.10|0|1000|3000"], evidence: [[1, 2, 3]],
    // Two flows are too few, and SYN that nobody accepts need no answer.
    nearMiss: [unheard(ports: 2, flags: 16), unheard(ports: 3, flags: 2)])

  /// Segments from so many ports of a client to one of a server, of which nothing is seen.
  private static func unheard(ports: UInt16, flags: UInt8) -> CaptureFile {
    var capture = CaptureFile()
    for port in 1...ports {
      capture.add(
        Int64(port) * 1000,
        .tcp(
          Endpoint("192.0.2.10", 50_000 + port), Endpoint("198.51.100.80", flags == 2 ? 80 : 443),
          flags: flags))
    }
    return capture
  }

  private static let quality = Trial(
    name: "capture-quality", fires: [pausing(11_000)],
    rows: ["1.pcap|1|gap|11.0|4294967297|0|11000"], evidence: [[1]], nearMiss: [pausing(10_000)],
    whenEmpty: .nothingFound)

  /// Two packets with so many milliseconds between them.
  private static func pausing(_ milliseconds: Int64) -> CaptureFile {
    var capture = CaptureFile()
    for time in [0, milliseconds] {
      capture.add(time, .tcp(Incident.a, Endpoint("198.51.100.80", 443), flags: 2))
    }
    return capture
  }
}
