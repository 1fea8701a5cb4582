import Foundation
import GRDB
import Schema

/// A case opened for writing: created when it does not exist, migrated when it is older.
///
/// A new case is written without a journal under `NAME.partial`, synced and renamed once its first
/// capture is whole: until then there is no case. Each further capture is a transaction of its own
/// in a write-ahead log, which is folded in and removed when writing ends: a case at rest is
/// one file, and one that was interrupted is as it was or has the capture whole.
public final class CaseWriter {
  /// As the user gave it.
  public let path: String
  public let actor: Actor
  private let lock: CaseLock
  private var queue: DatabaseQueue?
  /// Whether the case is still under its temporary name.
  private var isPartial: Bool
  /// Sources of which nothing could be read, not yet in the case.
  private var unread: [(path: String, message: String, time: Int64)] = []
  /// What the first capture of a new case leaves to be derived once there are indexes.
  private var toDerive: Deriving.Addition?

  private var partialPath: String { path + ".partial" }

  /// Opens or creates the case at `path`, and waits for whoever is writing it.
  ///
  /// - Parameters:
  ///   - actor: Who changes the case: the log names them.
  ///   - waiting: Called once, with who has the case, before waiting.
  /// - Throws: `CaseError`.
  public init(path: String, by actor: Actor, waiting: (String) -> Void) throws {
    (self.path, self.actor) = (path, actor)
    SQLiteLibrary.configure()
    try CaseFile.checkPlace(path)
    let exists = FileManager.default.fileExists(atPath: path)
    if exists && CaseFile.isFilled(path) { try CaseFile.checkHeader(path) }
    if exists && !FileManager.default.isWritableFile(atPath: path) {
      throw CaseError.notWritable(path: path, reason: "permission denied")
    }
    lock = try CaseLock(casePath: path, waiting: waiting)
    // Whoever had the lock may have created it.
    isPartial = !CaseFile.isFilled(path)
    do {
      removeScratch()
      if isPartial {
        removePartial()
      } else {
        try CaseFile.checkHeader(path)
        queue = try openExisting()
      }
    } catch {
      lock.release()
      throw CaseError.from(error, path: path)
    }
  }

  // MARK: - Captures

  /// Writes one capture and all that follows from it: `body` gets its id and the numbers that are
  /// free, hands batches to `write`, and returns what is known at the end; `nil` leaves the capture
  /// out.
  ///
  /// - Throws: `CaseError`, and what `body` throws; the case is then as it was.
  /// - Returns: The capture's id, or `nil` when it was left out.
  @discardableResult
  public func addCapture(_ body: (CaptureSession) throws -> CaptureFacts?) throws -> Int64? {
    try add { database, session in
      guard let facts = try body(session) else { return nil }
      try facts.write(database, captureID: session.captureID, by: actor)
      return Deriving.Addition(session, facts)
    }
  }

  /// Writes one capture in one transaction: `body` writes its facts and returns what is to be
  /// derived; `nil` leaves the capture out.
  ///
  /// - Parameter other: The URI of a case that stands beside this one meanwhile, as `other`.
  func add(
    attaching other: String? = nil,
    _ body: (Database, CaptureSession) throws -> Deriving.Addition?
  ) throws -> Int64? {
    if isPartial && self.queue != nil {
      try publish()
      self.queue = try openExisting()
    }
    let queue = try self.queue ?? createPartial()
    do {
      var added: Int64?
      try queue.inDatabase { database in
        // Neither is possible within a transaction.
        if let other { try database.execute(sql: "ATTACH ? AS other", arguments: [other]) }
        defer { if other != nil { try? database.execute(sql: "DETACH other") } }
        try database.execute(sql: isPartial ? "BEGIN" : "BEGIN IMMEDIATE")
        do {
          let session = try CaptureSession(database, beside: isPartial ? nil : path)
          if let addition = try body(database, session) {
            if isPartial {
              toDerive = addition
            } else {
              try Deriving(database).derive(addition)
            }
            try database.execute(sql: "COMMIT")
            added = session.captureID
          } else {
            leave(database)
          }
        } catch {
          leave(database)
          throw error
        }
      }
      // Without a journal there is no way back but to begin anew.
      if isPartial && added == nil { removePartial() }
      return added
    } catch {
      if isPartial { removePartial() }
      if error is DatabaseError { throw CaseError.from(error, path: path) }
      throw error
    }
  }

  /// Ends a transaction whose capture is left out.
  private func leave(_ database: Database) {
    // A file without a journal cannot be rolled back, which SQLite leaves undefined; it is thrown
    // away. Only where not even the end can be written is there nothing else to do.
    if isPartial { try? database.execute(sql: "COMMIT") }
    if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
  }

  /// What `body` reads; `nil` where there is no case yet.
  func read<T>(_ body: (Database) throws -> T?) throws -> T? {
    do {
      return try queue?.inDatabase(body)
    } catch {
      throw CaseError.from(error, path: path)
    }
  }

  /// Keeps in the case that nothing of a source could be read. A case that does not exist yet
  /// gets it with its first capture.
  ///
  /// - Parameters:
  ///   - path: Absolute.
  ///   - time: Nanoseconds since 1970-01-01 UTC.
  /// - Throws: `CaseError`.
  public func noteUnread(path: String, message: String, at time: Int64) throws {
    unread.append((path, message, time))
    if !isPartial { try write(writeUnread) }
  }

  private func writeUnread(_ database: Database) throws {
    for (path, message, time) in unread {
      try database.execute(
        sql: "INSERT OR REPLACE INTO fact_unread_source VALUES (?, ?, ?)",
        arguments: [path, message, time])
      try database.log(.unread, ["path": path, "message": message], by: actor)
    }
    unread = []
  }

  // MARK: - Findings and other rows

  /// Runs statements that write in one transaction.
  ///
  /// - Throws: `CaseError`.
  func write(_ body: (Database) throws -> Void) throws {
    do {
      try queue?.inDatabase { database in
        try database.inTransaction(.immediate) {
          try body(database)
          return .commit
        }
      }
    } catch {
      throw CaseError.from(error, path: path)
    }
  }

  /// Runs statements that write in one transaction of a case that exists, and lets `body` say how it
  /// ends.
  ///
  /// - Throws: `CaseError`, and what `body` throws; the case is then as it was.
  func change(_ body: (Database) throws -> Database.TransactionCompletion) throws {
    if isPartial && queue != nil {
      try publish()
      queue = try openExisting()
    }
    do {
      try queue?.inDatabase { database in
        try database.inTransaction(.immediate) { try body(database) }
      }
    } catch let error as DatabaseError {
      throw CaseError.from(error, path: path)
    }
  }

  // MARK: - The end

  /// Puts the case to rest as one file.
  ///
  /// - Throws: `CaseError`.
  public func finish() throws {
    defer {
      removeScratch()
      lock.release()
    }
    do {
      if isPartial && queue != nil { try publish() }
      if !isPartial, let queue {
        try queue.inDatabase { database in
          try putToRest(database)
        }
        try queue.close()
      }
      queue = nil
    } catch {
      throw CaseError.from(error, path: path)
    }
  }

  /// Gives up without changing the case further.
  public func abandon() {
    if isPartial { removePartial() } else { try? queue?.close() }
    queue = nil
    if !lock.isReleased { removeScratch() }
    lock.release()
  }

  /// Ends the writing of a new case before it has indexes, derivations and its name, for the case
  /// that this one is a scratch of.
  ///
  /// - Returns: `nil` where no capture was added; nothing is left then.
  /// - Throws: `CaseError`.
  public func finishAsScratch() throws -> ScratchCapture? {
    defer { lock.release() }
    guard isPartial, let queue, let toDerive else {
      removePartial()
      return nil
    }
    do {
      let capture = try queue.inDatabase { database in
        try Row.fetchOne(database, sql: OtherCase.capturesQuery).map(OtherCase.Capture.init)
      }
      try queue.close()
      self.queue = nil
      return capture.map { ScratchCapture(path: partialPath, capture: $0, addition: toDerive) }
    } catch {
      removePartial()
      throw CaseError.from(error, path: path)
    }
  }

  /// Makes every derivation anew, from the facts alone.
  ///
  /// - Throws: `CaseError`.
  public func deriveEverything() throws {
    try write { database in
      try Deriving(database).deriveEverything()
      try database.log(.derive, [:], by: actor)
    }
  }

  /// Folds the write-ahead log in and removes it, once nobody reads the case: the busy time-out is
  /// how long it waits.
  private func putToRest(_ database: Database) throws {
    let isBusy = try Bool.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? true
    guard !isBusy, try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE") == "delete"
    else { throw CaseError.stillRead(path: path) }
  }

  // MARK: - Opening

  private func openExisting() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(
      path: CaseFile.absolutePath(path), configuration: configuration)
    try queue.inDatabase { database in
      try database.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
          PRAGMA secure_delete = OFF; PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF
          """)
      try CaseMigration.migrate(database, by: actor)
    }
    return queue
  }

  private func createPartial() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    do {
      let created = try DatabaseQueue(
        path: CaseFile.absolutePath(partialPath), configuration: configuration)
      try created.inDatabase { database in
        // Nobody else sees the file, and it is thrown away unless it is finished: no journal, no
        // sync until it is renamed. The cache bounds memory; a sorter takes as much again.
        try database.execute(
          sql: """
            PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            PRAGMA main.locking_mode = EXCLUSIVE; PRAGMA secure_delete = OFF;
            PRAGMA cache_size = -49152; PRAGMA threads = 4; PRAGMA trusted_schema = OFF;
            PRAGMA application_id = \(Schema.applicationID);
            PRAGMA user_version = \(Schema.version)
            """)
        for part in [
          Schema.facts, Schema.derivations, Schema.custody, Schema.lookups, Schema.views,
        ] {
          try database.execute(sql: part)
        }
      }
      queue = created
      return created
    } catch {
      throw CaseError.from(error, path: path)
    }
  }

  /// Makes the indexes and derivations of a new case, and gives it its name.
  private func publish() throws {
    guard let partial = queue else { return }
    try partial.inDatabase { database in
      try database.execute(sql: "BEGIN")
      // A small cache makes sorting hand its runs to SQLite's worker threads early.
      try database.execute(sql: "PRAGMA cache_size = -2048")
      try database.execute(sql: Schema.indexes)
      // Each thread of a sorter takes as much as the cache: deriving, which sorts wide rows, gets none.
      try database.execute(sql: "PRAGMA cache_size = -49152; PRAGMA threads = 0")
      try writeUnread(database)
      if let toDerive { try Deriving(database).derive(toDerive) }
      try database.execute(sql: "COMMIT")
    }
    toDerive = nil
    try partial.close()
    queue = nil
    try sync(partialPath)
    guard SystemFile.rename(partialPath, to: path) else {
      throw CaseError.notWritable(path: path, reason: SystemFile.lastError)
    }
    try sync(URL(filePath: path).deletingLastPathComponent().path)
    isPartial = false
  }

  /// Forces what was written of a file, or the names in a folder, to the disk.
  private func sync(_ name: String) throws {
    guard let file = SystemFile(reading: name) else {
      throw CaseError.notWritable(path: path, reason: SystemFile.lastError)
    }
    defer { file.close() }
    guard file.sync() else {
      throw SystemFile.lastErrorIsFullDisk
        ? CaseError.diskFull(path: path)
        : CaseError.notWritable(path: path, reason: SystemFile.lastError)
    }
  }

  private func removePartial() {
    try? queue?.close()
    queue = nil
    for suffix in ["", "-journal", "-wal", "-shm"] {
      SystemFile.remove(partialPath + suffix)
    }
  }
}
