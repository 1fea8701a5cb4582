import CaseFixtures

extension Trial {
  /// `Queries/ip`.
  static let ipTrials = [missingFragments, overlappingFragments]

  private static let server = Endpoint("198.51.100.80", 9)

  /// A datagram of client A with 32 octets of data, in pieces of its payload.
  private static func pieces(_ identification: UInt16, _ ranges: [Range<Int>]) -> [Frame] {
    Frame.udp(
      Incident.a, server, identification: identification, [UInt8](repeating: 1, count: 32)
    ).fragments(ranges)
  }

  // Of four datagrams, the first is whole; two lack their end, one its beginning.
  private static let missingFragments = Trial(
    name: "ip-fragments-missing", fires: [fragmented(missing: 3)],
    rows: ["192.0.2.10|198.51.100.80|17|3|3|1|0|1000|3000"], evidence: [[3, 4, 5]],
    nearMiss: [fragmented(missing: 2)])

  private static func fragmented(missing: Int) -> CaptureFile {
    var capture = CaptureFile()
    for frame in pieces(1, [0..<24, 24..<40]) { capture.add(0, frame) }
    for (index, range) in [0..<24, 0..<24, 24..<40].prefix(missing).enumerated() {
      for frame in pieces(UInt16(index) + 2, [range]) {
        capture.add(Int64(index + 1) * 1000, frame)
      }
    }
    return capture
  }

  // The near miss repeats the first piece to the octet.
  private static let overlappingFragments = Trial(
    name: "ip-fragments-overlapping", fires: [again(at: 16)],
    rows: ["192.0.2.10|198.51.100.80|17|1|0|1|1"], evidence: [[1, 2]], nearMiss: [again(at: 0)])

  private static func again(at start: Int) -> CaptureFile {
    var capture = CaptureFile()
    for (index, frame) in pieces(1, [0..<24, start..<start + 24, 24..<40]).enumerated() {
      capture.add(Int64(index), frame)
    }
    return capture
  }
}
