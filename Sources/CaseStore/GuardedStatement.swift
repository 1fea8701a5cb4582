import Foundation
import GRDB
import GRDBSQLite

// The one file that runs SQL which users wrote, through SQLite's C API, since only that gives the
// authorizer, the place of an error, and a stop after a time. Sound throughout: the connection is
// GRDB's and outlives the call; a statement is finalized before its function returns; text is
// copied in and out by SQLite and Swift, never kept.

/// What is wrong with a statement, and where.
public struct SQLFault: Error, Equatable, CustomStringConvertible {
  /// SQLite's words.
  public var reason: String
  /// The statement, and the octet of it that SQLite points at; `nil` when it points nowhere.
  public var statement: String
  public var offset: Int?

  /// The reason where `QueryLimits.isStopped` was the reason.
  public static let stopped = "stopped"

  /// One line; where SQLite points at a token, its line and column, and the text around it.
  public var description: String {
    guard let offset else { return reason }
    let before = String(decoding: statement.utf8.prefix(offset), as: UTF8.self)
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    let column = (lines.last?.count ?? 0) + 1
    let rest = String(decoding: statement.utf8.dropFirst(offset), as: UTF8.self)
    let token = rest.prefix(while: { !$0.isWhitespace && $0 != ";" }).prefix(40)
    let place = "line \(max(1, lines.count)), column \(column)"
    return token.isEmpty ? "\(reason) (\(place))" : "\(reason) (\(place), at '\(token)')"
  }
}

/// What a read-only statement may cost.
public struct QueryLimits: Sendable {
  /// Seconds until the statement is stopped; `nil`, no number, and what is above 1e9 are no limit.
  public var timeout: Double?
  /// Asked again and again while the statement runs; once it says yes, the statement is stopped.
  public var isStopped: @Sendable () -> Bool

  public init(timeout: Double? = nil, isStopped: @escaping @Sendable () -> Bool = { false }) {
    (self.timeout, self.isStopped) = (timeout, isStopped)
  }
}

/// A text as SQLite reads it.
public enum StatementText {
  /// Whether it ends with a statement that a semicolon ends.
  public static func isComplete(_ text: String) -> Bool { unsafe sqlite3_complete(text) != 0 }
}

extension Database {
  /// Makes this connection refuse whatever does not read: SQLite's authorizer lets only SELECT,
  /// reading, functions and recursion pass, and pragmas that only look.
  ///
  /// - Throws: What SQLite says of the connection.
  func refuseWrites() throws {
    // A table-valued function declares its columns when it is first used, which SQLite asks
    // the authorizer about as about a change of the schema. To prepare is enough; GRDB would go through
    // each column that these see.
    for function in [
      "json_each('[]')", "json_tree('[]')", "pragma_table_info('x')", "pragma_table_xinfo('x')",
      "pragma_table_list", "pragma_function_list",
    ] {
      _ = try GuardedStatement.prepare(
        self, "SELECT 1 FROM \(function)", in: "SELECT 1 FROM \(function)", at: 0)
    }
    unsafe sqlite3_limit(sqliteConnection, SQLITE_LIMIT_ATTACHED, 0)
    // A statement longer than a megabyte, or nested deeper than a person writes, is no query.
    unsafe sqlite3_limit(sqliteConnection, SQLITE_LIMIT_SQL_LENGTH, 1_000_000)
    unsafe sqlite3_limit(sqliteConnection, SQLITE_LIMIT_EXPR_DEPTH, 500)
    unsafe sqlite3_limit(sqliteConnection, SQLITE_LIMIT_LENGTH, 64_000_000)
    unsafe sqlite3_set_authorizer(
      sqliteConnection,
      { _, action, first, second, _, _ in
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_FUNCTION:
          let name = unsafe second.map { unsafe String(cString: $0).lowercased() } ?? ""
          return ["load_extension", "fts3_tokenizer", "writefile", "edit"].contains(name)
            ? SQLITE_DENY : SQLITE_OK
        case SQLITE_PRAGMA:
          let name = unsafe first.map { unsafe String(cString: $0).lowercased() } ?? ""
          let looks: Set<String> = [
            "application_id", "collation_list", "compile_options", "database_list",
            "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo",
            "integrity_check", "page_count", "page_size", "quick_check", "table_info",
            "table_list", "table_xinfo", "user_version",
          ]
          let sets = unsafe second != nil
          let takesName =
            name.contains("_info") || name.contains("_list") || name.hasSuffix("check")
          return looks.contains(name) && (!sets || takesName) ? SQLITE_OK : SQLITE_DENY
        default: return SQLITE_DENY
        }
      }, nil)
  }

  /// Runs the statements of `sql`, one after the other, and hands over each row.
  ///
  /// - Parameters:
  ///   - parameters: Values for the named parameters, without their colon. A parameter that has
  ///     none is an error; a value that no statement asks for is not.
  ///   - begin: Called before the rows of each statement that has columns, with their names.
  ///   - body: Called with each row's values; `false` stops.
  /// - Throws: `SQLFault`.
  func runGuarded(
    _ sql: String, parameters: [String: SQLValue], limits: QueryLimits,
    begin: ([String]) throws -> Void, body: ([SQLValue]) throws -> Bool
  ) throws {
    let watch = Deadline(limits)
    unsafe sqlite3_progress_handler(
      sqliteConnection, 1000,
      { context in
        guard let context = unsafe context else { return 0 }
        return unsafe Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue().hasPassed
          ? 1 : 0
      }, unsafe Unmanaged.passUnretained(watch).toOpaque())
    defer { unsafe sqlite3_progress_handler(sqliteConnection, 0, nil, nil) }
    var rest = sql[...]
    while !rest.isEmpty {
      let offset = sql.utf8.distance(from: sql.startIndex, to: rest.startIndex)
      let prepared = try GuardedStatement.prepare(self, String(rest), in: sql, at: offset)
      rest = Substring(rest.utf8.dropFirst(max(1, prepared.length)))
      guard let statement = prepared.statement else { continue }
      let goesOn = try statement.run(parameters, limits: limits, begin: begin, body)
      if !goesOn { return }
    }
  }
}

/// A statement that is prepared once and run for several values of its parameters.
@safe final class GuardedStatement {
  private let statement: OpaquePointer
  private let connection: OpaquePointer?
  private let text: String
  /// The names of the result's columns; none for a statement that yields nothing.
  let columns: [String]

  /// The statement's parameters as they are written, sign included; `?` for one without a name.
  var parameters: [String] {
    let count = unsafe sqlite3_bind_parameter_count(statement)
    guard count > 0 else { return [] }
    return (1...count).map { index in
      unsafe sqlite3_bind_parameter_name(statement, index).map { unsafe String(cString: $0) } ?? "?"
    }
  }

  /// Prepares the first statement of `sql`.
  ///
  /// - Parameters:
  ///   - whole: The text that the user gave, in which `sql` begins at octet `offset`.
  /// - Returns: The statement, `nil` where there are blanks and comments alone, and the octets of
  ///   `sql` that it takes.
  /// - Throws: `SQLFault`; `CaseError` where the case itself cannot be read on.
  static func prepare(
    _ database: Database, _ sql: String, in whole: String, at offset: Int
  ) throws -> (statement: GuardedStatement?, length: Int) {
    var prepared: OpaquePointer?
    var length = 0
    let connection = unsafe database.sqliteConnection
    let code = unsafe sql.withCString { start in
      var tail: UnsafePointer<CChar>?
      let code = unsafe sqlite3_prepare_v2(connection, start, -1, &prepared, &tail)
      if let tail = unsafe tail { length = unsafe tail - start }
      return code
    }
    guard code == SQLITE_OK else {
      let place = unsafe sqlite3_error_offset(connection)
      throw unsafe failure(
        connection, statement: whole, offset: place >= 0 ? offset + Int(place) : nil)
    }
    guard let prepared = unsafe prepared else { return (nil, length) }
    return (unsafe GuardedStatement(prepared, connection, text: whole), length)
  }

  private init(_ statement: OpaquePointer, _ connection: OpaquePointer?, text: String) {
    unsafe (self.statement, self.connection) = unsafe (statement, connection)
    self.text = text
    columns = unsafe (0..<sqlite3_column_count(statement)).map { column in
      unsafe sqlite3_column_name(statement, column).map { unsafe String(cString: $0) } ?? ""
    }
  }

  deinit {
    unsafe sqlite3_finalize(statement)
  }

  /// Runs the statement and hands over each row; `false` from `body` stops.
  ///
  /// - Parameter begin: Called once the parameters have their values, where there are columns.
  /// - Returns: Whether every row was handed over.
  /// - Throws: `SQLFault`, `CaseError` where the case itself cannot be read on, and what `body`
  ///   throws.
  func run(
    _ parameters: [String: SQLValue], limits: QueryLimits = QueryLimits(),
    begin: ([String]) throws -> Void = { _ in }, _ body: ([SQLValue]) throws -> Bool
  ) throws -> Bool {
    try bind(parameters)
    if !columns.isEmpty { try begin(columns) }
    defer { unsafe sqlite3_reset(statement) }
    while true {
      switch unsafe sqlite3_step(statement) {
      case SQLITE_ROW:
        let values = (0..<Int32(columns.count)).map { value($0) }
        if try !body(values) { return false }
      case SQLITE_DONE: return true
      case SQLITE_INTERRUPT:
        throw SQLFault(
          reason: limits.isStopped()
            ? SQLFault.stopped : "stopped after \(limits.timeout ?? 0) s; --timeout allows more",
          statement: text, offset: nil)
      default:
        throw unsafe Self.failure(connection, statement: text, offset: nil)
      }
    }
  }

  /// What failed: the case, where SQLite says so, else the statement.
  private static func failure(
    _ connection: OpaquePointer?, statement: String, offset: Int?
  ) -> any Error {
    let code = unsafe ResultCode(rawValue: sqlite3_errcode(connection)).primaryResultCode
    let ofCase: [ResultCode] = [
      .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR, .SQLITE_BUSY, .SQLITE_LOCKED,
      .SQLITE_CANTOPEN, .SQLITE_FULL,
    ]
    let reason = unsafe reason(connection)
    guard ofCase.contains(code) else {
      return SQLFault(reason: reason, statement: statement, offset: offset)
    }
    let path = unsafe sqlite3_db_filename(connection, "main").map { unsafe String(cString: $0) }
    return CaseError.from(DatabaseError(resultCode: code, message: reason), path: path ?? "")
  }

  private static func reason(_ connection: OpaquePointer?) -> String {
    let reason = unsafe String(cString: sqlite3_errmsg(connection))
    // VACUUM's refusal has words of its own, and that of a function names it.
    return reason.hasPrefix("not authorized") || reason == "authorization denied"
      ? "only reading is allowed here" : reason
  }

  private func bind(_ parameters: [String: SQLValue]) throws {
    let count = unsafe sqlite3_bind_parameter_count(statement)
    guard count > 0 else { return }
    // Told to SQLite as its macro does: copy the octets before the call returns.
    let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for index in 1...count {
      let name = unsafe sqlite3_bind_parameter_name(statement, index)
        .map { unsafe String(cString: $0) }
      guard let name else {
        throw SQLFault(
          reason: "a parameter without a name; write :name and give --param name=value",
          statement: text, offset: nil)
      }
      guard let value = parameters[String(name.dropFirst())] else {
        throw SQLFault(
          reason: "no value for parameter \(name); give --param \(name.dropFirst())=VALUE",
          statement: text, offset: nil)
      }
      switch value {
      case .null: unsafe sqlite3_bind_null(statement, index)
      case .integer(let number): unsafe sqlite3_bind_int64(statement, index, number)
      case .real(let number): unsafe sqlite3_bind_double(statement, index, number)
      case .text(let text):
        unsafe sqlite3_bind_text(statement, index, text, Int32(clamping: text.utf8.count), copies)
      case .blob(let octets):
        unsafe sqlite3_bind_blob(statement, index, octets, Int32(clamping: octets.count), copies)
      }
    }
  }

  private func value(_ column: Int32) -> SQLValue {
    switch unsafe sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return unsafe .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return unsafe .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      guard let text = unsafe sqlite3_column_text(statement, column) else { return .text("") }
      let count = unsafe Int(sqlite3_column_bytes(statement, column))
      return unsafe .text(
        String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      guard let octets = unsafe sqlite3_column_blob(statement, column) else { return .blob([]) }
      let count = unsafe Int(sqlite3_column_bytes(statement, column))
      return unsafe .blob(Array(UnsafeRawBufferPointer(start: octets, count: count)))
    default: return .null
    }
  }
}

/// A moment after which a statement is stopped, or somebody who stops it earlier.
private final class Deadline {
  private let end: ContinuousClock.Instant?
  private let isStopped: @Sendable () -> Bool

  init(_ limits: QueryLimits) {
    // A duration traps on what it cannot hold; nobody waits for 30 years.
    end = limits.timeout.flatMap { $0 <= 1e9 ? .now + .seconds(max($0, 0)) : nil }
    isStopped = limits.isStopped
  }

  var hasPassed: Bool { isStopped() || end.map { .now >= $0 } ?? false }
}
