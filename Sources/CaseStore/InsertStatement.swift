import GRDB
import GRDBSQLite

// The one file that binds values on the hot path through SQLite's C API: a million rows go through
// it, and GRDB's own binding boxes each value. Sound: the connection is GRDB's and outlives the
// statement, which its owner finalizes; text is bound without a copy only for the length of the
// call that also steps and resets.

/// An INSERT that is prepared once and run for each row.
@safe final class InsertStatement {
  private let statement: OpaquePointer
  private let connection: OpaquePointer?

  init(_ database: Database, into table: String, columns: Int) throws {
    let marks = Array(repeating: "?", count: columns).joined(separator: ",")
    unsafe connection = database.sqliteConnection
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      connection, "INSERT INTO \(table) VALUES (\(marks))", -1,
      UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
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

  /// Binds column `index`, from 1.
  @inline(__always)
  func bind(_ index: Int32, _ value: Int64) {
    unsafe sqlite3_bind_int64(statement, index, value)
  }

  @inline(__always)
  func bind(_ index: Int32, _ value: Int64?) {
    if let value {
      unsafe sqlite3_bind_int64(statement, index, value)
    } else {
      unsafe sqlite3_bind_null(statement, index)
    }
  }

  @inline(__always)
  func bind(_ index: Int32, _ value: (some FixedWidthInteger)?) {
    bind(index, value.map { Int64(truncatingIfNeeded: $0) })
  }

  @inline(__always)
  func bind(_ index: Int32, _ value: Bool?) {
    bind(index, value.map { $0 ? 1 : 0 } as Int64?)
  }

  /// Binds text that SQLite copies.
  func bind(_ index: Int32, copying text: String?) {
    guard let text else { return bind(index, nil as Int64?) }
    let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    unsafe sqlite3_bind_text(statement, index, text, Int32(clamping: text.utf8.count), copies)
  }

  /// Binds `text[start..<start + count]` without a copy: the row must be inserted before `text`
  /// changes. NULL when the range is not within the text.
  @inline(__always)
  func bind(_ index: Int32, _ text: Text, start: Int, count: Int) {
    guard start >= 0, count >= 0, start <= text.count, count <= text.count - start,
      let base = unsafe text.base
    else { return bind(index, nil as Int64?) }
    unsafe sqlite3_bind_text(
      statement, index, UnsafeRawPointer(base + start).assumingMemoryBound(to: CChar.self),
      Int32(clamping: count), nil)
  }

  /// Inserts the row that was bound.
  @inline(__always)
  func insert() throws {
    let code = unsafe sqlite3_step(statement)
    unsafe sqlite3_reset(statement)
    guard code == SQLITE_DONE else {
      throw unsafe DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }

  /// Octets that stay where they are while rows that refer to them are inserted; only
  /// `hold` makes one, and nobody keeps it.
  @safe struct Text {
    fileprivate let base: UnsafePointer<UInt8>?
    let count: Int

    /// Holds `octets` in place while `body` runs.
    static func hold(_ octets: [UInt8], _ body: (Text) throws -> Void) throws {
      try unsafe octets.withUnsafeBufferPointer { buffer in
        try body(unsafe Text(base: buffer.baseAddress, count: buffer.count))
      }
    }
  }
}
