import CZstd
import Foundation
import Testing

@testable import CaptureReading

@Suite("A source kept in packed blocks")
struct PackedSourceTests {
  /// Octets that no compressor makes shorter, the same in each run: a multiplicative generator
  /// (Knuth, TAOCP 3.3.4, line 26).
  private static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }

  /// The blocks of a source, packed.
  private static func frames(_ octets: [UInt8]) throws -> [[UInt8]] {
    let compression = try #require(BlockCompression())
    return try stride(from: 0, to: octets.count, by: 1 << 20).map { start in
      try #require(
        compression.frame(of: Array(octets[start..<min(octets.count, start + 1 << 20)])))
    }
  }

  @Test(
    "As many blocks are counted as a source needs, and each has its length",
    arguments: [
      (0, 0, 0), (1, 1, 1), (1_048_575, 1, 1_048_575), (1_048_576, 1, 1_048_576), (1_048_577, 2, 1),
      (3_145_728, 3, 1_048_576),
    ] as [(Int64, Int64, Int)])
  func lengths(octets: Int64, count: Int64, last: Int) {
    #expect(SourceBlock.count(of: octets) == count)
    #expect(SourceBlock.length(of: count - 1, in: octets) == last)
    #expect(SourceBlock.length(of: count, in: octets) == 0)
    #expect(SourceBlock.length(of: -1, in: octets) == 0)
  }

  // Expected: RFC 8878, 3.1.1: magic number, and the descriptor's flags for size and checksum.
  @Test("A block is one frame with size and checksum, which libzstd undoes")
  func frame() throws {
    let block = Self.noise(5_000) + [UInt8](repeating: 7, count: 5_000)
    let frame = try #require(BlockCompression()?.frame(of: block))
    #expect(Array(frame.prefix(4)) == [0x28, 0xb5, 0x2f, 0xfd])
    #expect(frame[4] & 0b0000_0100 != 0, "Content_Checksum_flag")
    #expect(ZSTD_getFrameContentSize(frame, frame.count) == 10_000)
    #expect(frame.count < 6_000)
    var undone = [UInt8](repeating: 0, count: 10_000)
    #expect(ZSTD_decompress(&undone, undone.count, frame, frame.count) == 10_000)
    #expect(undone == block)
  }

  @Test("A block of another length, a cut one, two in one and one with a bit turned are refused")
  func damaged() throws {
    let block = Self.noise(2_000) + [UInt8](repeating: 7, count: 2_000)
    let frame = try #require(BlockCompression()?.frame(of: block))
    #expect(BlockCompression.octets(of: frame, length: 4_000) == block)
    #expect(BlockCompression.octets(of: frame, length: 3_999) == nil)
    #expect(BlockCompression.octets(of: frame, length: 4_001) == nil)
    #expect(BlockCompression.octets(of: frame + frame, length: 4_000) == nil)
    #expect(BlockCompression.octets(of: frame + [0], length: 4_000) == nil)
    for length in 0..<frame.count {
      #expect(BlockCompression.octets(of: Array(frame.prefix(length)), length: 4_000) == nil)
    }
    for bit in 0..<frame.count * 8 {
      var turned = frame
      turned[bit / 8] ^= 1 << (bit % 8)
      // One bit of the descriptor means nothing: RFC 8878, 3.1.1.1.1.4. The octets are then the same.
      let undone = BlockCompression.octets(of: turned, length: 4_000)
      #expect(undone == nil || undone == block, "bit \(bit)")
    }
  }

  @Test("Read from its beginning it is the source, a block at a time")
  func whole() throws {
    let octets = Self.noise(2_500_000)
    let frames = try Self.frames(octets)
    var asked: [Int64] = []
    let packed = PackedSource(name: "a", size: Int64(octets.count)) { number in
      asked.append(number)
      return frames[Int(number)]
    }
    let source = try ByteSource(packed, name: "a")
    var read: [UInt8] = []
    while source.require(1) {
      source.withOctets(source.available) { $0.append(to: &read) }
      source.consume(source.available)
    }
    #expect(read == octets)
    #expect(source.failure == nil)
    #expect(asked == [0, 1, 2])
  }

  @Test("Of a plain source only the blocks that are gone to are unpacked, also across their edge")
  func randomAccess() throws {
    let octets = Self.noise(5 << 20)
    let frames = try Self.frames(octets)
    var asked: [Int64] = []
    let packed = PackedSource(name: "a", size: Int64(octets.count)) { number in
      asked.append(number)
      return frames[Int(number)]
    }
    let source = try ByteSource(packed, name: "a")
    for place in [3 << 20 + 5, 4 << 20 - 3, 1 << 20] {
      #expect(source.move(to: Int64(place)) && source.require(6))
      var read: [UInt8] = []
      source.withOctets(6) { $0.append(to: &read) }
      #expect(read == Array(octets[place..<place + 6]))
    }
    #expect(asked == [0, 3, 4, 1])
  }

  @Test("A block that is not there, or not what was written, ends the reading and is named")
  func missing() throws {
    let octets = Self.noise(3 << 20)
    var frames = try Self.frames(octets)
    frames[2][1_000] ^= 1
    for (number, reason) in [(1, "block 1 is not there"), (2, "block 2 is not what was written")] {
      let packed = PackedSource(name: "a", size: Int64(octets.count)) { asked in
        number == 1 && asked == 1 ? nil : frames[Int(asked)]
      }
      let source = try ByteSource(packed, name: "a")
      #expect(source.skip(.max) == Int64(number << 20))
      #expect(source.failure?.reason.contains(reason) == true)
    }
  }
}
