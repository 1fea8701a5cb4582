import Foundation
import Testing

/// Captures and texts that are not part of the repository but may stand beside it.
enum SharedFiles {
  /// Where a file or folder in the folder `shared` beside the repository is, or would be.
  static func place(_ path: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/\(path)")
  }

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: place(path)), as: UTF8.self)
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs the test where that file or folder lies beside the repository, and is shown as skipped,
  /// with the reason, where it does not.
  static func beside(_ path: String) -> Self {
    .enabled(
      if: FileManager.default.fileExists(atPath: SharedFiles.place(path).path),
      "../shared/\(path) is not there")
  }
}
