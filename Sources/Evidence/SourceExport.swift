import CaptureReading
import CaseStore
import Foundation

/// Gives a capture's source back, octet by octet as it was read, from the case or from where it was.
public struct SourceExport {
  /// What came of it.
  public enum Outcome: Equatable, Sendable {
    /// The file has the source's size and SHA-256.
    case written(octets: Int64, fromCase: Bool)
    /// Nothing was written; why, in words.
    case nothing(String)
  }

  private let reader: CaseReader

  public init(_ reader: CaseReader) { self.reader = reader }

  /// Writes the source to `path`, whole or not at all. What is written is digested on the way.
  ///
  /// - Throws: `EvidenceError` for a place that cannot be written to; `SQLFault` and `CaseError` where
  ///   the case cannot be read on.
  public func write(_ source: CaptureSource, to path: String) throws -> Outcome {
    try NewFile.checkMayWrite(path)
    let embedded = EmbeddedSource(source, in: reader)
    if embedded == nil, let reason = source.visibleDifference {
      return .nothing(reason + "; the case does not keep its octets")
    }
    let file = try NewFile(path)
    if let embedded {
      if let fault = try Self.copy(embedded, to: file) {
        return .nothing(
          "\(fault) in the case; 'wirecase verify \(reader.path)' names all that has changed")
      }
    } else if let reason = try Self.copy(from: source.place ?? "", to: file) {
      return .nothing(reason)
    }
    try file.finish()
    guard (file.size, file.sha256) == (source.size, source.sha256) else {
      return .nothing(
        "\(embedded == nil ? source.place ?? "" : "what the case keeps") has \(file.size) octets with "
          + "SHA-256 \(file.sha256), where \(source.size) with \(source.sha256) were read")
    }
    try file.publish()
    return .written(octets: file.size, fromCase: embedded != nil)
  }

  /// - Returns: The first block that cannot be had.
  private static func copy(
    _ embedded: EmbeddedSource, to file: NewFile
  ) throws -> SourceBlockFault? {
    do {
      try embedded.forEachBlock({ try file.write($0) }, damaged: { throw $0 })
      return nil
    } catch let fault as SourceBlockFault {
      return fault
    }
  }

  /// - Returns: Why the file could not be read on.
  private static func copy(from path: String, to file: NewFile) throws -> String? {
    guard let source = FileHandle(forReadingAtPath: path) else {
      return "\(path): cannot be read; check its permissions"
    }
    defer { try? source.close() }
    while true {
      let piece: Data?
      do { piece = try source.read(upToCount: 1 << 20) } catch {
        return "\(path): cannot be read: \(NewFile.reason(error))"
      }
      guard let piece, !piece.isEmpty else { return nil }
      try file.write(Array(piece))
    }
  }
}
