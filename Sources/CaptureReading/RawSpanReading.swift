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

  /// Adds a copy of the octets to `array`.
  public func append(to array: inout [UInt8]) {
    // Sound: the pointer does not outlive the closure, and the octets are copied.
    unsafe withUnsafeBytes { unsafe array.append(contentsOf: $0) }
  }

  /// Whether both hold the same octets.
  func equals(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    var offset = 0
    while let one: UInt64 = integer(at: offset, bigEndian: false),
      let another: UInt64 = other.integer(at: offset, bigEndian: false)
    {
      guard one == another else { return false }
      offset += 8
    }
    while let one = octet(at: offset), let another = other.octet(at: offset) {
      guard one == another else { return false }
      offset += 1
    }
    return true
  }

  /// Whether the octets begin with `prefix`.
  func starts(with prefix: [UInt8]) -> Bool {
    guard prefix.count <= byteCount else { return false }
    return prefix.indices.allSatisfy { octet(at: $0) == prefix[$0] }
  }

  /// The octet at `offset`, or `nil` outside.
  func octet(at offset: Int) -> UInt8? { integer(at: offset, bigEndian: false) }
}
