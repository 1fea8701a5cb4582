import GRDB
import GRDBSQLite

// The one file that binds values on the hot path through SQLite's C API: a million rows go through
// it, and GRDB's own binding boxes each value. Sound: the connection is GRDB's and outlives the
// statement, which its owner finalizes; text is bound without a copy only for the length of the
// `hold` that also inserts the rows.

/// An INSERT that is prepared once and run for each row, or for many rows at once.
@safe final class InsertStatement {
  /// Rows that one run of the wide statement inserts: to begin and end a run costs about half of
  /// what a row costs.
  private static let width = 32

  private let single: OpaquePointer
  /// Prepared when there are first as many rows.
  private var wide: OpaquePointer?
  private let connection: OpaquePointer?
  /// `INSERT INTO` a table, and what is done where a row is there.
  private let parts: (into: String, onConflict: String)
  private let columns: Int

  /// - Parameter onConflict: What stands behind `ON CONFLICT`, if anything.
  init(
    _ database: Database, into table: String, columns: Int, onConflict: String? = nil
  ) throws {
    // Whoever inserts gives up the whole transaction on a failure: what a failing run has inserted may
    // stand. Else SQLite would keep a copy of each page that a run of many rows changes.
    parts = ("INSERT OR FAIL INTO \(table)", onConflict.map { "ON CONFLICT " + $0 } ?? "")
    self.columns = columns
    unsafe connection = database.sqliteConnection
    unsafe single = try Self.prepare(connection, parts, columns, rows: 1)
  }

  deinit {
    unsafe sqlite3_finalize(single)
    unsafe sqlite3_finalize(wide)
  }

  private static func prepare(
    _ connection: OpaquePointer?, _ parts: (into: String, onConflict: String), _ columns: Int,
    rows: Int
  ) throws -> OpaquePointer {
    let marks = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
    let values = Array(repeating: marks, count: rows).joined(separator: ",")
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      connection, "\(parts.into) VALUES \(values) \(parts.onConflict)", -1,
      UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else {
      throw unsafe DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(connection)))
    }
    return unsafe prepared
  }

  /// Inserts the row that `bind` binds.
  func insert(_ bind: (Row) throws -> Void) throws {
    try bind(unsafe Row(statement: single, first: 0))
    unsafe try run(single)
  }

  /// Inserts `count` rows, each bound by `bind` at its position, from 0. Text that is not copied
  /// must stay until this returns.
  @inline(__always)
  func insert(count: Int, _ bind: (Row, Int) throws -> Void) throws {
    var position = 0
    if count >= Self.width {
      let wide = unsafe try wide ?? Self.prepare(connection, parts, columns, rows: Self.width)
      unsafe self.wide = wide
      while count - position >= Self.width {
        for row in 0..<Self.width {
          try bind(unsafe Row(statement: wide, first: Int32(row * columns)), position + row)
        }
        unsafe try run(wide)
        position += Self.width
      }
    }
    while position < count {
      try bind(unsafe Row(statement: single, first: 0), position)
      unsafe try run(single)
      position += 1
    }
  }

  private func run(_ statement: OpaquePointer) throws {
    let code = unsafe sqlite3_step(statement)
    unsafe sqlite3_reset(statement)
    guard code == SQLITE_DONE else {
      throw unsafe DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }

  /// A row that is to be inserted: every column must be bound, since the last row's stay.
  @safe struct Row {
    fileprivate let statement: OpaquePointer
    /// Parameters before its first.
    fileprivate let first: Int32

    /// Binds column `index`, from 1.
    @inline(__always)
    func bind(_ index: Int32, _ value: Int64) {
      unsafe sqlite3_bind_int64(statement, first + index, value)
    }

    @inline(__always)
    func bind(_ index: Int32, _ value: Int64?) {
      if let value {
        unsafe sqlite3_bind_int64(statement, first + index, value)
      } else {
        unsafe sqlite3_bind_null(statement, first + index)
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
      unsafe sqlite3_bind_text(
        statement, first + index, text, Int32(clamping: text.utf8.count), copies)
    }

    /// Binds `text[start..<start + count]` without a copy: the row must be inserted before `text`
    /// changes. NULL when the range is not within the text.
    @inline(__always)
    func bind(_ index: Int32, _ text: Text, start: Int, count: Int) {
      guard start >= 0, count >= 0, start <= text.count, count <= text.count - start,
        let base = unsafe text.base
      else { return bind(index, nil as Int64?) }
      unsafe sqlite3_bind_text(
        statement, first + index,
        UnsafeRawPointer(base + start).assumingMemoryBound(to: CChar.self),
        Int32(clamping: count), nil)
    }

    /// Binds all octets of `text` as a blob, likewise without a copy; NULL when there are none.
    func bind(_ index: Int32, octets text: Text) {
      guard let base = unsafe text.base, text.count > 0 else { return bind(index, nil as Int64?) }
      unsafe sqlite3_bind_blob64(statement, first + index, base, UInt64(text.count), nil)
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
