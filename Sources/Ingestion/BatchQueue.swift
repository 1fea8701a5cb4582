import CaseStore
import Dispatch
import Synchronization

/// The bounded queue between the threads that decode and pack, and the thread that stores. Batches that
/// were stored go back to be filled again, so that memory does not grow with the capture.
final class BatchQueue: Sendable {
  /// What comes out of the queue.
  enum Next: Sendable {
    case batch(FactBatch)
    /// A piece of the source.
    case block(SourceBlockFact)
    /// Nothing follows.
    case end(CapturePass.End)
  }

  private struct State {
    var filled: [Next] = []
    var spare: [FactBatch] = []
    var end: CapturePass.End?
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let roomLeft = DispatchSemaphore(value: 0)
  private let batchReady = DispatchSemaphore(value: 0)

  /// - Parameter capacity: Batches and blocks that may wait.
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
  func put(_ batch: FactBatch) -> Bool { put(.batch(batch)) }

  /// Adds a piece of the source, likewise.
  func put(_ block: SourceBlockFact) -> Bool { put(.block(block)) }

  private func put(_ next: Next) -> Bool {
    roomLeft.wait()
    let accepted = state.withLock { state in
      if !state.isCancelled { state.filled.append(next) }
      return !state.isCancelled
    }
    // Whoever waits too is to be refused as well.
    if !accepted { roomLeft.signal() }
    batchReady.signal()
    return accepted
  }

  /// Says that nothing follows, and what became of the capture.
  func close(_ end: CapturePass.End) {
    state.withLock { $0.end = end }
    batchReady.signal()
  }

  /// What comes next, or the end; waited for. Behind the end nothing may be taken.
  func take() -> Next {
    while true {
      batchReady.wait()
      let next: Next? = state.withLock { state in
        state.filled.isEmpty ? state.end.map(Next.end) : state.filled.removeFirst()
      }
      guard let next else { continue }
      if case .end = next { return next }
      roomLeft.signal()
      return next
    }
  }

  /// Takes what is left, and the end.
  func waitForEnd() {
    while true { if case .end = take() { return } }
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

/// A value that one thread makes and another uses, never both at once.
final class Handover<Value>: Sendable {
  private let value: Mutex<Value>

  init(_ value: consuming sending Value) {
    self.value = Mutex(value)
  }

  func use<Result: Sendable>(_ body: (inout sending Value) -> Result) -> Result {
    value.withLock { value in body(&value) }
  }
}
