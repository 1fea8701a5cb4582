/// What CRYPTO frames of one end carry, put in order: RFC 9000, 19.6. What was there first stays.
struct QUICCryptoStream: Sendable {
  /// Octets of the stream before those that are kept.
  private var start = 0
  private var octets: [UInt8] = []
  private var isThere: [Bool] = []
  /// Of those that are kept, octets before the first that is missing.
  private var ready = 0

  var held: Int { octets.count }

  /// Octets in order from `offset` on, of those that are kept.
  func inOrder(_ range: Range<Int>) -> [UInt8]? {
    range.upperBound <= ready ? Array(octets[range]) : nil
  }

  /// Takes octets.
  ///
  /// - Parameter offset: Octets of the stream before them, below 2^62.
  /// - Parameter room: Octets that may be kept.
  /// - Returns: Whether there was room.
  mutating func add(_ data: RawSpan, at offset: Int, room: Int) -> Bool {
    let end = offset + data.byteCount - start
    guard end > 0, data.byteCount > 0 else { return true }
    guard end <= room else { return false }
    if end > octets.count {
      octets.append(contentsOf: repeatElement(0, count: end - octets.count))
      isThere.append(contentsOf: repeatElement(false, count: end - isThere.count))
    }
    for slot in max(offset - start, 0)..<end where !isThere[slot] {
      octets[slot] = data.octet(at: start + slot - offset) ?? 0
      isThere[slot] = true
    }
    while ready < isThere.count, isThere[ready] { ready += 1 }
    return true
  }

  /// Lets go of octets in order that were read.
  mutating func consume(_ count: Int) {
    let count = min(max(0, count), ready)
    start += count
    ready -= count
    if count == octets.count {
      (octets, isThere) = ([], [])
    } else {
      octets.removeFirst(count)
      isThere.removeFirst(count)
    }
  }

  /// Lets go of all that is kept.
  mutating func release() { (octets, isThere, ready) = ([], [], 0) }
}
