import Testing

@testable import PacketDecoding

/// Messages after RFC 3261, 24, with SDP after RFC 8866, 5; expected values by hand, and the same as tshark's
/// sip.Method, sip.Status-Code, sip.Call-ID, sip.CSeq.method and sdp.media.port.
@Suite("SIP and RTP")
struct SIPTests {
  private static func description(_ host: String, port: Int) -> String {
    [
      "v=0", "o=alice 1 1 IN IP4 \(host)", "s=-", "c=IN IP4 \(host)", "t=0 0",
      "m=audio \(port) RTP/AVP 0 8", "m=video 40002 RTP/AVP 31", "c=IN IP4 203.0.113.9", "",
    ].joined(separator: "\r\n")
  }

  private static func message(_ lines: [String], _ body: String = "") -> String {
    (lines + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
  }

  private static func offer(media host: String) -> String {
    message(
      [
        "INVITE sip:bob:hunter2@biloxi.example.com SIP/2.0",
        "Via: SIP/2.0/UDP 192.0.2.10:5070;branch=z9", "t: Bob", " <sip:bob@biloxi.example.com>",
        "From: \"Alice\" <SIP:alice:pw@atlanta.example.com>;tag=1928", "CALL-ID: a84b4c76@pc33",
        "CSeq: 314159 INVITE", "Contact: <sip:alice@192.0.2.10:5070>", "User-Agent: Softphone 1.5",
        "Authorization: Digest username=\"alice\", response=\"6629fae4\"",
        "Content-Type: application/sdp",
      ], description(host, port: 40_000))
  }

  private static let invite = offer(media: "192.0.2.10")
  private static let unauthorized = message([
    "SIP/2.0 401 Unauthorized", "f: Bob <sips:bob@biloxi.example.com>;tag=a73",
    "i: 1j9FpLxk3uxtm8tn@biloxi", "CSeq: 1 REGISTER", "Server: PBX 1",
  ])

  private func rows(_ batch: RecordBatch) -> [String] {
    batch.sip.map { message in
      let texts = [
        message.method, message.requestURI, message.reason, message.from, message.to,
        message.callID, message.userAgent, message.contact, message.media?.type,
        message.media?.address,
      ].map { $0.map(batch.string) ?? "" }
      return "\(message.packetNumber) \(message.status ?? 0) \(message.sequence ?? -1) "
        + "\(message.media?.port ?? 0) " + texts.joined(separator: "|")
    }
  }

  private static let inviteRow =
    "0 314159 40000 INVITE|sip:bob:…@biloxi.example.com||"
    + "\"Alice\" <SIP:alice:…@atlanta.example.com>;tag=1928|Bob <sip:bob@biloxi.example.com>|"
    + "a84b4c76@pc33|Softphone 1.5|<sip:alice@192.0.2.10:5070>|audio|192.0.2.10"
  private static let unauthorizedRow =
    "401 1 0 REGISTER||Unauthorized|Bob <sips:bob@biloxi.example.com>;tag=a73||"
    + "1j9FpLxk3uxtm8tn@biloxi|PBX 1|||"

  @Test(
    "A message in a datagram, at whatever port, has its fields, and neither passwords nor credentials"
  )
  func datagram() {
    let frame = DecodedFrame(udp: 5070, 5062, Array(Self.invite.utf8))
    #expect(rows(frame.batch) == ["1 " + Self.inviteRow] && frame.reached == .sip)
    let text = frame.batch.string(TextRange(start: 0, count: frame.batch.text.count))
    #expect(!text.contains("hunter2") && !text.contains("pw@") && !text.contains("6629fae4"))
    #expect(frame.faults == [])
  }

  @Test("Messages over TCP are read wherever segments end", arguments: [16, 17, 50, 333, 5000])
  func segments(_ size: Int) {
    var stream = DecodedStream(port: 5099)
    let octets = Array(("\r\n\r\n" + Self.invite + "\r\n\r\n" + Self.invite).utf8)
    for start in stride(from: 0, to: octets.count, by: size) {
      stream.send(.client, Array(octets[start..<min(octets.count, start + size)]))
    }
    stream.send(.server, Self.unauthorized)
    let found = rows(stream.batch).map { String($0.drop { $0 != " " }.dropFirst()) }
    #expect(found == [Self.inviteRow, Self.inviteRow, Self.unauthorizedRow])
    #expect(stream.reached.last == .sip && stream.faults == [])
  }

  @Test("A body that is no session description is passed over")
  func body() {
    var stream = DecodedStream(port: 5060)
    let text = Self.message(
      ["MESSAGE sip:a@b SIP/2.0", "CSeq: 2 MESSAGE"], "SIP/2.0 200 is no message")
    stream.send(.client, text + Self.unauthorized)
    #expect(stream.batch.sip.map(\.status) == [nil, 401])
    #expect(!stream.batch.string(TextRange(start: 0, count: 999)).contains("is no message"))
  }

  @Test(
    "What only looks like SIP is none",
    arguments: [
      "NOTIFY * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\n\r\n", "SIP/2.0 OK\r\n\r\n",
      "INVITE\r\n\r\n", "GET / HTTP/1.1\r\nX: SIP/2.0\r\n\r\n", "OPTIONS sip:a@b HTTP/1.1\r\n\r\n",
      "SIP/2.0 999 x\r\n\r\n", "SIP/2.0", "INVITE sip:", " SIP/2.0\r\n\r\n",
    ])
  func another(_ text: String) {
    let frame = DecodedFrame(udp: 5060, 5060, Array(text.utf8))
    #expect(frame.batch.sip.isEmpty && frame.faults == [] && frame.reached == .udp)
  }

  @Test("A header that ends in the middle of a line is a fault, and what stands before it is read")
  func short() {
    let frame = DecodedFrame(udp: 5060, 5060, Array(Self.unauthorized.utf8.prefix(60)))
    #expect(frame.batch.sip.first?.status == 401 && frame.batch.sip.first?.from == nil)
    #expect(frame.faults == ["malformed sip@42: a SIP message's header has no end"])
  }

  @Test("No octet, whatever it is changed to, stops the reading")
  func mutated() {
    let octets = Array(Self.invite.utf8)
    for place in octets.indices {
      for value in [0, 0x0a, 0x20, 0x39, 0x3a, 0xff] as [UInt8] {
        var changed = octets
        changed[place] = value
        #expect(DecodedFrame(udp: 5060, 5060, changed).batch.packets.count == 1)
        var stream = DecodedStream(port: 5060)
        stream.send(.client, changed)
        #expect(stream.batch.packets.count == 4)
      }
    }
  }

  // MARK: - RTP

  private func streams(_ capture: DecodedCapture) -> [String] {
    capture.batch.rtp.map {
      "\($0.packetNumber) \($0.firstPacketNumber) \($0.payloadType) "
        + "\(String($0.ssrc, radix: 16)) \($0.announcedBy ?? 0)"
    }
  }

  private static func media(
    _ sequence: Int, type: UInt8 = 0, ssrc: Int = 0xcafe, time: Int = 160, first: UInt8 = 0x80,
    octets: Int = 160
  ) -> [UInt8] {
    [first, type] + Octets.two(sequence) + Octets.four(time) + Octets.four(ssrc)
      + [UInt8](repeating: 0, count: octets)
  }

  @Test(
    "The first packet that goes where SIP said is surely RTP, the marker bit is none of its type")
  func announced() {
    var capture = DecodedCapture()
    capture.send(udp: 5070, 5060, Array(Self.offer(media: "198.51.100.7").utf8))
    capture.send(udp: 30_000, 40_000, Self.media(7, type: 0x88))
    capture.send(udp: 30_000, 40_000, Self.media(8, type: 8))
    capture.send(udp: 30_000, 40_000, Self.media(1, type: 200))
    #expect(streams(capture) == ["2 2 8 cafe 1"])
    #expect(capture.reached == [.sip, .rtp, .rtp, .udp])
  }

  @Test("Four packets that follow each other are surely RTP; the numbers begin anew behind 65535")
  func inOrder() {
    var capture = DecodedCapture()
    for sequence in [65_533, 65_534, 65_534, 65_535, 2, 3] {
      capture.send(udp: 30_000, 30_002, Self.media(sequence, type: 96))
      // Another stream between the same ends.
      capture.send(udp: 30_000, 30_002, Self.media(sequence * 9, ssrc: 1))
    }
    #expect(streams(capture) == ["9 1 96 cafe 0"])
    #expect(capture.reached.count { $0 == .rtp } == 2)
  }

  @Test("What does not follow, or cannot be RTP, is none")
  func noRTP() {
    for make: (Int) -> [UInt8] in [
      { Self.media($0 * 4) }, { Self.media($0, ssrc: $0) }, { Self.media($0, type: UInt8($0)) },
      { Self.media($0, time: 9000 - $0) }, { Self.media($0, first: 0x40) },
      { Self.media($0, type: 201) }, { Self.media($0, first: 0x8f, octets: 59) },
      { Self.media($0, first: 0x90, octets: 3) }, { Array(Self.media($0).prefix(11)) },
    ] {
      var capture = DecodedCapture()
      for sequence in 1...9 { capture.send(udp: 30_000, 30_002, make(sequence)) }
      #expect(streams(capture) == [])
    }
    var capture = DecodedCapture()
    for sequence in 1...9 { capture.send(udp: 500, 30_002, Self.media(sequence)) }
    #expect(streams(capture) == [])
  }

  @Test("A table that is full forgets what was not used longest")
  func bounded() {
    var table = BoundedTable<Int, Int>(limit: 3)
    for key in 1...3 { table[key] = key }
    var kept = [table[1]]
    table[4] = 4
    kept += [table[2], table[1], table[3], table[4], table.remove(3)]
    #expect(kept == [1, nil, 1, 3, 4, 3] && table.count == 2)
    table[5] = 5
    kept = [table[1], table[4], table[5]]
    #expect(kept == [1, 4, 5])
  }
}
