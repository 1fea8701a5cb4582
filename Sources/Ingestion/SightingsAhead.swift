import CaseStore
import Dispatch
import Foundation
import Synchronization

/// What a case's captures show, read ahead on a thread of its own while another capture is decoded.
final class SightingsAhead {
  typealias Packet = EarlierSightings.Packet

  /// Packets that are read at a time, and how many times ahead: together about half a megabyte.
  private static let chunk = 1024
  private static let chunksAhead = 4

  private let chunks: Chunks
  private var chunk: [Packet] = []
  private var position = 0

  init(_ earlier: consuming sending EarlierSightings) {
    let chunks = Chunks(Self.chunksAhead)
    self.chunks = chunks
    let work = Handover(earlier)
    Thread.detachNewThread {
      let isWhole = work.use { earlier in Self.read(earlier, into: chunks) }
      chunks.end(isWhole: isWhole)
    }
  }

  /// Reads no further, and waits until the case is closed.
  deinit { chunks.cancel() }

  /// - Returns: Whether all could be read.
  private static func read(_ earlier: EarlierSightings, into chunks: Chunks) -> Bool {
    do {
      while true {
        var packets = chunks.spare()
        try earlier.read(chunk, into: &packets)
        if packets.isEmpty { return true }
        guard chunks.put(packets) else { return true }
      }
    } catch {
      return false
    }
  }

  /// The next packet; `nil` behind the last.
  func next() -> Packet? {
    if position >= chunk.count {
      chunk = chunks.take(giving: chunk)
      position = 0
      if chunk.isEmpty { return nil }
    }
    position += 1
    return chunk[position - 1]
  }

  /// Whether packets are missing because they could not be read.
  var hasFailed: Bool { chunks.hasFailed }
}

/// The bounded queue between the thread that reads and the one that compares.
private final class Chunks: Sendable {
  private struct State {
    var filled: [[SightingsAhead.Packet]] = []
    var spare: [[SightingsAhead.Packet]] = []
    var isCancelled = false
    var hasFailed = false
  }

  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: 0)
  private let ready = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ count: Int) {
    for _ in 0..<count { room.signal() }
  }

  func spare() -> [SightingsAhead.Packet] { state.withLock { $0.spare.popLast() } ?? [] }

  /// - Returns: `false` when nobody takes them any more.
  func put(_ packets: [SightingsAhead.Packet]) -> Bool {
    room.wait()
    let isWanted = state.withLock { state in
      if !state.isCancelled { state.filled.append(packets) }
      return !state.isCancelled
    }
    ready.signal()
    return isWanted
  }

  func end(isWhole: Bool) {
    state.withLock { $0.hasFailed = !isWhole }
    ready.signal()
    ended.signal()
  }

  /// The next packets, waited for; none behind the last.
  func take(giving empty: consuming [SightingsAhead.Packet]) -> [SightingsAhead.Packet] {
    empty.removeAll(keepingCapacity: true)
    let spare = empty
    state.withLock { $0.spare.append(spare) }
    ready.wait()
    let next = state.withLock { state in
      state.filled.isEmpty ? nil : state.filled.removeFirst()
    }
    guard let next else {
      // The end stays the end.
      ready.signal()
      return []
    }
    room.signal()
    return next
  }

  var hasFailed: Bool { state.withLock { $0.hasFailed } }

  /// Has the reading end, and waits for that.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.filled.removeAll()
    }
    room.signal()
    ended.wait()
  }
}
