import Testing

@testable import PacketDecoding

/// Messages are put together by hand after [MS-SMB2], 2.2, [MS-NLMP], 2.2.1.3, and [MS-CIFS], 2.2.4.52.
@Suite("SMB")
struct SMBTests {
  /// A message's header and body behind its length.
  private static func framed(_ message: [UInt8], length: Int? = nil) -> [UInt8] {
    Octets.four(length ?? message.count) + message
  }

  private static func message(
    _ command: Int, _ id: Int, flags: Int = 0, status: Int = 0, next: Int = 0, tree: Int = 0,
    session: Int = 0x77, _ body: [UInt8] = []
  ) -> [UInt8] {
    var header = Octets.hex("fe534d42") + little(64, 2) + little(0, 2) + little(status, 4)
    header += little(command, 2) + little(1, 2) + little(flags, 4) + little(next, 4)
    header += little(id, 8) + little(0, 4) + little(tree, 4) + little(session, 8)
    return header + [UInt8](repeating: 0, count: 16) + body
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { little(Int($0), 2) } }

  private static func treeConnect(_ path: String, length: Int? = nil) -> [UInt8] {
    little(9, 2) + little(0, 2) + little(72, 2) + little(length ?? utf16(path).count, 2)
      + utf16(path)
  }

  private static func create(_ name: String) -> [UInt8] {
    [57, 0] + [UInt8](repeating: 0, count: 42) + little(120, 2) + little(utf16(name).count, 2)
      + [UInt8](repeating: 0, count: 8) + utf16(name)
  }

  /// SESSION_SETUP with an AUTHENTICATE_MESSAGE behind some octets of SPNEGO.
  private static func sessionSetup(
    _ domain: String, _ user: String, _ workstation: String, flags: Int = 1, userAt: Int? = nil
  ) -> [UInt8] {
    let texts = [domain, user, workstation].map { flags & 1 == 1 ? utf16($0) : Array($0.utf8) }
    var ntlm = Array("NTLMSSP\0".utf8) + little(3, 4) + [UInt8](repeating: 0, count: 16)
    var offset = 64
    for (index, text) in texts.enumerated() {
      let place = index == 1 ? userAt ?? offset : offset
      ntlm += little(text.count, 2) + little(text.count, 2) + little(place, 4)
      offset += text.count
    }
    ntlm += [UInt8](repeating: 0, count: 8) + little(flags, 4) + texts.flatMap(\.self)
    let buffer = Octets.hex("a1820100 308200fc a0030a01") + ntlm
    return [25, 0, 0, 2] + little(0, 4) + little(0, 4) + little(88, 2) + little(buffer.count, 2)
      + little(0, 8) + buffer
  }

  private static let error = little(9, 2) + [0, 0] + little(0, 4) + [0]
  private static let response = 1

  private func rows(_ stream: DecodedStream) -> [String] {
    let place = { (place: MessagePlace?) in place.map { "\($0.packetNumber).\($0.position)" } ?? ""
    }
    return stream.batch.smb.map { message in
      let texts = [
        message.dialect, message.tree, message.fileName, message.domain, message.userName,
      ]
      .compactMap(stream.text).joined(separator: "|")
      let places = [message.request, message.treeConnect, message.authentication].map(place)
      return "\(message.packetNumber) \(message.command)\(message.isResponse ? "r" : "") "
        + "\(message.messageID) \(message.status.map { String($0, radix: 16) } ?? "-") [\(texts)] "
        + places.joined(separator: ",")
    }
  }

  /// A client that logs in, opens a share and asks for a file in it that it may not have.
  private static let denied: [(DecodedStream.End, [UInt8])] = [
    (.client, message(1, 1, session: 0x77, sessionSetup("DOM", "ann", "PC"))),
    (.server, message(1, 1, flags: response, [9, 0, 1, 0, 0, 0, 0, 0])),
    (.client, message(3, 2, treeConnect(#"\\srv\share"#))),
    (.server, message(3, 2, flags: response, tree: 5, [16, 0, 1, 0] + little(0, 12))),
    (.client, message(5, 3, tree: 5, create("secret.txt"))),
    (.server, message(5, 3, flags: response, status: 0xc000_0022, tree: 5, error)),
  ]

  private static let deniedRows = [
    "4 1 1 - [DOM|ann] ,,", "5 1r 1 0 [] 4.0,,4.0", #"6 3 2 - [\\srv\share] ,,4.0"#,
    "7 3r 2 0 [] 6.0,6.0,4.0", "8 5 3 - [secret.txt] ,6.0,4.0", "9 5r 3 c0000022 [] 8.0,6.0,4.0",
  ]

  @Test("A response leads to its request, the tree and the user")
  func references() {
    var stream = DecodedStream(port: 445)
    for (end, message) in Self.denied { stream.send(end, Self.framed(message)) }
    #expect(rows(stream) == Self.deniedRows)
    #expect(stream.batch.smb[1].isGuest == true && stream.batch.smb[0].requiresSigning == true)
    #expect(stream.text(stream.batch.smb[0].workstation) == "PC")
    #expect(stream.reached.suffix(6) == Array(repeating: .smb2, count: 6) && stream.faults == [])
  }

  @Test(
    "Messages are read wherever segments end, and in whatever order they come", arguments: 2...99)
  func segments(_ size: Int) {
    var stream = DecodedStream(port: 445)
    for (end, message) in Self.denied {
      let octets = Self.framed(message)
      let start = end == .client ? stream.next.client : stream.next.server
      var pieces = stride(from: 0, to: octets.count, by: size).map {
        ($0, Array(octets[$0..<min(octets.count, $0 + size)]))
      }
      // The first tells the protocol.
      pieces = Array(pieces.prefix(2) + pieces.dropFirst(2).reversed())
      for (offset, piece) in pieces { stream.segment(end, at: start + offset, piece) }
      stream.lose(end, octets.count)
    }
    let texts = { (rows: [String]) in rows.map { $0.split(separator: " ")[1...4].joined() } }
    #expect(texts(rows(stream)) == texts(Self.deniedRows))
    #expect(stream.faults == [])
  }

  @Test("Data of files is passed over, however long, and the next message is found behind it")
  func data() {
    var stream = DecodedStream(port: 445)
    let written = Self.message(9, 1, tree: 5, [49, 0] + [UInt8](repeating: 0xfe, count: 3000))
    stream.send(.client, Array(Self.framed(written).prefix(1400)))
    stream.send(
      .client, Array(Self.framed(written).dropFirst(1400)) + Self.framed(Self.denied[2].1))
    #expect(rows(stream) == [#"5 3 2 - [\\srv\share] ,,"#])
    #expect(stream.batch.text.count < 100)
  }

  @Test("A compound goes on with the tree of the message before it")
  func compound() {
    var stream = DecodedStream(port: 445)
    for (end, message) in Self.denied.prefix(4) { stream.send(end, Self.framed(message)) }
    let first = Self.message(16, 7, next: 72, tree: 5, [41, 0, 0, 0, 0, 0, 0, 0])
    let second = Self.message(
      5, 8, flags: 4, tree: 0xffff_ffff, session: -1, Self.create("a\u{202e}\u{7}😀"))
    stream.send(.client, Self.framed(first + second))
    #expect(rows(stream).last == "8 5 8 - [a\u{202e}\u{fffd}😀] ,6.0,4.0")
  }

  @Test("A request that the server answers twice, first that it will, is the request of both")
  func pending() {
    var stream = DecodedStream(port: 445)
    for (end, message) in Self.denied.prefix(5) { stream.send(end, Self.framed(message)) }
    for status in [0x103, 0xc000_0022] {
      stream.send(
        .server,
        Self.framed(Self.message(5, 3, flags: 3, status: status, tree: 0x1234, Self.error)))
    }
    #expect(
      rows(stream).suffix(2) == ["9 5r 3 103 [] 8.0,6.0,4.0", "10 5r 3 c0000022 [] 8.0,6.0,4.0"])
    #expect(stream.batch.smb.last?.treeID == nil)
  }

  @Test("SMB1's negotiation is read, and an answer of SMB 2 is what follows")
  func upgrade() {
    let dialects = Array("\u{2}NT LM 0.12\0\u{2}SMB 2.???\0".utf8)
    let header = { (flags: UInt8) in
      Octets.hex("ff534d42 72 00000000") + [flags] + [UInt8](repeating: 0, count: 22)
    }
    let request = header(0x18) + [0] + Self.little(dialects.count, 2) + dialects
    var stream = DecodedStream(port: 445)
    stream.send(.client, Self.framed(request))
    let body = [65, 0, 3, 0] + Self.little(0x2ff, 2) + [UInt8](repeating: 0, count: 59)
    stream.send(.server, Self.framed(Self.message(0, 0, flags: 1, session: 0, body)))
    #expect(rows(stream) == ["4 114 0 - [NT LM 0.12, SMB 2.???] ,,", "5 0r 0 0 [2.???] ,,"])
    #expect(stream.reached.suffix(2) == [.smb, .smb2])
    #expect(stream.batch.smb.last?.requiresSigning == true)

    stream = DecodedStream(port: 139)
    stream.send(.client, [0x81, 0, 0, 68, 0x20] + [UInt8](repeating: 0x43, count: 67))
    stream.send(.server, [0x82, 0, 0, 0])
    stream.send(.client, Self.framed(request))
    let answer = header(0x98) + [17] + Self.little(0, 2) + [UInt8](repeating: 0, count: 34)
    stream.send(.server, Self.framed(answer))
    stream.send(.client, Self.framed(Octets.hex("ff534d42 73") + [UInt8](repeating: 0, count: 40)))
    #expect(
      rows(stream) == ["6 114 0 - [NT LM 0.12, SMB 2.???] ,,", "7 114r 0 0 [NT LM 0.12] 6.0,,"])
    #expect(stream.reached.suffix(3) == [.smb, .smb, .smb])
  }

  @Test("What is encrypted or compressed is SMB, and passed over", arguments: ["fd", "fc"])
  func encrypted(_ first: String) {
    var stream = DecodedStream(port: 445)
    stream.send(
      .client, Self.framed(Octets.hex(first + "534d42") + [UInt8](repeating: 7, count: 90)))
    stream.send(.client, Self.framed(Self.denied[2].1))
    #expect(rows(stream) == [#"5 3 2 - [\\srv\share] ,,"#] && stream.reached.last == .smb2)
  }

  @Test("A length that lies is a fault, or is no message")
  func lies() {
    for (message, fault) in [
      (
        Self.message(3, 2, Self.treeConnect("x", length: 400)),
        "4 malformed: a field beyond the end of its message: 472, expected 74"
      ),
      (Self.message(5, 2, next: 4096, []), "4 malformed: octets to the next message: 4096"),
      (
        Self.message(5, 2, next: 64, []) + [1, 2, 3, 4],
        "4 malformed: no message where the one before says: 64"
      ),
    ] {
      var stream = DecodedStream(port: 445)
      stream.send(.client, Self.framed(message))
      #expect(stream.faults == [fault])
    }
    var stream = DecodedStream(port: 445)
    stream.send(
      .client, Self.framed(Self.message(1, 1, Self.sessionSetup("D", "u", "W", userAt: 65_000))))
    #expect(rows(stream) == ["4 1 1 - [] ,,"] && stream.faults == [])
    stream.send(.client, "GET / HTTP/1.1\r\n\r\n")
    #expect(stream.faults == ["5 malformed: no SMB message where one should begin"])
  }

  @Test("Octets of a code page are read where the client says that it has no other")
  func codePage() {
    var stream = DecodedStream(port: 445)
    stream.send(
      .client, Self.framed(Self.message(1, 1, Self.sessionSetup("D", "ann", "W", flags: 2))))
    #expect(rows(stream) == ["4 1 1 - [D|ann] ,,"])
  }

  @Test("No octet, whatever it is changed to, stops the reading")
  func mutated() {
    for place in 0..<160 {
      for value in [0, 1, 0x7f, 0xff] as [UInt8] {
        var stream = DecodedStream(port: 445)
        for (end, message) in Self.denied {
          var octets = Self.framed(message)
          if place < octets.count { octets[place] = value }
          stream.send(end, octets)
        }
        #expect(stream.batch.packets.count == 9)
      }
    }
  }
}
