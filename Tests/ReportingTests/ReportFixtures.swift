import CaseStore
import Foundation
import Ingestion
import Testing

@testable import Reporting

/// A classic pcap file made octet by octet: nanoseconds (magic a1b23c4d), LINKTYPE_RAW (101), so
/// that each packet begins with its IPv4 header (RFC 791).
struct CaptureFixture {
  private(set) var packets: [(time: Int64, octets: [UInt8])] = []

  /// 2026-11-24T12:00:00Z: `date -u -d 2026-11-24T12:00:00Z +%s`.
  static let noon: Int64 = 1_795_521_600_000_000_000

  /// Adds a packet.
  ///
  /// - Parameter milliseconds: After `noon`.
  mutating func add(_ milliseconds: Int64, _ octets: [UInt8]) {
    packets.append((Self.noon + milliseconds * 1_000_000, octets))
  }

  /// Writes the file below a new folder, and gives its path.
  func write(_ name: String, in folder: URL) throws -> String {
    var file: [UInt8] = little(0xa1b2_3c4d, 4) + little(2, 2) + little(4, 2) + little(0, 8)
    file += little(262_144, 4) + little(101, 4)
    for (time, octets) in packets {
      file += little(Int(time / 1_000_000_000), 4) + little(Int(time % 1_000_000_000), 4)
      file += little(octets.count, 4) + little(octets.count, 4) + octets
    }
    let url = folder.appending(path: name)
    try Data(file).write(to: url)
    return url.path
  }

  private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}

private func big(_ value: Int) -> [UInt8] {
  [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
}

/// An IPv4 datagram, RFC 791, without options.
func ipv4(_ source: [UInt8], _ destination: [UInt8], proto: UInt8, _ payload: [UInt8]) -> [UInt8] {
  [0x45, 0] + big(20 + payload.count) + [0, 1, 0x40, 0, 64, proto, 0, 0] + source + destination
    + payload
}

/// A UDP datagram, RFC 768, in IPv4.
func udp(
  _ source: [UInt8], _ sourcePort: Int, _ destination: [UInt8], _ destinationPort: Int,
  _ payload: [UInt8]
) -> [UInt8] {
  ipv4(
    source, destination, proto: 17,
    big(sourcePort) + big(destinationPort) + big(8 + payload.count) + [0, 0] + payload)
}

/// A TCP segment without data, RFC 9293, in IPv4.
func tcp(
  _ source: [UInt8], _ sourcePort: Int, _ destination: [UInt8], _ destinationPort: Int, flags: UInt8
) -> [UInt8] {
  ipv4(
    source, destination, proto: 6,
    big(sourcePort) + big(destinationPort) + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags]
      + [0x20, 0, 0, 0, 0, 0])
}

/// Destination Unreachable, RFC 792, that quotes a whole datagram, to its sender.
func unreachable(_ sender: [UInt8], code: UInt8, quoting datagram: [UInt8]) -> [UInt8] {
  ipv4(sender, Array(datagram[12..<16]), proto: 1, [3, code, 0, 0, 0, 0, 0, 0] + datagram)
}

/// A DNS query for an A record, RFC 1035, 4.1.
func dnsQuery(_ identifier: Int, _ labels: [[UInt8]]) -> [UInt8] {
  big(identifier) + [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    + labels.flatMap { [UInt8($0.count)] + $0 } + [0, 0, 1, 0, 1]
}

/// The answer to such a query: its header with QR and RA set, one A record.
func dnsAnswer(_ identifier: Int, _ labels: [[UInt8]]) -> [UInt8] {
  big(identifier) + [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
    + labels.flatMap { [UInt8($0.count)] + $0 } + [0, 0, 1, 0, 1]
    + [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 80]
}

/// A folder that is removed at the end.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "wirecase-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A case of captures, and its report.
  func report(
    of sources: [String], filter: String? = nil, _ change: (inout ReportOptions) -> Void = { _ in }
  ) throws -> Report {
    let path = url.appending(path: "\(UUID().uuidString).case").path
    let writer = try CaseWriter(path: path, by: Actor(programVersion: "test")) { _ in }
    var ingest = IngestOptions(programVersion: "test")
    ingest.filter = filter
    let ingestion = Ingestion(into: writer, options: ingest)
    for source in sources { _ = try ingestion.ingest(.file(path: source)) { _, _ in } }
    try writer.finish()
    var options = ReportOptions(programVersion: "test")
    change(&options)
    return try ReportBuilder(CaseReader(path: path), options: options).build()
  }
}

/// The folder that holds the repository.
private let workplace = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A capture that lies beside the repository; `nil` where there is none.
func sharedCapture(_ path: String) -> String? {
  let url = workplace.appending(path: "shared/\(path)")
  return FileManager.default.fileExists(atPath: url.path) ? url.path : nil
}

extension Trait where Self == ConditionTrait {
  /// Skips a test, and says why, where a folder of captures does not lie beside the repository.
  static func needsShared(_ folder: String) -> Self {
    .enabled(if: sharedCapture(folder) != nil, "../shared/\(folder) is not there")
  }
}

/// A file of `Tests/Samples`.
func sample(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Samples/\(name)").path
}
