import CaptureReading
import CaseStore
import Dispatch
import Foundation
import Synchronization

/// Puts sources into a case in their order, while the next ones are decoded ahead.
///
/// A case has one writer. So each source that is decoded ahead goes to a scratch case of its own,
/// whose rows are copied when its turn comes: the rows, and their numbers, are those of taking one
/// source after the other. The source whose turn it is goes straight into the case. At most as many
/// captures as there are jobs stand ahead of their turn, which bounds the room that they take.
public struct IngestionAhead {
  private let writer: CaseWriter
  private let options: IngestOptions
  private let jobs: Int

  /// - Parameter jobs: Sources that are decoded at a time, the one whose turn it is included.
  public init(into writer: CaseWriter, options: IngestOptions, jobs: Int) {
    (self.writer, self.options, self.jobs) = (writer, options, max(1, jobs))
  }

  /// Reads sources into the case, each in one transaction.
  ///
  /// - Parameters:
  ///   - progress: Called now and then with the source in work, the octets read, and those there are.
  ///   - told: Called with what became of each source, in their order.
  /// - Throws: `CaseError`, and what `told` throws.
  public func ingest(
    _ locations: [CaptureLocation], progress: (CaptureLocation, Int64, Int64?) -> Void,
    told: (IngestResult) throws -> Void
  ) throws {
    let ahead = jobs > 1 ? Ahead(try places(locations), writer.actor, options, room: jobs) : nil
    for _ in 0..<max(0, min(jobs, locations.count) - 1) { ahead?.addHelper() }
    defer { ahead?.end() }
    let ingestion = Ingestion(into: writer, options: options)
    for (index, location) in locations.enumerated() {
      let outcome = ahead?.outcome(of: index) ?? .notTaken
      try told(
        settle(outcome, location, by: ingestion)
          ?? ingestion.ingest(location) { octets, size in progress(location, octets, size) })
    }
  }

  /// Where each source may be decoded ahead; `nil` for one that cannot be read twice, or whose bytes
  /// the case may hold already, which its digest alone tells.
  private func places(_ locations: [CaptureLocation]) throws -> [Ahead.Place?] {
    try locations.enumerated().map { index, location in
      guard case .file(let path) = location,
        let attributes = try? FileManager.default.attributesOfItem(
          atPath: URL(filePath: path).resolvingSymlinksInPath().path),
        attributes[.type] as? FileAttributeType == .typeRegular,
        let size = attributes[.size] as? Int64, try !writer.hasCapture(size: size)
      else { return nil }
      return Ahead.Place(location: location, scratch: try writer.scratchPath(index))
    }
  }

  /// Takes over what was decoded ahead.
  ///
  /// - Returns: `nil` where the source is still to be read.
  private func settle(
    _ outcome: Ahead.Outcome, _ location: CaptureLocation, by ingestion: Ingestion
  ) throws -> IngestResult? {
    switch outcome {
    case .notTaken: return nil
    case .failed(let result, let error):
      try ingestion.note(error, of: location)
      return result
    case .decoded(var result, let scratch):
      switch try writer.adopt(scratch) {
      case .added(let name):
        result.name = name
        return result
      case .known(let name, let isPart):
        return IngestResult(
          source: location.name, name: "", outcome: .known(name: name, isPart: isPart))
      // What this process wrote a moment ago is damaged: the source is there to be read again.
      case .failed: return nil
      }
    }
  }
}

/// The sources that are decoded ahead, and by how many threads.
private final class Ahead: Sendable {
  struct Place: Sendable {
    var location: CaptureLocation
    /// The path of its scratch case.
    var scratch: String
  }

  /// What became of a source.
  enum Outcome: Sendable {
    /// Whoever asks is to read it.
    case notTaken
    case decoded(IngestResult, ScratchCapture)
    case failed(IngestResult, ReadingError)
  }

  private struct State {
    var isTaken: [Bool]
    var outcomes: [Int: Outcome] = [:]
    var helpers = 0
    var isEnding = false
  }

  private let places: [Place?]
  private let actor: Actor
  private let options: IngestOptions
  private let state: Mutex<State>
  /// One for each source: signalled when its outcome is there.
  private let done: [DispatchSemaphore]
  private let room = DispatchSemaphore(value: 0)
  private let helperEnded = DispatchSemaphore(value: 0)

  /// - Parameter room: Captures that may stand ahead of their turn.
  init(_ places: [Place?], _ actor: Actor, _ options: IngestOptions, room captures: Int) {
    (self.places, self.actor, self.options) = (places, actor, options)
    for _ in 0..<captures { room.signal() }
    state = Mutex(State(isTaken: places.map { _ in false }))
    done = places.map { _ in DispatchSemaphore(value: 0) }
  }

  /// Starts a thread that decodes sources ahead.
  func addHelper() {
    state.withLock { $0.helpers += 1 }
    Thread.detachNewThread { [self] in
      while true {
        room.wait()
        guard let (index, place) = next() else { break }
        let outcome = decode(place)
        state.withLock { $0.outcomes[index] = outcome }
        done[index].signal()
      }
      helperEnded.signal()
    }
  }

  /// What became of a source whose turn has come, waited for where it is being decoded.
  func outcome(of index: Int) -> Outcome {
    let isTaken = state.withLock { state in
      defer { state.isTaken[index] = true }
      return state.isTaken[index]
    }
    guard isTaken else { return .notTaken }
    done[index].wait()
    let outcome = state.withLock { $0.outcomes.removeValue(forKey: index) }
    room.signal()
    return outcome ?? .notTaken
  }

  /// Waits until no thread decodes any more; what is in work is given up.
  func end() {
    let helpers = state.withLock { state in
      state.isEnding = true
      return state.helpers
    }
    for _ in 0..<helpers { room.signal() }
    for _ in 0..<helpers { helperEnded.wait() }
  }

  /// The next source that may be decoded ahead.
  private func next() -> (Int, Place)? {
    state.withLock { state in
      guard !state.isEnding else { return nil }
      for (index, place) in places.enumerated() where !state.isTaken[index] {
        guard let place else { continue }
        state.isTaken[index] = true
        return (index, place)
      }
      return nil
    }
  }

  private func decode(_ place: Place) -> Outcome {
    do {
      let writer = try CaseWriter(path: place.scratch, by: actor) { _ in }
      do {
        var ingestion = Ingestion(into: writer, options: options)
        ingestion.isCancelled = { [self] in state.withLock { $0.isEnding } }
        let result = try ingestion.ingest(place.location) { _, _ in }
        if case .failed(let error) = result.outcome {
          writer.abandon()
          return .failed(result, error)
        }
        return try writer.finishAsScratch().map { .decoded(result, $0) } ?? .notTaken
      } catch {
        writer.abandon()
        throw error
      }
    } catch {
      // Such as a full disk: whose turn it is finds out, and says so of the case itself.
      return .notTaken
    }
  }
}
