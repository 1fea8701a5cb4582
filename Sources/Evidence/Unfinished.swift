import Foundation
import Synchronization

/// The temporary files that are being written: whoever stops the program takes them away.
public final class Unfinished: Sendable {
  public static let files = Unfinished()
  private let paths = Mutex<Set<String>>([])

  func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes them all.
  public func discard() {
    for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
