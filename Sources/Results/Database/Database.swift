// SPDX-License-Identifier: GPL-3.0-or-later
import CSQLite

/// A connection to a database; one thread at a time uses it, for which a `DatabaseQueue` provides.
package final class Database {
  /// How a connection is made.
  package struct Configuration: Sendable {
    /// Whether the database is only read; it must then be there.
    package var isReadOnly = false
    /// Seconds that one waits while another connection keeps the database locked.
    package var busyTimeout = 0.0
    /// Whether rows must not refer to rows that are not there.
    package var checksForeignKeys = true

    package init() {}
  }

  /// How a transaction begins.
  enum TransactionKind: String {
    /// With the lock that its first statement needs.
    case deferred
    /// As the only one that is to write.
    case immediate
  }

  /// Nothing once the connection is closed.
  private var connection: OpaquePointer?
  /// Compiled statements by their text.
  private var cache: [String: Statement] = [:]

  /// Opens a database, or makes it. One without a name lives in a temporary file, which SQLite deletes when it is
  /// closed.
  ///
  /// - Throws: `DatabaseError`, also where the file is none.
  init(path: String, configuration: Configuration) throws {
    let purpose = configuration.isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    // There is a connection even where there is an error, but for want of memory.
    let code = sqlite3_open_v2(path, &connection, purpose | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let connection else { throw DatabaseError(code, of: connection) }
    try check(sqlite3_extended_result_codes(connection, 1))
    try check(sqlite3_busy_timeout(connection, Int32(configuration.busyTimeout * 1000)))
    try execute(sql: "PRAGMA foreign_keys = \(configuration.checksForeignKeys ? "ON" : "OFF")")
    // SQLite does not look at the file before something is read.
    _ = try Row.fetchOne(self, sql: "SELECT * FROM sqlite_master LIMIT 1")
  }

  deinit {
    cache = [:]
    // Somebody's statement may outlive the connection, which then goes with it.
    sqlite3_close_v2(connection)
  }

  /// Closes the connection, which can do nothing afterwards.
  ///
  /// - Throws: `DatabaseError`, that of a busy database while somebody reads rows.
  func close() throws {
    cache = [:]
    try check(sqlite3_close(connection))
    connection = nil
  }

  /// The version of SQLite.
  static var version: String { String(cString: sqlite3_libversion()) }

  /// The number of the row that was inserted last.
  package var lastInsertedRowID: Int64 { connection.map { sqlite3_last_insert_rowid($0) } ?? 0 }

  private func check(_ code: Int32) throws {
    if code != SQLITE_OK { throw DatabaseError(code, of: connection) }
  }

  private func open() throws -> OpaquePointer {
    guard let connection else { throw DatabaseError(.misuse, "the database is closed") }
    return connection
  }
}

// MARK: - Statements

extension Database {
  /// Carries out statements, one or several. Arguments are those of the first, then of the next.
  ///
  /// - Throws: `DatabaseError`; the statements before the one that failed have been carried out.
  package func execute(sql: String, arguments: StatementArguments = []) throws {
    let connection = try open()
    var rest = arguments.values[...]
    try sql.withCString { text in
      var position: UnsafePointer<CChar>? = text
      while let start = position, start.pointee != 0 {
        guard let statement = try Statement(start, of: connection, isKept: false, end: &position) else { continue }
        let count = statement.argumentCount
        try statement.execute(arguments: StatementArguments(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
    }
    guard rest.isEmpty else { throw DatabaseError(.misuse, "there are more arguments than a statement takes") }
  }

  /// A statement that is compiled once however often somebody asks for it.
  ///
  /// - Throws: `DatabaseError`.
  package func cachedStatement(sql: String) throws -> Statement {
    if let statement = cache[sql] {
      // Somebody who is still reading its rows must not be sent back to the first.
      return statement.isBusy ? try self.statement(sql: sql) : statement
    }
    let statement = try statement(sql: sql, isKept: true)
    cache[sql] = statement
    return statement
  }

  /// A statement for once.
  ///
  /// - Throws: `DatabaseError`.
  func statement(sql: String, isKept: Bool = false) throws -> Statement {
    let connection = try open()
    return try sql.withCString { text in
      var end: UnsafePointer<CChar>?
      guard let statement = try Statement(text, of: connection, isKept: isKept, end: &end) else {
        throw DatabaseError(.misuse, "there is no statement")
      }
      return statement
    }
  }
}

// MARK: - Transactions

extension Database {
  /// Does something all or nothing.
  ///
  /// - Throws: what `body` throws, after everything was undone; `DatabaseError`.
  func inTransaction<Value>(_ kind: TransactionKind, _ body: () throws -> Value) throws -> Value {
    try cachedStatement(sql: "BEGIN \(kind.rawValue)").execute()
    do {
      let value = try body()
      try cachedStatement(sql: "COMMIT").execute()
      return value
    } catch {
      // SQLite has undone everything itself after some errors, such as that of a full disk. Where undoing fails, the
      // first error says more, and the next connection undoes what is left.
      if sqlite3_get_autocommit(connection) == 0 { try? execute(sql: "ROLLBACK") }
      throw error
    }
  }

  /// Writes a copy over another database.
  ///
  /// - Throws: `DatabaseError`.
  func backup(to target: Database) throws {
    let connection = try open()
    guard let backup = sqlite3_backup_init(try target.open(), "main", connection, "main") else {
      throw DatabaseError(sqlite3_extended_errcode(target.connection), of: target.connection)
    }
    let code = sqlite3_backup_step(backup, -1)
    let finish = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else { throw DatabaseError(code, of: target.connection) }
    try target.check(finish)
  }
}
