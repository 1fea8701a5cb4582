import CZlib
import CZstd
import CaptureReading
import CaseFixtures
import CaseStore
import Foundation
import Testing

@testable import Evidence

/// What an exported file holds, read back by our own reader.
struct ExportedFile {
  struct Packet: Equatable {
    var time: Int64?
    var octets: [UInt8]
    var length: Int64
    var interface: String?
    var linkType: Int32
    var comments: [String]
  }

  var packets: [Packet] = []
  var reader: CaptureReader

  init(_ path: String) throws {
    reader = try CaptureReader(location: .file(path: path), format: .pcapng)
    var packets: [Packet] = []
    while try reader.next({ packet, span in
      var octets: [UInt8] = []
      span.append(to: &octets)
      packets.append(
        Packet(
          time: packet.timestamp, octets: octets, length: packet.length,
          interface: reader.interfaces[Int(packet.interface)].name, linkType: packet.linkType,
          comments: []))
    }) {
      let comments = reader.takePacketComments().map(\.text)
      packets[packets.count - 1].comments = comments
    }
    #expect(reader.takeFaults().isEmpty && reader.isComplete)
    self.packets = packets
  }
}

extension CaseFolder {
  /// Exports packets of the case `a.case`.
  func export(
    _ selection: PacketSelection, to name: String = "out.pcapng", capacity: Int = 32 << 20
  ) throws -> PacketExport.Outcome {
    let reader = try read()
    var export = try PacketExport(reader, by: Actor(programVersion: "test"))
    export.capacity = capacity
    return try export.write(SelectedPackets(selection, in: reader), to: file(name))
  }

  /// The names in the folder.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Keeps a finding that cites packets; gives its number.
  func saveFinding(
    _ packets: [PacketName], investigation: String = "dns-unanswered", first: Int64? = nil,
    basis: CaptureFacts.TimeBasis = .utc
  ) throws -> Int64 {
    let writer = try CaseWriter(path: file("a.case"), by: Actor(programVersion: "test")) { _ in }
    try writer.save(
      [
        StoredRun(
          investigation: investigation, title: "T", severity: "high", sql: "SELECT 1",
          evidenceSQL: "SELECT 1", parameters: "{}",
          findings: [
            StoredFinding(
              firstTime: first, lastTime: first, timeBasis: basis, summary: "server 198.51.100.53",
              details: "{}", evidence: packets.map(\.id))
          ])
      ], of: CaseScope())
    try writer.finish()
    return Int64(try read().value("SELECT max(finding_id) FROM findings")) ?? 0
  }
}

/// Octets compressed.
enum Compressed {
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 15 + 16: the largest window, with a gzip header (zlib.h).
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count + 1_024))
    let made = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(output.prefix(made))
  }

  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let made = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
    return Array(output.prefix(made))
  }
}

/// Programs of Wireshark's, where they are installed.
enum Tool {
  static func path(_ name: String) -> String? { OtherPrograms.find(name)?.path }

  static let areThere = ["tshark", "capinfos", "editcap"].allSatisfy { path($0) != nil }

  /// What a program prints, and its exit code. What it says on standard error is not looked at: it
  /// warns of being run as root.
  static func run(_ name: String, _ arguments: [String]) throws -> (text: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path(name)))
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }
}
