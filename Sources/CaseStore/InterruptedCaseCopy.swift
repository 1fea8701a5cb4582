import Foundation

/// A private copy of a case whose writer was killed, with its write-ahead log: SQLite reads both
/// together, which it could not without changing files beside the case.
final class InterruptedCaseCopy {
  /// The copy of the case.
  let path: String
  private let folder: URL

  /// - Throws: `CaseError.notReadable` when there is no room for a copy.
  init(of casePath: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "wirecase-\(UUID().uuidString)")
    path = folder.appending(path: "case").path
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: casePath + suffix, toPath: path + suffix)
      }
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw CaseError.notReadable(
        path: casePath,
        reason: "an ingest was interrupted, and \(folder.deletingLastPathComponent().path) has no "
          + "room for a copy; ingest its sources again to put it in order")
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
