import CPcap
import Foundation
import Testing

@testable import CaptureReading

/// Captures that others recorded, compared with what tshark, capinfos, libpcap and tcpdump say.
@Suite("Captures beside the repository")
struct SharedCaptureTests {
  /// What differs from tshark's truth: what we read, and why that is right.
  private struct Difference {
    var packets: Int
    var first: String
    var last: String
    var reason: String
  }

  private static let differences: [String: Difference] = [
    "pcapng-basic-test011.pcapng": Difference(
      packets: 4, first: "", last: "1340954905.300858000",
      reason: "the first packet is a simple one, which has no time; the truth skips it"),
    "xpcapng-basic-test011.pcapng": Difference(
      packets: 4, first: "", last: "1340954905.300858000",
      reason: "the first packet is a simple one, which has no time; the truth skips it"),
    "pcapng-basic-test012.pcapng": Difference(
      packets: 4, first: "", last: "0.000000000",
      reason: "the first packet is a simple one, which has no time; the truth skips it"),
    "pcapng-basic-test017.pcapng": Difference(
      packets: 0, first: "", last: "",
      reason: "tshark counts custom blocks, of which this has four and nothing else, as packets"),
    "pcapng-basic-test018.pcapng": Difference(
      packets: 4, first: "", last: "1340954905.300858000",
      reason: "four custom blocks, which tshark counts as packets, and a simple packet first"),
    "tcpdump-timestamp_invalid_nano.pcap": Difference(
      packets: 3, first: "1418145369.999999999", last: "1418145372.147483648",
      reason: "a fraction of 2147483648 ns is added up; tshark takes it for negative"),
  ]

  /// Sources that are refused, where tshark 4.0.17 and libpcap 1.10.3 read no packet either.
  private static let refused: [String: String] = [
    "libpcap-pcapng-invalid-vers-1.pcapng": "a pcapng section of version 0.1",
    "libpcap-pcapng-invalid-vers-2.pcapng": "a pcapng section of version 1.1",
  ]

  /// Packets of which libpcap 1.10.3 says something else, and why it is not what we say.
  private static let libpcapDiffers: [String: String] = [
    "tcpdump-rpl-dao-oobr.pcap 1":
      "110 octets are in the file and the snapshot length is 95; libpcap gives 95, we all",
    "tcpdump-timestamp_invalid_nano.pcap 3":
      "a fraction of 2147483648 ns is unsigned in the format; libpcap takes it for negative",
  ]

  private struct Truth {
    var file: URL
    var packets: Int
    var first: String
    var last: String
  }

  /// The rows of truth.csv; its last columns, which alone hold quotes, are not looked at.
  private static func truths(_ folder: String) throws -> [Truth] {
    let folder = SharedCaptures.folder(folder)
    let text = try String(contentsOf: folder.appendingPathComponent("truth.csv"), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(rows.first)
    let column = { (name: String) in try #require(header.firstIndex(of: name)) }
    let (name, packets) = (try column("name"), try column("packets"))
    let (first, last) = (try column("first"), try column("last"))
    return try rows.dropFirst().map { row in
      Truth(
        file: folder.appendingPathComponent(row[name]), packets: try #require(Int(row[packets])),
        first: row[first], last: row[last])
    }
  }

  /// Seconds with nine digits after the point, as tshark prints frame.time_epoch.
  private static func epoch(_ time: Int64?) -> String {
    guard let time else { return "" }
    let digits = String(time % 1_000_000_000)
    return "\(time / 1_000_000_000).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
  }

  @Test(
    "Packets, first and last times are those of tshark 4.0.17", .besideCaptures("public", "lab"),
    arguments: ["public", "lab"])
  func truth(folder: String) throws {
    for truth in try Self.truths(folder) {
      let name = truth.file.lastPathComponent
      if let variant = Self.refused[name] {
        do {
          _ = try Reading(.file(path: truth.file.path))
          Issue.record("\(name) is read")
        } catch {
          #expect("\(error)".contains(variant) && truth.packets == 0)
        }
        continue
      }
      let reading = try Reading(.file(path: truth.file.path))
      let expected =
        Self.differences[name]
        ?? Difference(packets: truth.packets, first: truth.first, last: truth.last, reason: "")
      #expect(reading.packets.count == expected.packets, "\(name)")
      #expect(Self.epoch(reading.packets.first?.timestamp) == expected.first, "\(name)")
      #expect(Self.epoch(reading.packets.last?.timestamp) == expected.last, "\(name)")
      #expect(reading.isComplete, "\(name)")
      #expect(reading.faults.isEmpty == (name != "tcpdump-timestamp_invalid_nano.pcap"), "\(name)")
    }
  }

  @Test(
    "Each packet has the lengths and the time that libpcap reads",
    .besideCaptures("public", "lab"), arguments: ["public", "lab"])
  func libpcap(folder: String) throws {
    var compared = 0
    for truth in try Self.truths(folder) {
      let name = truth.file.lastPathComponent
      guard let oracle = Oracle(path: truth.file.path) else { continue }
      let reading = try Reading(.file(path: truth.file.path))
      // libpcap ends with an error where link types or snapshot lengths differ; we go on.
      #expect(
        oracle.endsWell
          ? reading.packets.count == oracle.packets.count
          : reading.packets.count >= oracle.packets.count, "\(name)")
      for (ours, theirs) in zip(reading.packets, oracle.packets) {
        let place: Comment = "\(name), packet \(ours.number)"
        if Self.libpcapDiffers["\(name) \(ours.number)"] == nil {
          #expect(ours.capturedLength == theirs.capturedLength, place)
          // A simple packet has no time, for which libpcap gives 0.
          #expect((ours.timestamp ?? 0) == theirs.timestamp, place)
        } else {
          #expect(
            ours.capturedLength != theirs.capturedLength || ours.timestamp != theirs.timestamp,
            place)
        }
        #expect(ours.length == theirs.length, place)
        compared += 1
      }
    }
    #expect(compared >= 900)
  }

  @Test("Old versions and the patched format are read as libpcap reads them")
  func libpcapOnVariants() throws {
    let variants = [
      PcapFixture(minor: 2, records: PcapFixture.two),
      PcapFixture(minor: 3, records: PcapFixture.two),
      PcapFixture(major: 543, minor: 0, records: PcapFixture.two),
      PcapFixture(
        magic: 0xa1b2_cd34, isBigEndian: true, patch: [UInt8](repeating: 1, count: 8),
        records: PcapFixture.two),
    ]
    for fixture in variants {
      try withFile(fixture.bytes) { path in
        let oracle = try #require(Oracle(path: path))
        let reading = try Reading(.file(path: path))
        #expect(oracle.packets.map(\.capturedLength) == reading.packets.map(\.capturedLength))
        #expect(oracle.packets.map(\.length) == reading.packets.map(\.length))
        #expect(oracle.packets.count == 2)
      }
    }
  }

  @Test(
    "A capture cut anywhere keeps each packet whose record ends before the cut",
    .besideCaptures("lab"), arguments: ["client2.pcap", "router.pcapng"])
  func cutAnywhere(name: String) throws {
    let folder = SharedCaptures.folder("lab")
    let whole = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    let all = try Reading(whole)
    try withFile([]) { path in
      for cut in 1..<2_000 {
        try Octets.write(Array(whole.prefix(cut)), to: path)
        guard let reading = try? Reading(.file(path: path)) else {
          // Refused, for which the cut must be inside the file header: 24 or 28 octets.
          #expect(cut < 28, "\(cut)")
          continue
        }
        let expected = all.packets.prefix { packet in
          // Enhanced packet blocks without options: 32 octets besides the padded packet.
          let record =
            name.hasSuffix("pcapng")
            ? 32 + (packet.capturedLength + 3) / 4 * 4 : 16 + packet.capturedLength
          return packet.offset + Int64(record) <= cut
        }
        #expect(reading.packets.count == expected.count, "\(cut)")
        #expect(reading.packets == Array(all.packets.prefix(reading.packets.count)), "\(cut)")
        #expect(reading.faults.count == (reading.isComplete ? 0 : 1), "\(cut)")
      }
    }
  }

  // Counts: tcpdump 4.99.3, `tcpdump -r FILE --count EXPRESSION`.
  @Test("Filters take the packets that tcpdump takes", .besideCaptures("lab"))
  func filters() throws {
    let folder = SharedCaptures.folder("lab")
    let cases: [(String, router: Int, server: Int)] = [
      ("udp port 53", 104, 60), ("icmp or icmp6", 61, 42),
      ("tcp[tcpflags] & tcp-rst != 0", 60, 59),
    ]
    for (expression, router, server) in cases {
      for (file, count) in [("router.pcapng", router), ("server-any.pcap", server)] {
        let reading = try Reading(
          .file(path: folder.appendingPathComponent(file).path),
          filter: try PacketFilter(expression))
        #expect(reading.packets.count == count, "\(file): \(expression)")
        #expect(reading.packets.last?.number != Int64(count), "numbers are those of all packets")
      }
    }
  }
}

/// What libpcap reads of a file.
private struct Oracle {
  var packets: [(capturedLength: Int, length: Int64, timestamp: Int64)] = []
  /// `false` when libpcap stopped with an error.
  var endsWell: Bool

  /// `nil` when libpcap refuses the file.
  init?(path: String) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard
      let handle = pcap_open_offline_with_tstamp_precision(
        path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
    else { return nil }
    defer { pcap_close(handle) }
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var octets: UnsafePointer<UInt8>?
    var status = pcap_next_ex(handle, &header, &octets)
    while status == 1, let packet = header?.pointee {
      packets.append(
        (
          Int(packet.caplen), Int64(packet.len),
          Int64(packet.ts.tv_sec) * 1_000_000_000 + Int64(packet.ts.tv_usec)
        ))
      status = pcap_next_ex(handle, &header, &octets)
    }
    endsWell = status == PCAP_ERROR_BREAK
  }
}
