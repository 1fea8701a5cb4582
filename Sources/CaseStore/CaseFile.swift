import Foundation
import GRDB
import Schema

/// What stands at a case's path, found out before anything is opened.
enum CaseFile {
  /// Makes sure that a case may stand at `path`: in a folder that exists, not a folder itself.
  static func checkPlace(_ path: String) throws {
    var isFolder: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw CaseError.isFolder(path: path) }
      return
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw CaseError.noFolder(path: path) }
  }

  /// Makes sure that the file at `path` is a case of a version that this program knows, by the
  /// header alone (https://www.sqlite.org/fileformat.html, 1.3): nothing is opened or changed.
  ///
  /// - Returns: Its version.
  @discardableResult
  static func checkHeader(_ path: String) throws -> Int {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CaseError.notReadable(path: path, reason: SystemFile.lastError)
    }
    defer { try? file.close() }
    let header = Array((try? file.read(upToCount: 100)) ?? Data())
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw CaseError.notADatabase(path: path)
    }
    func number(at offset: Int) -> Int {
      header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 68) == Int(Schema.applicationID) else { throw CaseError.notACase(path: path) }
    let version = number(at: 60)
    guard version <= Int(Schema.version) else {
      throw CaseError.newer(path: path, version: version, supported: Int(Schema.version))
    }
    return version
  }

  /// Whether the file at `path` is to be read with a write-ahead log, by octets 18 and 19 of its
  /// header: a writer is at work, or was interrupted.
  static func isInWALMode(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let header = Array((try? file.read(upToCount: 20)) ?? Data())
    return header.count == 20 && (header[18] == 2 || header[19] == 2)
  }

  /// `path` as SQLite's URI, so that it is opened without a lock and without what stands beside it.
  static func immutableURI(_ path: String) -> String { uri(path) + "?immutable=1" }

  /// `path` as SQLite's URI, so that whoever opens it can only read.
  static func readOnlyURI(_ path: String) -> String { uri(path) + "?mode=ro" }

  private static func uri(_ path: String) -> String {
    var allowed = CharacterSet.urlPathAllowed
    allowed.remove(charactersIn: "?#%")
    let absolute = absolutePath(path)
    let escaped = absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute
    return "file:\(escaped)"
  }

  /// `path` from the root, so that no name can be taken for a URI.
  static func absolutePath(_ path: String) -> String {
    URL(filePath: path).path
  }

  /// Whether a file that is not empty stands at `path`.
  static func isFilled(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? Int64 ?? 0) > 0
  }
}
