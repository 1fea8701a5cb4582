import CaseFixtures

extension Trial {
  /// `Queries/capture`.
  static let captureTrials = [quality]

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
