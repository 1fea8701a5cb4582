import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@testable import Evidence

/// Sources are given back, and packets read, from the case and from where the sources were.
@Suite("Sources out of a case, byte for byte")
struct SourceExportTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func export(_ name: String = "a.case", to path: String) throws -> SourceExport.Outcome {
    let reader = try folder.read(name)
    let source = try #require(try CaptureSource.all(reader).first)
    return try SourceExport(reader).write(source, to: folder.file(path))
  }

  private func octets(_ path: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path))
  }

  private func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
  }

  @Test(
    "Every source that is a capture is given back from the case alone",
    .enabled(
      if: Places.shared("public") != nil && Places.shared("lab") != nil,
      "../shared/captures does not hold public and lab"),
    arguments: ["public", "lab"])
  func everySource(_ name: String) throws {
    let place = try #require(Places.shared(name))
    var count = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: place).sorted() {
      let copy = folder.file(file)
      try FileManager.default.copyItem(atPath: "\(place)/\(file)", toPath: copy)
      let result = try folder.ingest([copy], into: file + ".case", options: .embedding).first
      try remove(copy)
      // The truth beside the captures, and files in a version that nobody defined.
      guard case .added? = result?.outcome else {
        #expect(file == "truth.csv" || file.contains("invalid-vers"), "\(file)")
        continue
      }
      count += 1
      let size = try FileManager.default.attributesOfItem(atPath: "\(place)/\(file)")[.size]
      #expect(
        try export(file + ".case", to: file)
          == .written(octets: try #require(size as? Int64), fromCase: true))
      #expect(try octets(copy) == octets("\(place)/\(file)"), "\(file)")
    }
    #expect(count > 10)
  }

  @Test(
    "Sources of several blocks, and compressed ones, are given back as they were",
    arguments: ["plain", "gzip", "zstd"])
  func severalBlocks(form: String) throws {
    let plain = CaptureFile.large(5_000).octets
    let bytes =
      switch form {
      case "gzip": Compressed.gzip(plain)
      case "zstd": Compressed.zstd(plain)
      default: plain
      }
    let path = try folder.write(bytes, "a.pcap")
    try folder.ingest([path], options: .embedding)
    try remove(path)
    #expect(
      try export(to: "b.pcap") == .written(octets: Int64(bytes.count), fromCase: true))
    #expect(try octets(folder.file("b.pcap")) == Data(bytes))
    // Packets come from there as well, whatever surrounds them.
    let outcome = try folder.export(.condition("number IN (1, 2500, 5000)"))
    #expect(outcome.losses == [] && outcome.packetsWritten == 3)
    #expect(outcome.manifest?.captures.first?.knownBy == "kept in the case")
    let exported = try ExportedFile(folder.file("out.pcapng")).packets.map(\.octets)
    let packets = CaptureFile.large(5_000).packets
    #expect(exported == [packets[0], packets[2_499], packets[4_999]])
  }

  @Test("A source that is not kept is copied while it is there and unchanged")
  func copied() throws {
    let path = try folder.write(CaptureFile.large(2_000), "a.pcap")
    let bytes = try octets(path)
    try folder.ingest([path])
    #expect(try export(to: "b.pcap") == .written(octets: Int64(bytes.count), fromCase: false))
    #expect(try octets(folder.file("b.pcap")) == bytes)
    // Another time of modification is no change of its bytes.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    #expect(try export(to: "c.pcap") == .written(octets: Int64(bytes.count), fromCase: false))
  }

  @Test("A source that is neither kept nor what it was gives one reason, and no file")
  func changed() throws {
    let path = try folder.write(CaptureFile.large(2_000), "a.pcap")
    var bytes = Array(try octets(path))
    try folder.ingest([path])
    bytes[1_000_000] ^= 1
    _ = try folder.write(bytes, "a.pcap")
    guard case .nothing(let other) = try export(to: "b.pcap") else {
      Issue.record("another file was given out")
      return
    }
    #expect(other.hasPrefix("\(path) has \(bytes.count) octets with SHA-256 "))
    _ = try folder.write(bytes + [0], "a.pcap")
    guard case .nothing(let longer) = try export(to: "b.pcap") else {
      Issue.record("another file was given out")
      return
    }
    #expect(
      longer == "\(path): has \(bytes.count + 1) octets, where \(bytes.count) were read; the case "
        + "does not keep its octets")
    try remove(path)
    #expect(
      try export(to: "b.pcap")
        == .nothing("\(path): no such file; the case does not keep its octets"))
    #expect(folder.names == ["a.case"])
  }

  @Test("Nothing that exists is overwritten, the source included")
  func occupied() throws {
    let path = try folder.write(CaptureFile.large(3), "a.pcap")
    try folder.ingest([path], options: .embedding)
    let before = try octets(path)
    for place in ["a.pcap", "a.case"] {
      #expect(
        throws: EvidenceError.occupied(
          path: folder.file(place), holds: "is there already")
      ) { try export(to: place) }
    }
    #expect(try octets(path) == before)
  }

  @Test("What the case keeps is preferred to the file, which may have changed since")
  func preferred() throws {
    let path = try folder.write(CaptureFile.large(3), "a.pcap")
    try folder.ingest([path], options: .embedding)
    _ = try folder.write(CaptureFile.large(4), "a.pcap")
    let outcome = try folder.export(.condition("number = 2"))
    #expect(outcome.losses == [])
    #expect(
      try ExportedFile(folder.file("out.pcapng")).packets.map(\.octets) == [
        CaptureFile.large(3).packets[1]
      ])
  }

  @Test("Of a log that is kept, the lines of a packet are read from the case")
  func log() throws {
    let line = "13:24:31.000000 IP 192.0.2.1.40000 > 192.0.2.2.53: 1+ A? a.example. (27)"
    let path = try folder.write(Array((line + "\n").utf8), "a.log")
    try folder.ingest([path], options: .embedding)
    try remove(path)
    let reader = try folder.read()
    let source = try #require(try CaptureSource.all(reader).first)
    #expect(PrintedPacket.lines(1...1, of: source, in: reader) == .lines([line]))
  }
}
