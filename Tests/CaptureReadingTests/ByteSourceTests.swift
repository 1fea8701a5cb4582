import CZlib
import CZstd
import Foundation
import Testing

@testable import CaptureReading

@Suite("Sources of octets and their compression")
struct ByteSourceTests {
  /// A capture that is larger than the window that sources are read through.
  private static let capture: [UInt8] = {
    var fixture = PcapFixture()
    var state: UInt32 = 1
    for index in 0..<3_000 as Range<UInt32> {
      let octets = (0..<200 + index % 100).map { _ in
        // Numerical Recipes' generator: nothing in it that compresses much.
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
      }
      fixture.records.append((index, 0, octets, UInt32(octets.count)))
    }
    return fixture.bytes
  }()

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

  @Test("Compressed captures give the same packets, in one piece or several")
  func compressed() throws {
    let plain = try Reading(Self.capture)
    #expect(plain.packets.count == 3_000 && plain.isComplete)
    let (head, tail) = (Array(Self.capture.prefix(100_001)), Array(Self.capture.dropFirst(100_001)))
    // A skippable frame of three octets: RFC 8878, 3.1.2.
    let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let cases: [(String, [UInt8])] = [
      ("gzip", Self.gzip(Self.capture)),
      ("gzip", Self.gzip(head) + Self.gzip([]) + Self.gzip(tail)),
      ("zstd", Self.zstd(Self.capture)), ("zstd", Self.zstd(head) + skippable + Self.zstd(tail)),
      ("zstd", skippable + Self.zstd(Self.capture)),
    ]
    for (name, bytes) in cases {
      let reading = try Reading(bytes)
      #expect(reading.packets == plain.packets && reading.octets == plain.octets)
      #expect(reading.faults.isEmpty && reading.isComplete)
      #expect(reading.reader.compression == name)
      #expect(reading.reader.sourceOctets == Int64(bytes.count))
      #expect(reading.reader.sourceSize == Int64(bytes.count))
    }
  }

  @Test("Compressed data that end early keep the packets before, and say so")
  func cutCompressed() throws {
    let all = try Reading(Self.capture)
    for bytes in [Self.gzip(Self.capture), Self.zstd(Self.capture)] {
      for kept in [bytes.count / 2, bytes.count - 1] {
        let reading = try Reading(Array(bytes.prefix(kept)))
        #expect(!reading.isComplete && reading.faults.map(\.kind) == [.cut])
        #expect(reading.faults.first?.message.contains("end before their end") == true)
        #expect(reading.packets.count > 500)
        #expect(reading.packets == Array(all.packets.prefix(reading.packets.count)))
      }
    }
  }

  @Test("Damaged compressed data and what follows them are faults")
  func damagedCompressed() throws {
    for packed in [Self.gzip(Self.capture), Self.zstd(Self.capture)] {
      let trailing = try Reading(packed + [9, 9, 9, 9, 9, 9])
      #expect(trailing.packets.count == 3_000 && !trailing.isComplete)
      #expect(trailing.faults.map(\.kind) == [.malformed])
    }
    // The last 8 octets of gzip are a checksum and a length: RFC 1952, 2.3.1.
    var gzip = Self.gzip(Self.capture)
    gzip[gzip.count - 8] ^= 0xff
    let reading = try Reading(gzip)
    #expect(!reading.isComplete && reading.faults.map(\.kind) == [.malformed])
  }

  @Test("Zeros behind gzip data are padding, at the end and before another member")
  func zeroPadding() throws {
    let (head, tail) = (Array(Self.capture.prefix(100_001)), Array(Self.capture.dropFirst(100_001)))
    // 600,000 octets are more than are read at a time.
    for count in [1, 512, 600_000] {
      let zeros = [UInt8](repeating: 0, count: count)
      for bytes in [Self.gzip(Self.capture) + zeros, Self.gzip(head) + zeros + Self.gzip(tail)] {
        let reading = try Reading(bytes)
        #expect(reading.packets.count == 3_000 && reading.isComplete && reading.faults.isEmpty)
      }
      let noise = try Reading(Self.gzip(Self.capture) + zeros + [9])
      #expect(!noise.isComplete && noise.faults.map(\.kind) == [.malformed])
    }
  }

  @Test("Compression is undone once")
  func twice() throws {
    let error = try errorOfReading(Self.gzip(Self.zstd(Self.capture)))
    #expect(error?.description.contains("compressed twice (zstd inside)") == true)
  }

  @Test("The observer sees each octet of the source once, in order, after the drain")
  func observer() throws {
    for bytes in [Self.capture, Self.gzip(Self.capture), Self.zstd(Self.capture)] {
      for limit in [0, 10, 3_000] {
        try withFile(bytes) { path in
          var seen: [UInt8] = []
          let reader = try CaptureReader(location: .file(path: path)) { octets in
            octets.withUnsafeBytes { seen.append(contentsOf: $0) }
          }
          for _ in 0..<limit { #expect(try reader.next { _, _ in }) }
          reader.drain()
          #expect(seen == bytes && reader.sourceOctets == Int64(bytes.count))
          #expect(try !reader.next { _, _ in })
          #expect(reader.takeFaults().isEmpty)
        }
      }
    }
  }

  @Test("A pipe is read as far as it goes, and has no size")
  func pipe() throws {
    let bytes = PcapFixture(records: PcapFixture.two).bytes
    try withFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let writer = Thread {
        guard let file = FileHandle(forWritingAtPath: path) else { return }
        for octet in bytes { file.write(Data([octet])) }
        try? file.close()
      }
      writer.start()
      let reading = try Reading(.file(path: path))
      #expect(reading.octets == [[0xaa, 0xbb, 0xcc], [1, 2, 3, 4]])
      #expect(reading.reader.sourceSize == nil && reading.isComplete)
    }
  }

  @Test("What a user leaves of a pipe is not waited for, and a fault says what was read")
  func leftPipe() throws {
    let bytes = PcapFixture(records: PcapFixture.two).bytes
    try withFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      // Open for both, a FIFO neither waits for the other end nor ends: fifo(7).
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      file.write(Data(bytes))
      var seen = 0
      let reader = try CaptureReader(location: .file(path: path)) { seen += $0.byteCount }
      #expect(try reader.next { _, _ in })
      reader.leaveRest()
      #expect(try !reader.next { _, _ in })
      #expect(seen == bytes.count && reader.isComplete)
      let faults = reader.takeFaults()
      #expect(faults.map(\.kind) == [.cut])
      #expect(faults.first?.message.contains("the \(bytes.count) octets that were read") == true)
      try file.close()
    }
  }

  @Test("What a user leaves of a file is read for the observer, and is no fault")
  func leftFile() throws {
    let bytes = Self.gzip(Self.capture)
    try withFile(bytes) { path in
      var seen = 0
      let reader = try CaptureReader(location: .file(path: path)) { seen += $0.byteCount }
      #expect(try reader.next { _, _ in })
      reader.leaveRest()
      #expect(seen == bytes.count && reader.isComplete && reader.takeFaults().isEmpty)
    }
  }

  @Test("What is no readable file is refused with its name and what to do")
  func refusals() throws {
    try withFolder { folder in
      let missing = folder + "/none.pcap"
      #expect(throws: ReadingError.missing(name: missing)) {
        _ = try CaptureReader(location: .file(path: missing))
      }
      #expect(throws: ReadingError.folder(name: folder)) {
        _ = try CaptureReader(location: .file(path: folder))
      }
      #expect(
        ReadingError.missing(name: "a.pcap").description == "a.pcap: no such file. Check the path.")
    }
    guard case .empty? = try errorOfReading([]) else {
      Issue.record("an empty file is not said to be empty")
      return
    }
    guard case .empty? = try errorOfReading(Self.gzip([])) else {
      Issue.record("gzip of nothing is not said to be empty")
      return
    }
  }
}
