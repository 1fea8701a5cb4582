import CaptureReading
import Foundation
import Testing

/// Octets of a capture, put together by hand in either order of octets.
struct Octets {
  var bytes: [UInt8] = []
  var isBigEndian = false

  init(bigEndian: Bool = false) { isBigEndian = bigEndian }

  mutating func add<T: FixedWidthInteger>(_ value: T) {
    let ordered = isBigEndian ? value.bigEndian : value.littleEndian
    withUnsafeBytes(of: ordered) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ more: [UInt8]) { bytes += more }

  mutating func pad() { while bytes.count % 4 != 0 { bytes.append(0) } }
}

/// A pcap file: draft-ietf-opsawg-pcap.
struct PcapFixture {
  var magic: UInt32 = 0xa1b2_c3d4
  var isBigEndian = false
  var major: UInt16 = 2
  var minor: UInt16 = 4
  var snapLength: UInt32 = 65_535
  var link: UInt32 = 1
  /// Octets behind each record header's 16.
  var patch: [UInt8] = []
  var records: [(UInt32, UInt32, captured: [UInt8], length: UInt32)] = []

  var bytes: [UInt8] {
    var octets = Octets(bigEndian: isBigEndian)
    octets.add(magic)
    octets.add(major)
    octets.add(minor)
    octets.add(UInt64(0))
    octets.add(snapLength)
    octets.add(link)
    for record in records {
      octets.add(record.0)
      octets.add(record.1)
      let captured = UInt32(record.captured.count)
      octets.add(minor < 3 || major == 543 ? record.length : captured)
      octets.add(minor < 3 || major == 543 ? captured : record.length)
      octets.add(patch)
      octets.add(record.captured)
    }
    return octets.bytes
  }

  /// Two packets: 3 octets of 60, then 4 of 4.
  static let two: [(UInt32, UInt32, captured: [UInt8], length: UInt32)] = [
    (1, 2, [0xaa, 0xbb, 0xcc], 60), (4_294_967_295, 999_999, [1, 2, 3, 4], 4),
  ]
}

/// A pcapng file, block by block: draft-ietf-opsawg-pcapng.
struct PcapNGFixture {
  var bytes: [UInt8] = []
  var isBigEndian = false

  mutating func block(_ type: UInt32, trailer: UInt32? = nil, _ body: (inout Octets) -> Void) {
    var inner = Octets(bigEndian: isBigEndian)
    body(&inner)
    inner.pad()
    let length = UInt32(inner.bytes.count + 12)
    var outer = Octets(bigEndian: isBigEndian)
    outer.add(type)
    outer.add(length)
    outer.add(inner.bytes)
    outer.add(trailer ?? length)
    bytes += outer.bytes
  }

  mutating func section(
    bigEndian: Bool = false, major: UInt16 = 1, minor: UInt16 = 0,
    options: [(UInt16, [UInt8])] = []
  ) {
    isBigEndian = bigEndian
    block(0x0a0d_0d0a) {
      $0.add(UInt32(0x1a2b_3c4d))
      $0.add(major)
      $0.add(minor)
      $0.add(Int64(-1))
      Self.add(options, to: &$0)
    }
  }

  mutating func interface(
    link: UInt16 = 1, snapLength: UInt32 = 0, options: [(UInt16, [UInt8])] = []
  ) {
    block(1) {
      $0.add(link)
      $0.add(UInt16(0))
      $0.add(snapLength)
      Self.add(options, to: &$0)
    }
  }

  mutating func enhanced(
    interface: UInt32 = 0, timestamp: UInt64 = 0, _ captured: [UInt8], length: UInt32? = nil,
    claimed: UInt32? = nil, trailer: UInt32? = nil, options: [(UInt16, [UInt8])] = []
  ) {
    block(6, trailer: trailer) {
      $0.add(interface)
      $0.add(UInt32(timestamp >> 32))
      $0.add(UInt32(truncatingIfNeeded: timestamp))
      $0.add(claimed ?? UInt32(captured.count))
      $0.add(length ?? UInt32(captured.count))
      $0.add(captured)
      $0.pad()
      Self.add(options, to: &$0)
    }
  }

  static func add(_ options: [(UInt16, [UInt8])], to octets: inout Octets) {
    for (code, value) in options {
      octets.add(code)
      octets.add(UInt16(value.count))
      octets.add(value)
      octets.pad()
    }
    if !options.isEmpty { octets.add(UInt32(0)) }
  }
}

/// All that a reader gave of one capture.
struct Reading {
  var packets: [RawPacket] = []
  var octets: [[UInt8]] = []
  var faults: [ReadingFault] = []
  var isComplete = true
  var reader: CaptureReader

  var numbers: [Int64] { packets.map(\.number) }

  init(_ location: CaptureLocation, filter: PacketFilter? = nil) throws {
    reader = try CaptureReader(location: location, filter: filter)
    var (packets, octets): ([RawPacket], [[UInt8]]) = ([], [])
    while try reader.next({ packet, span in
      packets.append(packet)
      octets.append(span.withUnsafeBytes { Array($0) })
    }) {}
    (self.packets, self.octets) = (packets, octets)
    (faults, isComplete) = (reader.takeFaults(), reader.isComplete)
  }

  init(_ bytes: [UInt8], filter: PacketFilter? = nil) throws {
    self = try withFile(bytes) { try Reading(.file(path: $0), filter: filter) }
  }
}

/// Runs `body` with the path of a new file that holds `bytes`, and removes it.
func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
  try withFolder { folder in
    let path = folder + "/capture"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try body(path)
  }
}

/// Runs `body` with the path of a new, empty folder, and removes it.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("CaptureReadingTests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// The error that reading `bytes` throws; `nil` when it throws none.
func errorOfReading(_ bytes: [UInt8], format: CaptureFormat? = nil) throws -> ReadingError? {
  try withFile(bytes) { path in
    do throws(ReadingError) {
      _ = try CaptureReader(location: .file(path: path), format: format)
      return nil
    } catch {
      return error
    }
  }
}

/// Captures that are not part of the repository, beside it.
enum SharedCaptures {
  /// Where the folder is, or would be.
  static func folder(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/captures/\(name)")
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test where those folders of captures lie beside the repository, and is shown as
  /// skipped, with the reason, where they do not.
  static func besideCaptures(_ folders: String...) -> Self {
    .enabled(
      if: folders.allSatisfy {
        FileManager.default.fileExists(atPath: SharedCaptures.folder($0).path)
      },
      "../shared/captures does not hold \(folders.joined(separator: " and "))")
  }
}

extension Octets {
  /// Replaces what the file at `path` holds.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
