import Testing

@testable import PacketDecoding

/// A UDP datagram with a DNS query for a long name, cut into fragments by hand: RFC 791, RFC 8200.
@Suite("Fragments of datagrams")
struct ReassemblyTests {
  /// Datagrams, 1 ms apart, and the questions that they hold.
  private struct Capture {
    private var frames = DecodedCapture()

    mutating func add(
      _ datagram: [UInt8], after milliseconds: Int64 = 1, isRepetition: Bool = false
    ) {
      frames.add(
        Octets.ethernet(type: datagram.first == 0x45 ? 0x0800 : 0x86dd, datagram),
        after: milliseconds * 1_000_000, isRepetition: isRepetition)
    }

    mutating func finish() { frames.finish() }

    var batch: RecordBatch { frames.batch }
    var fragments: FragmentStore { frames.decoder.fragments }
    var reached: [ProtocolName] { frames.reached }
    var questions: [String?] { batch.dns.map { $0.questionName.map(batch.string) } }
    var faults: [String] { frames.faults }
  }

  private static let payload = Octets.udp(
    Octets.dns(Octets.question(Octets.name(String(repeating: "a", count: 40), "example"))))

  /// `payload[range]` as a fragment.
  private static func ipv4(_ range: Range<Int>, of payload: [UInt8] = payload, id: Int = 7)
    -> [UInt8]
  {
    let more = range.upperBound < payload.count ? 0x2000 : 0
    var datagram = Octets.ipv4(
      17, Array(payload[range]), fragment: more | range.lowerBound / 8)
    datagram.replaceSubrange(4..<6, with: Octets.two(id))
    return datagram
  }

  private static func ipv6(_ range: Range<Int>) -> [UInt8] {
    let more = range.upperBound < payload.count ? 1 : 0
    return Octets.ipv6(
      44, [17, 0] + Octets.two(range.lowerBound | more) + Octets.four(7) + payload[range])
  }

  private static let cuts = [0..<24, 24..<48, 48..<payload.count]
  private static let name = String(repeating: "a", count: 40) + ".example"

  @Test(
    "In any order, the last to come holds what the datagram carries",
    arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]])
  func orders(_ order: [Int]) {
    for isVersion6 in [false, true] {
      var capture = Capture()
      for index in order {
        capture.add(isVersion6 ? Self.ipv6(Self.cuts[index]) : Self.ipv4(Self.cuts[index]))
      }
      capture.finish()
      #expect(capture.questions == [Self.name] && capture.faults == [])
      #expect(capture.batch.dns.first?.packetNumber == 3 && capture.reached.last == .dns)
      // The UDP header is told once, by the packet that holds it.
      let lengths = capture.batch.packets.compactMap(\.transport.payloadLength)
      #expect(lengths == [Int32(Self.payload.count - 8)])
      #expect(capture.batch.packets.last?.transport.destinationPort == 53)
    }
  }

  @Test("A fragment behind the first gets the ports of its datagram, and belongs to its flow")
  func ports() {
    var capture = Capture()
    capture.add(Self.ipv4(Self.cuts[0]))
    capture.add(Self.ipv4(Self.cuts[1]))
    #expect(capture.batch.packets.map(\.transport.sourcePort) == [50_001, 50_001])
    #expect(capture.batch.packets.map(\.network.fragment?.offset) == [0, 24])
  }

  @Test("A segment in fragments is one segment")
  func segment() {
    let segment = Octets.tcp([UInt8](repeating: 1, count: 60))
    func fragment(_ range: Range<Int>) -> [UInt8] {
      var datagram = Self.ipv4(range, of: segment)
      datagram[9] = 6
      return datagram
    }
    var capture = Capture()
    capture.add(fragment(0..<40))
    capture.add(fragment(40..<80))
    #expect(capture.batch.packets.map { $0.transport.tcp?.sequence } == [nil, 77])
    #expect(capture.batch.packets.compactMap(\.transport.payloadLength) == [60])
  }

  @Test("A ping in fragments is one message, in any order", arguments: [[0, 1], [1, 0]])
  func ping(_ order: [Int]) {
    let echo = Octets.icmp(8, 0, rest: [0, 1, 0, 2], [UInt8](repeating: 1, count: 40))
    let fragments = [0..<24, 24..<48].map { range in
      var datagram = Self.ipv4(range, of: echo)
      datagram[9] = 1
      return datagram
    }
    var capture = Capture()
    for index in order { capture.add(fragments[index]) }
    #expect(capture.batch.icmp.map(\.sequence) == [2] && capture.faults == [])
    // It stands with the packet that holds its header.
    #expect(capture.batch.icmp.first?.packetNumber == Int64(order[0] + 1))
  }

  @Test("A missing fragment is told at the end, of the packet that came first")
  func missing() {
    var capture = Capture()
    capture.add(Self.ipv4(Self.cuts[0]))
    capture.add(Self.ipv4(Self.cuts[2]))
    #expect(capture.faults == [])
    capture.finish()
    #expect(
      capture.faults == [
        "1 incomplete: fragments are missing; octets of the datagram's payload: 50, expected 74"
      ])
    #expect(capture.questions == [])
  }

  @Test("What waited for more than 30 s is given up, and its identification begins anew")
  func patience() {
    var capture = Capture()
    capture.add(Self.ipv4(Self.cuts[0]))
    for cut in Self.cuts { capture.add(Self.ipv4(cut), after: 30_001) }
    #expect(capture.questions == [])
    var patient = Capture()
    for cut in Self.cuts { patient.add(Self.ipv4(cut), after: 14_000) }
    #expect(patient.questions == [Self.name])
  }

  @Test("Fragments that overlap are not put together, and a fault says so", arguments: [16, 32])
  func overlapping(start: Int) {
    var capture = Capture()
    capture.add(Self.ipv4(Self.cuts[0]))
    capture.add(Self.ipv4(Self.cuts[1]))
    capture.add(Self.ipv4(start..<Self.payload.count))
    capture.add(Self.ipv4(Self.cuts[2]))
    capture.finish()
    #expect(
      capture.faults == [
        "3 malformed: a fragment overlaps another; their datagram is not put together"
      ])
    #expect(capture.questions == [])
  }

  @Test("A fragment that comes again to the octet does no harm; with other octets it is an overlap")
  func repeated() {
    var capture = Capture()
    for index in [0, 0, 1, 0, 1, 2] { capture.add(Self.ipv4(Self.cuts[index])) }
    #expect(capture.questions == [Self.name] && capture.faults == [])
    var forged = Capture()
    forged.add(Self.ipv4(Self.cuts[0]))
    var other = Self.ipv4(Self.cuts[0])
    other[40] ^= 1
    forged.add(other)
    #expect(forged.faults.count == 1)
  }

  @Test("A mirrored port's copies do not begin a datagram anew")
  func mirrored() {
    var capture = Capture()
    for cut in Self.cuts {
      capture.add(Self.ipv4(cut))
      capture.add(Self.ipv4(cut), isRepetition: true)
    }
    capture.finish()
    #expect(capture.questions == [Self.name] && capture.faults == [])
    #expect(capture.batch.packets.allSatisfy { $0.transport.sourcePort == 50_001 })
  }

  @Test("Datagrams of one identification, but other ends or another place, are kept apart")
  func apart() {
    var capture = Capture()
    var other = Self.ipv4(Self.cuts[0])
    other[15] = 99
    capture.add(Self.ipv4(Self.cuts[2]))
    capture.add(other)
    capture.add(Self.ipv4(Self.cuts[1]))
    #expect(capture.questions == [])
    capture.add(Self.ipv4(Self.cuts[0]))
    #expect(capture.questions == [Self.name])
  }

  @Test("A fragment beyond 65,535 octets, or beyond the last one, is refused")
  func tooLong() {
    let giant = [UInt8](repeating: 0, count: 65_600)
    var capture = Capture()
    capture.add(Self.ipv4(65_528..<65_600, of: giant))
    var behind = Capture()
    behind.add(Self.ipv4(Self.cuts[2]))
    behind.add(Self.ipv4(80..<96, of: giant))
    for faults in [capture.faults, behind.faults] {
      #expect(faults.count == 1 && faults.first?.contains("does not fit") == true)
    }
  }

  @Test("A tunnel's datagram in fragments is opened once it is whole")
  func tunnel() {
    let inner = Octets.hex(LinkLayerTests.ipv4)
    let gre = Octets.hex("00000800") + inner
    var (first, second) = (Self.ipv4(0..<16, of: gre), Self.ipv4(16..<gre.count, of: gre))
    (first[9], second[9]) = (47, 47)
    var capture = Capture()
    capture.add(first)
    capture.add(second)
    #expect(capture.reached == [.ip, .udp])
    #expect(capture.batch.encapsulations.map(\.packetNumber) == [2])
    #expect(capture.batch.packets.last?.transport.destinationPort == 9)
  }

  @Test("Datagrams that complete leave nothing behind, though an older one waits for its end")
  func completing() {
    var capture = Capture()
    capture.add(Self.ipv4(Self.cuts[0], id: 65_535), after: 0)
    for id in 0..<10_000 {
      for cut in Self.cuts { capture.add(Self.ipv4(cut, id: id), after: 0) }
      #expect(capture.fragments.placeCount <= FragmentStore.mostPlaces)
    }
    #expect(capture.fragments.count == 1 && capture.batch.dns.count == 10_000)
  }

  @Test("A datagram of an identification that was used before is not taken for the older one")
  func usedAgain() {
    var capture = Capture()
    for cut in Self.cuts { capture.add(Self.ipv4(cut, id: 1), after: 0) }
    capture.add(Self.ipv4(Self.cuts[0], id: 2), after: 0)
    capture.add(Self.ipv4(Self.cuts[0], id: 1), after: 20_000)
    // 30.001 s after the second datagram's beginning, which is the fourth packet.
    capture.add(Self.ipv4(Self.cuts[0], id: 3), after: 10_001)
    #expect(capture.batch.faults.map(\.packetNumber) == [4])
  }

  @Test("10,000 half-open datagrams cost bounded memory, and each that goes is told")
  func flood() {
    var capture = Capture()
    let large = [UInt8](repeating: 0, count: 65_528)
    for id in 0..<10_000 {
      capture.add(Self.ipv4(57_344..<58_824, of: large, id: id), after: 0)
      #expect(capture.fragments.octets <= FragmentStore.mostOctets + 65_536)
      #expect(capture.fragments.count <= FragmentStore.mostDatagrams + 1)
    }
    capture.finish()
    #expect(capture.batch.faults.count == 10_000 && capture.fragments.octets == 0)
    #expect(Set(capture.batch.faults.map(\.packetNumber)).count == 10_000)
  }
}
