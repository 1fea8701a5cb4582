import CaseFixtures
import CaseStore
import Testing

@testable import Investigations

/// What the investigations of flows and of ICMP tell apart, beyond their trials. Rows are worked out
/// by hand.
@Suite("Investigations of who reaches whom")
struct ReachTests {
  let folder: CaseFolder
  let a = "192.0.2.10"
  let host = "198.51.100.80"

  init() throws { folder = try CaseFolder() }

  @Test("flow-port-scan: UDP ports that an ICMP error refused, and that are silent, are told apart")
  func udpScan() throws {
    var capture = CaptureFile()
    for port in 1...15 as ClosedRange<UInt16> {
      let probe = Frame.udp(Endpoint(a, 50_000), Endpoint(host, port), identification: port, [0])
      capture.add(Int64(port) * 1000, probe)
      if port <= 5 {
        capture.add(Int64(port) * 1000 + 1, .unreachable(host, code: 3, quoting: probe))
      }
    }
    let told = try Told("flow-port-scan", folder.read(capture))
    #expect(told.rows == ["\(a)|\(host)|17|15|5|10|0||1|15|1.0|0|1000|15000"])
    #expect(told.evidence == [Array(1...20)])
  }

  @Test("flow-port-scan: a server that answers at most ports, and traceroute, are no scan")
  func noScan() throws {
    var capture = CaptureFile()
    for port in 1...16 as ClosedRange<UInt16> {
      let (client, server) = (Endpoint(a, 50_000 + port), Endpoint(host, port))
      capture.add(Int64(port) * 10, .tcp(client, server, flags: 2))
      if port > 7 { capture.add(Int64(port) * 10 + 1, .tcp(server, client, flags: 18)) }
      let probe = Endpoint(host, 33_433 + port)
      capture.add(Int64(port) * 10 + 2, .udp(Endpoint(a, 50_000), probe, identification: port, [0]))
    }
    let told = try Told("flow-port-scan", folder.read(capture))
    #expect(told.outcome == .nothingFound && told.rows.isEmpty)
    // 7 of 16 ports did not answer.
    let strict = try Told("flow-port-scan", folder.read(), given: ["min_share": .real(0.4375)])
    #expect(strict.rows.count == 1)
  }

  @Test("flow-port-scan, flow-host-scan: a pause longer than the gap ends a run")
  func slowScan() throws {
    var capture = CaptureFile()
    for index in 1...15 as ClosedRange<UInt16> {
      let time = Int64(index) * 1000 + (index > 8 ? 60_000 : 0)
      capture.add(time, .tcp(Endpoint(a, 40_000 + index), Endpoint(host, index), flags: 2))
      capture.add(time, .tcp(Endpoint(a, 40_000), Endpoint("203.0.113.\(index)", 445), flags: 2))
    }
    for name in ["flow-port-scan", "flow-host-scan"] {
      #expect(try Told(name, folder.read(capture)).outcome == .nothingFound)
      let patient = try Told(name, folder.read(), given: ["gap_s": .integer(61)])
      #expect(patient.rows.count == 1 && patient.evidence.first?.count == 15)
    }
  }

  @Test("flow-host-scan: pings of many hosts, of which one replies")
  func pingSweep() throws {
    var capture = CaptureFile()
    for index in 1...15 as ClosedRange<UInt16> {
      let target = "198.51.100.\(index)"
      capture.add(Int64(index) * 1000, .echo(a, target, sequence: index))
      if index == 4 {
        capture.add(4001, .echo(target, a, isReply: true, sequence: index))
      }
    }
    let told = try Told("flow-host-scan", folder.read(capture))
    #expect(told.rows == ["\(a)|1||15|0|14|1|198.51.100.4|1.0|0|1000|15000"])
    #expect(told.evidence == [[1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]])
  }

  @Test(
    "flow-one-way: groups, syslog, and clients to which nothing was captured, are left out",
    arguments: [
      ("198.51.100.80", 9999, true, 1), ("198.51.100.80", 9999, false, 0),
      ("198.51.100.80", 514, true, 0), ("239.255.255.250", 1900, true, 0),
      ("255.255.255.255", 6666, true, 0),
    ] as [(String, UInt16, Bool, Int)])
  func oneWay(server: String, port: UInt16, isReached: Bool, rows: Int) throws {
    var capture = CaptureFile()
    for index in 0..<6 as Range<UInt16> {
      capture.add(
        Int64(index), .udp(Endpoint(a, 50_000), Endpoint(server, port), identification: index, [0]))
    }
    if isReached { capture.add(9, .udp(Endpoint(host, 5000), Endpoint(a, 5000), [0])) }
    #expect(try Told("flow-one-way", folder.read(capture)).rows.count == rows)
  }

  // Intervals of 8 and 12 s, six of one and five of the other: mean 9.818 s, deviation 1.992 s.
  @Test("flow-beacons: intervals may vary as far as asked for, and no further")
  func jitter() throws {
    var capture = CaptureFile()
    var time: Int64 = 0
    for index in 0..<12 as Range<UInt16> {
      capture.add(time, .tcp(Endpoint(a, 40_000 + index), Endpoint(host, 443), flags: 2))
      time += index.isMultiple(of: 2) ? 8000 : 12_000
    }
    let reader = try folder.read(capture)
    let loose = try Told("flow-beacons", reader, given: ["max_variation": .real(0.203)])
    #expect(loose.rows.count == 1)
    let tight = try Told("flow-beacons", reader, given: ["max_variation": .real(0.202)])
    #expect(tight.outcome == .nothingFound)
  }

  @Test(
    "flow-top-talkers: both ways with a peer count together, and a group is neither host nor peer")
  func talkers() throws {
    var capture = CaptureFile()
    let ends = [(a, host, 2), (host, a, 1), (a, "239.255.255.250", 1)]
    for (number, (source, destination, packets)) in ends.enumerated() {
      for index in 0..<packets {
        capture.add(
          Int64(number * 10 + index),
          .udp(
            Endpoint(source, UInt16(40_000 + number)), Endpoint(destination, 9000),
            identification: UInt16(index), [0]))
      }
    }
    let told = try Told(
      "flow-top-talkers", folder.read(capture), given: ["min_octets": .integer(1)])
    // Frames of 43 octets.
    #expect(
      told.rows == [
        "1|\(a)|172|1.0|129|43|3|1|\(host)|1|0|0", "2|\(host)|129|0.75|43|86|2|1|\(a)|1|0|0",
      ])
  }

  @Test("icmp-large-echo: replies of another size than their request, which they must repeat")
  func unequalReplies() throws {
    var capture = CaptureFile()
    for sequence in 0..<20 as Range<UInt16> {
      capture.add(Int64(sequence) * 10, .echo(a, host, sequence: sequence, octets: 56))
      capture.add(
        Int64(sequence) * 10 + 1, .echo(host, a, isReply: true, sequence: sequence, octets: 200))
    }
    let told = try Told("icmp-large-echo", folder.read(capture))
    // Frames of 98 and 242 octets.
    #expect(told.rows == ["\(a)|\(host)|4|40|0|2|20|242|6800|0|0|191"])
  }

  @Test("Scans: TCP that goes on though no answer was captured is none")
  func oneDirection() throws {
    var capture = CaptureFile()
    for index in 1...15 as ClosedRange<UInt16> {
      for server in [Endpoint(host, index), Endpoint("203.0.113.\(index)", 445)] {
        let client = Endpoint(a, 40_000 + index)
        capture.add(Int64(index) * 10, .tcp(client, server, flags: 2))
        capture.add(Int64(index) * 10 + 1, .tcp(client, server, flags: 17, sequence: 2))
      }
    }
    let reader = try folder.read(capture)
    for name in ["flow-port-scan", "flow-host-scan"] {
      #expect(try Told(name, reader).outcome == .nothingFound)
    }
  }

  @Test("flow-one-way: of a long flow, as many packets are cited as make it one")
  func citesFew() throws {
    var capture = CaptureFile()
    for index in 0..<100 as Range<UInt16> {
      capture.add(
        Int64(index), .udp(Endpoint(a, 50_000), Endpoint(host, 9999), identification: index, [0]))
    }
    capture.add(100, .udp(Endpoint(host, 5000), Endpoint(a, 5000), [0]))
    let told = try Told("flow-one-way", folder.read(capture))
    #expect(told.rows == ["\(a)|\(host)|17|9999||1|100|4300|0|0|99"])
    #expect(told.evidence == [[1, 2, 3, 4, 5, 6]])
  }

  @Test(
    "icmp-ttl-exceeded: probes alone that many routers answer are traceroute; what two answer is not",
    arguments: [(3, 33_434, 0), (2, 33_434, 2), (3, 9, 3)] as [(Int64, UInt16, Int)])
  func traceroute(routers: Int64, port: UInt16, rows: Int) throws {
    var capture = CaptureFile()
    for round in 0..<10 as Range<Int64> {
      for router in 1...routers {
        let probe = Frame.udp(
          Endpoint(a, 50_000), Endpoint(host, port), identification: UInt16(round * 3 + router), [0]
        )
        capture.add(round * 1000 + router * 10, probe)
        capture.add(
          round * 1000 + router * 10 + 1,
          .icmp("203.0.113.\(router)", type: 11, code: 0, quoting: probe))
      }
    }
    #expect(try Told("icmp-ttl-exceeded", folder.read(capture)).rows.count == rows)
  }

  @Test("icmp-routing-loop: what two places show of one packet, and traceroute, are no loop")
  func noLoop() throws {
    var (near, far) = (CaptureFile(), CaptureFile())
    let probe = Frame.udp(Endpoint(a, 40_000), Endpoint(host, 9), identification: 0, [0])
    for ttl in 1...5 as ClosedRange<UInt8> {
      near.add(Int64(ttl) * 10, probe.living(ttl))
      near.add(Int64(ttl) * 10 + 5, .icmp("203.0.113.1", type: 11, code: 0, quoting: probe))
      far.add(Int64(ttl) * 10 + 1, probe.living(ttl - 1))
    }
    let told = try Told("icmp-routing-loop", folder.read([near, far]))
    #expect(told.outcome == .nothingFound && told.rows.isEmpty)
  }
}
