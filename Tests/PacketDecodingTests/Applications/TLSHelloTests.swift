import Testing

@testable import PacketDecoding

/// JA4's expected values are those of FoxIO's description (technical_details/JA4.md); JA3's are tshark 4.0.17's,
/// or MD5 (Python's hashlib) of the text written by hand.
@Suite("A hello of TLS")
struct TLSHelloTests {
  /// The hello of JA4's description, with numbers of RFC 8701 among all of its lists.
  static let described = TLS.clientHello(
    session: [UInt8](repeating: 3, count: 32),
    suites: [
      0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
      0xc014,
      0x009c, 0x009d, 0x002f, 0x0035,
    ],
    [
      (0x1a1a, []), (0x001b, [2, 0, 2]), TLS.serverName("Example.COM"), (0x0033, []),
      TLS.protocols(["h2", "http/1.1"]), (0x4469, []), (0x0017, []), (0x002d, [1, 1]),
      TLS.list(13, [0x2a2a, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]),
      (0x0005, []), (0x0023, []), (0x0012, []), TLS.versions([0x3a3a, 0x0304, 0x0303]),
      (0xff01, [0]),
      (0x000b, [1, 0]), TLS.list(10, [0x4a4a, 29, 23, 24]), (0x0015, [0, 0]), (0xfafa, [0]),
    ])

  @Test("of a client tells the host, the protocols, the highest version, JA3 and JA4")
  func client() throws {
    let (batch, found) = TLS.read(Self.described)
    let row = try #require(found)
    #expect(!row.isServer && row.version == 0x0304 && row.legacyVersion == 0x0303)
    #expect(row.serverName.map(batch.string) == "example.com")
    #expect(row.alpn.map(batch.string) == "h2,http/1.1")
    #expect(row.ja4.map(batch.string) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(
      row.ja3Text.map(batch.string)
        == "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,"
        + "27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0")
    #expect(row.ja3.map(batch.string) == "c000e2caf3a25423f9de6c8a4b12a975")
    #expect(row.isResumed == nil && row.cipherSuite == nil && batch.faults.isEmpty)
  }

  @Test("over QUIC has another JA4 and the same JA3")
  func quic() throws {
    let (batch, found) = TLS.read(Self.described, over: .quic)
    #expect(found?.transport == .quic)
    #expect(found?.ja4.map(batch.string) == "q13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(found?.ja3.map(batch.string) == "c000e2caf3a25423f9de6c8a4b12a975")
  }

  // zeek-tls-dhe.pcap, packets 4 and 6; JA4 by hand from the description with Python's hashlib.
  @Test("as OpenSSL sent it has tshark's JA3 and JA3S")
  func recorded() throws {
    let client = Octets.hex(
      """
      0100005b 0303 5eda8095 1f7f8ae4d8dd45f31ed2e158f5f9ee676b7cb2c92585d8a3e1c2da7e 00 0004 008800ff
      02 0100 002d 00230000 000d0020001e060106020603050105020503040104020403030103020303020102020203
      000f000101
      """)
    let (batch, row) = TLS.read(client)
    #expect(row?.ja3Text.map(batch.string) == "771,136-255,35-13-15,,")
    #expect(row?.ja3.map(batch.string) == "de84fb3130387884de22865d3d39d347")
    #expect(row?.ja4.map(batch.string) == "t12i020300_ea1f27bcdcc2_15cf763851c4")
    let (answer, chosen) = TLS.read(
      TLS.serverHello(suite: 0x0088, [(0xff01, [0]), (35, []), (15, [1])]))
    #expect(chosen?.ja3Text.map(answer.string) == "771,136,65281-35-15")
    #expect(chosen?.ja3.map(answer.string) == "baf6ae54beddc6b7cd8b02c8feb62ffe")
    #expect(chosen?.ja4 == nil && chosen?.cipherSuite == 0x0088)
  }

  // The cases of the description, then a name that is empty.
  @Test(
    "JA4 takes the ends of the first protocol's name as it says",
    arguments: [
      ([0x68, 0x74, 0x31], "h1"), ([0x78], "xx"), ([0xab], "ab"), ([0xab, 0xcd], "ad"),
      ([0x30, 0xab], "3b"), ([0x30, 0x31, 0xab, 0xcd], "3d"), ([0x30, 0xab, 0xcd, 0x31], "01"),
      ([], "00"),
    ] as [([UInt8], String)])
  func ends(name: [UInt8], expected: String) throws {
    let (batch, row) = TLS.read(
      TLS.clientHello([(16, TLS.counted([UInt8(name.count)] + name))]))
    let text = try #require(row?.ja4.map(batch.string))
    #expect(text.prefix(10) == "t12i0201" + expected)
  }

  @Test("of SSL 3.0 ends before extensions, and its empty lists are told by zeros")
  func withoutExtensions() throws {
    let (batch, row) = TLS.read(TLS.clientHello(version: 0x0300, suites: [4, 5], nil))
    #expect(row?.version == 0x0300)
    #expect(row?.ja3Text.map(batch.string) == "768,4-5,,,")
    #expect(row?.ja4.map(batch.string)?.hasSuffix("_000000000000") == true)
    #expect(row?.ja4.map(batch.string)?.hasPrefix("ts3i020000_") == true)
  }

  @Test(
    "of a server tells TLS 1.3 by its extension, a resumed session by its key, and a retry by its random"
  )
  func server() throws {
    let chosen = TLS.Extension(43, TLS.two(0x0304))
    let resumed = TLS.read(TLS.serverHello(suite: 0x1301, [chosen, (41, [0, 0])])).row
    #expect(resumed?.version == 0x0304 && resumed?.isResumed == true)
    let new = TLS.read(TLS.serverHello(suite: 0x1301, [chosen, (51, [])])).row
    #expect(new?.isResumed == false && new?.isRetryRequest == false)
    // RFC 8446, 4.1.3: SHA-256 of "HelloRetryRequest".
    let random = Octets.hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    let retry = TLS.read(TLS.serverHello(random: random, suite: 0x1301, [chosen])).row
    #expect(retry?.isRetryRequest == true && retry?.isResumed == nil)
  }

  @Test("of a draft of TLS 1.3 offers that, below TLS 1.3 itself and above TLS 1.2")
  func drafts() {
    #expect(TLS.read(TLS.clientHello([TLS.versions([0x0303, 0x7f1c])])).row?.version == 0x7f1c)
    #expect(TLS.read(TLS.clientHello([TLS.versions([0x7f1c, 0x0304])])).row?.version == 0x0304)
  }

  @Test("whose lengths lie is a fault and no row, and nothing that it holds makes reading trap")
  func hostile() {
    let whole = Self.described
    for count in 0..<whole.count {
      #expect(TLS.read(Array(whole.prefix(count))).row == nil)
    }
    var wrong = whole
    wrong[38] = 33
    let (batch, row) = TLS.read(wrong)
    #expect(row == nil)
    #expect(batch.faults.map(\.message) == ["a TLS hello whose lengths do not fit each other"])
    for index in whole.indices {
      for octet: UInt8 in [0, 1, 0x7f, 0x80, 0xff] {
        var changed = whole
        changed[index] = octet
        let (batch, row) = TLS.read(changed)
        #expect(row != nil || !batch.faults.isEmpty || index == 0)
      }
    }
  }

  @Test(
    "of very many suites and protocols is cut where it is text, while its digest is of all of it")
  func long() throws {
    let (batch, found) = TLS.read(
      TLS.clientHello(
        suites: [Int](repeating: 0xc02f, count: 20_000),
        [TLS.protocols([String](repeating: "http/1.1", count: 2_000))]))
    let row = try #require(found)
    #expect(try #require(row.ja3Text).count < 4_200 && #require(row.alpn).count < 4_200)
    // Python: hashlib.md5(b"771," + b"-".join([b"49199"] * 20000) + b",16,,").hexdigest()
    #expect(row.ja3.map(batch.string) == "28bc73786318938fd9967e253cd7c7a8")
    #expect(row.ja4.map(batch.string)?.hasPrefix("t12i9901h1_") == true)
  }
}
