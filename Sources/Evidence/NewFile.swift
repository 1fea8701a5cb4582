import CaseStore
import Foundation

/// A file that is written whole or not at all, and never in the place of another.
///
/// It grows under a temporary name in the same folder, is synced, and gets its name at the end. Only
/// a place where nothing stands, or an empty file, is taken.
public final class NewFile {
  public let path: String
  /// Octets written so far.
  public private(set) var size: Int64 = 0
  private let temporary: String
  private let file: FileHandle
  private var buffer: [UInt8] = []
  private var digest = ContentDigest()
  private var isPublished = false

  /// SHA-256 of what was written, once it is `finished`.
  public var sha256: String { digest.hexadecimal }

  /// - Throws: `EvidenceError.occupied`, `.noFolder`, `.notWritable`.
  public init(_ path: String) throws {
    try Self.checkMayWrite(path)
    self.path = path
    let folder = URL(filePath: path).deletingLastPathComponent()
    temporary = folder.appending(path: ".wirecase-\(UUID().uuidString).partial").path
    do {
      let url = URL(filePath: temporary)
      try Data().write(to: url, options: .withoutOverwriting)
      Unfinished.files.add(temporary)
      file = try FileHandle(forWritingTo: url)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      Unfinished.files.remove(temporary)
      throw EvidenceError.notWritable(path: path, reason: Self.reason(error))
    }
  }

  /// Makes sure that a file may be written to `path`: nothing stands there, not even a link, or an
  /// empty file, in a folder that exists.
  ///
  /// - Throws: `EvidenceError.occupied`, `.noFolder`.
  public static func checkMayWrite(_ path: String) throws(EvidenceError) {
    // Of the link itself, where it is one.
    if let there = try? FileManager.default.attributesOfItem(atPath: path) {
      switch there[.type] as? FileAttributeType {
      case .typeRegular?:
        let size = (there[.size] as? NSNumber)?.int64Value ?? 1
        if size > 0 { throw .occupied(path: path, holds: "is there already") }
      case .typeDirectory?: throw .occupied(path: path, holds: "is a folder")
      case .typeSymbolicLink?: throw .occupied(path: path, holds: "is a link to something else")
      default: throw .occupied(path: path, holds: "is no plain file")
      }
    }
    let folder = URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().path
    let kind = (try? FileManager.default.attributesOfItem(atPath: folder))?[.type]
    guard kind as? FileAttributeType == .typeDirectory else { throw .noFolder(path: path) }
  }

  /// - Throws: `EvidenceError.notWritable`.
  public func write(_ octets: [UInt8]) throws {
    buffer += octets
    if buffer.count >= 1 << 20 { try flush() }
  }

  /// - Throws: `EvidenceError.notWritable`.
  public func write(_ text: String) throws {
    buffer += text.utf8
    if buffer.count >= 1 << 20 { try flush() }
  }

  private func flush() throws {
    let data = Data(buffer)
    do { try file.write(contentsOf: data) } catch {
      throw EvidenceError.notWritable(path: path, reason: Self.reason(error))
    }
    digest.add(data.bytes)
    size += Int64(data.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Brings everything to the disk; nothing more is written.
  ///
  /// - Throws: `EvidenceError.notWritable`.
  public func finish() throws {
    try flush()
    do {
      try file.synchronize()
      try file.close()
    } catch {
      throw EvidenceError.notWritable(path: path, reason: Self.reason(error))
    }
  }

  /// Gives the file, which is finished, its name.
  ///
  /// - Throws: `EvidenceError.occupied` when something came to stand there, `.notWritable`.
  public func publish() throws {
    try Self.checkMayWrite(path)
    do {
      // Moving fails where something stands; an empty file was just seen to be one.
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
      try FileManager.default.moveItem(atPath: temporary, toPath: path)
    } catch {
      throw EvidenceError.notWritable(path: path, reason: Self.reason(error))
    }
    Unfinished.files.remove(temporary)
    isPublished = true
    let folder = URL(filePath: path).deletingLastPathComponent().path
    // The name itself comes to the disk with its folder, where the system can do that.
    let names = FileHandle(forReadingAtPath: folder)
    try? names?.synchronize()
    try? names?.close()
  }

  /// Takes a file that was published away again: of several that belong together, another failed.
  public func withdraw() {
    guard isPublished else { return }
    try? FileManager.default.removeItem(atPath: path)
  }

  deinit {
    guard !isPublished else { return }
    try? file.close()
    try? FileManager.default.removeItem(atPath: temporary)
    Unfinished.files.remove(temporary)
  }

  /// The system's words for what failed.
  static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return cause?.localizedFailureReason ?? cause?.localizedDescription
      ?? (error as NSError).localizedFailureReason ?? "\(error.localizedDescription)"
  }
}
