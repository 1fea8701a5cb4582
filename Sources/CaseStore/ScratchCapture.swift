import Foundation
import GRDB

/// A capture that was decoded ahead of its turn: its rows stand in a file of their own, without
/// indexes and derivations, until the case takes them.
public struct ScratchCapture: Sendable {
  /// Of the file.
  let path: String
  let capture: OtherCase.Capture
  /// What is to be derived, with the numbers of the scratch file.
  let addition: Deriving.Addition
}

extension OtherCase.Capture {
  /// - Parameter row: Of `OtherCase.capturesQuery`, in a case that this process wrote.
  init(_ row: Row) {
    self.init(
      id: row["capture_id"], name: row["name"], sha256: row["sha256"], packets: row["packets"],
      timeBasis: row["time_basis"])
  }
}

extension CaseWriter {
  /// The path of the case that the source with that number may be decoded into by another writer,
  /// on the disk that has to hold its rows anyway. The folder goes when this writer ends; what a
  /// killed one left is removed by the next.
  ///
  /// - Throws: `CaseError` when there can be no such folder.
  public func scratchPath(_ number: Int) throws -> String {
    do {
      try FileManager.default.createDirectory(
        atPath: scratchFolder, withIntermediateDirectories: true)
    } catch {
      throw CaseError.notWritable(path: path, reason: error.localizedDescription)
    }
    return scratchFolder + "/\(number).case"
  }

  var scratchFolder: String { path + ".scratch" }

  /// Removes what the folder holds of ours, and the folder once it is empty.
  func removeScratch() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: scratchFolder)) ?? []
    for name in names where name.wholeMatch(of: /[0-9]+\.case(\.partial|\.lock)?/) != nil {
      SystemFile.remove(scratchFolder + "/" + name)
    }
    SystemFile.removeFolder(scratchFolder)
  }

  /// Takes over a capture that was decoded ahead, in one transaction, as if it were ingested now.
  ///
  /// - Throws: `CaseError`; the case is then as it was.
  public func adopt(_ scratch: ScratchCapture) throws -> MergeOutcome {
    defer { SystemFile.remove(scratch.path) }
    let uri = CaseFile.readOnlyURI(scratch.path)
    return try take(scratch.capture, attaching: uri, named: scratch.path) { database, copying in
      try copying.copyFacts()
      try copying.copyDerivations()
      try database.log(.ingest, try copying.details(), by: actor)
      return copying.moved(scratch.addition)
    }
  }
}
