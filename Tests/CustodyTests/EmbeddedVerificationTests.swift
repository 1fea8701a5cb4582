import CaseFixtures
import CaseStore
import Custody
import Evidence
import Foundation
import GRDB
import Ingestion
import Testing

/// A case that keeps a source of four blocks, whose file is gone.
@Suite("Verifying sources that are kept in the case")
struct EmbeddedVerificationTests {
  let folder: CaseFolder

  init() throws {
    let folder = try CaseFolder()
    self.folder = folder
    var capture = CaptureFile()
    for number in 0..<3_000 {
      let payload = (0..<1_000).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0 &* $0) }
      capture.add(
        Int64(number), .udp(Endpoint("192.0.2.1", 9), Endpoint("192.0.2.2", 9), payload))
    }
    let path = try folder.write(capture, "a.pcap")
    var options = IngestOptions(programVersion: "test")
    options.embedsSource = true
    try folder.ingest([path], options: options)
    try FileManager.default.removeItem(atPath: path)
  }

  /// Every check but those of the file and the log.
  private func checks() throws -> [String] {
    try CaseVerification(folder.read()).checks()
      .filter { $0.what == "source" || $0.what == "embedded" }
      .map { "\($0.what) \($0.name) \($0.state.rawValue)" }
  }

  private func tamper(_ body: (Database) throws -> Void) throws {
    let queue = try DatabaseQueue(path: folder.file("a.case"))
    try queue.inDatabase(body)
    try queue.close()
  }

  /// Turns one bit in the middle of a block.
  private func turnBit(ofBlock number: Int64) throws {
    try tamper { database in
      let id = 1 << 32 | number
      var octets = try #require(
        try Data.fetchOne(
          database, sql: "SELECT octets FROM fact_source_block WHERE block_id = ?", arguments: [id])
      )
      octets[octets.startIndex + octets.count / 2] ^= 1
      try database.execute(
        sql: "UPDATE fact_source_block SET octets = ? WHERE block_id = ?", arguments: [octets, id])
    }
  }

  private func export(_ condition: String) throws -> PacketExport.Outcome {
    let reader = try folder.read()
    return try PacketExport(reader, by: Actor(programVersion: "test")).write(
      SelectedPackets(.condition(condition), in: reader), to: folder.file("out.pcapng"))
  }

  @Test("A source that is gone and kept unchanged is no change")
  func unchanged() throws {
    #expect(try checks() == ["source a.pcap missing", "embedded a.pcap unchanged"])
  }

  @Test(
    "One bit that was turned is found, by its block, and neither source nor packet is given out")
  func flippedBit() throws {
    try turnBit(ofBlock: 2)
    #expect(try checks() == ["source a.pcap missing", "embedded block 2 of a.pcap changed"])
    let reader = try folder.read()
    let source = try #require(try CaptureSource.all(reader).first)
    #expect(
      try SourceExport(reader).write(source, to: folder.file("b.pcap"))
        == .nothing(
          "block 2 is not what was written in the case; 'wirecase verify \(reader.path)' names all "
            + "that has changed"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("b.pcap")))
    // Packet 2,500 begins at octet 24 + 2,499 × 1,058, in the third mebibyte.
    let lost = try export("number = 2500")
    #expect(lost.packetsWritten == 0 && lost.losses.first?.isChanged == true)
    #expect(lost.losses.first?.reason.contains("block 2 is not what was written") == true)
    // Other blocks are not asked for.
    #expect(try export("number = 10").packetsWritten == 1)
  }

  @Test("A block that was taken out, and one that was put in, are named")
  func missing() throws {
    try tamper { database in
      try database.execute(
        sql: """
          DELETE FROM fact_source_block WHERE block_id = 4294967296 + 1;
          INSERT INTO fact_source_block SELECT 4294967296 + 7, octets FROM fact_source_block LIMIT 1
          """)
    }
    #expect(
      try checks() == [
        "source a.pcap missing", "embedded block 1 of a.pcap changed",
        "embedded block 7 of a.pcap changed",
      ])
  }

  @Test("Blocks that are sound, but not those that were read, are found by the digest of all")
  func exchanged() throws {
    try tamper { database in
      try database.execute(
        sql: """
          UPDATE fact_source_block
          SET octets = (SELECT octets FROM fact_source_block WHERE block_id = 4294967296)
          WHERE block_id = 4294967296 + 1
          """)
    }
    let found = try CaseVerification(folder.read()).checks().first { $0.what == "embedded" }
    #expect(found?.name == "a.pcap" && found?.state == .changed)
    #expect(found?.detail.hasPrefix("3174024 octets with SHA-256 ") == true)
  }

  @Test("Bytes that were kept and are not there at all are found by the log")
  func gone() throws {
    try tamper { try $0.execute(sql: "DELETE FROM fact_source_block") }
    #expect(try checks() == ["source a.pcap missing", "embedded a.pcap changed"])
  }
}
