// The one place where decoding touches memory: every other file reads through these functions,
// which answer nil outside the span, so that no octet of a packet can make a decoder trap.

/// Octets that are kept in an array, for those who read spans.
func reading<Result>(_ octets: [UInt8], _ body: (RawSpan) -> Result) -> Result {
  // Sound: octets have no padding that would be read.
  body(unsafe octets.span.bytes)
}

extension [UInt8] {
  /// Appends all octets of `span`.
  mutating func append(contentsOf span: RawSpan) {
    // Sound: the pointer is used within the span's own access alone.
    unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

extension RawSpan {
  /// The unsigned integer at octet `offset`, most significant octet first, or `nil` when any of
  /// its octets lies outside the span. Never traps, whatever `offset` is.
  @inline(__always)
  func bigEndian<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    at offset: Int, as type: T.Type
  ) -> T? {
    let width = MemoryLayout<T>.size
    // `byteCount - width` cannot overflow; `offset + width` could.
    guard offset >= 0, offset <= byteCount - width else { return nil }
    // Sound: the guard above keeps `offset + width` within the span, and T is a plain integer.
    return T(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Likewise, least significant octet first.
  @inline(__always)
  func littleEndian<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    at offset: Int, as type: T.Type
  ) -> T? {
    bigEndian(at: offset, as: type)?.byteSwapped
  }

  /// The octet at `offset`, or `nil` outside the span.
  @inline(__always)
  func octet(at offset: Int) -> UInt8? {
    bigEndian(at: offset, as: UInt8.self)
  }

  /// Whether the octets at `offset` are those of `text`, exactly.
  func starts(with text: StaticString, at offset: Int = 0) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset >= 0, offset <= byteCount - count else { return false }
    // Sound: the literal's octets stay for ever, and the index stays below their count.
    return text.withUTF8Buffer { wanted in
      for index in 0..<count where unsafe octet(at: offset + index) != wanted[index] {
        return false
      }
      return true
    }
  }

  /// Whether the octets of `range` are those of `text`, which is in small letters, in letters of any case.
  func equals(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    // Sound: as above; the indices are as many.
    return text.withUTF8Buffer { wanted in
      for (index, offset) in range.enumerated()
      where unsafe octet(at: offset)?.lowercased != wanted[index] {
        return false
      }
      return true
    }
  }

  /// The EUI-48 address at `offset`, in the low 48 bits, or `nil` when it is not all there.
  @inline(__always)
  func eui48(at offset: Int) -> UInt64? {
    guard let upper = bigEndian(at: offset, as: UInt16.self),
      let lower = bigEndian(at: offset + 2, as: UInt32.self)
    else { return nil }
    return UInt64(upper) << 32 | UInt64(lower)
  }

  /// The IPv4 address at `offset`, or `nil` when it is not all there.
  @inline(__always)
  func ipv4Address(at offset: Int) -> NetworkAddress? {
    bigEndian(at: offset, as: UInt32.self).map(NetworkAddress.init(ipv4:))
  }

  /// The IPv6 address at `offset`, or `nil` when it is not all there.
  @inline(__always)
  func ipv6Address(at offset: Int) -> NetworkAddress? {
    guard let high = bigEndian(at: offset, as: UInt64.self),
      let low = bigEndian(at: offset + 8, as: UInt64.self)
    else { return nil }
    return NetworkAddress(ipv6High: high, low: low)
  }
}
