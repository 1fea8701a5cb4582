import CZstd

/// Packs blocks of a source, each into one frame of Zstandard (RFC 8878) that says how many octets it
/// holds and ends with their checksum, so that a damaged block shows itself.
///
/// Sound because: the context is libzstd's own, made and freed once, and used by one thread at a time;
/// the pointers of a call are to memory that arrays lend for that call, with their lengths.
@safe public final class BlockCompression {
  /// libzstd's levels: its own middle, since higher ones take longer than decoding a capture does; and
  /// one that is four times as fast and hardly worse where there is little to gain, as in what was
  /// encrypted.
  private static let (level, quickLevel): (Int32, Int32) = (3, -1)
  /// Blocks that are packed quickly after one that hardly became smaller, before the better level is
  /// tried again.
  private static let quickBlocks = 7

  private let context: OpaquePointer
  /// Blocks that are packed quickly from now on.
  private var quickLeft = 0

  /// `nil` when libzstd has no memory.
  public init?() {
    guard let context = unsafe ZSTD_createCCtx() else { return nil }
    unsafe self.context = context
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  /// One frame that holds `block`; `nil` when libzstd has no memory.
  public func frame(of block: [UInt8]) -> [UInt8]? {
    // An eighth is little to gain.
    let little = block.count - block.count / 8
    if quickLeft > 0 {
      quickLeft -= 1
      guard let frame = frame(of: block, level: Self.quickLevel) else { return nil }
      if frame.count > little { return frame }
    }
    let frame = frame(of: block, level: Self.level)
    quickLeft = frame.map { $0.count > little } == true ? Self.quickBlocks : 0
    return frame
  }

  private func frame(of block: [UInt8], level: Int32) -> [UInt8]? {
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(block.count)) {
      target, count in
      let made = unsafe block.withUnsafeBytes { source in
        unsafe ZSTD_compress2(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
      count = ZSTD_isError(made) == 0 ? made : 0
    }
    // Even of no octets a frame has a header.
    return packed.isEmpty ? nil : packed
  }

  /// The octets of the one block that `frame` holds; `nil` when those are not `length` octets, or
  /// not the ones that were packed. No memory beyond `length` is taken, whatever the frame claims.
  static func octets(of frame: [UInt8], length: Int) -> [UInt8]? {
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: length) { target, count in
      let made = unsafe frame.withUnsafeBytes { source in
        unsafe ZSTD_decompress(target.baseAddress, length, source.baseAddress, source.count)
      }
      count = ZSTD_isError(made) == 0 ? made : 0
    }
    return octets.count == length ? octets : nil
  }
}
