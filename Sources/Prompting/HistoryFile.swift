import Foundation
import Investigations

/// The lines typed at earlier prompts: a file of the user's, one entry a line, oldest first. Whatever
/// goes wrong with it is no reason not to work.
struct HistoryFile {
  private let path: String?

  /// Entries kept.
  static let mostEntries = 1000
  /// Octets: what is longer was pasted, and stays out.
  private static let longestEntry = 10_000
  private static let largestFile = mostEntries * longestEntry

  /// `$XDG_STATE_HOME/wirecase/sql-history`, else below `~/.local/state`.
  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    path = UserPlace.folder("XDG_STATE_HOME", orBelowHome: ".local/state", environment)
      .map { $0 + "/sql-history" }
  }

  /// The entries; where there are more than are kept, the file is made shorter.
  func entries() -> [String] {
    guard let path, let size = sizeOfFile(path), size <= 2 * Self.largestFile,
      let data = FileManager.default.contents(atPath: path)
    else { return [] }
    let all = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    let kept = Array(all.suffix(Self.mostEntries))
    if kept.count < all.count {
      replace(path, with: Data(kept.map { $0 + "\n" }.joined().utf8))
    }
    return kept
  }

  /// Adds an entry, for the user's eyes alone.
  func add(_ entry: String) {
    guard let path, entry.utf8.count <= Self.longestEntry, !entry.contains("\n") else { return }
    let files = FileManager.default
    if !files.fileExists(atPath: path) {
      try? files.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      _ = files.createFile(
        atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    guard sizeOfFile(path) != nil, let file = FileHandle(forWritingAtPath: path) else { return }
    defer { try? file.close() }
    guard let end = try? file.seekToEnd(), end <= UInt64(Self.largestFile) else { return }
    try? file.write(contentsOf: Data((entry + "\n").utf8))
  }

  /// In its place, so that nobody else may read it, not even for a moment.
  private func replace(_ path: String, with data: Data) {
    guard let file = FileHandle(forWritingAtPath: path) else { return }
    defer { try? file.close() }
    try? file.truncate(atOffset: 0)
    try? file.write(contentsOf: data)
  }

  /// Octets; `nil` for what is no file: pipes and devices would be waited for.
  private func sizeOfFile(_ path: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
    return attributes?[.size] as? Int
  }
}
