import CaptureReading
import CaseStore

/// The octets of a source that are kept in the case.
public struct EmbeddedSource {
  /// Of the capture, from its row.
  public let source: CaptureSource
  private let packed: PackedSource

  /// - Returns: `nil` for a source that is not kept in the case.
  public init?(_ source: CaptureSource, in reader: CaseReader) {
    guard source.isEmbedded else { return nil }
    self.source = source
    packed = source.packed(in: reader)
  }

  /// Hands over the octets, block by block, unpacked.
  ///
  /// - Parameter damaged: Called for a block that is not there or not what was written; its octets
  ///   are left out.
  /// - Throws: What the closures throw.
  public func forEachBlock(
    _ body: ([UInt8]) throws -> Void, damaged: (SourceBlockFault) throws -> Void
  ) throws {
    for number in 0..<SourceBlock.count(of: source.size) {
      let block: [UInt8]
      do throws(SourceBlockFault) { block = try packed.block(number) } catch {
        try damaged(error)
        continue
      }
      try body(block)
    }
  }
}

extension CaptureSource {
  /// Its octets in the case, for reading packets from.
  func packed(in reader: CaseReader) -> PackedSource {
    let captureID = captureID
    return PackedSource(name: name, size: size) { number in
      try reader.sourceBlock(number, ofCapture: captureID)
    }
  }
}
