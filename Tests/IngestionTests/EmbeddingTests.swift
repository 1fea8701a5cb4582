import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Ingestion

@Suite("Sources that are kept in the case")
struct EmbeddingTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private static let blocks = "SELECT count(*) FROM fact_source_block"

  // Expected: (24 + 3,000 × (16 + 1,042)) / 2^20 = 3.03.
  @Test("A source has a block for each mebibyte that it has, and a plain ingest has none")
  func blocks() throws {
    let path = try folder.write(CaptureFile.large(3_000), "a.pcap")
    try folder.ingest([path])
    #expect(try folder.read().value(Self.blocks) == "0")
    #expect(try folder.read().value("SELECT embedded_size IS NULL FROM captures") == "1")
    try folder.ingest([path], into: "b.case", options: .embedding)
    let reader = try folder.read("b.case")
    #expect(
      try reader.lines("SELECT block_id >> 32, block_id & 4294967295 FROM fact_source_block")
        == ["1|0", "1|1", "1|2", "1|3"])
    #expect(
      try reader.value(
        "SELECT embedded_size = (SELECT sum(length(octets)) FROM fact_source_block) FROM captures")
        == "1")
    // What is decoded is the same.
    #expect(try ContractRows.of(folder.read()) == ContractRows.of(reader))
  }

  @Test("Of a source that is left out, no block is in the case")
  func failed() throws {
    let good = try folder.write(CaptureFile.large(10), "good.pcap")
    let path = try folder.write(CaptureFile.large(3_000), "a.pcap")
    try folder.ingest([good])
    var options = IngestOptions.embedding
    options.expectedSHA256 = String(repeating: "0", count: 64)
    // In a case of its own, then in one that is there.
    for name in ["new.case", "a.case"] {
      let result = try #require(try folder.ingest([path], into: name, options: options).first)
      guard case .failed(.otherDigest) = result.outcome else {
        Issue.record("\(result.outcome)")
        return
      }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("new.case")))
    #expect(try folder.read().value(Self.blocks) == "0")
    #expect(try folder.read().value("SELECT count(*) FROM captures") == "1")
  }

  @Test(
    "Where storing a block fails, all threads end, and the case is as it was",
    arguments: [0, 5, 19])
  func interrupted(block failing: Int64) throws {
    struct Stop: Error {}
    let path = try folder.write(CaptureFile.large(20_000), "a.pcap")
    try folder.ingest([folder.write(CaptureFile.large(10), "good.pcap")])
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    let (digest, embedding) = (SourceDigest(forInventories: false), SourceEmbedding())
    let reader = try CaptureReader(location: .file(path: path)) {
      digest.add($0)
      embedding.add($0)
    }
    let facts = CaptureFacts(name: "a.pcap", path: path, format: "pcap", sha256: "", size: 0)
    let work = Handover(
      Ingestion.Work(reader: reader, digest: digest, embedding: embedding, facts: facts))
    let options = IngestOptions.embedding
    #expect(throws: Stop.self) {
      try writer.addCapture { session in
        try Ingestion.decode(work, CapturePass.Numbers(session), options, isPipe: false) { batch in
          try session.write(batch)
        } embed: { block in
          if block.number == failing { throw Stop() }
          try session.write(block)
        }
      }
    }
    try writer.finish()
    #expect(try folder.read().value(Self.blocks) == "0")
    #expect(try folder.ingest([path], options: options).map(\.packets) == [20_000])
  }

  @Test("Bytes that are known get kept when that is asked for later, and only once")
  func later() throws {
    let path = try folder.write(CaptureFile.large(3_000), "a.pcap")
    let copy = try folder.write(CaptureFile.large(3_000), "copy.pcap")
    try folder.ingest([path])
    let packets = try ContractRows.of(folder.read())
    for (expected, blocks) in [("embedded", "4"), ("known", "4")] {
      let result = try #require(try folder.ingest([copy], options: .embedding).first)
      switch result.outcome {
      case .embedded(name: "a.pcap"): #expect(expected == "embedded")
      case .known(name: "a.pcap", isPart: false): #expect(expected == "known")
      default: Issue.record("\(result.outcome)")
      }
      #expect(!result.isLeftUnembedded)
      #expect(try folder.read().value(Self.blocks) == blocks)
    }
    #expect(try ContractRows.of(folder.read()) == packets)
    #expect(
      try folder.read().lines("SELECT action FROM audit_log ORDER BY event_id")
        == ["ingest", "embed"])
  }

  @Test("A capture that is taken out takes its bytes along, and leaves those of others")
  func removed() throws {
    let one = try folder.write(CaptureFile.large(1_500), "one.pcap")
    let two = try folder.write(CaptureFile.large(2_500), "two.pcap")
    try folder.ingest([one, two], options: .embedding)
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    #expect(try writer.removeCapture(named: "one.pcap") == 1_500)
    try writer.finish()
    #expect(
      try folder.read().lines("SELECT DISTINCT block_id >> 32 FROM fact_source_block") == ["2"])
  }

  @Test("Compressed data that hold nothing for long are not kept half, and the user is told")
  func emptyBeginning() throws {
    // RFC 8878, 3.1.2: a skippable frame of 20 MiB, before a capture.
    let length: [UInt8] = [0, 0, 0x40, 1]
    let octets = [0x50, 0x2a, 0x4d, 0x18] + length + [UInt8](repeating: 0, count: 20 << 20)
    let packed = try #require(BlockCompression()?.frame(of: CaptureFile.large(3).octets))
    let path = try folder.write(octets + packed, "a.pcap.zst")
    let result = try #require(try folder.ingest([path], options: .embedding).first)
    guard case .failed(let error) = result.outcome else {
      Issue.record("\(result.outcome)")
      return
    }
    #expect(error.description.contains("its first 16 MiB hold nothing of a capture"))
    #expect(try folder.ingest([path]).map(\.packets) == [3])
  }
}
