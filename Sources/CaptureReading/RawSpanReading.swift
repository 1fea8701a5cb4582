/// Reading of integers and text from octets that nobody vouches for: the only place where this
/// module takes values out of a span, and none of it traps.
extension RawSpan {
  /// The unsigned integer at octet `offset`, or `nil` when any of its octets lies outside.
  ///
  /// - Parameter bigEndian: Whether the most significant octet comes first.
  @inline(__always)
  func integer<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    at offset: Int, bigEndian: Bool, as type: T.Type = T.self
  ) -> T? {
    let width = MemoryLayout<T>.size
    guard width <= byteCount, offset >= 0, offset <= byteCount &- width else { return nil }
    // Sound: `offset..<offset + width` lies inside the span, as just checked, and every bit
    // pattern is a value of an integer type.
    let value = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    return bigEndian ? T(bigEndian: value) : T(littleEndian: value)
  }

  /// The octets of `range` as UTF-8, what is not UTF-8 replaced by U+FFFD; `nil` when the range
  /// reaches outside.
  func text(_ range: Range<Int>) -> String? {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else { return nil }
    // Sound: the pointer does not outlive the closure, and the text is a copy.
    return unsafe extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Adds the octets to the end of `destination`.
  @inline(__always)
  func copy(to destination: inout [UInt8]) {
    // Sound: the pointer does not outlive the closure, and the array holds a copy.
    unsafe withUnsafeBytes { unsafe destination.append(contentsOf: $0) }
  }

  /// Whether the octets begin with `prefix`.
  func starts(with prefix: [UInt8]) -> Bool {
    guard prefix.count <= byteCount else { return false }
    return prefix.indices.allSatisfy { octet(at: $0) == prefix[$0] }
  }

  /// The octet at `offset`, or `nil` outside.
  func octet(at offset: Int) -> UInt8? { integer(at: offset, bigEndian: false) }
}
