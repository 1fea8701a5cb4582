import GRDB
import GRDBSQLite

// Functions of ours that SQL calls, through SQLite's C API: GRDB's would copy each argument. Sound:
// SQLite lends context and arguments for the length of a call, and they are used within it alone
// (`FunctionCall` is not escapable by its users, who get it as an argument and keep nothing); text
// and blobs are lent as spans to a closure and not asked for twice meanwhile; what is given back is
// copied by SQLite. The Swift object behind a function is retained for SQLite, which releases it
// when the function goes, at the latest with the connection.

/// A call of a function by a statement: its arguments, and where its answer goes.
@safe struct FunctionCall {
  private let context: OpaquePointer
  private let arguments: UnsafeMutablePointer<OpaquePointer?>?
  let count: Int

  /// What an argument is.
  enum Kind { case null, integer, real, text, blob }

  fileprivate init(
    _ context: OpaquePointer, _ arguments: UnsafeMutablePointer<OpaquePointer?>?, count: Int
  ) {
    unsafe (self.context, self.arguments) = unsafe (context, arguments)
    self.count = count
  }

  private func value(_ index: Int) -> OpaquePointer? {
    guard index >= 0, index < count, let arguments = unsafe arguments else { return nil }
    return unsafe arguments[index]
  }

  func kind(_ index: Int) -> Kind {
    guard let value = unsafe value(index) else { return .null }
    switch unsafe sqlite3_value_type(value) {
    case SQLITE_INTEGER: return .integer
    case SQLITE_FLOAT: return .real
    case SQLITE_TEXT: return .text
    case SQLITE_BLOB: return .blob
    default: return .null
    }
  }

  /// The argument as SQLite casts it; 0 for what is no number.
  func integer(_ index: Int) -> Int64 {
    guard let value = unsafe value(index) else { return 0 }
    return unsafe sqlite3_value_int64(value)
  }

  /// Likewise.
  func real(_ index: Int) -> Double {
    guard let value = unsafe value(index) else { return 0 }
    return unsafe sqlite3_value_double(value)
  }

  /// Lends the octets of an argument: of a blob, or of the text that SQLite casts it to.
  func withOctets<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
    guard let value = unsafe value(index) else { return body(Span()) }
    let start =
      unsafe kind(index) == .blob
      ? sqlite3_value_blob(value) : UnsafeRawPointer(sqlite3_value_text(value))
    guard let start = unsafe start else { return body(Span()) }
    let octets = unsafe UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self), count: Int(sqlite3_value_bytes(value)))
    return body(unsafe Span(_unsafeElements: octets))
  }

  /// A copy of these octets.
  func octets(_ index: Int) -> [UInt8] {
    withOctets(index) { unsafe $0.withUnsafeBufferPointer { unsafe Array($0) } }
  }

  /// The argument as text; octets that are not UTF-8 are replaced.
  func text(_ index: Int) -> String { String(decoding: octets(index), as: UTF8.self) }

  // MARK: - Answers; without one it is NULL

  func answer(_ number: Int64) { unsafe sqlite3_result_int64(context, number) }

  /// What is no number becomes NULL.
  func answer(_ number: Double) { unsafe sqlite3_result_double(context, number) }

  func answer(_ isTrue: Bool) { answer(Int64(isTrue ? 1 : 0)) }

  func answer(_ text: String) {
    // Told to SQLite as its macro does: copy the octets before the call returns.
    let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    unsafe sqlite3_result_text(context, text, Int32(clamping: text.utf8.count), copies)
  }

  /// Ends the statement with an error in these words.
  func fail(_ message: String) { unsafe sqlite3_result_error(context, message, -1) }

  // MARK: - What is kept between calls

  /// What was made of a constant argument by an earlier call of the same statement.
  func kept<Object: AnyObject>(_ index: Int, as type: Object.Type) -> Object? {
    guard let object = unsafe sqlite3_get_auxdata(context, Int32(clamping: index)) else {
      return nil
    }
    return unsafe Unmanaged<AnyObject>.fromOpaque(object).takeUnretainedValue() as? Object
  }

  /// Lets later calls of the statement have it, as long as the argument is a constant.
  func keep(_ object: AnyObject, _ index: Int) {
    unsafe sqlite3_set_auxdata(
      context, Int32(clamping: index), Unmanaged.passRetained(object).toOpaque()
    ) { object in
      if let object = unsafe object { unsafe Unmanaged<AnyObject>.fromOpaque(object).release() }
    }
  }

  /// What one of SQLite's own functions says of the first argument.
  ///
  /// - Parameter sql: A statement with one parameter, `?1`, that yields one value.
  func answer(asSQL sql: String) {
    var statement: OpaquePointer?
    let connection = unsafe sqlite3_context_db_handle(context)
    guard unsafe sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK,
      let value = unsafe value(0)
    else { return fail("not available here") }
    defer { unsafe sqlite3_finalize(statement) }
    unsafe sqlite3_bind_value(statement, 1, value)
    if unsafe sqlite3_step(statement) == SQLITE_ROW {
      unsafe sqlite3_result_value(context, sqlite3_column_value(statement, 0))
    }
  }
}

/// What an aggregate gathers: one for each group of rows.
protocol Aggregate: AnyObject {
  init()
  /// Takes a row's arguments.
  func add(_ call: FunctionCall)
  /// Answers for the group.
  func finish(_ call: FunctionCall)
}

/// What SQLite keeps of a function.
private final class FunctionBody {
  let run: (FunctionCall) -> Void
  init(_ run: @escaping (FunctionCall) -> Void) { self.run = run }
}

/// What SQLite keeps of an aggregate.
private final class AggregateMaker {
  let make: () -> any Aggregate
  init(_ make: @escaping () -> any Aggregate) { self.make = make }
}

/// The group that an aggregate is at.
private final class AggregateBox {
  let aggregate: any Aggregate
  init(_ aggregate: any Aggregate) { self.aggregate = aggregate }
}

extension Database {
  /// Adds a function to this connection; one of SQLite's of the same name and number of arguments
  /// is hidden by it.
  ///
  /// - Parameter isPure: Whether equal arguments give equal answers, whatever the case holds; what
  ///   is not is refused inside views.
  /// - Throws: `DatabaseError`.
  func addFunction(
    _ name: String, arguments: Int32, isPure: Bool = true, _ run: @escaping (FunctionCall) -> Void
  ) throws {
    // A view of the case may call what has no effect: it would be refused SQLite's own `time`, too.
    let flags =
      SQLITE_UTF8 | (isPure ? SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS : SQLITE_DIRECTONLY)
    let code = unsafe sqlite3_create_function_v2(
      sqliteConnection, name, arguments, flags,
      Unmanaged.passRetained(FunctionBody(run)).toOpaque(),
      { context, count, values in
        guard let context = unsafe context, let body = unsafe sqlite3_user_data(context) else {
          return
        }
        unsafe Unmanaged<FunctionBody>.fromOpaque(body).takeUnretainedValue().run(
          FunctionCall(context, values, count: Int(count)))
      }, nil, nil,
      { body in
        if let body = unsafe body { unsafe Unmanaged<FunctionBody>.fromOpaque(body).release() }
      })
    try check(code)
  }

  /// Adds an aggregate function.
  ///
  /// - Throws: `DatabaseError`.
  func addAggregate(
    _ name: String, arguments: Int32, _ make: @escaping () -> any Aggregate
  ) throws {
    let code = unsafe sqlite3_create_function_v2(
      sqliteConnection, name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
      Unmanaged.passRetained(AggregateMaker(make)).toOpaque(), nil,
      { context, count, values in
        guard let context = unsafe context, let maker = unsafe sqlite3_user_data(context),
          // Zeroed when it is asked for first; the object in it is released by the end of the group,
          // which SQLite calls for each group that was begun.
          let place = unsafe sqlite3_aggregate_context(
            context, Int32(MemoryLayout<UnsafeMutableRawPointer?>.size))
        else { return }
        let slot = unsafe place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        let object: UnsafeMutableRawPointer
        if let begun = unsafe slot.pointee {
          unsafe object = begun
        } else {
          let aggregate = unsafe Unmanaged<AggregateMaker>.fromOpaque(maker).takeUnretainedValue()
            .make()
          unsafe object = Unmanaged.passRetained(AggregateBox(aggregate)).toOpaque()
          unsafe slot.pointee = object
        }
        unsafe Unmanaged<AggregateBox>.fromOpaque(object).takeUnretainedValue().aggregate.add(
          FunctionCall(context, values, count: Int(count)))
      },
      { context in
        guard let context = unsafe context,
          let place = unsafe sqlite3_aggregate_context(context, 0),
          let object = unsafe place.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee
        else { return }
        unsafe Unmanaged<AggregateBox>.fromOpaque(object).takeRetainedValue().aggregate.finish(
          FunctionCall(context, nil, count: 0))
      },
      { maker in
        if let maker = unsafe maker { unsafe Unmanaged<AggregateMaker>.fromOpaque(maker).release() }
      })
    try check(code)
  }

  private func check(_ code: Int32) throws {
    guard code == SQLITE_OK else {
      throw unsafe DatabaseError(
        resultCode: ResultCode(rawValue: code),
        message: String(cString: sqlite3_errmsg(sqliteConnection)))
    }
  }
}
