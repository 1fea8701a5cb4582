import Foundation
import Testing

@testable import PacketDecoding

@Suite("Decoding packets")
struct PacketDecoderTests {
  /// Packets of many kinds, by link type: what others of this module's tests decode.
  static let frames: [(link: LinkType, octets: [UInt8])] = [
    (.ethernet, ARPPacketTests.request), (.ethernet, ICMPMessageTests.portUnreachable),
    (.ethernet, ICMPMessageTests.portUnreachable6), (.ethernet, IPv6DatagramTests.chain),
    (.ethernet, Octets.hex(DNSMessageTests.query)),
    (.ethernet, Octets.hex(DNSMessageTests.response)),
    (.raw, Octets.ipv4(6, Octets.tcp(Octets.two(Octets.query.count) + Octets.query))),
    (.raw, Octets.ipv4(6, Octets.tcp(flags: 2, options: Octets.hex("020405b40103030704020101")))),
    (.linuxCooked, Octets.hex("0000000100060200000000aa00000800" + LinkLayerTests.ipv4)),
    (.linuxCooked2, Octets.hex("86dd000000000003000104060200000000aa0000" + LinkLayerTests.ipv6)),
    (.null, Octets.hex("02000000" + LinkLayerTests.ipv4)),
    (.loop, Octets.hex("00000018" + LinkLayerTests.ipv6)),
    (
      .ethernet,
      Octets.ethernet(
        tags: [(0x88a8, 1), (0x8100, 2), (0x8100, 3)], Octets.hex(LinkLayerTests.ipv4))
    ),
    (
      .raw,
      Octets.ipv6(44, Octets.hex("11000001deadbeef") + Octets.udp(Octets.query, length: 3000))
    ),
  ]

  @Test("Every whole packet is one record without a fault")
  func whole() {
    for (link, octets) in Self.frames {
      let frame = DecodedFrame(octets, link: link)
      #expect(frame.batch.packets.count == 1 && frame.faults == [])
    }
  }

  @Test("A packet that the capture cuts anywhere has no malformed fault, and at most one")
  func cutAnywhere() {
    for (link, octets) in Self.frames {
      for count in 0..<octets.count {
        let frame = DecodedFrame(Array(octets.prefix(count)), link: link, length: octets.count)
        #expect(frame.batch.packets.count == 1 && frame.batch.faults.count <= 1)
        #expect(frame.batch.faults.allSatisfy { $0.kind == .cut }, "\(link), \(count) octets")
        #expect(frame.batch.faults.allSatisfy { (0...count).contains(Int($0.offset)) })
      }
    }
  }

  @Test("A packet that the sender cuts anywhere has no cut fault")
  func shortAnywhere() {
    for (link, octets) in Self.frames {
      for count in 0..<octets.count {
        let frame = DecodedFrame(Array(octets.prefix(count)), link: link)
        #expect(frame.batch.faults.allSatisfy { $0.kind == .malformed }, "\(link), \(count) octets")
        // What ICMP quotes may end anywhere, but IP's total length says that there is more.
        #expect(!frame.batch.faults.isEmpty, "\(link), \(count) octets")
      }
    }
  }

  @Test("The record repeats what the capture says of the packet")
  func description() {
    var (decoder, batch) = (PacketDecoder(), RecordBatch())
    let frame = Frame(
      number: 7, timestamp: 1_700_000_000_123_456_789, offset: 4096, length: 1514, interface: 2,
      linkType: 1)
    decoder.decode(Data(ARPPacketTests.request).bytes, of: frame, into: &batch)
    let packet = batch.packets[0]
    #expect(packet.number == 7 && packet.timestamp == 1_700_000_000_123_456_789)
    #expect(packet.offset == 4096 && packet.length == 1514 && packet.capturedLength == 42)
    #expect(packet.interface == 2 && batch.arp[0].packetNumber == 7)
  }

  @Test("One packet leaves nothing in the next")
  func reuse() {
    // Streams go on from packet to packet.
    var (decoder, reused) = (PacketDecoder(depth: .headers), RecordBatch())
    for (index, (link, octets)) in (Self.frames + Self.frames.reversed()).enumerated() {
      reused.removeAll()
      let frame = Frame(
        number: 1, timestamp: 0, offset: 0, length: Int64(octets.count + index % 2 * 10),
        interface: 0, linkType: link.rawValue)
      decoder.decode(Data(octets).bytes, of: frame, into: &reused)
      var (fresh, once) = (RecordBatch(), PacketDecoder(depth: .headers))
      once.decode(Data(octets).bytes, of: frame, into: &fresh)
      #expect(reused.packets == fresh.packets && reused.faults == fresh.faults)
      #expect(reused.dns == fresh.dns && reused.icmp == fresh.icmp && reused.arp == fresh.arp)
      #expect(reused.text == fresh.text)
    }
  }

  @Test("A batch holds the packets in their order, each with its own text")
  func batch() {
    var (decoder, batch) = (PacketDecoder(), RecordBatch())
    for number in 1...3 {
      let name = Octets.name("host\(number)")
      let octets = Octets.ipv4(17, Octets.udp(Octets.dns(Octets.question(name))))
      decoder.decode(
        Data(octets).bytes,
        of: Frame(
          number: Int64(number), timestamp: nil, offset: 0, length: Int64(octets.count),
          interface: 0, linkType: LinkType.raw.rawValue), into: &batch)
    }
    #expect(
      batch.packets.map(\.number) == [1, 2, 3] && batch.dns.map(\.packetNumber) == [1, 2, 3])
    #expect(batch.dns.compactMap(\.questionName).map(batch.string) == ["host1", "host2", "host3"])
    batch.removeAll()
    #expect(batch.packets.isEmpty && batch.dns.isEmpty && batch.text.isEmpty)
    // A range of a batch that was emptied is nothing, and no trap.
    #expect(batch.string(TextRange(start: 3, count: 9)) == "")
    #expect(batch.string(TextRange(start: -1, count: .max)) == "")
  }

  @Test("A length on the wire that cannot be does no harm", arguments: [.min, -1, 0, Int.max])
  func lengths(length: Int) {
    for (link, octets) in Self.frames {
      #expect(DecodedFrame(octets, link: link, length: length).batch.packets.count == 1)
    }
    let offload = Octets.ipv4(6, Octets.tcp(7, 9, [1]), total: 0)
    let frame = DecodedFrame(offload, link: .raw, length: length)
    #expect(frame.packet.transport.payloadLength == (length == .max ? .max : 1))
  }
}

@Suite("Packets as others recorded them, and damaged")
struct DamagedPacketTests {
  /// What must hold of every batch, whatever was decoded.
  private func check(_ batch: RecordBatch, _ octets: [UInt8], _ place: Comment?) {
    #expect(batch.packets.count == 1, place)
    var ranges = batch.dns.flatMap { [$0.questionName, $0.answers, $0.authority, $0.additional] }
    ranges += batch.icmp.map { $0.quoted?.dnsQuestionName }
    for range in ranges.compactMap({ $0 }) {
      #expect(range.start >= 0 && range.count > 0, place)
      #expect(Int(range.start) + Int(range.count) <= batch.text.count, place)
    }
    for fault in batch.faults {
      #expect(fault.offset >= 0 && Int(fault.offset) <= octets.count, "\(fault.message)")
    }
    #expect(batch.faults.count <= 5, place)
    #expect(batch.text.allSatisfy { $0 >= 0x20 && $0 != 0x7f }, place)
    #expect(String(validating: batch.text, as: UTF8.self) != nil, place)
    for packet in batch.packets {
      _ = ConversationKey(of: packet, domain: 0)
      #expect(packet.transport.payloadLength ?? 0 >= 0, place)
    }
  }

  @Test(
    "Every packet of the captures beside the repository is decoded, whole and cut",
    .beside("captures"))
  func sharedCaptures() {
    var reached: Set<ProtocolName> = []
    for packet in SharedPackets.all {
      let place: Comment = "\(packet.capture), packet \(packet.number)"
      for count in [packet.octets.count, packet.octets.count / 2, 60, 34, 20, 14, 1] {
        let octets = Array(packet.octets.prefix(count))
        let frame = DecodedFrame(octets, linkType: packet.linkType, length: Int(packet.length))
        check(frame.batch, octets, place)
        reached.insert(frame.reached)
      }
    }
    #expect(SharedPackets.all.count > 4000)
    // No capture there has the first two; where nothing is inside of the others, it is UDP.
    let carriers = ProtocolName.allCases.filter { !$0.isApplication }
    #expect(
      reached.filter { !$0.isApplication }
        == Set(carriers).subtracting([.pppoed, .teredo, .vxlan, .geneve, .gtp]))
  }

  @Test("No packet makes the decoder trap or run on, whatever was done to it")
  func mutations() {
    var numbers = Numbers()
    let seeds = PacketDecoderTests.frames.map { ($0.link.rawValue, $0.octets) }
    let links: [Int32] = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276]
    var (faults, messages) = (0, 0)
    for _ in 0..<20_000 {
      var (link, octets) = seeds[numbers.next(below: seeds.count)]
      for _ in 0...numbers.next(below: 5) {
        if octets.isEmpty { octets = [0] }
        let place = numbers.next(below: octets.count)
        switch numbers.next(below: 7) {
        case 0: octets[place] ^= 1 << UInt8(numbers.next(below: 8))
        case 1: octets[place] = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff][numbers.next(below: 8)]
        case 2: octets.removeSubrange(place...)
        case 3: octets.removeSubrange(place..<min(octets.count, place + numbers.next(below: 9)))
        case 4:
          let lengths = [0, 1, 7, 8, 19, 20, 40, 0x8000, 0xc00c, 0xffff, octets.count]
          octets.insert(
            contentsOf: Octets.two(lengths[numbers.next(below: lengths.count)]), at: place)
        case 5:
          let other = seeds[numbers.next(below: seeds.count)].1
          octets.replaceSubrange(place..., with: other.suffix(numbers.next(below: other.count)))
        default:
          if numbers.next(below: 4) == 0 { link = links[numbers.next(below: links.count)] }
        }
      }
      let length = [octets.count, octets.count + 40, 0, 0xffff_ffff][numbers.next(below: 4)]
      let frame = DecodedFrame(octets, linkType: link, length: length)
      check(frame.batch, octets, "\(octets)")
      faults += frame.batch.faults.count
      messages += frame.batch.dns.count + frame.batch.icmp.count
    }
    #expect(faults > 5000 && messages > 2000)
  }
}
