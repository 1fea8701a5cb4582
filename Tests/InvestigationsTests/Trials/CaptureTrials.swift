import CaseFixtures

extension Trial {
  /// `Queries/capture`.
  static let captureTrials = [quality, clockOffsets, oneSidedHosts]

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

  // Eight questions and their answers; the way takes 2 ms in each direction.
  private static let clockOffsets = Trial(
    name: "capture-clock-offsets", fires: clocks(101),
    rows: ["1.pcap|2.pcap|1|2|101.0|101.0|4.0|16"], evidence: [[1, 1]], nearMiss: clocks(100))

  /// What a client and a server saw, whose clock is so many milliseconds ahead.
  private static func clocks(_ ahead: Int64) -> [CaptureFile] {
    var (near, far) = (CaptureFile(), CaptureFile())
    for index in 0..<8 as Range<UInt16> {
      let time = Int64(index) * 1000
      let there = Frame.query(
        Incident.a, Incident.server, id: index, "a.example", identification: index)
      let back = Frame.answer(
        Incident.server, Incident.a, id: index, "a.example", identification: index)
      near.add(time, there)
      far.add(time + 2 + ahead, there)
      far.add(time + 10 + ahead, back)
      near.add(time + 12, back)
    }
    return [near, far]
  }

  private static let oneSidedHosts = Trial(
    name: "capture-one-sided-hosts", fires: [oneSided(3)],
    rows: ["198.51.100.80|3|3|1.0|1|192.0.2.10|0|0|2000"], evidence: [[1, 2, 3]],
    nearMiss: [oneSided(2)])

  /// So many connections under way, of which the client's half was captured alone.
  private static func oneSided(_ count: UInt16) -> CaptureFile {
    var capture = CaptureFile()
    for index in 0..<count {
      capture.add(
        Int64(index) * 1000,
        .tcp(Endpoint("192.0.2.10", 40_000 + index), Endpoint("198.51.100.80", 443), flags: 16, [1])
      )
    }
    return capture
  }
}
