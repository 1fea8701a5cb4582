import CZlib

/// Undoes gzip (RFC 1952), one member after the other. Zero octets behind a member are padding,
/// as on tapes and in files of whole sectors, and are passed over as gzip(1) does.
///
/// Sound because: the stream is zlib's own, initialised once and ended once; it stays at one
/// address, since zlib checks that; and its pointers are set for each call to memory that the
/// buffers lend for that call.
@safe final class GzipInflation {
  private let stream: UnsafeMutablePointer<z_stream>
  private var isBetweenMembers = false

  /// `nil` when zlib has no memory.
  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 is the largest window, 16 asks for a gzip header and its check: zlib.h, inflateInit2.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe stream.deinitialize(count: 1)
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// Takes octets from `packed`, which is not empty, and adds what they hold to `output`.
  func decompress(_ packed: OctetBuffer, into output: OctetBuffer) -> DecompressionOutcome {
    if isBetweenMembers {
      packed.consume(packed.withOctets(.max) { $0.leadingZeros })
      if packed.count == 0 { return .frameEnded }
      guard packed.withOctets(1, { $0.octet(at: 0) }) == 0x1f else {
        return .malformed(reason: "what follows the gzip data is no gzip data")
      }
      unsafe inflateReset(stream)
      isBetweenMembers = false
    }
    let step = packed.withOctets(.max) { octets -> (taken: Int, status: Int32) in
      unsafe octets.withUnsafeBytes { input in
        unsafe output.fill { tail in
          let offered = UInt32(clamping: input.count)
          let room = UInt32(clamping: tail.count)
          // zlib reads its input only; `next_in` lacks the const for the sake of old compilers.
          unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
          unsafe stream.pointee.avail_in = offered
          unsafe stream.pointee.next_out = tail.baseAddress?.assumingMemoryBound(to: UInt8.self)
          unsafe stream.pointee.avail_out = room
          let status = unsafe inflate(stream, Z_NO_FLUSH)
          let taken = unsafe Int(offered) - Int(stream.pointee.avail_in)
          let made = unsafe Int(room) - Int(stream.pointee.avail_out)
          return (made, (taken, status))
        }
      }
    }
    packed.consume(step.taken)
    switch step.status {
    case Z_OK, Z_BUF_ERROR:
      return .goesOn
    case Z_STREAM_END:
      isBetweenMembers = true
      return .frameEnded
    default:
      // Sound: `msg` is `nil` or a constant of zlib's; the text is a copy.
      let words = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      return .malformed(reason: "the gzip data are damaged: \(words ?? "error \(step.status)")")
    }
  }
}

extension RawSpan {
  /// How many octets at the beginning are zero.
  fileprivate var leadingZeros: Int {
    (0..<byteCount).first { octet(at: $0) != 0 } ?? byteCount
  }
}

/// What one step of decompression came to.
enum DecompressionOutcome: Equatable {
  /// More input, or more room, is needed.
  case goesOn
  /// A whole gzip member or zstd frame has been undone.
  case frameEnded
  /// Nothing further can be had; a sentence without its full stop says why.
  case malformed(reason: String)
}
