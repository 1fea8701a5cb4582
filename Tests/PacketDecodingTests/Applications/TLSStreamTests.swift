import Testing

@testable import PacketDecoding

@Suite("TLS over TCP")
struct TLSStreamTests {
  /// Names and digest as Python's cryptography and openssl (-nameopt RFC2253) tell them of this certificate,
  /// which cryptography made.
  static let certificate = Octets.hex(
    """
    3082019e30820143a003020102020600a1b2c3d4e5300a06082a8648ce3d0403023021310b3009060355040613024445
    3112301006035504030c092354657374204341203020170d3234303232393132333435365a180f393939393132333132
    33353935395a3041310b300906035504061302444531183016060355040a0c0f4dc3bc6c6c65722c2053c3b6686e6531
    18301606035504030c0f7777772e6578616d706c652e636f6d3059301306072a8648ce3d020106082a8648ce3d030107
    0342000426efcebd0ee9e34a669187e18b3a9122b2f733945b649cc9f9f921e9f9dad81290238bde9cc7bb330d150c67
    704dd25ae7055205744b6f31bf4070745872d0e6a345304330410603551d11043a3038820f5757572e6578616d706c65
    2e636f6d820d2a2e6578616d706c652e6f72678704c0000207871020010db8000000000000000000000001300a06082a
    8648ce3d0403020349003046022100d9abc164a23902fc9137867c3cfdde35cdb580794d0e95d6d88a1cfd165e867b02
    210087423bf8dd2ee42434d4d058ca745391356325d1ba733e8a52c4ccdcb9211752
    """)
  private static let client = TLS.clientHello(
    session: [1, 2, 3], suites: [0xc02b], [TLS.serverName("www.example.com")])
  private static let server = TLS.serverHello(suite: 0xc02b, [(0xff01, [0])])
  private static let done = TLS.message(14, [])

  private static func chain(_ certificates: [[UInt8]]) -> [UInt8] {
    func counted(_ octets: [UInt8]) -> [UInt8] {
      [UInt8(octets.count >> 16)] + TLS.two(octets.count & 0xffff) + octets
    }
    return TLS.message(11, counted(certificates.flatMap(counted)))
  }

  private static let flight = server + chain([certificate, [1, 2, 3]]) + done

  /// The packets of hellos, certificates and alerts, and what they say.
  private static func rows(_ stream: DecodedStream) -> [String] {
    stream.batch.tlsHandshakes.map {
      "\($0.packetNumber) \($0.isServer ? "server" : "client") \(String($0.version, radix: 16))"
    }
      + stream.batch.tlsCertificates.map {
        "\($0.packetNumber) certificate \(stream.text($0.fields?.subject) ?? "?")"
      }
      + stream.batch.tlsAlerts.map {
        "\($0.packetNumber) alert \($0.level ?? 0) \($0.description ?? 0) \($0.isEncrypted)"
      }
  }

  private static let whole = [
    "4 client 303", "5 server 303", "5 certificate CN=www.example.com,O=Müller\\, Söhne,C=DE",
  ]

  @Test("tells the leaf's names, validity, key and digest, and how long the chain is")
  func fields() throws {
    var stream = DecodedStream(port: 8443)
    stream.send(.client, TLS.record(22, Self.client, version: 0x0301))
    stream.send(.server, TLS.record(22, Self.flight))
    #expect(Self.rows(stream) == Self.whole)
    #expect(stream.reached == [.tcp, .tcp, .tcp, .tls, .tls] && stream.faults.isEmpty)
    let row = try #require(stream.batch.tlsCertificates.first)
    let fields = try #require(row.fields)
    #expect(row.isServer == true && row.chainLength == 2)
    #expect(
      stream.text(row.sha256) == "6d3d5e2207c1858c0ebbb89bffea1eb1130a15a0f7c019a2915d38c1dcfd639a")
    #expect(stream.text(fields.issuer) == "CN=\\#Test CA\\ ,C=DE")
    #expect(
      stream.text(fields.alternativeNames)
        == "www.example.com,*.example.org,192.0.2.7,2001:db8::1")
    // date -u -d 2024-02-29T12:34:56Z +%s
    #expect(fields.validity.notBefore == 1_709_210_096_000_000_000)
    #expect(stream.text(fields.validity.notBeforeText) == "2024-02-29T12:34:56Z")
    #expect(fields.validity.notAfter == .max)
    #expect(stream.text(fields.validity.notAfterText) == "9999-12-31T23:59:59Z")
    #expect(stream.text(fields.serial) == "a1b2c3d4e5")
    #expect(stream.text(fields.keyType) == "EC" && fields.keyBits == 256)
    #expect(stream.text(fields.signatureAlgorithm) == "ecdsa-with-SHA256")
    #expect(!fields.isSelfIssued)
  }

  @Test(
    "Messages over many records, and records over many segments, are put together",
    arguments: [1, 7, 300])
  func split(size: Int) {
    var records: [UInt8] = []
    for start in stride(from: 0, to: Self.flight.count, by: size) {
      records += TLS.record(22, Array(Self.flight[start..<min(start + size, Self.flight.count)]))
    }
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    for start in stride(from: 0, to: records.count, by: 11) {
      stream.send(.server, Array(records[start..<min(start + 11, records.count)]))
    }
    #expect(
      Self.rows(stream).map { $0.drop { $0 != " " } } == Self.whole.map { $0.drop { $0 != " " } })
    #expect(stream.faults.isEmpty)
  }

  @Test("Segments in reverse order tell the same")
  func reversed() {
    let record = TLS.record(22, Self.flight)
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    stream.segment(.server, at: 9_100, Array(record[100...]))
    stream.segment(.server, at: 9_000, Array(record[..<100]))
    #expect(Self.rows(stream).count == 3 && stream.reached.suffix(2) == [.tcp, .tls])
  }

  @Test("What is encrypted is passed over; of its alerts it is known that they are there")
  func encrypted() {
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    stream.send(.server, TLS.record(22, Self.flight) + TLS.record(20, [1]))
    stream.send(.client, TLS.record(20, [1]) + TLS.record(22, [UInt8](repeating: 1, count: 40)))
    stream.send(.server, TLS.record(22, [UInt8](repeating: 2, count: 40)))
    stream.send(.client, TLS.record(23, [UInt8](repeating: 22, count: 900)))
    stream.send(.server, TLS.record(21, [UInt8](repeating: 3, count: 26)))
    #expect(Self.rows(stream) == Self.whole + ["9 alert 0 0 true"])
    #expect(stream.batch.tlsAlerts.first?.isServer == true && stream.faults.isEmpty)
  }

  @Test("An alert in clear tells its level and why")
  func alert() {
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    stream.send(.server, TLS.record(21, [2, 40]))
    #expect(Self.rows(stream) == ["4 client 303", "5 alert 2 40 false"])
    var alone = DecodedStream(port: 8443)
    alone.send(.server, TLS.record(21, [1, 0]))
    #expect(Self.rows(alone) == ["4 alert 1 0 false"])
    #expect(alone.batch.tlsAlerts.first?.isServer == nil)
  }

  @Test("In TLS 1.3 a retry and the second hello are read, and nothing once both ends send data")
  func version13() {
    let chosen = TLS.Extension(43, TLS.two(0x0304))
    let random = Octets.hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    let hello = TLS.clientHello([TLS.versions([0x0304])])
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, hello) + TLS.record(20, [1]))
    stream.send(
      .server,
      TLS.record(22, TLS.serverHello(random: random, suite: 0x1301, [chosen])) + TLS.record(20, [1])
    )
    stream.send(.client, TLS.record(22, hello))
    stream.send(
      .server, TLS.record(22, TLS.serverHello(suite: 0x1301, [chosen])) + TLS.record(23, [9, 9]))
    // An alert before the client has keys is in clear: RFC 8446, 6.
    stream.send(.client, TLS.record(21, [2, 80]))
    stream.send(.client, TLS.record(23, [9, 9]))
    stream.send(.client, TLS.record(22, hello))
    #expect(
      Self.rows(stream) == [
        "4 client 304", "5 server 304", "6 client 304", "7 server 304", "8 alert 2 80 false",
      ])
    #expect(stream.batch.tlsHandshakes.map(\.isRetryRequest) == [false, true, false, false])
    #expect(stream.reached.last == .tls)
  }

  // RFC 5246, 7.4.1.3; RFC 5077, 3.4.
  @Test(
    "A session goes on where the server repeats what the client sent",
    arguments: [
      ([1, 2], false, [1, 2], true), ([1, 2], false, [3, 4], false), ([], false, [3, 4], false),
      ([], true, [], nil), ([5], true, [5], true), ([5], true, [], false),
    ] as [([UInt8], Bool, [UInt8], Bool?)])
  func resumed(id: [UInt8], ticket: Bool, answer: [UInt8], expected: Bool?) {
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, TLS.clientHello(session: id, ticket ? [(35, [1])] : [])))
    stream.send(.server, TLS.record(22, TLS.serverHello(session: answer)))
    #expect(stream.batch.tlsHandshakes.last?.isResumed == expected)
  }

  // RFC 6101, E: type, version, lengths of suites, session and challenge.
  @Test("A ClientHello of SSL 2.0 offers the version that it names")
  func version2() {
    let body = Octets.hex("01 0301 0006 0000 0010 000004 010080") + [UInt8](repeating: 7, count: 16)
    var stream = DecodedStream(port: 443)
    stream.send(.client, [0x80, UInt8(body.count)] + body)
    stream.send(.server, TLS.record(22, TLS.serverHello(version: 0x0301, suite: 4, nil)))
    #expect(Self.rows(stream) == ["4 client 301", "5 server 301"])
    var old = DecodedStream(port: 443)
    old.send(.client, [0x80, UInt8(body.count), 1, 0, 2] + body[3...])
    old.send(.server, Octets.hex("8010 04 00 01 0002 0000 0000 0003 010203 00 00 00"))
    #expect(Self.rows(old) == ["4 client 2", "5 server 2"])
  }

  @Test("A certificate that cannot be read is a fault and has its digest")
  func unreadable() {
    var wrong = Self.certificate
    wrong[4] = 0x31
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    stream.send(.server, TLS.record(22, Self.server + Self.chain([wrong])))
    #expect(stream.batch.tlsCertificates.first?.fields == nil)
    #expect(stream.text(stream.batch.tlsCertificates.first?.sha256)?.count == 64)
    #expect(stream.faults == ["5 malformed: a certificate that cannot be read"])
  }

  @Test("A server that answers in another protocol is no fault, and what is lost is not guessed")
  func others() {
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    stream.send(.server, "HTTP/1.1 400 Bad Request\r\n\r\n")
    #expect(Self.rows(stream) == ["4 client 303"] && stream.faults.isEmpty)
    var lossy = DecodedStream(port: 443)
    lossy.send(.client, TLS.record(22, Self.client))
    let record = TLS.record(22, Self.flight)
    lossy.lose(.server, 200)
    lossy.send(.server, Array(record[200...]))
    lossy.segment(.client, at: lossy.next.client, flags: 0x10)
    lossy.send(.server, TLS.record(21, [2, 42]))
    #expect(Self.rows(lossy) == ["4 client 303", "7 alert 2 42 false"])
  }

  @Test("Octets that were changed, and lengths that lie, never trap, and keep little")
  func hostile() {
    let server =
      TLS.record(22, Self.flight) + TLS.record(20, [1])
      + TLS.record(21, [UInt8](repeating: 3, count: 26))
    for index in server.indices {
      for octet: UInt8 in [0, 1, 0x30, 0x7f, 0x80, 0x84, 0xff] {
        var changed = server
        changed[index] = octet
        var stream = DecodedStream(port: 443)
        stream.send(.client, TLS.record(22, Self.client))
        stream.send(.server, changed)
        #expect(stream.batch.tlsCertificates.count <= 1)
      }
    }
    for count in server.indices {
      var stream = DecodedStream(port: 443)
      stream.send(.server, Array(server.prefix(count)))
    }
    // A message of 16 MiB, by its own count: nothing waits for it.
    var stream = DecodedStream(port: 443)
    stream.send(.client, TLS.record(22, Self.client))
    stream.send(.client, TLS.record(22, [16, 0xff, 0xff, 0xff, 0]))
    #expect(
      stream.faults == ["5 malformed: what should be a message of the TLS handshake is none"])
  }
}

@Suite("Names of certificates")
struct X509Tests {
  // DER nested in itself, and parts without end: no more is kept than is asked for.
  @Test("DER that is deep, long or false is no certificate")
  func hostile() {
    var deep: [UInt8] = [5, 0]
    for _ in 0..<200 { deep = [0x30, 0x82] + TLS.two(deep.count) + deep }
    #expect(X509Certificate(deep) == nil)
    let long =
      [UInt8](repeating: 0, count: 60_000).enumerated().map { $0.offset % 2 == 0 ? 5 : 0 }
      as [UInt8]
    #expect(X509Certificate([0x30, 0x82] + TLS.two(long.count) + long) == nil)
    #expect(X509Certificate([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]) == nil)
    #expect(X509Certificate([0x30, 0x80]) == nil && X509Certificate([]) == nil)
  }

  // openssl asn1parse; the last number of the second exceeds 64 bits.
  @Test("Object identifiers without a name are numbers, as far as 64 bits hold them")
  func dotted() {
    func text(_ octets: [UInt8]) -> String {
      String(decoding: X509Key.dotted(octets[...]), as: UTF8.self)
    }
    #expect(text([0x2b, 6, 1, 4, 1, 0x82, 0x37]) == "1.3.6.1.4.1.311")
    #expect(text([0x88, 0x37, 3]) == "2.999.3")
    #expect(text([0x55] + [UInt8](repeating: 0xff, count: 30) + [1]) == "2.5")
  }
}
