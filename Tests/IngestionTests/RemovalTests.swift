import CaseFixtures
import CaseStore
import Foundation
import Ingestion
import Testing

@Suite("Taking a capture out again")
struct RemovalTests {
  let folder: CaseFolder

  init() throws { folder = try CaseFolder() }

  private func shown(_ name: String) throws -> [[String]] { try ContractRows.of(folder.read(name)) }

  private func writer(_ name: String) throws -> CaseWriter {
    try CaseWriter(path: folder.file(name), by: Actor(programVersion: "test")) { _ in }
  }

  private static let lab = ["client1.pcap", "client2.pcap", "server-any.pcap", "router.pcapng"]

  @Test(
    "What is left is what a case has that never held the capture",
    .besideCaptures("lab"), arguments: lab)
  func likeNever(_ removed: String) throws {
    let paths = Self.lab.compactMap { Places.shared("lab/" + $0) }
    try folder.ingest(paths, into: "a.case")
    let rest = paths.filter { !$0.hasSuffix(removed) }
    try folder.ingest(rest, into: "b.case")
    let writer = try writer("a.case")
    #expect(try writer.removeCapture(named: removed) ?? 0 > 0)
    try writer.finish()
    for (one, other) in zip(try shown("a.case"), try shown("b.case")) { #expect(one == other) }
    // Nor is anything wrong that deriving anew would mend.
    let again = try self.writer("a.case")
    try again.deriveEverything()
    try again.finish()
    for (one, other) in zip(try shown("a.case"), try shown("b.case")) { #expect(one == other) }
  }

  @Test("The log keeps that a capture was taken out, and its bytes can be ingested again")
  func again() throws {
    var capture = CaptureFile()
    capture.add(
      0, .query(Endpoint("192.0.2.1", 1), Endpoint("192.0.2.2", 53), id: 7, "secret.example"))
    let path = try folder.write(capture, "a.pcap")
    try folder.ingest([path])
    let writer = try writer("a.case")
    #expect(try writer.removeCapture(named: "a.pcap") == 1)
    #expect(try writer.removeCapture(named: "a.pcap") == nil)
    try writer.finish()
    #expect(
      try folder.read().lines("SELECT action FROM audit_log ORDER BY event_id")
        == ["ingest", "remove"])
    let octets = try Data(contentsOf: URL(filePath: folder.file("a.case")))
    #expect(octets.range(of: Data("secret.example".utf8)) == nil)
    #expect(try folder.ingest([path]).map(\.packets) == [1])
  }
}
