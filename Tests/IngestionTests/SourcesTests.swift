import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@Suite("What becomes of sources")
struct SourcesTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// A capture of `count` questions.
  private func capture(_ count: UInt16, from address: String = "192.0.2.10") -> CaptureFile {
    var capture = CaptureFile()
    for number in 1...count {
      capture.add(
        Int64(number),
        .query(Endpoint(address, 40_000), Endpoint("198.51.100.53", 53), id: number, "a.example"))
    }
    return capture
  }

  private static func word(_ result: IngestResult) -> String {
    switch result.outcome {
    case .added(let isComplete): isComplete ? "added" : "added in part"
    case .known(let name, _): "known as \(name)"
    case .embedded(let name): "embedded as \(name)"
    case .failed: "failed"
    }
  }

  /// How many rows each table of the case holds.
  private func rowCounts() throws -> [String] {
    let reader = try folder.read()
    let tables = try reader.lines("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
    return try tables.map { "\($0) \(try reader.value("SELECT count(*) FROM \($0)"))" }
  }

  @Test("The same bytes again, under whatever name, are known, and nothing is added")
  func sameBytes() throws {
    let path = try folder.write(capture(3), "one.pcap")
    let copy = try folder.write(capture(3), "copy.pcap")
    #expect(try folder.ingest([path, copy]).map(Self.word) == ["added", "known as one.pcap"])
    let before = try rowCounts()
    #expect(before.contains("fact_packet 3") && before.contains("fact_capture 1"))
    #expect(
      try folder.ingest([path, copy]).map(Self.word) == ["known as one.pcap", "known as one.pcap"])
    #expect(try rowCounts() == before)
  }

  @Test("Another capture of the same name gets a number behind it")
  func sameName() throws {
    let path = try folder.write(capture(3), "one.pcap")
    try folder.ingest([path])
    _ = try folder.write(capture(4), "one.pcap")
    #expect(try folder.ingest([path]).map(\.name) == ["one.pcap (2)"])
    #expect(
      try folder.read().lines("SELECT name, packets FROM captures ORDER BY 1")
        == ["one.pcap|3", "one.pcap (2)|4"])
  }

  @Test("A source that cannot be read fails alone; those before and after it are in the case")
  func failureBetween() throws {
    let first = try folder.write(capture(3), "1.pcap")
    let noise = try folder.write([0, 1, 2, 3, 0xff, 0xfe, 0, 9], "noise.bin")
    let empty = try folder.write([], "empty.pcap")
    let last = try folder.write(capture(4), "4.pcap")
    let results = try folder.ingest([
      noise, first, folder.file("missing.pcap"), empty, folder.path, last,
    ])
    #expect(
      results.map(Self.word) == ["failed", "added", "failed", "failed", "failed", "added"])
    #expect(
      try folder.read().lines("SELECT name, packets FROM captures ORDER BY 1")
        == ["1.pcap|3", "4.pcap|4"])
  }

  @Test("What a filter cannot judge of a capture is left out, and the rest is kept")
  func filterOfAnotherLink() throws {
    // A pcapng file, least significant octets first: a section, interfaces of LINKTYPE_ETHERNET
    // and LINKTYPE_RAW, and a packet of each, of 14 octets and of none.
    var file: [UInt8] = [0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0]
    file += [UInt8](repeating: 0xff, count: 8) + [28, 0, 0, 0]
    for link in [1, 101] as [UInt8] {
      file += [1, 0, 0, 0, 20, 0, 0, 0, link, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0]
    }
    file +=
      [6, 0, 0, 0, 48, 0, 0, 0] + [UInt8](repeating: 0, count: 12) + [14, 0, 0, 0, 14, 0, 0, 0]
    file += [UInt8](repeating: 2, count: 12) + [8, 0, 0, 0, 48, 0, 0, 0]
    file += [6, 0, 0, 0, 32, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 19) + [32, 0, 0, 0]
    let mixed = try folder.write(file, "mixed.pcapng")
    let good = try folder.write(capture(3), "3.pcap")
    var options = IngestOptions(programVersion: "test")
    options.filter = "ether host 02:02:02:02:02:02 or ether host 02:00:c0:00:02:0a"
    #expect(
      try folder.ingest([mixed, good], options: options).map(Self.word)
        == ["added in part", "added"])
    #expect(
      try folder.read().lines("SELECT name, packets, complete FROM captures ORDER BY 1")
        == ["3.pcap|3|1", "mixed.pcapng|1|0"])
    #expect(
      try folder.read().lines("SELECT kind, packet_id FROM faults WHERE layer = 'capture'")
        == ["unsupported|"])
  }

  @Test("A printed capture of differences, whose first packets are held back, obeys the limit")
  func limitOfDifferences() throws {
    // tcpdump -ttt: the time since the packet before.
    let lines = (0..<50).map { index in
      " 00:00:00.0000\(index == 0 ? "00" : index % 2 == 0 ? "10" : "20") "
        + "IP 192.0.2.1.4000 > 192.0.2.53.53: \(index)+ A? a.example. (27)\n"
    }
    let path = try folder.write(Array(lines.joined().utf8), "differences.txt")
    var options = IngestOptions(programVersion: "test")
    options.packetLimit = 3
    #expect(try folder.ingest([path], options: options).map(\.packets) == [3])
    // By hand: 0, 20 and 20 + 10 microseconds.
    #expect(
      try folder.read().lines("SELECT number, ts FROM packets")
        == ["1|0", "2|20000", "3|30000"])
  }

  @Test("Where nothing can be read, there is no case")
  func nothing() throws {
    #expect(try folder.ingest([folder.file("missing.pcap")]).map(Self.word) == ["failed"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("A capture that is cut inside a packet is kept up to there; the fault says where")
  func cutShort() throws {
    let whole = capture(3).octets
    let path = try folder.write(Array(whole.dropLast(10)), "cut.pcap")
    let results = try folder.ingest([path])
    #expect(results.map(Self.word) == ["added in part"])
    // Each record: 16 octets of header, 69 of packet. The third begins at 24 + 2 * 85.
    #expect(results.first?.faults.first?.hasPrefix("byte 194: ") == true)
    let reader = try folder.read()
    #expect(
      try reader.lines("SELECT packets, complete, size FROM captures") == [
        "2|0|\(whole.count - 10)"
      ])
    #expect(
      try reader.lines(
        "SELECT capture_id, packet_id, byte_offset, layer, kind FROM faults") == [
          "1||194|capture|cut"
        ])
  }

  @Test("What a case was made of comes out the same, in one go or one after the other")
  func oneAfterTheOther() throws {
    let sources = try (1...4).map { number in
      try folder.write(
        capture(UInt16(number), from: "192.0.2.\(number)"), "\(number).pcap")
    }
    try folder.ingest(sources, into: "a.case")
    for source in sources { try folder.ingest([source], into: "b.case") }
    for view in ["packets", "flows", "dns_transactions", "icmp_messages"] {
      #expect(
        try folder.read("a.case").lines("SELECT * FROM \(view) ORDER BY 1")
          == folder.read("b.case").lines("SELECT * FROM \(view) ORDER BY 1"))
    }
  }

  // Expected: of "abc", by FIPS 180-4 (SHA-256), RFC 3174, 7.3 (SHA-1) and RFC 1321, A.5 (MD5).
  @Test("The digests are those of the standards' examples")
  func digests() {
    var digest = ContentDigest(forInventories: true)
    digest.add(Array("abc".utf8).span.bytes)
    #expect(
      digest.hexadecimal == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(digest.sha1Hexadecimal == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(digest.md5Hexadecimal == "900150983cd24fb0d6963f7d28e17f72")
  }

  @Test(
    "A list of digests beside a source is believed, in each form that is in use",
    arguments: [
      ("SHA256SUMS", "%@  one.pcap\n"), ("sha256sum.txt", "%@ *./one.pcap\n"),
      ("one.pcap.sha256", "SHA256 (one.pcap) = %@\n"),
    ])
  func digestList(list: String, form: String) throws {
    let path = try folder.write(capture(3), "one.pcap")
    let right = try #require(ContentDigest.ofFile(path)).sha256
    let wrong = String(repeating: "0", count: 64)
    _ = try folder.write(Array(form.replacing("%@", with: wrong).utf8), list)
    #expect(try folder.ingest([path]).map(Self.word) == ["failed"])
    #expect(!FileManager.default.fileExists(atPath: folder.file("a.case")))
    _ = try folder.write(Array(form.replacing("%@", with: right.uppercased()).utf8), list)
    #expect(try folder.ingest([path]).map(Self.word) == ["added"])
  }

  @Test("A list that names other files says nothing of a source")
  func otherList() throws {
    let path = try folder.write(capture(3), "one.pcap")
    let wrong = String(repeating: "0", count: 64)
    _ = try folder.write(Array("\(wrong)  two.pcap\nnonsense\n".utf8), "SHA256SUMS")
    #expect(try folder.ingest([path]).map(Self.word) == ["added"])
  }

  @Test("The digest that a user expects is checked before anything is stored")
  func expectedDigest() throws {
    let path = try folder.write(capture(3), "one.pcap")
    let other = try folder.write(capture(4), "other.pcap")
    try folder.ingest([other])
    let before = try rowCounts().filter { !$0.hasPrefix("fact_unread") && !$0.hasPrefix("custody") }
    var options = IngestOptions(programVersion: "test")
    options.expectedSHA256 = String(repeating: "0", count: 64)
    #expect(try folder.ingest([path], options: options).map(Self.word) == ["failed"])
    let after = try rowCounts().filter { !$0.hasPrefix("fact_unread") && !$0.hasPrefix("custody") }
    #expect(before.contains("fact_packet 4") && after == before)
    #expect(
      try folder.read().value("SELECT message FROM faults WHERE kind = 'unread'")
        .contains("--expect-sha256"))
  }

  @Test("The digest that a user expects is checked also where the case holds the bytes already")
  func expectedDigestOfKnown() throws {
    let path = try folder.write(capture(3), "one.pcap")
    try folder.ingest([path])
    var options = IngestOptions(programVersion: "test")
    options.expectedSHA256 = String(repeating: "0", count: 64)
    #expect(try folder.ingest([path], options: options).map(Self.word) == ["failed"])
  }

  @Test("A log whose times name no zone is taken for UTC, and that is said")
  func zone() throws {
    let line = "IP 192.0.2.10.40000 > 198.51.100.53.53: 1+ A? one.example. (29)\n"
    let zoned = try ["2026-11-24 10:00:00.000000 ", "1795514400.000000 ", "10:00:00.000000 "]
      .enumerated().map { try folder.write(Array(($1 + line).utf8), "\($0).txt") }
    #expect(try folder.ingest(zoned).map(\.printedTimes) == [.utcAssumed, nil, nil])
    #expect(
      try folder.read().lines("SELECT assumed_time_zone FROM captures ORDER BY 1") == [
        "", "", "UTC",
      ])
    var options = IngestOptions(programVersion: "test")
    options.assumedTimeZone = "Europe/Berlin"
    let again = try zoned.map { try folder.ingest([$0], into: "b.case", options: options)[0] }
    #expect(again.map(\.printedTimes) == [nil, nil, .zoneUnused])
  }
}
