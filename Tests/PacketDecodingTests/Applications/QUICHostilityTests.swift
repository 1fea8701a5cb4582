import Testing

@testable import PacketDecoding

@Suite("QUIC that is cut, forged or none")
struct QUICHostilityTests {
  @Test("A datagram that ends within a packet is none of QUIC; one that was cut has its header")
  func ends() {
    let packet = QUICSamples.client
    for count in stride(from: 0, to: packet.count, by: 1) {
      let end = Array(packet.prefix(count))
      var datagrams = DecodedDatagrams()
      datagrams.send(.client, end)
      datagrams.send(.client, packet, captured: count)
      #expect(datagrams.faults.filter { $0.contains("QUIC") } == [])
      // Both identifiers and both lengths.
      #expect(datagrams.quic == (count < 18 ? [] : ["2 initial 1 - protected"]), "\(count)")
    }
  }

  @Test("Behind a packet that was opened, a length beyond the end is a fault")
  func lengthBeyondTheEnd() {
    var datagrams = DecodedDatagrams()
    datagrams.send(.client, QUICSamples.client + QUIC.opaque(2, QUIC.firstID, [], claimed: 31))
    #expect(
      datagrams.faults == [
        "1 malformed: a QUIC packet's length beyond the end of the datagram: 49, expected 50"
      ])
    #expect(datagrams.quic == ["1 initial 1 client decrypted"])
  }

  @Test("One changed octet of a packet leaves it protected, and is no fault")
  func forged() {
    let packet = QUICSamples.server
    for index in 20..<packet.count {
      var forged = packet
      forged[index] ^= 0x10
      var datagrams = DecodedDatagrams()
      datagrams.send(.client, QUICSamples.client)
      datagrams.send(.server, forged)
      #expect(datagrams.quic.last == "2 initial 1 server protected")
      #expect(datagrams.faults == [] && datagrams.hellos.count == 1)
    }
  }

  @Test("A frame that no Initial holds, or that does not fit, is a fault")
  func frames() throws {
    let wrong: [[UInt8]] = [
      [0x08, 0, 0, 0], [0x1d, 0, 0, 0], [6, 0, 9, 1], [0x1c, 0, 0, 9], [2, 0, 0, 60, 0, 0],
      [6] + Octets.hex("ffffffffffffffff 01") + [1], [0xc0, 0, 0, 0],
    ]
    for frames in wrong {
      var datagrams = DecodedDatagrams()
      datagrams.send(.client, try QUIC.initial(.client, [1] + frames))
      #expect(
        datagrams.faults == ["1 malformed: a frame that no Initial packet holds"], "\(frames)")
      #expect(datagrams.quic == ["1 initial 1 client decrypted"])
    }
  }

  @Test("A handshake beyond 32 KiB is given up, once")
  func bound() throws {
    let hello = QUICSamples.clientHello
    var datagrams = DecodedDatagrams()
    let limit = QUICConnection.mostOctets
    datagrams.send(.client, try QUIC.initial(.client, QUIC.crypto([0], at: limit - 1)))
    #expect(datagrams.faults == [])
    for number in 1...3 {
      datagrams.send(
        .client, try QUIC.initial(.client, QUIC.crypto([0], at: limit), number: number))
    }
    datagrams.send(.client, try QUIC.initial(.client, QUIC.crypto(hello), number: 9))
    #expect(
      datagrams.faults == [
        "2 incomplete: a handshake is longer than is kept; octets: 32769, expected 32768"
      ])
    #expect(datagrams.hellos == [])
  }

  @Test("A message that is no hello ends the reading of that end's handshake")
  func noHello() throws {
    var datagrams = DecodedDatagrams()
    let messages: [UInt8] = [11, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    datagrams.send(.client, try QUIC.initial(.client, QUIC.crypto(messages)))
    #expect(datagrams.faults == [] && datagrams.hellos == [])
    datagrams = DecodedDatagrams()
    datagrams.send(.client, try QUIC.initial(.client, QUIC.crypto(Array(messages[4...]))))
    #expect(datagrams.faults.count == 1)
  }

  @Test("Octets at the port of QUIC that are none are left alone")
  func others() {
    // A query of NTP with leap indicator 3, RTP, a query of DNS with a high identifier, STUN, noise.
    let ntp = [0xe3] + [UInt8](repeating: 0, count: 47)
    let others: [[UInt8]] = [
      ntp, Octets.hex("80000001 00000001 00000001 00000001"),
      Octets.hex("c610 0100 0001 0000 0000 0000 01320d"), Octets.hex("00010000 2112a442"),
      [UInt8](repeating: 0xff, count: 60), [0xc0, 0, 0, 0, 1], [0xc0, 0, 0, 0, 1, 21],
    ]
    for datagram in others {
      var datagrams = DecodedDatagrams(port: 443)
      datagrams.send(.client, datagram)
      #expect(datagrams.quic == [] && datagrams.faults == [], "\(datagram)")
      #expect(datagrams.batch.text.isEmpty)
    }
  }

  @Test("Connections are bounded: the one that was silent longest goes first")
  func connections() throws {
    var table = QUICTable(limit: 2)
    var batch = RecordBatch()
    func send(_ isClient: Bool, _ port: UInt16) throws {
      var record = PacketRecord(number: Int64(port), timestamp: 0, offset: 0)
      record.network.source = NetworkAddress(ipv4: isClient ? 1 : 2)
      record.network.destination = NetworkAddress(ipv4: isClient ? 2 : 1)
      record.transport.sourcePort = isClient ? port : 443
      record.transport.destinationPort = isClient ? 443 : port
      let octets = isClient ? QUICSamples.client : QUICSamples.server
      let isRead = reading(octets) {
        table.read($0, of: record, PayloadContext(record), into: &batch)
      }
      #expect(isRead)
    }
    for port in [1, 2, 1, 3] as [UInt16] { try send(true, port) }
    #expect(table.count == 2)
    for port in [1, 3, 2] as [UInt16] { try send(false, port) }
    #expect(batch.quic.suffix(3).map(\.isDecrypted) == [true, true, false])
  }

  @Test("Octets that connections keep are bounded, and let go of")
  func octets() throws {
    var table = QUICTable(octetLimit: 2000)
    var batch = RecordBatch()
    for port in 1...5 as ClosedRange<UInt16> {
      var record = PacketRecord(number: Int64(port), timestamp: 0, offset: 0)
      (record.network.source, record.network.destination) = (
        NetworkAddress(ipv4: 1), NetworkAddress(ipv4: 2)
      )
      (record.transport.sourcePort, record.transport.destinationPort) = (port, 443)
      let octets = try QUIC.initial(.client, QUIC.crypto([1], at: 899))
      _ = reading(octets) {
        table.read($0, of: record, PayloadContext(record), into: &batch)
      }
    }
    #expect(table.octets == 1800 && table.count == 2)
  }

  @Test("Changed octets, in headers and under valid protection, trap nothing")
  func mutated() throws {
    var random = SystemRandomNumberGenerator()
    let acknowledgment = Octets.hex("02 09 01 01 00 01 01")
    let frames =
      acknowledgment + QUIC.crypto(QUICSamples.clientHello) + QUIC.close(7, "why")
    let datagram =
      try QUIC.initial(.client, frames) + QUIC.opaque(1, QUIC.firstID, [])
      + QUIC.opaque(2, QUIC.firstID, [1, 2, 3])
    var datagrams = DecodedDatagrams(port: 443)
    for round in 0..<1000 {
      var octets = datagram
      var plain = frames
      for _ in 0...round % 4 {
        octets[Int.random(in: 0..<octets.count, using: &random)] = .random(in: 0...255)
        octets[Int.random(in: 0..<30, using: &random)] = .random(in: 0...255)
        plain[Int.random(in: 0..<plain.count, using: &random)] = .random(in: 0...255)
      }
      datagrams.send(.client, octets)
      let cut = plain.prefix(.random(in: 0...plain.count, using: &random))
      datagrams.send(.client, try QUIC.initial(.client, Array(cut)), from: round)
    }
    #expect(datagrams.batch.packets.count == 2000)
    #expect(datagrams.batch.quic.contains { $0.isDecrypted == true })
  }
}
