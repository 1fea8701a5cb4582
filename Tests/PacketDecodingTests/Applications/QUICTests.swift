import Testing

@testable import PacketDecoding

@Suite("QUIC, RFC 9000, RFC 9001 and RFC 9369")
struct QUICTests {
  let retryID = Octets.hex("f067a5502a4262b5")

  @Test("The samples of RFC 9001, appendix A, are read at any port")
  func samples() throws {
    var datagrams = DecodedDatagrams(port: 9)
    datagrams.send(.client, QUICSamples.client)
    datagrams.send(.server, QUICSamples.server)
    #expect(datagrams.quic == ["1 initial 1 client decrypted", "2 initial 1 server decrypted"])
    #expect(datagrams.hellos == ["1 client example.com", "2 server -"])
    let packets = datagrams.batch.quic
    #expect(datagrams.text(packets.first?.destinationID) == "8394c8f03e515708")
    #expect(datagrams.text(packets.first?.sourceID) == "")
    #expect(packets.first?.tokenLength == 0)
    #expect(packets.map { datagrams.text($0.serverName) } == ["example.com", "-"])
    #expect(datagrams.text(packets.last?.sourceID) == "f067a5502a4262b5")
    #expect(datagrams.batch.tlsHandshakes.allSatisfy { $0.transport == .quic })
    #expect(datagrams.batch.tlsHandshakes.last?.cipherSuite == 0x1301)
    #expect(datagrams.text(datagrams.batch.tlsHandshakes.first?.alpn) == "alpn")
    #expect(datagrams.batch.packets.map(\.protocolReached) == [.quic, .quic])
    #expect(datagrams.faults == [])
  }

  @Test("The samples of RFC 9369, appendix A, are read: version 2 has other types, salt and labels")
  func samplesOfTwo() throws {
    var datagrams = DecodedDatagrams(port: 9)
    datagrams.send(.client, QUICSamples.clientOfTwo)
    datagrams.send(.server, QUICSamples.retryOfTwo)
    #expect(datagrams.quic == ["1 initial 2 client decrypted", "2 retry 2 server"])
    #expect(datagrams.batch.quic.last?.tokenLength == 5)
    datagrams = DecodedDatagrams(port: 9)
    datagrams.send(.client, QUICSamples.clientOfTwo)
    datagrams.send(.server, QUICSamples.serverOfTwo)
    #expect(datagrams.quic == ["1 initial 2 client decrypted", "2 initial 2 server decrypted"])
    #expect(datagrams.hellos == ["1 client example.com", "2 server -"])
  }

  @Test("Drafts have salts of their own")
  func drafts() {
    for (packet, name) in [
      (QUICSamples.clientOfDraft29, "draft-29"), (QUICSamples.clientOfDraft27, "draft-27"),
    ] {
      var datagrams = DecodedDatagrams()
      datagrams.send(.client, packet)
      #expect(datagrams.quic == ["1 initial \(name) client decrypted"])
      #expect(datagrams.hellos == ["1 client example.com"])
    }
  }

  @Test("A server that goes over to version 2 is read with the client's first identifier, RFC 9368")
  func compatibleVersion() throws {
    var datagrams = DecodedDatagrams()
    datagrams.send(.client, QUICSamples.client)
    datagrams.send(.server, QUICSamples.serverOfTwo)
    datagrams.send(.server, QUICSamples.server)
    #expect(
      datagrams.quic == [
        "1 initial 1 client decrypted", "2 initial 2 server decrypted",
        "3 initial 1 server decrypted",
      ])
  }

  @Test("After a Retry keys follow from the identifier that it gives, and the same hello is one")
  func retry() throws {
    var datagrams = DecodedDatagrams()
    datagrams.send(.client, QUICSamples.client)
    datagrams.send(.server, QUICSamples.retry)
    datagrams.send(
      .client,
      try QUIC.initial(
        .retriedClient, QUIC.crypto(QUICSamples.clientHello), to: retryID,
        token: Array("token".utf8), number: 3))
    datagrams.send(
      .server,
      try QUIC.initial(.retriedServer, QUIC.crypto(TLS.serverHello()), to: [], from: retryID))
    #expect(
      datagrams.quic == [
        "1 initial 1 client decrypted", "2 retry 1 server", "3 initial 1 client decrypted",
        "4 initial 1 server decrypted",
      ])
    #expect(datagrams.batch.quic.map(\.tokenLength) == [0, 5, 5, 0])
    #expect(datagrams.hellos == ["1 client example.com", "4 server -"])
    // Where the Retry alone was captured before, the hello behind it is the first.
    datagrams = DecodedDatagrams()
    datagrams.send(.server, QUICSamples.retry)
    datagrams.send(
      .client, try QUIC.initial(.retriedClient, QUIC.crypto(QUICSamples.clientHello), to: retryID))
    #expect(datagrams.quic == ["1 retry 1 server", "2 initial 1 client decrypted"])
    #expect(datagrams.hellos == ["2 client example.com"])
  }

  @Test("A hello is put together over packets, in any order, with octets sent twice")
  func reassembly() throws {
    let hello = QUICSamples.clientHello
    // ACK with two ranges and ECN counts, PING, PADDING: RFC 9000, 19.1 to 19.3.
    let others: [UInt8] = [3, 9, 1, 2, 0, 1, 1, 2, 2, 4, 5, 6, 1, 0, 0]
    let frames = [
      QUIC.crypto(Array(hello[100...]), at: 100) + others,
      others + QUIC.crypto(Array(hello[40..<120]), at: 40),
      QUIC.crypto(Array(hello[..<60])) + QUIC.crypto(Array(hello[..<60])),
    ]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      var datagrams = DecodedDatagrams()
      for index in order {
        datagrams.send(.client, try QUIC.initial(.client, frames[index], number: index))
      }
      #expect(datagrams.hellos == ["3 client example.com"], "\(order)")
      #expect(
        datagrams.batch.quic.map { datagrams.text($0.serverName) } == ["-", "-", "example.com"])
      #expect(datagrams.faults == [])
    }
  }

  @Test("Packets of one datagram are records of it; of Handshake packets the first of each end")
  func coalesced() throws {
    var datagrams = DecodedDatagrams()
    let server = Octets.hex("aabbccdd")
    datagrams.send(
      .client,
      try QUIC.initial(.client, QUIC.crypto(QUICSamples.clientHello))
        + QUIC.opaque(1, QUIC.firstID, []))
    datagrams.send(
      .server,
      try QUIC.initial(.server, QUIC.crypto(TLS.serverHello()), to: [], from: server)
        + QUIC.opaque(2, [], server) + [0x41, 1, 2, 3])
    datagrams.send(.server, QUIC.opaque(2, [], server))
    datagrams.send(.client, QUIC.opaque(2, server, []) + [UInt8](repeating: 0, count: 50))
    #expect(
      datagrams.quic == [
        "1 initial 1 client decrypted", "1 zeroRTT 1 client", "2 initial 1 server decrypted",
        "2 handshake 1 server", "4 handshake 1 client",
      ])
    #expect(datagrams.batch.packets.allSatisfy { $0.protocolReached == .quic })
    #expect(datagrams.faults == [])
  }

  @Test("Why a connection was closed during its first packets is told")
  func close() throws {
    var datagrams = DecodedDatagrams()
    datagrams.send(.client, QUICSamples.client)
    datagrams.send(
      .server, try QUIC.initial(.server, [1] + QUIC.close(0x178, "no\u{7}alpn"), to: []))
    #expect(datagrams.batch.quic.last?.closeError == 376)
    #expect(datagrams.text(datagrams.batch.quic.last?.closeReason) == "no\u{fffd}alpn")
  }

  @Test("A Version Negotiation lists versions, and what follows is another connection")
  func versionNegotiation() throws {
    var datagrams = DecodedDatagrams()
    datagrams.send(.client, QUICSamples.client)
    datagrams.send(
      .server,
      [0xca] + QUIC.ids([], QUIC.firstID, version: 0)
        + Octets.hex("1a2a3a4a 00000001 6b3343cf ff00001d"))
    datagrams.send(.client, QUICSamples.clientOfTwo)
    #expect(
      datagrams.quic == [
        "1 initial 1 client decrypted", "2 versionNegotiation - server",
        "3 initial 2 client decrypted",
      ])
    #expect(
      datagrams.text(datagrams.batch.quic[1].supportedVersions) == "0x1a2a3a4a, 1, 2, draft-29")
    #expect(datagrams.hellos == ["1 client example.com", "3 client example.com"])
  }

  @Test("Google's versions are known by their header, others at the port of QUIC alone")
  func otherVersions() {
    // Q046 has both lengths in one octet: Chromium, QuicFramer::ProcessAndValidateIetfConnectionIdLength.
    let old = Octets.hex("c3 51303436 50 8394c8f03e515708 00000001 0909")
    let new = Octets.hex("c3 51303530 08 8394c8f03e515708 00 00 14") + QUIC.firstID + QUIC.firstID
    let reserved: [UInt8] = [0xc3] + QUIC.ids(QUIC.firstID, [], version: 0x1a2a_3a4a)
    var datagrams = DecodedDatagrams(port: 443)
    for datagram in [old, new + [1, 2, 3, 4], reserved] {
      datagrams.send(.client, datagram)
    }
    #expect(
      datagrams.quic == ["1 initial Q046 - protected", "2 initial Q050 - protected", "3 - - -"])
    #expect(
      datagrams.batch.quic.allSatisfy { datagrams.text($0.destinationID) == "8394c8f03e515708" })
    datagrams = DecodedDatagrams(port: 444)
    datagrams.send(.client, reserved)
    #expect(datagrams.batch.quic.isEmpty)
  }

  @Test("A packet number of one octet goes on from those before it")
  func packetNumbers() throws {
    let hello = QUICSamples.clientHello
    var datagrams = DecodedDatagrams()
    for (number, length) in [(0x2fe, 2), (0x301, 1), (0x2ff, 1)] {
      datagrams.send(
        .client, try QUIC.initial(.client, QUIC.crypto(hello), number: number, numberLength: length)
      )
    }
    #expect(datagrams.quic == (1...3).map { "\($0) initial 1 client decrypted" })
  }
}
