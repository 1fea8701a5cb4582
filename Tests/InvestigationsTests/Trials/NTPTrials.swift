import CaseFixtures

extension Trial {
  /// `Queries/ntp`.
  static let ntpTrials = [kissOfDeath, unsynchronised, amplification]

  private static let client = Endpoint("192.0.2.10", 40_000)
  private static let server = Endpoint("198.51.100.123", 123)

  private static let kissOfDeath = Trial(
    name: "ntp-kiss-of-death", fires: [asked(answer: 0xe4, 0, "RATE")],
    rows: ["192.0.2.10|198.51.100.123|RATE|3|2|0|1|2001"], evidence: [[2, 4, 6]],
    nearMiss: [asked(answer: 0xe4, 0, "INIT")])

  private static let unsynchronised = Trial(
    name: "ntp-unsynchronised", fires: [asked(answer: 0xe4, 0, "INIT")],
    rows: ["198.51.100.123|3|3|1|INIT|0|1|2001"], evidence: [[2, 4, 6]],
    // Of a clock that is set; of one that is not, twice.
    nearMiss: [asked(answer: 0x24, 1, "GPS\0"), asked(answer: 0x24, 16, "\0\0\0\0", times: 2)])

  /// Questions for the time, a second apart, and what answers them a millisecond later.
  private static func asked(
    answer first: UInt8, _ stratum: UInt8, _ reference: String, times: Int = 3
  ) -> CaptureFile {
    var capture = CaptureFile()
    let zeros = { [UInt8](repeating: 0, count: $0) }
    let parts: [[UInt8]] = [[first, stratum, 6, 0xe9], zeros(8), Array(reference.utf8), zeros(32)]
    let (request, reply) = ([0x23] + zeros(47), Array(parts.joined()))
    for index in 0..<times {
      let (time, number) = (Int64(index) * 1000, UInt16(index))
      capture.add(time, .udp(client, server, identification: number, request))
      capture.add(time + 1, .udp(server, client, identification: number, reply))
    }
    return capture
  }

  /// A list of clients in 83 packets of 482 octets, 42 of them headers, is one of 40,006 octets.
  private static let amplification = Trial(
    name: "ntp-amplification", fires: [listed(83)],
    rows: ["198.51.100.123|192.0.2.10|83|40006|1|50|800.12|83|0|1|83"],
    evidence: [Array(1...84)], nearMiss: [listed(82)])

  private static func listed(_ packets: Int) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .udp(client, server, [0x17, 0, 3, 42, 0, 0, 0, 0]))
    let items = [UInt8](repeating: 0, count: 432)
    let list: [UInt8] = [0xd7, 0, 3, 42, 0, 6, 0, 72] + items
    for index in 1...packets {
      capture.add(Int64(index), .udp(server, client, identification: UInt16(index), list))
    }
    return capture
  }
}
