import CaseStore
import Dispatch
import Foundation
import Synchronization

/// Takes a source's digests on a thread of its own, while its packets are decoded and stored on
/// others: octets go through once, and wait in a few blocks.
final class SourceDigest: @unchecked Sendable {
  // Sound though unchecked: `block` is touched by one thread at a time, which calls `add` or `stop`;
  // `result` by the digest's thread until it signals `done`, and by `finish` after that.
  private var block: [UInt8] = []
  private var result: ContentDigest
  private let waiting = Mutex<[[UInt8]]>([])
  private let room = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  private var isStopped = false

  private static let blockSize = 1 << 20
  private static let blocks = 4

  /// - Parameter forInventories: See `ContentDigest`.
  init(forInventories: Bool) {
    result = ContentDigest(forInventories: forInventories)
    block.reserveCapacity(Self.blockSize)
    // Not the initial value: a semaphore that goes below that may not be destroyed.
    for _ in 0..<Self.blocks { room.signal() }
    Thread.detachNewThread { [self] in
      while true {
        filled.wait()
        let block = waiting.withLock { $0.removeFirst() }
        // An empty block ends it.
        if block.isEmpty { break }
        unsafe block.withUnsafeBytes { unsafe result.add($0.bytes) }
        room.signal()
      }
      done.signal()
    }
  }

  /// Adds octets; waits where the digest lags behind.
  func add(_ octets: RawSpan) {
    // Sound: the pointer is used within the closure alone, and its octets are copied.
    unsafe octets.withUnsafeBytes { unsafe block.append(contentsOf: $0) }
    if block.count >= Self.blockSize { hand() }
  }

  /// The digests of all that was added; nothing can be added after.
  func finish() -> ContentDigest {
    stop()
    return result
  }

  /// Ends the thread, if it has not ended.
  func stop() {
    if isStopped { return }
    isStopped = true
    if !block.isEmpty { hand() }
    hand()
    done.wait()
  }

  /// Hands the block over, and begins another.
  private func hand() {
    room.wait()
    waiting.withLock { $0.append(block) }
    filled.signal()
    block = []
    block.reserveCapacity(Self.blockSize)
  }
}
