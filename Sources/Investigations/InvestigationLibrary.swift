import Foundation
import Queries

/// The investigations that can be run: the shipped ones, and those of the user's folders.
public struct InvestigationLibrary: Sendable {
  /// In the order in which they run: those that qualify the others first, then by path.
  public private(set) var all: [Investigation] = []
  /// Files of the user's own folder that are none, by the name that they would have.
  public private(set) var broken: [String: InvestigationError] = [:]

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

  /// Where users keep investigations of their own for every case: `wirecase/queries` in
  /// `$XDG_CONFIG_HOME`, else in `~/.config`.
  ///
  /// - Returns: `nil` where the environment names no home.
  public static func userFolder(_ environment: [String: String]) -> String? {
    UserPlace.folder("XDG_CONFIG_HOME", orBelowHome: ".config", environment).map { $0 + "/queries" }
  }

  /// Adds what the user keeps in a folder of their own, if it is there. What is none of an
  /// investigation stands in `broken` and stops nothing else.
  public mutating func add(userFolder: String) {
    guard FileManager.default.fileExists(atPath: userFolder) else { return }
    do {
      for path in try Self.files(in: userFolder) {
        do {
          try add(Self.investigation(at: path, from: .userFolder))
        } catch let error as InvestigationError {
          broken[Self.name(of: path)] = error
        }
      }
    } catch {
      broken[userFolder] = error as? InvestigationError
    }
  }

  /// Adds the `.sql` files below a folder; one of the name of a shipped investigation replaces it.
  ///
  /// - Throws: `InvestigationError`.
  public mutating func add(folder: String) throws {
    for path in try Self.files(in: folder) {
      try add(Self.investigation(at: path, from: .namedFolder))
    }
  }

  /// The investigation of that name.
  ///
  /// - Throws: `InvestigationError.unknown` with the nearest name; what is wrong with a file of that
  ///   name in the user's own folder.
  public func investigation(named name: String) throws -> Investigation {
    if let error = broken[name] { throw error }
    if let found = all.first(where: { $0.name == name }) { return found }
    throw InvestigationError.unknown(
      name: name, nearest: NearestName.of(name, among: all.map(\.name)))
  }

  /// The paths of the `.sql` files below a folder, in their order. Hidden files are none: editors and
  /// file systems leave them.
  ///
  /// - Throws: `InvestigationError.unreadable`.
  public static func files(in folder: String) throws -> [String] {
    let root = URL(filePath: folder).resolvingSymlinksInPath()
    guard (try? root.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true else {
      throw InvestigationError.unreadable(path: folder, reason: "no such folder")
    }
    var refused: String?
    let files = FileManager.default.enumerator(
      at: root, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles]
    ) { url, _ in
      refused = url.path
      return true
    }
    // As the user wrote it, whatever the folder is a link to.
    let shown = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let paths = (files.map(Array.init) ?? []).compactMap { ($0 as? URL)?.path }
      .map { $0.hasPrefix(root.path) ? shown + $0.dropFirst(root.path.count) : $0 }
    if files == nil || refused != nil {
      throw InvestigationError.unreadable(
        path: refused ?? folder, reason: "the folder cannot be searched")
    }
    return paths.filter { $0.hasSuffix(".sql") && !name(of: $0).hasPrefix(".") }.sorted()
  }

  /// The text of a file.
  ///
  /// - Throws: `InvestigationError.unreadable`.
  public static func text(of path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InvestigationError.unreadable(path: path, reason: "no such file, or no permission")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw InvestigationError.unreadable(path: path, reason: "not UTF-8 text")
    }
    return text
  }

  /// What commands call the investigation of a file: its name without `.sql`.
  public static func name(of path: String) -> String {
    URL(filePath: path).deletingPathExtension().lastPathComponent
  }

  private static func investigation(
    at path: String, from source: Investigation.Source
  ) throws -> Investigation {
    var investigation = try Investigation(
      name: name(of: path), origin: path, text: text(of: path))
    investigation.source = source
    return investigation
  }

  private mutating func add(_ investigation: Investigation) {
    broken[investigation.name] = nil
    guard let earlier = all.firstIndex(where: { $0.name == investigation.name }) else {
      all.append(investigation)
      return
    }
    var investigation = investigation
    investigation.replacesShipped = all[earlier].source == .shipped || all[earlier].replacesShipped
    all[earlier] = investigation
  }
}
