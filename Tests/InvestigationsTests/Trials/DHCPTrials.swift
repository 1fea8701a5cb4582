import CaseFixtures

extension Trial {
  /// `Queries/dhcp`.
  static let dhcpTrials = [withoutOffer, rogueServer, declined, refused]

  /// Whoever asks last is to be answered at 18,000 ms at the latest.
  private static let withoutOffer = Trial(
    name: "dhcp-without-offer", fires: [asking(until: 18_000)],
    rows: ["02:00:00:00:00:01|host||3|0|1|0|0|8000"], evidence: [[1, 6, 8]],
    nearMiss: [asking(until: 17_999)])

  /// Three clients that ask thrice: one in vain, one that is answered, and one that wants to be answered by itself, which
  /// this place would not show.
  private static func asking(until end: Int64) -> CaptureFile {
    var capture = CaptureFile()
    let host: [UInt8] = [12, 4] + Array("host".utf8)
    capture.add(0, .dhcp(1, client: 1, xid: 7, options: host))
    for time in 1...3 as ClosedRange<Int64> {
      capture.add(time, .dhcp(1, client: 3, xid: UInt8(time), isBroadcast: false))
    }
    capture.add(100, .dhcp(1, client: 2, xid: 8))
    for time in [4000, 8000] as [Int64] {
      capture.add(time, .dhcp(1, client: 1, xid: 7, options: host))
      capture.add(time + 100, .dhcp(1, client: 2, xid: 8))
    }
    for time in [9100, 13_100, 17_100] as [Int64] {
      capture.add(time, .dhcp(2, client: 2, xid: 8, server: "192.0.2.1"))
    }
    let (one, other) = (Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.80", 443))
    capture.add(end, .tcp(one, other, flags: 2))
    return capture
  }

  /// A server of the network, and another that offers itself as the gateway to one of the clients.
  private static let rogueServer = Trial(
    name: "dhcp-rogue-server", fires: [competing(gateway: 66)],
    rows: [
      "192.0.2.66|1|1|1|192.0.2.66||192.0.2.1|3|192.0.2.1||0|2|2"
    ],
    evidence: [[3]], nearMiss: [competing(gateway: 1)])

  private static func competing(gateway: UInt8) -> CaptureFile {
    var capture = CaptureFile()
    capture.add(0, .dhcp(1, client: 1, xid: 7))
    capture.add(1, .dhcp(2, client: 1, xid: 7, server: "192.0.2.1", options: [3, 4, 192, 0, 2, 1]))
    capture.add(
      2, .dhcp(2, client: 1, xid: 7, server: "192.0.2.66", options: [3, 4, 192, 0, 2, gateway]))
    capture.add(3, .dhcp(3, client: 1, xid: 7))
    capture.add(4, .dhcp(5, client: 1, xid: 7, server: "192.0.2.1", options: [3, 4, 192, 0, 2, 1]))
    capture.add(9, .dhcp(5, client: 2, xid: 8, server: "192.0.2.1", options: [3, 4, 192, 0, 2, 1]))
    return capture
  }

  private static let declined = Trial(
    name: "dhcp-declined", fires: [messages(4, of: [1, 2])],
    rows: ["192.0.2.77|2|2|02:00:00:00:00:01|192.0.2.1||0|1|2"], evidence: [[1, 2]],
    nearMiss: [messages(7, of: [1, 2])])

  private static let refused = Trial(
    name: "dhcp-refused", fires: [messages(6, of: [1, 1, 2, 1])],
    rows: ["02:00:00:00:00:01|192.0.2.1|3||0|1|4"], evidence: [[1, 2, 4]],
    nearMiss: [messages(6, of: [1, 2, 1, 2])])

  /// A message of each of those clients, a millisecond after the other, about 192.0.2.77.
  private static func messages(_ type: UInt8, of clients: [UInt8]) -> CaptureFile {
    var capture = CaptureFile()
    for (index, client) in clients.enumerated() {
      capture.add(
        Int64(index + 1),
        .dhcp(
          type, client: client, xid: UInt8(index), server: "192.0.2.1",
          options: [50, 4, 192, 0, 2, 77]))
    }
    return capture
  }
}

extension Frame {
  /// A message of DHCP, RFC 2131, figure 1: a client's from 0.0.0.0, a server's from its address, both to all.
  ///
  /// - Parameters:
  ///   - type: 1 DISCOVER, 2 OFFER, 3 REQUEST, 4 DECLINE, 5 ACK, 6 NAK, 7 RELEASE.
  ///   - client: The last octet of its hardware address, 02:00:00:00:00:00 else.
  ///   - server: Dotted decimal; option 54.
  static func dhcp(
    _ type: UInt8, client: UInt8, xid: UInt8, server: String? = nil, isBroadcast: Bool = true,
    options: [UInt8] = []
  ) -> Frame {
    let isReply = [2, 5, 6].contains(type)
    let zeros = { [UInt8](repeating: 0, count: $0) }
    let fixed: [UInt8] = [isReply ? 2 : 1, 1, 6, 0, 0, 0, 0, xid, 0, 0, isBroadcast ? 0x80 : 0, 0]
    let parts: [[UInt8]] = [
      fixed, zeros(16), [2, 0, 0, 0, 0, client], zeros(202), [0x63, 0x82, 0x53, 0x63, 53, 1, type],
      server.map { [54, 4] + Endpoint($0, 0).address } ?? [], options, [255],
    ]
    let message = Array(parts.joined())
    let all = "255.255.255.255"
    return isReply
      ? udp(Endpoint(server ?? "0.0.0.0", 67), Endpoint(all, 68), message)
      : udp(Endpoint("0.0.0.0", 68), Endpoint(all, 67), message)
  }
}
