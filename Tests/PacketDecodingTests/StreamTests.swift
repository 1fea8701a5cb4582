import Foundation
import Testing

@testable import PacketDecoding

/// SSH's identifications are what is looked for: lines, RFC 4253, 4.2.
@Suite("TCP streams")
struct StreamTests {
  private static let banner = "SSH-2.0-OpenSSH_9.6p1 Debian-4\r\n"

  private func banners(_ stream: DecodedStream) -> [String] {
    stream.batch.ssh.map {
      "\($0.packetNumber) \(stream.text($0.protocolVersion) ?? "") \(stream.text($0.software) ?? "")"
    }
  }

  @Test("A message in one segment is of that packet, with its parts")
  func inOneSegment() {
    var stream = DecodedStream(port: 22)
    stream.send(.server, Self.banner)
    #expect(banners(stream) == ["4 2.0 OpenSSH_9.6p1"])
    #expect(stream.text(stream.batch.ssh.first?.comments) == "Debian-4")
    #expect(stream.reached == [.tcp, .tcp, .tcp, .ssh])
  }

  @Test(
    "A message in several segments is of the packet that completes it, in whatever order they come")
  func inSeveralSegments() {
    let octets = Array(Self.banner.utf8)
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1, 2, 0]] {
      var stream = DecodedStream(port: 22)
      for piece in order {
        let range = piece * 11..<min(octets.count, piece * 11 + 11)
        stream.segment(.server, at: 9000 + range.lowerBound, Array(octets[range]))
      }
      // The packet behind the handshake by which all three had come.
      let last = 3 + (1...order.count).first { Set(order.prefix($0)).count == 3 }!
      #expect(banners(stream) == ["\(last) 2.0 OpenSSH_9.6p1"], "\(order)")
      #expect(stream.faults == [])
    }
  }

  @Test("Of octets that come twice, the first count; a segment may bring old and new ones")
  func overlap() {
    var stream = DecodedStream(port: 22)
    stream.send(.server, "SSH-2.0-Open")
    stream.segment(.server, at: 9000, Array("SSH-9.9-ShutSSH_1\r\n".utf8))
    #expect(banners(stream) == ["5 2.0 OpenSSH_1"])
  }

  @Test("A keep-alive's octet is none of the stream")
  func keepAlive() {
    var stream = DecodedStream(port: 22)
    stream.send(.server, "SSH-2.0-")
    stream.segment(.server, at: 9007, [0])
    stream.send(.server, "OpenSSH_1\r\n")
    #expect(banners(stream) == ["6 2.0 OpenSSH_1"])
  }

  @Test("Octets that the other end has, and the capture has not, are given up and told once")
  func gap() {
    var stream = DecodedStream(port: 22)
    stream.send(.server, "SSH-2.0-Op")
    stream.lose(.server, 8)
    stream.send(.server, "more\r\n")
    #expect(stream.faults == [])
    stream.segment(.client, at: 1000, acknowledging: stream.next.server)
    #expect(
      stream.faults == [
        "6 incomplete: octets of the stream were not captured; messages in them are not read: 8"
      ])
    #expect(banners(stream) == [])
  }

  @Test("What waited behind a gap is of its own packet, whoever tells that the gap stays")
  func ownPacket() {
    var stream = DecodedStream(port: 80)
    stream.send(.client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    stream.lose(.server, 8)
    stream.send(.server, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(stream.batch.http.map(\.packetNumber) == [4])
    stream.segment(.client, at: stream.next.client, acknowledging: stream.next.server)
    #expect(stream.batch.http.map(\.packetNumber) == [4, 5])
    #expect(stream.reached == [.tcp, .tcp, .tcp, .http, .http, .tcp])
  }

  @Test("What nobody acknowledges is waited for three seconds, and told at the capture's end")
  func patience() {
    var stream = DecodedStream(port: 22)
    stream.send(.server, "SSH-2.0-Op")
    stream.lose(.server, 8)
    stream.send(.server, "more\r\n")
    var early = stream
    early.finish()
    #expect(
      early.faults == [
        "5 incomplete: octets before it were not captured; it and what follows is not read: 8"
      ])
    stream.wait(seconds: 4)
    stream.segment(.client, at: 1000, acknowledging: 9000)
    #expect(
      stream.faults == [
        "6 incomplete: octets of the stream were not captured; messages in them are not read: 8"
      ])
    stream.finish()
    #expect(stream.faults.count == 1)
  }

  @Test("What a short capture holds of a segment is read, and the rest is a gap")
  func cutSegment() {
    var stream = DecodedStream(port: 22)
    stream.segment(.server, at: 9000, Array((Self.banner + "12345678").utf8), captured: 32)
    #expect(banners(stream) == ["4 2.0 OpenSSH_9.6p1"])
    #expect(stream.faults == [])
  }

  @Test("A connection whose beginning was not captured is read from where it begins")
  func midstream() {
    var stream = DecodedStream(port: 22, isOpened: false)
    stream.send(.server, Self.banner)
    #expect(banners(stream) == ["1 2.0 OpenSSH_9.6p1"])
  }

  @Test("Ports that are used again are a connection of its own")
  func portsUsedAgain() {
    var stream = DecodedStream(port: 22)
    stream.send(.server, Self.banner)
    stream.send(.client, Self.banner)
    stream.segment(.client, at: 70_000, flags: 0x02)
    stream.segment(.server, at: 80_000, flags: 0x12)
    stream.segment(.server, at: 80_001, Array(Self.banner.utf8))
    #expect(stream.batch.ssh.map(\.packetNumber) == [4, 5, 8])
  }

  @Test("Sequence numbers go on from 2^32 to 0")
  func wrappedNumbers() {
    var stream = DecodedStream(port: 22, isOpened: false)
    let octets = Array(Self.banner.utf8)
    stream.segment(.server, at: 0xffff_fffa, flags: 0x12)
    stream.segment(.server, at: 3, Array(octets[8...]))
    stream.segment(.server, at: 0xffff_fffb, Array(octets[..<8]))
    #expect(banners(stream) == ["3 2.0 OpenSSH_9.6p1"])
  }

  @Test("With headers alone no stream is put together")
  func headersAlone() {
    var stream = DecodedStream(port: 22, depth: .headers)
    stream.send(.server, Self.banner)
    #expect(stream.batch.ssh.isEmpty)
    #expect(stream.reached.last == .tcp)
  }

  @Test("A DNS message over two segments is read, and two messages in one")
  func dns() {
    let query = Octets.dns(Octets.question(Octets.name("www", "example")))
    let message = Octets.two(query.count) + query
    var stream = DecodedStream(port: 53)
    stream.send(.client, Array(message[..<9]))
    stream.send(.client, Array(message[9...]))
    #expect(stream.batch.dns.map(\.packetNumber) == [5])
    #expect(stream.reached.suffix(2) == [.tcp, .dns])
    let other = Octets.two(query.count) + [0x99, 0x99] + query.dropFirst(2)
    stream.send(.client, message + other + message.prefix(3))
    stream.send(.client, Array(message.dropFirst(3)))
    #expect(stream.batch.dns.map(\.packetNumber) == [5, 6, 6, 7])
    #expect(stream.batch.dns.map { $0.identifier == 0x9999 } == [false, false, true, false])
    var headers = DecodedStream(port: 53, depth: .headers)
    headers.send(.client, message + other + message.prefix(30))
    #expect(headers.batch.dns.map { $0.identifier == 0x9999 } == [false, true])
  }

  @Test("Ten thousand connections that never complete a message keep bounded octets")
  func boundedMemory() {
    var (table, batch) = (StreamTable(limit: 512, octetLimit: 1 << 20), RecordBatch())
    var record = PacketRecord(number: 1, timestamp: 0, offset: 0)
    record.network.source = NetworkAddress(ipv4: 0xc000_020a)
    record.network.destination = NetworkAddress(ipv4: 0xc633_6407)
    record.transport.destinationPort = 22
    let octets = Array("SSH-".utf8) + Array(repeating: UInt8(ascii: "x"), count: 200)
    for port in 0..<10_000 {
      record.transport.sourcePort = UInt16(port)
      let context = PayloadContext(record)
      for piece in 0..<40 {
        // What is missing between them never comes.
        let segment = StreamSegment(
          sequence: UInt32(piece * 400), acknowledgment: nil, flags: [.ack], length: 204)
        _ = reading(octets) { table.add(segment, $0, of: record, context, into: &batch) }
      }
      #expect(table.octets <= 1 << 20 + StreamDirection.mostAhead)
    }
    #expect(table.count <= 512)
    #expect(batch.faults.contains { $0.message.contains("for want of room") })
  }
}
