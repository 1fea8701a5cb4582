import CaseFixtures
import CaseStore
import Testing

/// Rows worked out with tshark 4.0.17, which decrypts Initial packets as well:
/// `-Y quic.header_form==1 -T fields -e quic.long.packet_type -e quic.version -e quic.dcid -e quic.scid …`;
/// the client is the end that is not at port 443.
@Suite("QUIC in captures beside the repository")
struct QUICCapturesTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private static let captures: [String: [String]] = [
    "tcpdump-quic_retry.pcap": [
      "1|0|initial|0x00000001|1bafab9fd70531bb||0|1|1|localhost",
      "2|0|retry|0x00000001||e1051eaa7adfb230|128|0||",
      "3|0|initial|0x00000001|e1051eaa7adfb230||128|1|1|",
      "4|0|initial|0x00000001||1bafab9fd70531bb|0|0|1|",
      "5|0|handshake|0x00000001||1bafab9fd70531bb||0||",
      "6|0|initial|0x00000001|1bafab9fd70531bb||128|1|1|",
      "9|0|handshake|0x00000001|1bafab9fd70531bb|||1||",
    ],
    "zeek-quic-chromium-115.0.5790.110-api-cirrus-com.pcap": [
      "1|0|initial|0x00000001|95412c47018cdfe8||70|1|1|api.cirrus-ci.com",
      "2|0|initial|0x00000001||d5412c47018cdfe8|0|0|1|",
      "2|1|handshake|0x00000001||d5412c47018cdfe8||0||",
      "3|0|handshake|0x00000001|d5412c47018cdfe8|||1||",
    ],
    "zeek-quic-quic-decrypt-fail-google-de-51833.pcap": [
      "1|0|0-rtt|0x00000001|cb6b96982d235f50|||1||",
      "2|0|0-rtt|0x00000001|cb6b96982d235f50|||1||",
      "3|0|0-rtt|0x00000001|cb6b96982d235f50|||1||",
      "4|0|initial|0x00000001|cb6b96982d235f50||71|1|1|",
      "5|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "6|0|initial|0x00000001|cb6b96982d235f50||71|1|1|",
      "7|0|initial|0x00000001|cb6b96982d235f50||71|1|1|",
      "8|0|initial|0x00000001|eb6b96982d235f50||71|1|1|",
      "9|0|initial|0x00000001|eb6b96982d235f50||71|1|1|www.google.de",
      "10|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "11|0|initial|0x00000001|eb6b96982d235f50||71|1|1|",
      "12|0|initial|0x00000001|eb6b96982d235f50||71|1|1|",
      "13|0|initial|0x00000001|eb6b96982d235f50||71|1|1|",
      "14|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "15|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "16|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "17|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "18|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "19|0|initial|0x00000001||eb6b96982d235f50|0|0|1|",
      "20|0|handshake|0x00000001||eb6b96982d235f50||0||",
      "26|0|initial|0x00000001|eb6b96982d235f50||71|1|1|",
      "27|0|initial|0x00000001|eb6b96982d235f50||71|1|1|",
      "29|0|handshake|0x00000001|eb6b96982d235f50|||1||",
    ],
    // A query of DNS to port 443.
    "zeek-quic-vector-max-size-crash.pcap": [],
  ]

  @Test(
    "Long headers and what Initial packets carry are as tshark reads them",
    .besideCaptures("public"), arguments: captures.keys.sorted())
  func packets(_ capture: String) throws {
    try folder.ingest([try #require(Places.shared("public/" + capture))])
    let reader = try folder.read()
    #expect(
      try reader.lines(
        """
        SELECT packet_id % 4294967296, position, packet_type, version, dcid, scid, token_length,
          is_client, is_decrypted, server_name
        FROM quic_packets ORDER BY packet_id, position
        """) == Self.captures[capture])
    #expect(try reader.lines("SELECT * FROM faults").isEmpty)
    let isQUIC = Self.captures[capture]?.isEmpty == false
    #expect(
      try reader.value("SELECT count(*) FROM flows WHERE content_service = 'quic'")
        == (isQUIC ? "1" : "0"))
  }

  // `-Y tls.handshake.type -e tls.handshake.extensions_server_name -e tls.handshake.ja3 …`
  @Test(
    "Hellos in Initial packets are rows like those over TCP, as tshark reads them",
    .besideCaptures("public"),
    arguments: [
      (
        "tcpdump-quic_retry.pcap",
        [
          "1|client|localhost|h3|9a78264e64e221797705e75a3c55df01|",
          "4|server||||eb1d94daa7e0344597e756a1fb6e7054",
        ]
      ),
      (
        "zeek-quic-chromium-115.0.5790.110-api-cirrus-com.pcap",
        [
          "1|client|api.cirrus-ci.com|h3|526bdfecc3fb6cf46540d7ff70e88cec|",
          "2|server||||2b0648ab686ee45e0e7c35fcfb0eea7e",
        ]
      ),
      (
        "zeek-quic-quic-decrypt-fail-google-de-51833.pcap",
        [
          "9|client|www.google.de|h3|0cd7e8a73a967c8e40004257e49de06d|",
          "19|server||||2b0648ab686ee45e0e7c35fcfb0eea7e",
        ]
      ),
    ])
  func hellos(_ capture: String, _ rows: [String]) throws {
    try folder.ingest([try #require(Places.shared("public/" + capture))])
    #expect(
      try folder.read().lines(
        """
        SELECT packet_id % 4294967296, CASE is_server WHEN 1 THEN 'server' ELSE 'client' END,
          server_name, alpn, ja3, ja3s
        FROM tls_handshakes WHERE transport = 'quic' ORDER BY packet_id, position
        """) == rows)
  }
}
