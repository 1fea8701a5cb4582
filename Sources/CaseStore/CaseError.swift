import GRDB

/// Why a case cannot be opened, read or written. Each is one line: what, where, what to do.
public enum CaseError: Error, Equatable, CustomStringConvertible {
  case missing(path: String)
  case isFolder(path: String)
  case noFolder(path: String)
  case notReadable(path: String, reason: String)
  case notWritable(path: String, reason: String)
  case notADatabase(path: String)
  case notACase(path: String)
  case newer(path: String, version: Int, supported: Int)
  case locked(path: String, holder: String)
  /// What was written stands in the write-ahead log, since somebody kept reading the case.
  case stillRead(path: String)
  /// Another program left a rollback journal beside the case: what the file holds is half a change.
  case unfinishedChange(path: String)
  case damaged(path: String, reason: String)
  case diskFull(path: String)
  /// SQLite says what is wrong in its own words.
  case database(path: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such case; 'wirecase ingest \(path) SOURCE…' creates one"
    case .isFolder(let path):
      "\(path): is a folder, not a case; name a file in it"
    case .noFolder(let path):
      "\(path): the folder of the case does not exist; create it first"
    case .notReadable(let path, let reason):
      "\(path): the case cannot be read: \(reason); check its permissions"
    case .notWritable(let path, let reason):
      "\(path): the case cannot be written: \(reason); check the permissions of the file and its folder"
    case .notADatabase(let path):
      "\(path): is not a SQLite database, so not a case; name another file"
    case .notACase(let path):
      "\(path): is a SQLite database of another program, not a case; name another file"
    case .newer(let path, let version, let supported):
      "\(path): is a case of version \(version), newer than this program, which knows up to "
        + "\(supported); update wirecase"
    case .locked(let path, let holder):
      "\(path): is in use by \(holder); try again when that has ended"
    case .stillRead(let path):
      "\(path): another program keeps reading it; what was added is safe in \(path)-wal, and part of "
        + "the case once the next 'wirecase ingest' ends undisturbed"
    case .unfinishedChange(let path):
      "\(path)-journal holds an unfinished change of another program; open the case once with it, "
        + "or with sqlite3, to undo the change"
    case .damaged(let path, let reason):
      "\(path): the case is damaged: \(reason); restore it from a copy, or ingest its sources anew"
    case .diskFull(let path):
      "\(path): no space left on the disk; the capture in work was left out, free some space and "
        + "ingest it again"
    case .database(let path, let reason):
      "\(path): \(reason)"
    }
  }

  /// What is wrong, without the path at its beginning.
  var reason: String {
    description.firstRange(of: ": ").map { String(description[$0.upperBound...]) } ?? description
  }

  /// The error that a failure of SQLite's stands for.
  static func from(_ error: any Error, path: String) -> CaseError {
    if let error = error as? CaseError { return error }
    guard let error = error as? DatabaseError else {
      return .database(path: path, reason: "\(error)")
    }
    let reason = error.message ?? "\(error.resultCode)"
    return switch error.resultCode {
    case .SQLITE_FULL: .diskFull(path: path)
    case .SQLITE_NOTADB: .notADatabase(path: path)
    case .SQLITE_CORRUPT: .damaged(path: path, reason: reason)
    case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path, holder: "another program")
    case .SQLITE_READONLY, .SQLITE_PERM: .notWritable(path: path, reason: reason)
    case .SQLITE_CANTOPEN: .notReadable(path: path, reason: reason)
    default: .database(path: path, reason: reason)
    }
  }
}
