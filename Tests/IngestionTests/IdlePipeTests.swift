import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Ingestion

/// A pipe whose writer has written a capture and neither goes on nor closes it.
@Suite("Idle pipes are not waited for", .timeLimit(.minutes(1)))
struct IdlePipeTests {
  let folder: CaseFolder
  /// Open for both, a FIFO neither waits for the other end nor ends: fifo(7).
  let pipe: FileHandle

  init() throws {
    folder = try CaseFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    pipe = try #require(FileHandle(forUpdatingAtPath: folder.file("pipe")))
  }

  private func question(_ number: UInt16) -> Frame {
    .query(Endpoint("192.0.2.10", 40_000), Endpoint("198.51.100.53", 53), id: number, "a.example")
  }

  @Test("Behind a packet limit; the digest is that of the octets that were read")
  func limit() throws {
    var capture = CaptureFile()
    for number in 1...5 as ClosedRange<UInt16> { capture.add(Int64(number), question(number)) }
    pipe.write(Data(capture.octets))
    var options = IngestOptions(programVersion: "test")
    options.packetLimit = 2
    let result = try #require(
      try folder.ingest([folder.file("pipe")], options: options).first)
    #expect(result.packets == 2 && result.size == Int64(capture.octets.count))
    guard case .added(isComplete: true) = result.outcome else {
      Issue.record("the limit that was asked for makes the capture incomplete")
      return
    }
    // The file as the pipe had it: the same octets have the same digest.
    let known = try folder.ingest([folder.write(capture, "same.pcap")])
    guard case .known(name: "pipe", isPart: true) = try #require(known.first).outcome else {
      Issue.record("the digest is another than that of the octets read")
      return
    }
    let faults = try folder.read().lines("SELECT kind, message FROM faults")
    #expect(faults.count == 1 && faults[0].hasPrefix("cut|the pipe is read no further"))
  }

  @Test("When a write fails, although the pipe's end may never come")
  func failedWrite() throws {
    struct Full: Error {}
    // More packets than a batch has, so that one is written; more octets than a pipe holds.
    var capture = CaptureFile()
    for number in 1...5_000 as ClosedRange<UInt16> { capture.add(Int64(number), question(number)) }
    let (path, octets) = (folder.file("pipe"), Data(capture.octets))
    Thread.detachNewThread { FileHandle(forUpdatingAtPath: path)?.write(octets) }
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    defer { writer.abandon() }
    #expect(throws: Full.self) {
      try writer.addCapture { session in
        let reader = try CaptureReader(location: .file(path: path))
        let facts = CaptureFacts(name: "pipe", path: path, format: "pcap", sha256: "", size: 0)
        return try Ingestion.decode(
          Handover(
            Ingestion.Work(
              reader: reader, digest: SourceDigest(forInventories: false), facts: facts)),
          CapturePass.Numbers(session), IngestOptions(programVersion: "test"), isPipe: true
        ) { _ in throw Full() }
      }
    }
  }
}
