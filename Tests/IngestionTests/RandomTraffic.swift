import CaseFixtures

/// Traffic made at random, of few ends, identifiers, names and steps of time, so that rules meet: what
/// asks again, answers late, is seen twice, or refuses by a quote that is too short. The same seed
/// makes the same captures.
struct RandomTraffic {
  private var state: UInt64
  private let names = ["a.example", "b.example"]
  private let clients = [Endpoint("192.0.2.10", 40_000), Endpoint("192.0.2.10", 40_001)]
  /// One that asks over TCP, and the number of its next octet; the server's.
  private let clientOverTCP = Endpoint("192.0.2.10", 40_002)
  private var sequences: [UInt32] = [1, 1]
  private let servers = [Endpoint("198.51.100.53", 53), Endpoint("198.51.100.54", 53)]
  /// Milliseconds, of which one capture uses three.
  private let steps: [Int64] = [0, 0, 1, 200, 500, 1000, 5000, 20_000, 30_000, 31_000, 60_000]

  init(seed: UInt64) { state = seed }

  /// Knuth's linear congruential generator (MMIX), of which the high bits are used.
  private mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }

  private mutating func one<Element>(of elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// One to three pcapng files that show parts of the same traffic.
  mutating func captures() -> [[UInt8]] {
    let traffic = traffic()
    return (0...below(3)).map { _ in capture(of: traffic) }
  }

  /// Two to four pcap files of one interface each, in the order of time.
  mutating func capturesInOrder() -> [[UInt8]] {
    let traffic = traffic()
    return (0...(1 + below(3))).map { _ in captureInOrder(of: traffic) }
  }

  private mutating func traffic() -> [(time: Int64, frame: Frame)] {
    sequences = [1, 1]
    var (time, traffic) = (CaptureFile.noon, [(time: Int64, frame: Frame)]())
    let used = [one(of: steps), one(of: steps), one(of: steps)]
    var asked: [Frame] = []
    let mostlyTCP = below(3) == 0
    for _ in 0..<(10 + below(40)) {
      time += one(of: used) * 1_000_000
      traffic.append((time, frame(after: &asked, mostlyTCP)))
    }
    return traffic
  }

  private mutating func frame(after asked: inout [Frame], _ mostlyTCP: Bool) -> Frame {
    let (client, server) = (one(of: clients), one(of: servers))
    let identification = UInt16(below(3))
    if mostlyTCP, below(4) > 0 {
      let flags: UInt8 = one(of: [2, 2, 18, 16, 17, 4])
      let (from, to) = below(2) == 0 ? (client, server) : (server, client)
      return .tcp(
        from, to, flags: flags, sequence: UInt32(below(3)), identification: identification)
    }
    let (id, name) = (UInt16(below(2)), one(of: names))
    let query = Frame.query(client, server, id: id, name, identification: identification)
    if below(4) == 0 {
      let segment = segment(identification)
      if below(2) == 0 { asked.append(segment) }
      return segment
    }
    switch below(10) {
    case 0..<5:
      asked.append(query)
      return query
    case 5..<7: return .answer(server, client, id: id, name, identification: identification)
    default:
      return .icmp(
        "192.0.2.1", type: 3, code: one(of: [3, 13, 4]), quoting: asked.last ?? query,
        octets: one(of: [20, 28, 30, 40, 46, 200]))
    }
  }

  /// One to three queries of one segment, or as many answers.
  private mutating func segment(_ identification: UInt16) -> Frame {
    let side = below(2)
    let messages = (0...below(3)).map { _ in
      let (id, name) = (UInt16(below(3)), one(of: names))
      return side == 0
        ? Frame.query(clientOverTCP, servers[0], id: id, name)
        : .answer(servers[0], clientOverTCP, id: id, name)
    }
    let segment = Frame.overTCP(
      messages, sequence: sequences[side], acknowledgment: sequences[1 - side],
      identification: identification)
    sequences[side] &+= UInt32(segment.datagram.count - 40)
    return segment
  }

  /// What one capture of two interfaces shows: some packets not, some at both, by a clock of its own.
  private mutating func capture(of traffic: [(time: Int64, frame: Frame)]) -> [UInt8] {
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "in")
    file.interface(linkType: 1, name: "out")
    let offset: Int64 = one(of: [0, 0, 1, 130, 500, 1000])
    let (first, mostly) = (below(2) == 0 ? 0 : below(traffic.count), UInt64(below(2)))
    for (time, frame) in traffic[first...] where below(6) > 0 {
      let shown = time + (offset + Int64(below(2))) * 1_000_000
      if below(20) == 0 { file.simplePacket(frame.octets) }
      let interface = below(4) == 0 ? 1 - mostly : mostly
      file.packet(interface: interface, time: shown, frame.octets)
      if below(3) == 0 {
        file.packet(interface: 1 - interface, time: shown + 1_000_000, frame.octets)
      }
    }
    return file.octets
  }

  /// What one interface shows: some packets not, by a clock of its own that may run unsteadily.
  private mutating func captureInOrder(of traffic: [(time: Int64, frame: Frame)]) -> [UInt8] {
    let offset: Int64 = one(of: [0, 0, 1, 130, 500, 1000])
    let isUnsteady = below(2) == 0
    let first = below(2) == 0 ? 0 : below(traffic.count)
    let shown = traffic[first...].filter { _ in below(6) > 0 }.map { time, frame in
      (time: time + (offset + (isUnsteady ? Int64(below(2)) : 0)) * 1_000_000, frame: frame)
    }
    var file = CaptureFile()
    for (time, frame) in shown.sorted(by: { $0.time < $1.time }) {
      file.add((time - CaptureFile.noon) / 1_000_000, frame)
    }
    return file.octets
  }
}
