import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@testable import Evidence

@Suite("Packets of a case as a pcapng file")
struct PacketExportTests {
  let folder: CaseFolder
  let client = Endpoint("192.0.2.10", 40_000)
  let server = Endpoint("198.51.100.53", 53)

  init() throws { folder = try CaseFolder() }

  /// Questions at 0, 1, 2 ms after noon and some nanoseconds.
  private func capture(_ count: UInt16, from address: String = "192.0.2.10") -> CaptureFile {
    var capture = CaptureFile()
    for id in 0..<count {
      capture.add(
        Int64(id), .query(Endpoint(address, 40_000), server, id: id, "a.example"))
    }
    capture.delay(by: 123_456_789)
    return capture
  }

  @Test(
    "Octets, lengths and times come out of each form of source as they went in, nanoseconds too",
    arguments: [false, true], [false, true])
  func forms(isBigEndian: Bool, hasNanoseconds: Bool) throws {
    let capture = capture(3)
    let bytes = capture.pcap(isBigEndian: isBigEndian, hasNanoseconds: hasNanoseconds, cut: 60)
    for (name, source) in [
      ("plain.pcap", bytes), ("a.pcap.gz", Compressed.gzip(bytes)),
      ("a.pcap.zst", Compressed.zstd(bytes)),
    ] {
      let folder = try CaseFolder()
      try folder.ingest([folder.write(source, name)])
      #expect(try folder.export(.condition("1")).packetsWritten == 3)
      let exported = try ExportedFile(folder.file("out.pcapng"))
      #expect(exported.packets.map(\.octets) == capture.packets.map { Array($0.prefix(60)) })
      #expect(exported.packets.map(\.length) == capture.packets.map { Int64($0.count) })
      #expect(
        exported.packets.map(\.time)
          == (0..<3).map {
            CaptureFile.noon + $0 * 1_000_000 + (hasNanoseconds ? 123_456_789 : 123_456_000)
          })
      #expect(exported.packets[2].comments == ["\(name) packet 3"])
    }
  }

  @Test("Interfaces of different link types keep theirs, with name and nanoseconds")
  func twoInterfaces() throws {
    for isBigEndian in [false, true] {
      let folder = try CaseFolder()
      let frame = Frame.query(client, server, id: 7, "a.example")
      var file = PcapNGFile(isBigEndian: isBigEndian)
      file.interface(linkType: 1, name: "eth0")
      file.interface(linkType: 101, name: "tun0")
      file.packet(interface: 1, time: CaptureFile.noon + 1, frame.datagram)
      file.packet(interface: 0, time: CaptureFile.noon + 2, frame.octets)
      try folder.ingest([folder.write(file.octets, "two.pcapng")])
      _ = try folder.export(.condition("1"))
      let exported = try ExportedFile(folder.file("out.pcapng"))
      #expect(exported.packets.map(\.octets) == [frame.datagram, frame.octets])
      #expect(exported.packets.map(\.interface) == ["tun0", "eth0"])
      #expect(exported.packets.map(\.linkType) == [101, 1])
      #expect(
        exported.reader.interfaces.map(\.timestampUnitsPerSecond) == [1_000_000_000, 1_000_000_000])
      #expect(
        exported.reader.interfaces.map(\.description) == [
          "two.pcapng, interface 1", "two.pcapng, interface 0",
        ])
      #expect(exported.reader.sections.count == 1)
    }
  }

  @Test("Packets of several captures stand in the order of time, whatever memory there is")
  func order() throws {
    var (early, late) = (CaptureFile(), CaptureFile())
    // The second capture has a step back in time.
    for (milliseconds, id) in [(0, 1), (40, 2), (80, 3)] as [(Int64, UInt16)] {
      early.add(milliseconds, .query(client, server, id: id, "a.example"))
    }
    for (milliseconds, id) in [(60, 4), (20, 5), (90, 6)] as [(Int64, UInt16)] {
      late.add(milliseconds, .query(Endpoint("192.0.2.11", 40_000), server, id: id, "a.example"))
    }
    try folder.ingest([folder.write(early, "e.pcap"), folder.write(late, "l.pcap")])
    _ = try folder.export(.condition("1"))
    _ = try folder.export(.condition("1"), to: "small.pcapng", capacity: 200)
    let exported = try ExportedFile(folder.file("out.pcapng"))
    #expect(
      exported.packets.map(\.comments) == [
        ["e.pcap packet 1"], ["l.pcap packet 2"], ["e.pcap packet 2"], ["l.pcap packet 1"],
        ["e.pcap packet 3"], ["l.pcap packet 3"],
      ])
    #expect(
      try Data(contentsOf: URL(filePath: folder.file("out.pcapng")))
        == Data(contentsOf: URL(filePath: folder.file("small.pcapng"))))
    #expect(!folder.names.contains { $0.hasPrefix(".wirecase") })
  }

  @Test("A packet without a time is the last, and its comment says so")
  func noTime() throws {
    let frame = Frame.query(client, server, id: 7, "a.example")
    var file = PcapNGFile()
    file.interface(linkType: 1, name: "eth0")
    file.simplePacket(frame.octets)
    file.packet(interface: 0, time: CaptureFile.noon, frame.octets)
    try folder.ingest([folder.write(file.octets, "s.pcapng")])
    _ = try folder.export(.condition("1"))
    let exported = try ExportedFile(folder.file("out.pcapng"))
    #expect(exported.packets.map(\.time) == [CaptureFile.noon, 0])
    #expect(exported.packets[1].comments == ["s.pcapng packet 1; the capture says no time"])
  }

  @Test("Times before 1970 are kept to the nanosecond, down to the first that there is")
  func oldTimes() throws {
    let frame = Frame.query(client, server, id: 7, "a.example")
    for (offset, time) in [(-1, 1), (-5, 999_999_999), (-9_223_372_036, 1)] as [(Int64, Int64)] {
      let folder = try CaseFolder()
      var file = PcapNGFile()
      file.interface(linkType: 1, name: "eth0", offsetSeconds: offset)
      file.packet(interface: 0, time: time, frame.octets)
      file.packet(interface: 0, time: 20_000_000_000, frame.octets)
      try folder.ingest([folder.write(file.octets, "old.pcapng")])
      _ = try folder.export(.condition("1"))
      #expect(
        try ExportedFile(folder.file("out.pcapng")).packets.map(\.time)
          == [offset * 1_000_000_000 + time, offset * 1_000_000_000 + 20_000_000_000])
      var timeline = CaseTimeline(try folder.read(), folder: folder.path)
      #expect(try timeline.write { _ in }.isEmpty)
    }
  }

  // MARK: - Sources

  private static func setTime(of path: String, _ seconds: TimeInterval) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
  }

  /// Two captures of three packets each; the first one's source is then `spoilt`.
  private func lose(_ spoil: (String) throws -> Void) throws -> PacketExport.Outcome {
    let paths = try [
      folder.write(capture(3), "one.pcap"),
      folder.write(capture(3, from: "192.0.2.11"), "two.pcap"),
    ]
    for path in paths { try Self.setTime(of: path, 1_700_000_000) }
    try folder.ingest(paths)
    try spoil(paths[0])
    return try folder.export(.condition("1"))
  }

  @Test("A source that is gone costs its packets, and no others")
  func missing() throws {
    let outcome = try lose { try FileManager.default.removeItem(atPath: $0) }
    #expect(
      outcome.losses == [
        .init(
          capture: "one.pcap", packets: 3, reason: "\(folder.file("one.pcap")): no such file",
          isChanged: false)
      ])
    let exported = try ExportedFile(folder.file("out.pcapng"))
    #expect(exported.packets.flatMap(\.comments) == (1...3).map { "two.pcap packet \($0)" })
    #expect(exported.reader.interfaces.count == 1)
    #expect(outcome.manifest?.captures.map(\.packetsLeftOut) == [3, 0])
    #expect(outcome.manifest?.captures.map(\.packetsWritten) == [0, 3])
  }

  @Test("Of a source that was changed nothing is used, though its length is the same")
  func changed() throws {
    let outcome = try lose { path in
      var octets = Array(try Data(contentsOf: URL(filePath: path)))
      octets[octets.count - 1] ^= 1
      try Data(octets).write(to: URL(filePath: path))
    }
    #expect(outcome.packetsWritten == 3)
    #expect(outcome.losses.map(\.isChanged) == [true] && outcome.losses.map(\.packets) == [3])
    #expect(outcome.losses[0].reason.contains("has the SHA-256 "))
  }

  @Test("A source that grew is changed, which its size alone tells")
  func grown() throws {
    let outcome = try lose { path in
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data([0]))
      try file.close()
    }
    // 24 octets of file header, then 16 and 69 for each packet.
    #expect(
      outcome.losses.map(\.reason) == [
        "\(folder.file("one.pcap")): has 280 octets, where 279 were read"
      ])
  }

  @Test(
    "A source whose size and time were forged is found out by its records; nothing of it is used")
  func forged() throws {
    let outcome = try lose { path in
      var octets = Array(try Data(contentsOf: URL(filePath: path)))
      // The captured length of the last record: 24 + 2 * 85 + 8.
      octets[202] ^= 1
      try Data(octets).write(to: URL(filePath: path))
      try Self.setTime(of: path, 1_700_000_000)
    }
    #expect(outcome.losses.map(\.packets) == [3] && outcome.packetsWritten == 3)
    #expect(outcome.losses[0].reason.hasSuffix("has no packet 3 where one was read"))
    let exported = try ExportedFile(folder.file("out.pcapng"))
    #expect(exported.packets.flatMap(\.comments) == (1...3).map { "two.pcap packet \($0)" })
    #expect(exported.reader.interfaces.count == 1)
  }

  @Test("A source that was only touched is known by its SHA-256, and the manifest says so")
  func touched() throws {
    let outcome = try lose { try Self.setTime(of: $0, 0) }
    #expect(outcome.losses.isEmpty && outcome.packetsWritten == 6)
    #expect(
      outcome.manifest?.captures.map(\.knownBy) == ["SHA-256", "size and modification time"])
  }

  @Test("A pipe where the source was is not waited for")
  func pipe() throws {
    let outcome = try lose { path in
      try FileManager.default.removeItem(atPath: path)
      #expect(mkfifo(path, 0o600) == 0)
    }
    #expect(
      outcome.losses.map(\.reason) == [
        "\(folder.file("one.pcap")): is no file that could be read again"
      ])
  }

  @Test("What tcpdump printed has no octets; where nothing has, no file is made")
  func printed() throws {
    let line = "13:24:32.192571 IP 192.0.2.1.40000 > 192.0.2.2.53: 1+ A? a.example. (27)\n"
    try folder.ingest([folder.write(Array(line.utf8), "a.log")])
    let outcome = try folder.export(.condition("1"))
    #expect(outcome.manifest == nil && outcome.packetsWritten == 0)
    #expect(
      outcome.losses.map(\.reason) == ["it is what tcpdump printed, which holds no octets"])
    #expect(folder.names == ["a.case", "a.log"])
  }

  // MARK: - The file

  @Test(
    "A file that is there is left alone, be it a capture, a folder or a link; an empty one is not")
  func occupied() throws {
    try folder.ingest([folder.write(capture(1), "one.pcap")])
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("nowhere"))
    let before = folder.names
    for (name, holds) in [
      ("one.pcap", "is there already"), ("a.case", "is there already"), (".", "is a folder"),
      ("link", "is a link to something else"),
    ] {
      #expect(throws: EvidenceError.occupied(path: folder.file(name), holds: holds)) {
        try folder.export(.condition("1"), to: name)
      }
    }
    #expect(throws: EvidenceError.noFolder(path: folder.file("no/out.pcapng"))) {
      try folder.export(.condition("1"), to: "no/out.pcapng")
    }
    _ = try folder.write([1], "out.pcapng.manifest.json")
    #expect(
      throws: EvidenceError.occupied(
        path: folder.file("out.pcapng.manifest.json"), holds: "is there already")
    ) { try folder.export(.condition("1")) }
    #expect(folder.names == (before + ["out.pcapng.manifest.json"]).sorted())
    try FileManager.default.removeItem(atPath: folder.file("out.pcapng.manifest.json"))
    _ = try folder.write([], "out.pcapng")
    #expect(try folder.export(.condition("1")).packetsWritten == 1)
    #expect(try ExportedFile(folder.file("out.pcapng")).packets.count == 1)
  }

  @Test("The case is not changed by an export, nor is anything left beside the two files")
  func untouched() throws {
    try folder.ingest([folder.write(capture(3), "one.pcap")])
    let before = try Data(contentsOf: URL(filePath: folder.file("a.case")))
    _ = try folder.export(.condition("1"), capacity: 1)
    #expect(try Data(contentsOf: URL(filePath: folder.file("a.case"))) == before)
    #expect(folder.names == ["a.case", "one.pcap", "out.pcapng", "out.pcapng.manifest.json"])
  }

  @Test("A name that would write to a terminal is shown in comments and names of interfaces")
  func hostileName() throws {
    var options = IngestOptions(programVersion: "test")
    options.name = "a\u{1b}[31m\n\u{202e}.pcap"
    try folder.ingest([folder.write(capture(1), "one.pcap")], options: options)
    _ = try folder.export(.condition("1"))
    let exported = try ExportedFile(folder.file("out.pcapng"))
    let shown = "a\\u{1b}[31m\\u{a}\\u{202e}.pcap"
    #expect(exported.packets[0].comments == ["\(shown) packet 1"])
    #expect(exported.packets[0].interface == shown)
  }

  @Test("The manifest tells what was asked of which case, and what came of it")
  func manifest() throws {
    try folder.ingest([folder.write(capture(3), "one.pcap")])
    let finding = try folder.saveFinding([PacketName(id: 1 << 32 | 1), PacketName(id: 1 << 32 | 3)])
    let outcome = try folder.export(.finding(finding))
    let manifest = try ExportManifest(path: folder.file("out.pcapng.manifest.json"))
    #expect(manifest == outcome.manifest)
    #expect(manifest.asked.option == "--finding 1")
    #expect(
      try folder.read().lines(manifest.asked.sql) == ["4294967297", "4294967299"])
    let digest = try #require(ContentDigest.ofFile(folder.file("out.pcapng")))
    #expect(manifest.file == .init(path: "out.pcapng", sha256: digest.sha256, size: digest.size))
    let caseDigest = try #require(ContentDigest.ofFile(folder.file("a.case")))
    #expect(
      manifest.caseFile
        == .init(path: folder.file("a.case"), sha256: caseDigest.sha256, size: caseDigest.size))
    #expect(manifest.programVersion == "test" && manifest.exportedBy == NSUserName())
    #expect(
      manifest.packets == [
        .init(packetID: 4_294_967_297, capture: "one.pcap", number: 1),
        .init(packetID: 4_294_967_299, capture: "one.pcap", number: 3),
      ])
    let exported = try ExportedFile(folder.file("out.pcapng"))
    #expect(
      exported.packets.map(\.comments) == [
        ["finding 1 (dns-unanswered); one.pcap packet 1"],
        ["finding 1 (dns-unanswered); one.pcap packet 3"],
      ])
  }

  @Test("More packets than a manifest lists are counted")
  func unlisted() throws {
    try folder.ingest([folder.write(capture(10_001), "many.pcap")])
    let manifest = try #require(try folder.export(.condition("1")).manifest)
    #expect(manifest.packets == nil && manifest.packetCount == 10_001)
    #expect(try folder.export(.condition("number > 1"), to: "b").manifest?.packets?.count == 10_000)
  }
}
