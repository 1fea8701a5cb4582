import CaseFixtures
import CaseStore
import Custody
import Evidence
import Foundation
import Testing

/// Four questions of two captures, exported; then the file, its manifest, a source or the case is
/// changed.
@Suite("Verifying what was exported")
struct ExportVerificationTests {
  let folder: CaseFolder
  let sources: [String]
  let manifest: String

  init() throws {
    let folder = try CaseFolder()
    self.folder = folder
    sources = try ["first.pcap", "second.pcap"].enumerated().map { index, name in
      var capture = CaptureFile()
      for id in 0..<2 as Range<UInt16> {
        capture.add(
          Int64(id),
          .query(
            Endpoint("192.0.2.\(10 + index)", 40_000), Endpoint("198.51.100.53", 53), id: id,
            "a.example"))
      }
      return try folder.write(capture, name)
    }
    try folder.ingest(sources)
    let reader = try folder.read()
    _ = try PacketExport(reader, by: Actor(programVersion: "test"))
      .write(SelectedPackets(.condition("1"), in: reader), to: folder.file("out.pcapng"))
    manifest = folder.file("out.pcapng") + ExportManifest.suffix
  }

  /// What, name and state of each check.
  private func checks() throws -> [String] {
    try ExportVerification(folder.read()).checks(manifest: manifest).map {
      "\($0.what) \($0.name.split(separator: "/").last ?? "") \($0.state.rawValue)"
    }
  }

  private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
    var octets = Array(try Data(contentsOf: URL(filePath: path)))
    body(&octets)
    try Data(octets).write(to: URL(filePath: path))
  }

  @Test("What nobody touched is as it was, packet by packet")
  func untouched() throws {
    #expect(
      try checks() == [
        "export out.pcapng unchanged", "exported case a.case unchanged",
        "exported packets out.pcapng unchanged",
      ])
    let detail = try ExportVerification(folder.read()).checks(manifest: manifest).last?.detail
    #expect(detail == "4 as in their sources")
  }

  @Test("An octet of a packet that was changed is found by the digest, and its packet is named")
  func changedPacket() throws {
    // From the end: trailer 4, options 4 + 24 and 4 for their end, padding 3, then the last octet.
    try change(folder.file("out.pcapng")) { $0[$0.count - 4 - 32 - 3 - 1] ^= 1 }
    #expect(
      try checks() == [
        "export out.pcapng changed", "exported case a.case unchanged",
        "exported packet 2:2 changed",
      ])
  }

  @Test("An export that was cut short is found, though its manifest was made to fit")
  func cut() throws {
    let path = folder.file("out.pcapng")
    try change(path) { octets in octets.removeLast(octets.count / 4) }
    let digest = try #require(ContentDigest.ofFile(path))
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    let whole = try ExportManifest(path: manifest).file
    try text.replacing(whole.sha256, with: digest.sha256)
      .replacing("\"size\" : \(whole.size)", with: "\"size\" : \(digest.size)")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    #expect(
      try checks() == [
        "export out.pcapng unchanged", "exported case a.case unchanged",
        "exported packets out.pcapng changed",
      ])
  }

  @Test("A source that is gone is missing: its packets cannot be compared, the others are")
  func missingSource() throws {
    try FileManager.default.removeItem(atPath: sources[0])
    #expect(
      try checks() == [
        "export out.pcapng unchanged", "exported case a.case unchanged",
        "exported packets first.pcap missing",
      ])
  }

  @Test("A source that was changed since is named")
  func changedSource() throws {
    try change(sources[1]) { $0[$0.count - 1] ^= 1 }
    #expect(try checks().last == "exported packets second.pcap changed")
  }

  @Test("A case that went on is told to have changed since, which is no fault")
  func laterCapture() throws {
    var capture = CaptureFile()
    capture.add(0, .udp(Endpoint("192.0.2.1", 1), Endpoint("192.0.2.2", 2), []))
    try folder.ingest([folder.write(capture, "third.pcap")])
    #expect(
      try checks() == [
        "export out.pcapng unchanged", "exported case a.case changed since",
        "exported packets out.pcapng unchanged",
      ])
  }

  @Test("A case that holds other captures is not the one which was exported from")
  func otherCase() throws {
    try FileManager.default.removeItem(atPath: folder.file("a.case"))
    try folder.ingest([sources[1]])
    #expect(
      try checks() == [
        "export out.pcapng unchanged", "exported case a.case changed since",
        "exported capture first.pcap changed", "exported packets out.pcapng unchanged",
      ])
  }

  @Test("An exported file that is gone is missing")
  func missingExport() throws {
    try FileManager.default.removeItem(atPath: folder.file("out.pcapng"))
    #expect(
      try checks() == ["export out.pcapng missing", "exported case a.case unchanged"])
  }

  @Test("What is no manifest is told to be none, whatever it is")
  func noManifest() throws {
    let verification = try ExportVerification(folder.read())
    let other = try folder.write(Array("{\"document_type\": \"wirecase-report\"}".utf8), "r.json")
    for (path, reason) in [
      (other, "it has another form"), (sources[0], "it has another form"),
      (folder.file("none"), "no such file"), (folder.path, "no such file"),
    ] {
      #expect(throws: EvidenceError.unreadableManifest(path: path, reason: reason)) {
        try verification.checks(manifest: path)
      }
    }
  }
}
