import CaseFixtures
import Foundation
import Synchronization
import Testing

@testable import CaseStore

@Suite("One writer at a time")
struct WritersTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  @Test("While a case is written, its holder is known by process; afterwards nobody is")
  func holder() throws {
    let path = folder.file("a.case")
    #expect(CaseLock.currentHolder(casePath: path) == nil)
    let writer = try CaseWriter(path: path, by: Actor(programVersion: "test")) { _ in }
    let holder = try #require(CaseLock.currentHolder(casePath: path))
    #expect(holder.hasPrefix("process \(ProcessInfo.processInfo.processIdentifier) of "))
    writer.abandon()
    #expect(CaseLock.currentHolder(casePath: path) == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("A second writer says for whom it waits, and gets the case when the first has ended")
  func secondWriter() throws {
    let path = folder.file("a.case")
    let first = try CaseWriter(path: path, by: Actor(programVersion: "test")) { _ in }
    let done = DispatchSemaphore(value: 0)
    let heard = Mutex<[String]>([])
    Thread.detachNewThread {
      defer { done.signal() }
      guard
        let second = try? CaseWriter(
          path: path, by: Actor(programVersion: "test"),
          waiting: { holder in
            heard.withLock { $0.append(holder) }
          })
      else { return }
      heard.withLock { $0.append("got it") }
      second.abandon()
    }
    Thread.sleep(forTimeInterval: 0.5)
    let whileHeld = heard.withLock { $0 }
    #expect(whileHeld.count == 1 && whileHeld.first?.hasPrefix("process ") == true)
    first.abandon()
    #expect(done.wait(timeout: .now() + 20) == .success)
    #expect(heard.withLock { $0.last } == "got it")
  }

  @Test("A lock file that nobody holds is taken over")
  func leftBehind() throws {
    _ = try folder.write(Array("process 1 of nobody".utf8), "a.case.lock")
    #expect(CaseLock.currentHolder(casePath: folder.file("a.case")) == nil)
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
    #expect(try folder.read().value("SELECT count(*) FROM packets") == "1")
    #expect(!FileManager.default.fileExists(atPath: folder.file("a.case.lock")))
  }

  @Test("What an interrupted first ingest left under the temporary name is thrown away")
  func partial() throws {
    _ = try folder.write([1, 2, 3], "a.case.partial")
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
    #expect(!FileManager.default.fileExists(atPath: folder.file("a.case.partial")))
    #expect(try folder.read().value("PRAGMA integrity_check") == "ok")
  }

  @Test("A capture whose writing fails leaves a case as it was, and a new one absent")
  func failure() throws {
    struct Stop: Error {}
    let path = folder.file("a.case")
    let fresh = try CaseWriter(path: path, by: Actor(programVersion: "test")) { _ in }
    #expect(throws: Stop.self) { try fresh.addCapture { _ in throw Stop() } }
    try fresh.finish()
    #expect(!FileManager.default.fileExists(atPath: path))
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
    let writer = try CaseWriter(path: path, by: Actor(programVersion: "test")) { _ in }
    #expect(throws: Stop.self) {
      try writer.addCapture { session in
        var batch = FactBatch()
        batch.links.append(LinkFact(id: 99, interface: 0, header: .init()))
        try session.write(batch)
        throw Stop()
      }
    }
    try writer.finish()
    let reader = try folder.read()
    #expect(try reader.lines("SELECT count(*), max(link_id) FROM fact_link") == ["1|1"])
    #expect(try reader.value("SELECT count(*) FROM captures") == "1")
  }

  @Test("While a case is written, its last complete state is read, with no notice")
  func readWhileWriting() throws {
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
    let writer = try CaseWriter(path: folder.file("a.case"), by: Actor(programVersion: "test")) {
      _ in
    }
    defer { writer.abandon() }
    try writer.addCapture { session in
      var batch = FactBatch()
      batch.links.append(LinkFact(id: 99, interface: 0, header: .init()))
      try session.write(batch)
      let reader = try folder.read()
      #expect(reader.notice == nil)
      #expect(try reader.value("SELECT count(*) FROM fact_link") == "1")
      return nil
    }
  }

  @Test("A reader that was there before an ingest sees its rows whole, before and after")
  func readBeforeWriting() throws {
    let path = folder.file("a.case")
    try folder.ingest([folder.write(CaseCreationTests.capture(), "a.pcap")])
    let reader = try folder.read()
    let counts = "SELECT (SELECT count(*) FROM fact_capture), (SELECT count(*) FROM fact_packet)"
    let done = DispatchSemaphore(value: 0)
    var other = CaptureFile()
    other.add(9, .tcp(Endpoint("192.0.2.9", 9), Endpoint("192.0.2.8", 8), flags: 2))
    let source = try folder.write(other, "b.pcap")
    var seen: [String] = []
    try reader.run(counts) { row in
      // A statement in work: the writer waits for its end.
      let folder = folder
      Thread.detachNewThread {
        _ = try? folder.ingest([source])
        done.signal()
      }
      Thread.sleep(forTimeInterval: 0.3)
      seen.append(row.map(\.description).joined(separator: "|"))
      return true
    }
    #expect(seen == ["1|1"])
    #expect(done.wait(timeout: .now() + 20) == .success)
    #expect(try reader.lines(counts) == ["2|2"])
    #expect(try reader.value("PRAGMA integrity_check") == "ok")
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
  }
}
