// SPDX-License-Identifier: GPL-3.0-or-later
import CSQLite
import Foundation

/// A statement of SQL that SQLite has compiled for a connection.
package final class Statement {
  private let handle: OpaquePointer
  /// The names of the columns of its rows.
  let columns: [String]

  /// Compiles the first of the statements that a text begins with.
  ///
  /// - Parameters:
  ///   - isKept: whether the statement is to be executed many times.
  ///   - end: where the text of the statement ends.
  /// - Returns: nothing where there is only white space, or a comment.
  /// - Throws: `DatabaseError`.
  init?(
    _ sql: UnsafePointer<CChar>, of connection: OpaquePointer, isKept: Bool, end: inout UnsafePointer<CChar>?
  ) throws {
    var compiled: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0, &compiled, &end)
    guard code == SQLITE_OK else { throw DatabaseError(code, of: connection) }
    guard let compiled else { return nil }
    var columns: [String] = []
    for column in 0..<sqlite3_column_count(compiled) {
      guard let name = sqlite3_column_name(compiled, column) else {
        sqlite3_finalize(compiled)
        throw DatabaseError(.noMemory)
      }
      columns.append(String(cString: name))
    }
    (handle, self.columns) = (compiled, columns)
  }

  // What this and `sqlite3_reset` return is the error of the last step, which has been thrown.
  deinit { sqlite3_finalize(handle) }

  /// Whether somebody reads its rows.
  var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

  /// How many arguments it takes.
  var argumentCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  /// Carries the statement out, whatever rows it has. Blobs are written from where they are, without a copy.
  ///
  /// - Throws: `DatabaseError`.
  package func execute(arguments: StatementArguments = []) throws {
    defer { reset() }
    let blobs = try bindAllButBlobs(arguments)
    try lend(blobs[...]) { while try step() {} }
  }

  /// Begins to read rows. The arguments are copied.
  ///
  /// - Throws: `DatabaseError`.
  func begin(_ arguments: StatementArguments) throws {
    reset()
    for (index, blob) in try bindAllButBlobs(arguments) {
      try blob.withUnsafeBytes { try bind($0, at: index, starling_sqlite_copies()) }
    }
  }

  /// Goes to the next row, or to the first.
  ///
  /// - Returns: whether there is one.
  /// - Throws: `DatabaseError`.
  func step() throws -> Bool {
    let code = sqlite3_step(handle)
    guard code != SQLITE_ROW else { return true }
    try check(code, SQLITE_DONE)
    return false
  }

  /// Ends the reading of rows, and forgets the arguments.
  func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  private func check(_ code: Int32, _ expected: Int32 = SQLITE_OK) throws {
    if code != expected { throw DatabaseError(code, of: sqlite3_db_handle(handle)) }
  }
}

// MARK: - Arguments

extension Statement {
  /// - Returns: the blobs and their places.
  private func bindAllButBlobs(_ arguments: StatementArguments) throws -> [(index: Int32, blob: Data)] {
    guard arguments.values.count == argumentCount else {
      throw DatabaseError(.misuse, "\(argumentCount) arguments are needed, and there are \(arguments.values.count)")
    }
    var blobs: [(Int32, Data)] = []
    for (index, value) in zip(Int32(1)..., arguments.values) {
      switch value {
      case .null: try check(sqlite3_bind_null(handle, index))
      case .integer(let number): try check(sqlite3_bind_int64(handle, index, number))
      case .real(let number): try check(sqlite3_bind_double(handle, index, number))
      case .text(let text):
        // With its length, as a text may have zeros within.
        try check(
          sqlite3_bind_text64(
            handle, index, text, UInt64(text.utf8.count), starling_sqlite_copies(), UInt8(SQLITE_UTF8)))
      case .blob(let blob): blobs.append((index, blob))
      }
    }
    return blobs
  }

  /// Calls something while blobs are bound where they are.
  private func lend(_ blobs: ArraySlice<(index: Int32, blob: Data)>, to body: () throws -> Void) throws {
    guard let (index, blob) = blobs.first else { return try body() }
    try blob.withUnsafeBytes { bytes in
      try bind(bytes, at: index, nil)
      try lend(blobs.dropFirst(), to: body)
    }
  }

  private func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32, _ keeping: sqlite3_destructor_type?) throws {
    // A blob without an address would be null.
    guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(handle, index, 0)) }
    try check(sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), keeping))
  }
}

// MARK: - Values

extension Statement {
  /// The values of the row that the last step went to.
  ///
  /// - Throws: `DatabaseError` where memory runs out.
  func values() throws -> [DatabaseValue] { try (0..<sqlite3_data_count(handle)).map { try value($0) } }

  private func value(_ column: Int32) throws -> DatabaseValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_NULL: return .null
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
    case SQLITE_TEXT:
      guard let bytes = sqlite3_column_text(handle, column) else { throw DatabaseError(.noMemory) }
      let count = Int(sqlite3_column_bytes(handle, column))
      return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
    default:
      guard let bytes = sqlite3_column_blob(handle, column) else {
        // So it is for blobs without bytes, too.
        try check(sqlite3_errcode(sqlite3_db_handle(handle)), SQLITE_ROW)
        return .blob(Data())
      }
      return .blob(Data(bytes: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }
  }
}
