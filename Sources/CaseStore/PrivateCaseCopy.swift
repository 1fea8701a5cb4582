import Foundation

/// A copy of a case in a folder that only this user may look into, for what SQLite could not do
/// without changing files beside the case. It goes with its owner.
final class PrivateCaseCopy: Sendable {
  /// The copy of the case.
  let path: String
  private let folder: URL

  /// Copies a case whose writer was killed, with its write-ahead log.
  ///
  /// - Throws: `CaseError.notReadable` when there is no room for a copy.
  convenience init(ofInterrupted casePath: String) throws {
    try self.init(of: casePath, for: casePath, suffixes: ["", "-wal"]) { place in
      "an ingest was interrupted, and \(place) has no room for a copy; ingest its sources again to "
        + "put it in order"
    }
  }

  /// Copies a case of an older version, to be brought to today's.
  ///
  /// - Throws: `CaseError.notReadable` when there is no room for a copy.
  convenience init(ofOlder readable: ReadableCase) throws {
    try self.init(
      of: readable.copy?.path ?? readable.path, for: readable.path,
      suffixes: readable.copy == nil ? [""] : ["", "-wal"]
    ) { place in
      "it is of an older version, and \(place) has no room for a copy that could be read; set TMPDIR "
        + "to a folder with more, or bring the case to today's version with 'wirecase derive'"
    }
  }

  private init(
    of source: String, for casePath: String, suffixes: [String], failure: (String) -> String
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "wirecase-\(UUID().uuidString)")
    path = folder.appending(path: "case").path
    let original = URL(filePath: source).resolvingSymlinksInPath().path
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      for suffix in suffixes {
        // A link would be copied as one, and what it names be changed.
        try FileManager.default.copyItem(atPath: original + suffix, toPath: path + suffix)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o600], ofItemAtPath: path + suffix)
      }
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw CaseError.notReadable(
        path: casePath, reason: failure(folder.deletingLastPathComponent().path))
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
