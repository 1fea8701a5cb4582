#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory of our own that octets are read into at one end and taken from at the other.
///
/// The unread octets are `start..<end` of the memory; room is made by moving them to its front
/// and, only when they are too many, by taking larger memory. Some of those that were taken last stay
/// before them, to be looked at once more.
///
/// Sound because: the memory is allocated and freed here alone; `0 <= behind <= start <= end <=
/// capacity` holds after every member (each checks it); a span or pointer is only lent to a closure, and
/// while it is, nothing here moves, frees or overwrites memory (`isLent` is checked by each
/// member that would).
@safe final class OctetBuffer {
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Octets before `start` that were taken away and are still there.
  private var behind = 0
  /// Of those, how many are kept when room is made.
  private let lookBack: Int
  private var isLent = false

  init(capacity: Int, lookBack: Int = 0) {
    self.lookBack = max(0, lookBack)
    unsafe memory = .allocate(byteCount: capacity + self.lookBack, alignment: 16)
  }

  deinit { unsafe memory.deallocate() }

  /// Octets that are there to be taken.
  var count: Int { end &- start }

  /// Makes the memory hold at least `total` unread octets, with the present ones at its front.
  func makeRoom(for total: Int) {
    precondition(!isLent, "a capture is read on while its octets are looked at")
    let unread = end - start
    let kept = min(behind, lookBack)
    let first = start - kept
    if unsafe memory.count - kept >= total {
      guard first > 0 else { return }
      if kept + unread > 0, let base = unsafe memory.baseAddress {
        unsafe base.copyMemory(from: base + first, byteCount: kept + unread)
      }
    } else {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: lookBack + total, alignment: 16)
      unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[first..<end]))
      unsafe memory.deallocate()
      unsafe memory = larger
    }
    (behind, start, end) = (kept, kept, kept + unread)
  }

  /// Takes up to `total` octets away unseen.
  func consume(_ total: Int) {
    precondition(!isLent, "a capture is read on while its octets are looked at")
    let taken = min(max(total, 0), count)
    start += taken
    behind += taken
  }

  /// Forgets what was taken away: other octets follow than those behind it.
  func forgetBehind() { behind = 0 }

  /// Lends `total` octets that begin `distance` before the unread ones; `nil` where they are not
  /// there any more.
  func withOctets<Result>(before distance: Int, _ total: Int, _ body: (RawSpan) -> Result)
    -> Result?
  {
    guard distance >= 0, distance <= behind, total >= 0, total <= distance &+ count else {
      return nil
    }
    let wasLent = isLent
    isLent = true
    defer { isLent = wasLent }
    let first = start &- distance
    return body(
      unsafe RawSpan(
        _unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[first..<first &+ total])))
  }

  /// Lends the first `total` unread octets, or all when there are fewer.
  @inline(__always)
  func withOctets<Result, Failure: Error>(
    _ total: Int, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let wasLent = isLent
    isLent = true
    defer { isLent = wasLent }
    let taken = Swift.min(Swift.max(total, 0), count)
    let octets = unsafe RawSpan(
      _unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[start..<start &+ taken]))
    return try body(octets)
  }

  /// The place of the first `octet` among the first `limit` unread ones.
  func firstIndex(of octet: UInt8, limit: Int) -> Int? {
    let searched = min(max(limit, 0), count)
    guard searched > 0, let base = unsafe memory.baseAddress else { return nil }
    // Sound: `searched` octets from `start` are inside the memory.
    guard let found = unsafe memchr(base + start, Int32(octet), searched) else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
  }

  /// Lends the free memory behind the unread octets; `body` returns how many octets it filled.
  @unsafe func fill<Outcome>(
    _ body: (UnsafeMutableRawBufferPointer) -> (filled: Int, outcome: Outcome)
  ) -> Outcome {
    precondition(!isLent, "a capture is read on while its octets are looked at")
    isLent = true
    defer { isLent = false }
    let tail = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    let (filled, outcome) = unsafe body(tail)
    precondition(filled >= 0 && filled <= tail.count, "more octets written than there was room for")
    end += filled
    return outcome
  }

  /// Adds the octets of `array` from index `start` on, as many as there is free memory for; answers
  /// how many.
  func append(_ array: [UInt8], from start: Int) -> Int {
    unsafe fill { tail in
      guard start >= 0, start < array.count else { return (0, 0) }
      let taken = min(tail.count, array.count - start)
      // Sound: as many octets are copied as both have.
      unsafe array.withUnsafeBytes { octets in
        unsafe tail.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: octets[start..<start + taken]))
      }
      return (taken, taken)
    }
  }

  /// Lends the last `total` octets that were filled.
  func withLast(_ total: Int, _ body: (RawSpan) -> Void) {
    precondition(total >= 0 && total <= count)
    isLent = true
    defer { isLent = false }
    body(
      unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[(end - total)..<end])))
  }
}
