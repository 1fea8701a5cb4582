import CaseFixtures

extension Trial {
  /// `Queries/snmp`.
  static let snmpTrials = [unexpectedSNMPHosts]

  private static let unexpectedSNMPHosts = Trial(
    name: "snmp-unexpected-hosts", given: ["expected": .text("203.0.113.1, 203.0.113.2")],
    fires: [polls("public", from: "198.51.100.7")],
    rows: [
      "both|10.0.0.9|198.51.100.7|3|1|1|0|3|0|3|0|1.3.6.1.2.1.1.5.0|0|0|20",
      "outside|10.0.0.9|198.51.100.8|1|0|0|1|0|0|1|0|1.3.6.1.2.1.1.5.0|0|30|30",
    ],
    evidence: [[1, 2, 3], [4]],
    // Another community, hosts that are expected, and a group of hosts.
    nearMiss: [polls("Public", from: "203.0.113.1", told: "203.0.113.2", group: "239.1.2.3")])

  /// A manager that asks a device of version 2c and changes it; the device tells another of an event.
  private static func polls(
    _ community: String, from manager: String, told other: String = "198.51.100.8",
    group: String = "255.255.255.255"
  ) -> CaptureFile {
    let (client, agent) = (Endpoint(manager, 50_000), Endpoint("10.0.0.9", 161))
    var capture = CaptureFile()
    capture.add(0, .udp(client, agent, message(community, 0xa0)))
    capture.add(10, .udp(agent, client, message(community, 0xa2)))
    capture.add(20, .udp(client, agent, identification: 2, message(community, 0xa3)))
    capture.add(
      30, .udp(Endpoint("10.0.0.9", 50_001), Endpoint(other, 162), message("events", 0xa7)))
    capture.add(
      40, .udp(Endpoint("10.0.0.1", 50_002), Endpoint(group, 161), message("events", 0xa0)))
    return capture
  }

  /// RFC 3416, 3: a PDU with sysName and no value.
  private static func message(_ community: String, _ tag: UInt8) -> [UInt8] {
    func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      [tag, UInt8(clamping: content.count)] + content
    }
    let name = value(6, [0x2b, 6, 1, 2, 1, 1, 5, 0])
    let variables = value(0x30, value(0x30, name + [5, 0]))
    let pdu = value(tag, [2, 1, 7, 2, 1, 0, 2, 1, 0] + variables)
    return value(0x30, [2, 1, 1] + value(4, Array(community.utf8)) + pdu)
  }
}
