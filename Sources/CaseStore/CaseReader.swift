import Foundation
import GRDB
import Schema

/// A case opened for reading: it is never changed, nor is anything beside it. Several threads may use it;
/// their statements run one after the other.
public final class CaseReader: Sendable {
  /// As the user gave it.
  public let path: String
  /// Whether a `-wal` file with changes stands beside the case that are not read: an ingest was
  /// interrupted, or another program left it.
  public var hasUnreadChanges: Bool { readable.hasUnreadChanges }
  /// The part of the case that views show.
  public let scope: CaseScope
  private let queue: DatabaseQueue
  /// How the case is read.
  let readable: ReadableCase

  /// Opens the case at `path`, as `ReadableCase` says. An ingest that begins meanwhile waits for the
  /// statement in work.
  ///
  /// - Parameter scope: The part of the case that views show.
  /// - Throws: `CaseError`.
  public convenience init(path: String, scope: CaseScope = CaseScope()) throws {
    try self.init(ReadableCase(path: path), scope: scope)
  }

  private init(_ readable: ReadableCase, scope: CaseScope) throws {
    (path, self.readable, self.scope) = (readable.path, readable, scope)
    SQLiteLibrary.configure()
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      queue = try DatabaseQueue(path: readable.location, configuration: configuration)
      try queue.inDatabase { database in
        try database.execute(sql: "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY")
        // A view that was tampered with must not reach functions with effects.
        try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        try scope.apply(to: database)
        try database.refuseWrites()
      }
    } catch {
      throw CaseError.from(error, path: path)
    }
  }

  /// Another connection to the same case, for another thread.
  ///
  /// - Returns: `nil` for a part of a case, whose temporary tables would be derived once more, and where
  ///   no other connection can be had.
  public func another() -> CaseReader? {
    scope == CaseScope() ? try? CaseReader(readable, scope: scope) : nil
  }

  /// Adds to the connection what is no part of the case.
  ///
  /// - Throws: `CaseError`.
  func configure(_ body: (Database) throws -> Void) throws {
    do { try queue.inDatabase(body) } catch { throw CaseError.from(error, path: path) }
  }

  /// What the user should know before trusting what is read; `nil` when there is nothing.
  public var notice: String? {
    if readable.copy != nil {
      return
        "\(path): an ingest was interrupted; what it had finished is read from a copy, and the "
        + "next ingest puts the case in order"
    }
    return hasUnreadChanges
      ? "\(path)-wal, left by an interrupted ingest or another program, is not read; ingest the "
        + "sources again to have what it holds" : nil
  }

  /// Runs statements that only read, and hands over each row.
  ///
  /// - Parameters:
  ///   - sql: One or more statements.
  ///   - parameters: Values for named parameters, without their colon.
  ///   - begin: Called before the rows of each statement that has columns, with their names.
  ///   - body: Called with each row's values; `false` stops.
  /// - Throws: `SQLFault` for what is wrong with the statement, and what the closures throw.
  public func run(
    _ sql: String, parameters: [String: SQLValue] = [:], limits: QueryLimits = QueryLimits(),
    begin: ([String]) throws -> Void = { _ in }, body: ([SQLValue]) throws -> Bool
  ) throws {
    try queue.inDatabase { database in
      try database.runGuarded(
        sql, parameters: parameters, limits: limits, begin: begin, body: body)
    }
  }

  /// The rows of one statement.
  ///
  /// - Throws: `SQLFault`.
  public func rows(
    _ sql: String, parameters: [String: SQLValue] = [:], limits: QueryLimits = QueryLimits()
  ) throws -> [SQLRow] {
    var columns: [String] = []
    var rows: [SQLRow] = []
    try run(
      sql, parameters: parameters, limits: limits,
      begin: { columns = $0 },
      body: { values in
        rows.append(SQLRow(columns: columns, values: values))
        return true
      })
    return rows
  }

  /// The first row of one statement, or `nil` when there is none.
  ///
  /// - Throws: `SQLFault`.
  public func firstRow(_ sql: String, parameters: [String: SQLValue] = [:]) throws -> SQLRow? {
    var columns: [String] = []
    var row: SQLRow?
    try run(
      sql, parameters: parameters,
      begin: { columns = $0 },
      body: { values in
        row = SQLRow(columns: columns, values: values)
        return false
      })
    return row
  }

  /// Prepares a statement for `body`, also while another is being run.
  ///
  /// - Throws: `SQLFault`, and what `body` throws.
  func nested(_ sql: String, _ body: (GuardedStatement) throws -> Void) throws {
    // What GRDB warns of is that a change made inside would not be isolated: nothing is changed here.
    try queue.unsafeReentrantWrite { database in
      guard let statement = try GuardedStatement.prepare(database, sql, in: sql, at: 0).statement
      else { throw SQLFault(reason: "no statement", statement: sql, offset: nil) }
      try body(statement)
    }
  }

  /// A statement to be run for several values of its parameters.
  ///
  /// - Throws: `SQLFault`.
  public func prepare(_ sql: String) throws -> PreparedQuery {
    try queue.inDatabase { database in
      guard let statement = try GuardedStatement.prepare(database, sql, in: sql, at: 0).statement
      else { throw SQLFault(reason: "no statement", statement: sql, offset: nil) }
      return PreparedQuery(statement, queue)
    }
  }
}

/// A statement of a case that is prepared once, and can be run also while another hands over its rows.
public final class PreparedQuery {
  private var statement: GuardedStatement?
  private let queue: DatabaseQueue

  init(_ statement: GuardedStatement, _ queue: DatabaseQueue) {
    (self.statement, self.queue) = (statement, queue)
  }

  /// Runs the statement and hands over each row; `false` from `body` stops.
  ///
  /// - Throws: `SQLFault`, and what `body` throws.
  public func run(_ parameters: [String: SQLValue], body: ([SQLValue]) throws -> Bool) throws {
    // As in `nested`. While another statement is being run, the case is locked already.
    try queue.unsafeReentrantWrite { _ in _ = try statement?.run(parameters, body) }
  }

  deinit {
    // The statement goes where the connection lives.
    queue.unsafeReentrantWrite { _ in statement = nil }
  }
}
