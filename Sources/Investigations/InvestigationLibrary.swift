import Foundation
import Queries

/// The investigations that can be run: the shipped ones, and those of the user's folders.
public struct InvestigationLibrary: Sendable {
  /// In the order in which they run: those that qualify the others first, then by path.
  public private(set) var all: [Investigation] = []

  /// The shipped investigations.
  ///
  /// - Throws: `InvestigationError.malformed`, which a test rules out.
  public init() throws {
    for file in Queries.all {
      try add(
        Investigation(
          name: Self.name(of: file.path), origin: "Queries/\(file.path)", text: file.text))
    }
    // What captures cannot show qualifies every other answer: it comes first.
    all.sort {
      ($0.origin.contains("/capture/") ? 0 : 1, $0.origin) < (
        $1.origin.contains("/capture/") ? 0 : 1, $1.origin
      )
    }
  }

  /// Adds the `.sql` files below a folder; one of the name of a shipped investigation replaces it.
  ///
  /// - Throws: `InvestigationError`.
  public mutating func add(folder: String) throws {
    let root = URL(filePath: folder)
    guard let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil),
      (try? root.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
    else { throw InvestigationError.unreadable(path: folder, reason: "no such folder") }
    let paths = files.compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(".sql") }.sorted()
    for path in paths {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw InvestigationError.unreadable(path: path, reason: "not readable as UTF-8 text")
      }
      try add(Investigation(name: Self.name(of: path), origin: path, text: text))
    }
  }

  /// The investigation of that name.
  ///
  /// - Throws: `InvestigationError.unknown` with the nearest name.
  public func investigation(named name: String) throws -> Investigation {
    if let found = all.first(where: { $0.name == name }) { return found }
    throw InvestigationError.unknown(
      name: name, nearest: NearestName.of(name, among: all.map(\.name)))
  }

  private mutating func add(_ investigation: Investigation) {
    all.removeAll { $0.name == investigation.name }
    all.append(investigation)
  }

  private static func name(of path: String) -> String {
    URL(filePath: path).deletingPathExtension().lastPathComponent
  }
}
