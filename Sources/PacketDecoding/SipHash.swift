/// SipHash-2-4 over 64-bit words.
///
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
struct SipHash24 {
  private var v0: UInt64, v1: UInt64, v2: UInt64, v3: UInt64

  /// - Parameter key: The 128-bit key, as two words.
  init(key: (UInt64, UInt64) = (0x7769_7265_6361_7365, 0x636f_6e76_6572_7365)) {
    v0 = key.0 ^ 0x736f_6d65_7073_6575
    v1 = key.1 ^ 0x646f_7261_6e64_6f6d
    v2 = key.0 ^ 0x6c79_6765_6e65_7261
    v3 = key.1 ^ 0x7465_6462_7974_6573
  }

  private mutating func round() {
    v0 = v0 &+ v1
    v1 = Self.rotate(v1, 13) ^ v0
    v0 = Self.rotate(v0, 32)
    v2 = v2 &+ v3
    v3 = Self.rotate(v3, 16) ^ v2
    v0 = v0 &+ v3
    v3 = Self.rotate(v3, 21) ^ v0
    v2 = v2 &+ v1
    v1 = Self.rotate(v1, 17) ^ v2
    v2 = Self.rotate(v2, 32)
  }

  private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value &<< count | value &>> (64 - count)
  }

  mutating func add(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  /// - Parameter octetCount: The octets that the words held; the last word takes the rest of an
  ///   uneven message, which whole words have none of.
  mutating func finish(octetCount: Int, rest: UInt64 = 0) -> UInt64 {
    add(UInt64(truncatingIfNeeded: octetCount) << 56 | rest)
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }
}

extension RecordBatch {
  /// A 64-bit hash of the octets of `range`, for telling names apart.
  public func hash(_ range: TextRange) -> UInt64 {
    Self.hash(text[Int(range.start)..<Int(range.start) + Int(range.count)])
  }

  /// The same hash of octets that stand elsewhere.
  public static func hash(_ octets: some Collection<UInt8>) -> UInt64 {
    var hash = SipHash24()
    var (word, filled, count) = (UInt64(0), UInt64(0), 0)
    for octet in octets {
      word |= UInt64(octet) << filled
      filled += 8
      count += 1
      if filled == 64 {
        hash.add(word)
        (word, filled) = (0, 0)
      }
    }
    return hash.finish(octetCount: count, rest: word)
  }
}
