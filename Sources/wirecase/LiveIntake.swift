import ArgumentParser
import CaptureReading
import CaseStore
import Dispatch
import Foundation
import Ingestion
import Synchronization

/// Takes the files of a live capture into a case, on a thread of its own, while the capture goes on.
///
/// The case is opened for each file and put to rest after it, so that it can be read in between.
/// Only the names of files wait here: memory does not grow with what is captured.
final class LiveIntake: Sendable {
  private struct State {
    var waiting: [ClosedLiveFile] = []
    var isEnded = false
    var results: [IngestResult] = []
    /// The first reason why a file is not in the case.
    var failure: ExitCode?
  }

  private let state = Mutex(State())
  private let fileReady = DispatchSemaphore(value: 0)
  private let workDone = DispatchSemaphore(value: 0)

  init(casePath: String, options: IngestOptions, keep: Int?, telling: IngestTelling) {
    Thread.detachNewThread { [self] in
      var taken: [String] = []
      while let file = next() {
        guard take(file, casePath, options, telling) else { continue }
        // Only what is in the case may go.
        taken.append(file.path)
        while let keep, taken.count > keep {
          try? FileManager.default.removeItem(atPath: taken.removeFirst())
        }
      }
      workDone.signal()
    }
  }

  /// Adds a file behind those that wait.
  func add(_ file: ClosedLiveFile) {
    state.withLock { $0.waiting.append(file) }
    fileReady.signal()
  }

  /// Waits until all files are taken in.
  ///
  /// - Throws: The exit code of the first file that is not in the case; why, was said.
  func end() throws -> [IngestResult] {
    state.withLock { $0.isEnded = true }
    fileReady.signal()
    workDone.wait()
    let (results, failure) = state.withLock { ($0.results, $0.failure) }
    if let failure { throw failure }
    return results
  }

  /// The next file, waited for; `nil` at the end.
  private func next() -> ClosedLiveFile? {
    fileReady.wait()
    return state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }

  /// Syncs a file and ingests it.
  ///
  /// - Returns: Whether it is in the case.
  private func take(
    _ file: ClosedLiveFile, _ casePath: String, _ options: IngestOptions, _ telling: IngestTelling
  ) -> Bool {
    do {
      try reportingErrors {
        try file.settle()
        let writer = try CaseWriter(path: casePath, by: .current) {
          Terminal.say("\(casePath) is being written by \($0); waiting")
        }
        do {
          let result = try Ingestion(into: writer, options: options)
            .ingest(.file(path: file.path)) { _, _ in }
          try writer.finish()
          telling.say(result)
          state.withLock { $0.results.append(result) }
        } catch {
          writer.abandon()
          throw error
        }
      }
      return true
    } catch {
      let code = error as? ExitCode ?? .fault
      Terminal.say(
        "\(file.path): not in the case; 'wirecase ingest \(casePath) \(file.path)' takes it in")
      state.withLock { $0.failure = $0.failure ?? code }
      return false
    }
  }
}
