// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A database that many threads use, one after another.
package final class DatabaseQueue: Sendable {
  /// A thread that asks within what it is doing already is told by SQLite that there are no transactions in
  /// transactions, where another kind of lock would have it wait for itself.
  private let lock = NSRecursiveLock()
  /// Used by whoever holds the lock.
  private nonisolated(unsafe) let database: Database

  /// Opens a database, or makes it. One without a name lives in a temporary file, which SQLite deletes when it is
  /// closed.
  ///
  /// - Throws: `DatabaseError`.
  package init(path: String, configuration: Database.Configuration = .init()) throws {
    database = try Database(path: path, configuration: configuration)
  }

  /// Closes the database, which can do nothing afterwards.
  ///
  /// - Throws: `DatabaseError`.
  package func close() throws { try lock.withLock { try database.close() } }

  /// Reads one state of the database, whatever others write meanwhile. The connection must not leave `body`.
  ///
  /// - Throws: `DatabaseError`, and what `body` throws.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try lock.withLock { try database.inTransaction(.deferred) { try body(database) } }
  }

  /// Writes all or nothing. The connection must not leave `body`.
  ///
  /// - Throws: `DatabaseError`, and what `body` throws; everything is then as it was.
  package func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try lock.withLock { try database.inTransaction(.immediate) { try body(database) } }
  }

  /// Uses the connection as it is; each statement is a transaction of its own.
  ///
  /// - Throws: what `body` throws.
  package func writeWithoutTransaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try lock.withLock { try body(database) }
  }

  /// Writes a copy over another database.
  ///
  /// - Throws: `DatabaseError`.
  package func backup(to target: DatabaseQueue) throws {
    try lock.withLock { try target.lock.withLock { try database.backup(to: target.database) } }
  }
}
