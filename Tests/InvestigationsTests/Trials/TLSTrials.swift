import CaseFixtures

extension Trial {
  /// `Queries/tls`.
  static let tlsTrials = [failures, expiringCertificates, oldVersions]

  // MARK: - tls-failures

  private static let failures = Trial(
    name: "tls-failures", fires: [handshakes(fail: true)],
    rows: [
      "198.51.100.80|443|www.example.com|handshake_failure|server|1|1|192.0.2.10|1|0|3|3",
      "198.51.100.80|443|www.example.com|reset|server|1|1|192.0.2.10|1|0|1003|1003",
      "198.51.100.80|443|www.example.com|no answer||1|1|192.0.2.10|1|0|3003|3003",
    ],
    evidence: [[4, 5], [9, 10], [19]], nearMiss: [handshakes(fail: false)])

  /// Four connections. If they fail: an alert, a reset, an answer, and silence of 10 s. Otherwise: an
  /// answer and a warning, an answer and a reset, an answer that was not all captured, and silence of
  /// 1 ms less.
  private static func handshakes(fail: Bool) -> CaptureFile {
    var connections = TLSConnections()
    var port: UInt16 = 40_000
    func next() -> Endpoint {
      port += 1
      return Endpoint("192.0.2.10", port)
    }
    let first = next()
    connections.open(0, first)
    connections.say(4, to: first, fail ? TLSOctets.alert(2, 40) : TLSOctets.serverHello)
    if !fail { connections.say(5, to: first, TLSOctets.alert(1, 112)) }
    let second = next()
    connections.open(1000, second)
    if !fail { connections.say(1004, to: second, TLSOctets.serverHello) }
    connections.reset(1005, second)
    let third = next()
    connections.open(2000, third)
    if fail {
      connections.say(2004, to: third, TLSOctets.serverHello)
    } else {
      connections.lose(third, TLSOctets.serverHello.count)
      connections.say(2005, to: third, [UInt8](repeating: 0, count: 30))
    }
    connections.open(3000, next())
    connections.capture.add(
      fail ? 13_003 : 13_002, .udp(Endpoint("192.0.2.10", 5000), Endpoint("192.0.2.11", 5000), [0]))
    return connections.capture
  }

  // MARK: - tls-certificates-expiring

  private static let expiringCertificates = Trial(
    name: "tls-certificates-expiring", fires: [certificate(shown: 86_400_000)],
    rows: [
      "198.51.100.80|443|expiring|CN=www.example.com|www.example.com|CN=www.example.com|1|"
        + "2026-01-01T00:00:00Z|2026-12-24T12:00:00Z|29.0|1|1|192.0.2.10|\(TLSOctets.certificateDigest)"
        + "|0|86400000|86400000"
    ],
    evidence: [[5]], nearMiss: [certificate(shown: 0)])

  /// A certificate that ends 30 days after noon, shown so many milliseconds after it.
  private static func certificate(shown milliseconds: Int64) -> CaptureFile {
    var connections = TLSConnections()
    connections.open(milliseconds - 4, Incident.a)
    connections.say(
      milliseconds, to: Incident.a, TLSOctets.serverHello + TLSOctets.certificateMessage)
    return connections.capture
  }

  // MARK: - tls-old-versions

  private static let oldVersions = Trial(
    name: "tls-old-versions", fires: [choice(of: 0x0301)],
    rows: ["198.51.100.80|443|TLS 1.0|1|0|1|TLS_RSA_WITH_RC4_128_SHA|1|192.0.2.10|0|4|4"],
    evidence: [[5]], nearMiss: [choice(of: 0x0303)])

  private static func choice(of version: UInt16) -> CaptureFile {
    var connections = TLSConnections()
    connections.open(0, Incident.a)
    connections.say(4, to: Incident.a, TLSOctets.serverHello(of: version, suite: 5))
    return connections.capture
  }
}

/// Messages of TLS, each in a record: RFC 5246, 6.2.1 and 7.4.
private enum TLSOctets {
  static let certificateDigest =
    "216137e28a193920f940d73691d2a30515164560936609934ea8c876dd898b0a"
  private static let certificate = """
    308201413081e7a003020102020107300a06082a8648ce3d040302301a3118301606035504030c0f7777772e6578
    616d706c652e636f6d301e170d3236303130313030303030305a170d3236313232343132303030305a301a311830
    1606035504030c0f7777772e6578616d706c652e636f6d3059301306072a8648ce3d020106082a8648ce3d030107
    0342000426efcebd0ee9e34a669187e18b3a9122b2f733945b649cc9f9f921e9f9dad81290238bde9cc7bb330d15
    0c67704dd25ae7055205744b6f31bf4070745872d0e6a31e301c301a0603551d1104133011820f7777772e657861
    6d706c652e636f6d300a06082a8648ce3d0403020349003046022100e327e0214857fdeb6d2787a605d41284d94b
    ce1d3110692482fa2430b0f038270221008be2080d106eab980a953bcec7ea1adc7d526316bded04c25fb8fcd719
    e30100
    """

  static let clientHello = record(
    22,
    message(
      1,
      [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0, 5, 1, 0]
        + counted([0, 0] + counted(counted([0] + counted(Array("www.example.com".utf8)))))))
  static let serverHello = serverHello(of: 0x0303, suite: 0x002f)

  static func serverHello(of version: UInt16, suite: UInt8) -> [UInt8] {
    record(
      22,
      message(
        2,
        [UInt8(version >> 8), UInt8(version & 0xff)] + [UInt8](repeating: 9, count: 32)
          + [0, 0, suite, 0]))
  }

  /// A Certificate message with one certificate that Python's cryptography made.
  static var certificateMessage: [UInt8] {
    let digits = certificate.compactMap(\.hexDigitValue)
    let octets = stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
    return record(22, message(11, [0] + counted([0] + counted(octets))))
  }

  static func alert(_ level: UInt8, _ description: UInt8) -> [UInt8] {
    record(21, [level, description])
  }

  private static func counted(_ octets: [UInt8]) -> [UInt8] {
    [UInt8(octets.count >> 8), UInt8(octets.count & 0xff)] + octets
  }

  private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 0] + counted(body)
  }

  private static func record(_ type: UInt8, _ octets: [UInt8]) -> [UInt8] {
    [type, 3, 3] + counted(octets)
  }
}

/// Connections to 198.51.100.80, port 443, of which each begins with a hello.
private struct TLSConnections {
  private static let server = Endpoint("198.51.100.80", 443)
  var capture = CaptureFile()
  /// The sequence numbers that come next from the server, by the client's port.
  private var next: [UInt16: UInt32] = [:]
  private let acknowledged = UInt32(1 + TLSOctets.clientHello.count)

  /// SYN, SYN ACK, ACK and the client's hello, 1 ms apart.
  mutating func open(_ time: Int64, _ client: Endpoint) {
    let server = Self.server
    next[client.port] = 1
    capture.add(time, .tcp(client, server, flags: 2, sequence: 0))
    capture.add(time + 1, .tcp(server, client, flags: 18, sequence: 0, acknowledgment: 1))
    capture.add(time + 2, .tcp(client, server, flags: 16, sequence: 1, acknowledgment: 1))
    capture.add(
      time + 3,
      .tcp(
        client, server, flags: 24, sequence: 1, acknowledgment: 1,
        identification: UInt16(capture.count), TLSOctets.clientHello))
  }

  /// The server's next octets.
  mutating func say(_ time: Int64, to client: Endpoint, _ octets: [UInt8]) {
    let sequence = next[client.port] ?? 1
    capture.add(
      time,
      .tcp(
        Self.server, client, flags: 24, sequence: sequence, acknowledgment: acknowledged,
        identification: UInt16(capture.count), octets))
    next[client.port] = sequence + UInt32(octets.count)
  }

  /// Leaves out octets of the server's that come next.
  mutating func lose(_ client: Endpoint, _ count: Int) {
    next[client.port] = (next[client.port] ?? 1) + UInt32(count)
  }

  mutating func reset(_ time: Int64, _ client: Endpoint) {
    capture.add(
      time,
      .tcp(
        Self.server, client, flags: 20, sequence: next[client.port] ?? 1,
        acknowledgment: acknowledged))
  }
}
