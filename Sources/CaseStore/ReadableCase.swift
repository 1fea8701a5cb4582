import Foundation

/// Where a case is to be read so that nothing is changed, neither it nor anything beside it.
///
/// A case at rest is one file, read under SQLite's shared lock. While an ingest is writing, its last
/// complete state is read. A `-wal` file beside a case at rest is none of it, and left alone: then
/// the file is read as it is, without a lock. A writer that was killed leaves a case in the middle
/// of taking its log in: then a private copy of both is read, since SQLite would change what stands
/// there.
struct ReadableCase {
  /// As the user gave it.
  let path: String
  /// Of its schema.
  let version: Int
  let isBeingWritten: Bool
  /// Whether a `-wal` file with changes stands beside the case that are not read.
  let hasUnreadChanges: Bool
  /// What is read instead of a case whose writer was killed.
  let copy: PrivateCaseCopy?
  private let isAtRest: Bool

  /// - Throws: `CaseError` when no case is there, or it cannot be read.
  init(path: String) throws {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else { throw CaseError.missing(path: path) }
    try CaseFile.checkPlace(path)
    version = try CaseFile.checkHeader(path)
    isBeingWritten = CaseLock.currentHolder(casePath: path) != nil
    if !isBeingWritten && CaseFile.isFilled(path + "-journal") {
      throw CaseError.unfinishedChange(path: path)
    }
    let isInterrupted =
      !isBeingWritten && CaseFile.isInWALMode(path) && CaseFile.isFilled(path + "-wal")
    hasUnreadChanges = !isBeingWritten && !isInterrupted && CaseFile.isFilled(path + "-wal")
    isAtRest =
      !CaseFile.isInWALMode(path) && !FileManager.default.fileExists(atPath: path + "-wal")
    copy = isInterrupted ? try PrivateCaseCopy(ofInterrupted: path) : nil
  }

  /// What to open, read-only: a path from the root, or a URI.
  var location: String {
    copy?.path
      ?? (isBeingWritten || isAtRest ? CaseFile.absolutePath(path) : CaseFile.immutableURI(path))
  }

  /// What to attach to a connection that may write elsewhere.
  var uri: String {
    if copy == nil && !isBeingWritten && !isAtRest { return CaseFile.immutableURI(path) }
    return CaseFile.readOnlyURI(copy?.path ?? path)
  }
}
