import Foundation

/// The right to write a case: one process at a time has it.
///
/// A file `CASE.lock` beside the case, locked with flock(2), which names its holder. It is
/// removed when writing ends; one left by a process that was killed is not locked, and taken over.
final class CaseLock {
  private let file: SystemFile
  private let path: String
  /// Whether it was given away: then the file of that name, and the descriptor's number, are others'.
  private(set) var isReleased = false

  /// Seconds that a second writer waits for the first before it gives up.
  static let patience: TimeInterval = 30

  /// Waits for the lock of the case at `casePath`.
  ///
  /// - Parameter waiting: Called once, with who has it, before waiting.
  /// - Throws: `CaseError.locked` after `patience`, `CaseError.notWritable` when the lock file
  ///   cannot be made.
  init(casePath: String, waiting: (String) -> Void) throws {
    path = casePath + ".lock"
    let deadline = Date(timeIntervalSinceNow: Self.patience)
    var announced = false
    while true {
      guard let opened = SystemFile(creating: path) else {
        throw CaseError.notWritable(path: casePath, reason: SystemFile.lastError)
      }
      if opened.tryLock(shared: false) {
        // The holder before may have removed the file between our open and our lock.
        if opened.isNamed(path) {
          file = opened
          break
        }
        opened.close()
        continue
      }
      opened.close()
      let holder = Self.holder(of: path)
      if Date() >= deadline { throw CaseError.locked(path: casePath, holder: holder) }
      if !announced {
        announced = true
        waiting(holder)
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
    let process = ProcessInfo.processInfo
    file.replace(
      with: "process \(process.processIdentifier) of \(process.userName) on "
        + "\(process.hostName), since \(Date().formatted(.iso8601))")
  }

  /// Removes the file and gives the lock away.
  func release() {
    guard !isReleased else { return }
    isReleased = true
    SystemFile.remove(path)
    file.close()
  }

  /// Who writes the case at `casePath` at this moment; `nil` when nobody does.
  static func currentHolder(casePath: String) -> String? {
    let path = casePath + ".lock"
    guard let opened = SystemFile(reading: path) else { return nil }
    defer { opened.close() }
    return opened.tryLock(shared: true) ? nil : holder(of: path)
  }

  private static func holder(of path: String) -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty
    else { return "another process" }
    return text
  }
}
