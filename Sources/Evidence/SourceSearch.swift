import CaseStore
import Foundation

/// Looks for sources that are not where they were read, among the files below a folder: a file of
/// the same size and SHA-256 is the source, whatever its name. Files are only read.
public struct SourceSearch {
  /// What came of the search for one source.
  public struct Result: Equatable, Sendable {
    /// The capture's name in the case.
    public var name: String
    /// Lower-case hexadecimal.
    public var sha256: String
    /// Where it is, from the root; `nil` when no file below the folder has its octets.
    public var path: String?
  }

  /// What cannot be found where it was read, in the order of the captures' numbers.
  public let missing: [CaptureSource]
  /// Folders and files that could not be looked into, each with the reason.
  public private(set) var unreadable: [String] = []

  /// Looks at each source of the case; one whose modification time says nothing is read whole.
  ///
  /// - Throws: `SQLFault`.
  public init(_ reader: CaseReader) throws {
    missing = try CaptureSource.all(reader).filter { source in
      if case .same = source.state() { return false }
      return true
    }
  }

  /// Looks below `folder`, in the order of paths, until every source is found. Links are followed,
  /// and no folder is entered twice; of equal files, the first is taken.
  public mutating func search(below folder: String) -> [Result] {
    var wanted: [String: CaptureSource] = [:]
    for source in missing { wanted[source.sha256] = source }
    var found: [String: String] = [:]
    var entered: Set<String> = []
    // The next path is the last; entries are pushed in reverse so that they are met in order.
    var paths = [URL(filePath: folder).path]
    while found.count < wanted.count, let path = paths.popLast() {
      // A link to nothing is nothing.
      guard let look = CaptureSource.look(at: path) else { continue }
      if look.isFolder {
        if entered.insert(URL(filePath: path).resolvingSymlinksInPath().path).inserted {
          paths += entries(of: path).reversed()
        }
        continue
      }
      // A pipe or a device would keep the search waiting.
      guard look.isFile, wanted.values.contains(where: { $0.size == look.size }) else { continue }
      guard let digest = ContentDigest.ofFile(path) else {
        unreadable.append("\(path): cannot be read; check its permissions")
        continue
      }
      if wanted[digest.sha256] != nil && found[digest.sha256] == nil {
        found[digest.sha256] = path
      }
    }
    return missing.map { Result(name: $0.name, sha256: $0.sha256, path: found[$0.sha256]) }
  }

  private mutating func entries(of folder: String) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        .map { (folder.hasSuffix("/") ? folder : folder + "/") + $0 }
    } catch {
      unreadable.append("\(folder): cannot be listed; check its permissions")
      return []
    }
  }
}
