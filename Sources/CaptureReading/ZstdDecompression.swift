import CZstd

/// Undoes Zstandard (RFC 8878), one frame after the other; skippable frames hold nothing.
///
/// A frame that needs a window above libzstd's default, 128 MiB, is refused by it, so that a file
/// cannot demand memory without bound.
///
/// Sound because: the context is libzstd's own, made and freed once, and the pointers of a call
/// are to memory that the buffers lend for that call.
@safe final class ZstdDecompression {
  private let context: OpaquePointer

  /// `nil` when libzstd has no memory.
  init?() {
    guard let context = unsafe ZSTD_createDStream() else { return nil }
    unsafe self.context = context
  }

  deinit { unsafe ZSTD_freeDStream(context) }

  /// Takes octets from `packed`, which is not empty, and adds what they hold to `output`.
  func decompress(_ packed: OctetBuffer, into output: OctetBuffer) -> DecompressionOutcome {
    let step = packed.withOctets(.max) { octets -> (taken: Int, status: Int) in
      unsafe octets.withUnsafeBytes { input in
        unsafe output.fill { tail in
          var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
          var target = unsafe ZSTD_outBuffer(dst: tail.baseAddress, size: tail.count, pos: 0)
          let status = unsafe ZSTD_decompressStream(context, &target, &source)
          return unsafe (target.pos, (source.pos, status))
        }
      }
    }
    packed.consume(step.taken)
    if ZSTD_isError(step.status) != 0 {
      // Sound: libzstd answers a constant for every code; the text is a copy.
      let words = unsafe ZSTD_getErrorName(step.status).map { unsafe String(cString: $0) }
      return .malformed(reason: "the zstd data are damaged: \(words ?? "error")")
    }
    return step.status == 0 ? .frameEnded : .goesOn
  }
}
