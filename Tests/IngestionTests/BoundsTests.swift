import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Ingestion

/// What a capture holds besides packets, in amounts that no honest one has.
@Suite("Memory does not grow with the capture")
struct BoundsTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  /// The batches that a capture is read in, one after the other.
  private func forEachBatch(of path: String, _ body: (FactBatch) -> Void) throws {
    let writer = try CaseWriter(
      path: folder.file("batches.case"), by: Actor(programVersion: "test")
    ) { _ in }
    defer { writer.abandon() }
    try writer.addCapture { session in
      let reader = try CaptureReader(location: .file(path: path))
      var pass = CapturePass(
        reader, session: CapturePass.Numbers(session),
        options: IngestOptions(programVersion: "test"),
        facts: CaptureFacts(
          name: "capture", path: path, format: reader.format.rawValue, sha256: "", size: 0))
      while !pass.isFinished {
        var batch = FactBatch()
        try pass.fill(&batch)
        body(batch)
      }
      return nil
    }
  }

  @Test("A thousand lines that are no packets are listed, the others counted")
  func strayLines() throws {
    let packet = "20:35:23.000001 IP 192.0.2.1.4000 > 192.0.2.53.9: UDP, length 4\n"
    let text = packet + String(repeating: "zzz\n", count: 3_000) + packet
    let path = try folder.write(Array(text.utf8), "log.txt")
    #expect(try folder.ingest([path]).first?.packets == 2)
    let reader = try folder.read()
    let faults = try reader.lines("SELECT packet_id, kind, byte_offset, message FROM faults")
    #expect(faults.count == 1_001)
    // The packet's line has 64 octets, each line behind it four.
    #expect(
      faults.first == "|not understood|64|no packet and no part of one, on line: 2")
    #expect(
      faults.last
        == "|not understood|4064|more lines are no packet and no part of one, and not listed: 2000")
  }

  @Test("A batch of printed packets ends at 8 MiB of answers, however few packets it holds")
  func batchOfText() throws {
    // 3,000 addresses of 14 octets with their separators: 42 KB of answers in each of 500 packets.
    let answers = [String](repeating: "A 192.0.2.80", count: 3_000).joined(separator: ", ")
    let text = (0..<500).map { index in
      "20:35:23.000001 IP 192.0.2.53.53 > 192.0.2.1.4000: \(index) 3000/0/0 \(answers) (9)\n"
    }
    // A short line first, by which the text is told from others.
    let first = "20:35:22.000001 IP 192.0.2.1.4000 > 192.0.2.53.9: UDP, length 4\n"
    let path = try folder.write(Array((first + text.joined()).utf8), "log.txt")
    var (packets, texts): (Int, [Int]) = (0, [])
    try forEachBatch(of: path) { batch in
      packets += batch.records.packets.count
      texts.append(batch.records.text.count)
    }
    #expect(packets == 501 && texts.reduce(0, +) > 15_000_000)
    #expect(texts.allSatisfy { $0 < 9 << 20 })
  }

  @Test("A batch of packets ends at 8 MiB of comments, however few packets it holds")
  func batchOfComments() throws {
    // A pcapng file, least significant octets first: one section, one Ethernet interface, and 40
    // packets of no octets with 16 comments of 65,532 octets each. Two lengths of 32 bits, the
    // packet block's five words and its options are 32 + 16 * 65,536 octets.
    let comment: [UInt8] = [1, 0, 0xfc, 0xff] + [UInt8](repeating: 0x63, count: 65_532)
    let total: [UInt8] = [0x20, 0, 0x10, 0]
    var file: [UInt8] = [0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0]
    file += [UInt8](repeating: 0xff, count: 8) + [28, 0, 0, 0]
    file += [1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0]
    for _ in 0..<40 {
      file += [6, 0, 0, 0] + total + [UInt8](repeating: 0, count: 20)
      for _ in 0..<16 { file += comment }
      file += total
    }
    var comments: [Int] = []
    try forEachBatch(of: folder.write(file, "comments.pcapng")) {
      comments.append($0.comments.count)
    }
    #expect(comments.reduce(0, +) == 640)
    // Eight packets have 8 MiB and the overhead of their comments.
    #expect(comments.allSatisfy { $0 <= 8 * 16 })
  }
}
