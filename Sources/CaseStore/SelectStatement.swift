import GRDB
import GRDBSQLite

// Reads numbers through SQLite's C API where millions of rows are looked at: GRDB boxes each value.
// Sound: the connection is GRDB's and outlives the statement, which its owner finalizes; a column is
// read only while its row stands.

/// A SELECT of numbers that is prepared once.
@safe final class SelectStatement {
  private let statement: OpaquePointer
  private let connection: OpaquePointer?

  init(_ database: Database, _ sql: String) throws {
    unsafe connection = database.sqliteConnection
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(connection, sql, -1, &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else {
      throw unsafe DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(connection)))
    }
    unsafe statement = prepared
  }

  deinit {
    unsafe sqlite3_finalize(statement)
  }

  /// Begins anew, with these values for the parameters in their order.
  func begin(_ values: Int64...) {
    unsafe sqlite3_reset(statement)
    for (index, value) in values.enumerated() {
      unsafe sqlite3_bind_int64(statement, Int32(clamping: index + 1), value)
    }
  }

  /// Goes to the next row; `false` behind the last.
  @inline(__always)
  func next() throws -> Bool {
    let code = unsafe sqlite3_step(statement)
    if code == SQLITE_ROW { return true }
    unsafe sqlite3_reset(statement)
    guard code == SQLITE_DONE else {
      throw unsafe DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(connection)))
    }
    return false
  }

  /// Column `index` of the row, from 0; 0 for NULL.
  @inline(__always)
  func number(_ index: Int32) -> Int64 {
    unsafe sqlite3_column_int64(statement, index)
  }
}
