import CaptureReading
import CaseStore
import Dispatch
import Foundation
import Synchronization

/// Keeps the octets of a source as they are read: cuts them into blocks, and has a thread of its own
/// pack these and put them into the queue to the thread that stores.
///
/// The octets are taken on the reading thread, where they are digested too: what is kept is what was
/// digested. Few blocks wait to be packed, then reading waits: memory does not grow with the source.
final class SourceEmbedding {
  private let blocks = BlockQueue()
  /// The block that is being filled.
  private var current: [UInt8]

  init() { current = blocks.spare() }

  /// Adds octets as they are read.
  func add(_ octets: RawSpan) {
    var start = 0
    while start < octets.byteCount {
      let end = min(octets.byteCount, start + SourceBlock.size - current.count)
      octets.extracting(start..<end).append(to: &current)
      start = end
      if current.count == SourceBlock.size { handOver() }
    }
  }

  private func handOver() {
    // The block must have no other owner, or filling it again would cost new memory.
    let full = current
    current = []
    blocks.put(full)
    current = blocks.spare()
  }

  /// Begins to pack: what was read before waits until then.
  func begin(into queue: BatchQueue) {
    blocks.begin()
    Thread.detachNewThread { [blocks] in
      blocks.end(Self.pack(blocks, into: queue))
    }
  }

  /// Packs the last octets, and waits until all are in the queue.
  ///
  /// - Returns: Why the source could not be kept whole; `nil` when it was.
  func finish() -> String? {
    if !current.isEmpty { handOver() }
    blocks.close()
    return blocks.outcome()
  }

  private static func pack(_ blocks: BlockQueue, into queue: BatchQueue) -> String? {
    let compression = BlockCompression()
    var failure = compression == nil ? "libzstd has no memory; free some" : nil
    var isWanted = true
    var number: Int64 = 0
    // Also what nobody wants is taken out of the queue, so that reading goes on to its end.
    while let block = blocks.take() {
      if isWanted && failure == nil {
        if let frame = compression?.frame(of: block) {
          isWanted = queue.put(SourceBlockFact(number: number, octets: frame))
        } else {
          failure = "libzstd has no memory; free some"
        }
      }
      number += 1
      blocks.recycle(block)
    }
    return failure
  }
}

/// The bounded queue between the thread that reads and the one that packs.
private final class BlockQueue: Sendable {
  /// Blocks that may wait to be packed.
  private static let capacity = 8
  /// Blocks that may wait before packing has begun: a reader looks at the beginning of a source before
  /// anything of it is stored, and only compressed data that hold nothing could make that long.
  private static let earlyCapacity = 16

  private struct State {
    var filled: [[UInt8]] = []
    var spare: [[UInt8]] = []
    var hasBegun = false
    var isClosed = false
    /// Whether blocks were left out, since there was no room before packing began.
    var hasLeftOut = false
    var failure: String?
  }

  private let state = Mutex(State())
  private let roomLeft = DispatchSemaphore(value: 0)
  private let blockReady = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// An empty block to fill.
  func spare() -> [UInt8] {
    if let spare = state.withLock({ $0.spare.popLast() }) { return spare }
    var block: [UInt8] = []
    block.reserveCapacity(SourceBlock.size)
    return block
  }

  /// Adds a block; once packing has begun, waits while there is no room.
  func put(_ block: [UInt8]) {
    let waits = state.withLock { state in
      if state.hasBegun { return true }
      if state.filled.count < Self.earlyCapacity {
        state.filled.append(block)
      } else {
        state.hasLeftOut = true
      }
      return false
    }
    guard waits else { return }
    roomLeft.wait()
    state.withLock { $0.filled.append(block) }
    blockReady.signal()
  }

  /// Says that somebody takes blocks from now on.
  func begin() {
    let early = state.withLock { state in
      state.hasBegun = true
      return state.filled.count
    }
    // Of those each gives room when it is taken.
    for _ in 0..<max(0, Self.capacity - early) { roomLeft.signal() }
    for _ in 0..<early { blockReady.signal() }
  }

  /// Says that no block follows.
  func close() {
    state.withLock { $0.isClosed = true }
    blockReady.signal()
  }

  /// The next block, waited for; `nil` at the end, behind which nothing may be taken.
  func take() -> [UInt8]? {
    blockReady.wait()
    let block = state.withLock { state in
      state.filled.isEmpty ? nil : state.filled.removeFirst()
    }
    if block != nil { roomLeft.signal() }
    return block
  }

  /// Gives a block back to be filled again; it must have no other owner.
  func recycle(_ block: consuming [UInt8]) {
    block.removeAll(keepingCapacity: true)
    let empty = block
    state.withLock { $0.spare.append(empty) }
  }

  /// Says that all blocks were taken, and what went wrong.
  func end(_ failure: String?) {
    state.withLock { $0.failure = failure }
    ended.signal()
  }

  /// What went wrong, waited for: `nil` for nothing.
  func outcome() -> String? {
    ended.wait()
    return state.withLock { state in
      state.hasLeftOut
        ? "its first \(Self.earlyCapacity) MiB hold nothing of a capture; leave --embed out"
        : state.failure
    }
  }
}
