import CaseStore
import Dispatch
import Synchronization

/// The bounded queue between the thread that decodes and the thread that stores. Batches that
/// were stored go back to be filled again, so that memory does not grow with the capture.
final class BatchQueue: Sendable {
  private struct State {
    var filled: [FactBatch] = []
    var spare: [FactBatch] = []
    var isClosed = false
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let roomLeft = DispatchSemaphore(value: 0)
  private let batchReady = DispatchSemaphore(value: 0)

  /// - Parameter capacity: Batches that may wait.
  init(capacity: Int) {
    for _ in 0..<capacity { roomLeft.signal() }
  }

  /// An empty batch to fill.
  func spare() -> FactBatch {
    state.withLock { $0.spare.popLast() } ?? FactBatch()
  }

  /// Adds a batch, and waits while there is no room.
  ///
  /// - Returns: `false` when whoever stores has given up.
  func put(_ batch: FactBatch) -> Bool {
    roomLeft.wait()
    let accepted = state.withLock { state in
      if !state.isCancelled { state.filled.append(batch) }
      return !state.isCancelled
    }
    batchReady.signal()
    return accepted
  }

  /// Says that no batch follows.
  func close() {
    state.withLock { $0.isClosed = true }
    batchReady.signal()
  }

  /// The next batch, waited for; `nil` when none follows.
  func take() -> FactBatch? {
    while true {
      batchReady.wait()
      let (batch, isDone) = state.withLock { state in
        state.filled.isEmpty ? (nil, state.isClosed) : (state.filled.removeFirst(), false)
      }
      if let batch {
        roomLeft.signal()
        return batch
      }
      if isDone { return nil }
    }
  }

  /// Gives a batch back to be filled again.
  ///
  /// The batch must have no other owner, or emptying it would cost new memory.
  func recycle(_ batch: consuming FactBatch) {
    batch.removeAll()
    let empty = batch
    state.withLock { $0.spare.append(empty) }
  }

  /// Makes `put` fail from now on.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.filled.removeAll()
    }
    roomLeft.signal()
  }
}

/// A value that one thread leaves for another to take, once.
final class Handover<Value>: Sendable {
  private let slot: Mutex<Value?>

  init(_ value: consuming sending Value) {
    slot = Mutex(value)
  }

  init() {
    slot = Mutex(nil)
  }

  func put(_ value: consuming sending Value) where Value: Sendable {
    let value = value
    slot.withLock { $0 = value }
  }

  func take() -> sending Value? {
    slot.withLock { value in
      let taken = value.take()
      return taken
    }
  }
}
