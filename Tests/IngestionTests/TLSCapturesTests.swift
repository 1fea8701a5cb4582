import CaseFixtures
import Testing

/// Captures of others that hold TLS. Expected: tshark 4.0.17 with `tls.handshake.ja3`, `.ja3s`, `.ciphersuite`,
/// `x509af` and `x509ce.dNSName`, and `openssl x509 -nameopt RFC2253` of the octets that tshark shows; JA4 by hand
/// from its description with Python's hashlib.
@Suite("TLS in captures beside the repository")
struct TLSCapturesTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  @Test("Hellos have tshark's versions, suites and fingerprints", .besideCaptures("public"))
  func hellos() throws {
    for (capture, rows) in [
      (
        "zeek-tls-dhe.pcap",
        [
          "4|0|TLS 1.2|||de84fb3130387884de22865d3d39d347|t12i020300_ea1f27bcdcc2_15cf763851c4|",
          "6|1|TLS 1.2|TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA|0|||baf6ae54beddc6b7cd8b02c8feb62ffe",
        ]
      ),
      (
        "zeek-tls-ecdhe.pcap",
        [
          "4|0|TLS 1.2|||29d8afc9e0a4d38d138ec2643966815f|t12i020500_d0ac5cb1209a_a1e935682795|",
          "6|1|TLS 1.2|TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA|0|||a8d2a5625ef8f3aada2fb53dad3f2921",
        ]
      ),
      (
        "zeek-modbus-modbus-and-non-modbus-p502.pcap",
        ["49|0|TLS 1.2|||c3a6cf0bf2e690ac8e1ecf6081f17a50|t12i160600_8cdfa2d4673b_09407521b4f3|"]
      ),
      (
        "zeek-tls-tls-1.2-protocol-error.pcap",
        ["4|0|TLS 1.2|||62bd27c43a9a4d7fcbc45d8c9e7e04dd|t12i090500_de31b28e7183_a1e935682795|"]
      ),
    ] {
      try folder.ingest([#require(Places.shared("public/" + capture))], into: capture + ".case")
      let found = try folder.read(capture + ".case").lines(
        """
        SELECT packet_id % 4294967296, is_server, version, cipher_suite, session_resumed, ja3, ja4, ja3s
        FROM tls_handshakes ORDER BY packet_id, position
        """)
      #expect(found == rows, "\(capture)")
    }
  }

  @Test(
    "Certificates over several segments have openssl's names and tshark's validity",
    .besideCaptures("public"))
  func certificates() throws {
    for (capture, rows) in [
      (
        "zeek-tls-dhe.pcap",
        [
          "8|1|emailAddress=denicadmmail@arcor.de,CN=www.lilawelt.net,C=US|www.lilawelt.net,lilawelt.net|"
            + "2014-03-30T09:29:15Z|2015-03-31T07:15:52Z|0f79cb|RSA 2048|sha256WithRSAEncryption|0|2"
        ]
      ),
      (
        "zeek-tls-imap-starttls.pcap",
        [
          "19|1|CN=imap.gmx.net,emailAddress=server-certs@1und1.de,L=Montabaur,ST=Rhineland-Palatinate,"
            + "O=1&1 Mail & Media GmbH,C=DE|imap.gmx.net,imap.gmx.de|"
            + "2013-11-12T10:17:31Z|2016-11-17T23:59:59Z|339d9ed8e73927c9|RSA 2048|"
            + "sha1WithRSAEncryption|0|3"
        ]
      ),
    ] {
      try folder.ingest([#require(Places.shared("public/" + capture))], into: capture + ".case")
      let found = try folder.read(capture + ".case").lines(
        """
        SELECT packet_id % 4294967296, is_server, subject, alternative_names, not_before_time,
          not_after_time, serial, key_type || ' ' || key_bits, signature_algorithm, is_self_issued,
          chain_length
        FROM tls_certificates ORDER BY packet_id, position
        """)
      #expect(found == rows, "\(capture)")
    }
  }

  // tshark: "Encrypted Alert" in these packets; packet 10 ends in octets that are no record.
  @Test(
    "Encrypted alerts are known by their record, and what is none in a handshake is a fault",
    .besideCaptures("public"))
  func alerts() throws {
    try folder.ingest([#require(Places.shared("public/zeek-tls-dhe.pcap"))])
    let alerts = """
      SELECT packet_id % 4294967296, is_server, is_encrypted, level, description FROM tls_alerts
      ORDER BY packet_id
      """
    #expect(try folder.read().lines(alerts) == ["17|1|1||", "20|0|1||"])
    #expect(
      try folder.read().lines("SELECT service, content_service FROM flows") == ["https|tls"])
    let late = "public/zeek-tls-tls1.2-late-protocol-error.pcap"
    try folder.ingest([#require(Places.shared(late))], into: "late.case")
    #expect(
      try folder.read("late.case").lines(
        "SELECT packet_id % 4294967296, message FROM faults WHERE layer = 'tls'")
        == ["10|what should be a TLS record is none; it is not read"])
  }
}
