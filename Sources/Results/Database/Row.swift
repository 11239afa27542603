// SPDX-License-Identifier: GPL-3.0-or-later

/// A row that a statement has found, with copies of its values.
package struct Row {
  private let columns: [String]
  private let values: [DatabaseValue]

  /// - Throws: `DatabaseError` where memory runs out.
  init(of statement: Statement) throws {
    (columns, values) = (statement.columns, try statement.values())
  }

  /// The value of the first column of a name, or nothing where there is none.
  package subscript(column: String) -> DatabaseValue? {
    columns.firstIndex(of: column).map { values[$0] }
  }

  /// The value of a column, counted from 0.
  package subscript(index: Int) -> DatabaseValue { values[index] }
}

/// Rows of a statement that are read one after another.
package final class RowCursor {
  private let statement: Statement
  private var isOver = false

  init(_ statement: Statement, _ arguments: StatementArguments) throws {
    self.statement = statement
    try statement.begin(arguments)
  }

  deinit { end() }

  /// The next row, or nothing after the last.
  ///
  /// - Throws: `DatabaseError`; there are no more rows then.
  package func next() throws -> Row? {
    guard !isOver else { return nil }
    do {
      if try statement.step() { return try Row(of: statement) }
    } catch {
      end()
      throw error
    }
    end()
    return nil
  }

  /// Lets go of the statement, which may be somebody else's afterwards.
  private func end() {
    if !isOver { statement.reset() }
    isOver = true
  }
}

extension Row {
  /// Rows to be read one after another.
  package static func fetchCursor(_ statement: Statement, arguments: StatementArguments = []) throws -> RowCursor {
    try RowCursor(statement, arguments)
  }

  /// Rows to be read one after another.
  package static func fetchCursor(
    _ database: Database, sql: String, arguments: StatementArguments = []
  ) throws -> RowCursor {
    try fetchCursor(database.statement(sql: sql), arguments: arguments)
  }

  /// All rows.
  package static func fetchAll(_ statement: Statement, arguments: StatementArguments = []) throws -> [Row] {
    let cursor = try fetchCursor(statement, arguments: arguments)
    var rows: [Row] = []
    while let row = try cursor.next() { rows.append(row) }
    return rows
  }

  /// All rows.
  package static func fetchAll(
    _ database: Database, sql: String, arguments: StatementArguments = []
  ) throws -> [Row] {
    try fetchAll(database.statement(sql: sql), arguments: arguments)
  }

  /// The first row, or nothing where there is none.
  package static func fetchOne(_ statement: Statement, arguments: StatementArguments = []) throws -> Row? {
    try fetchCursor(statement, arguments: arguments).next()
  }

  /// The first row, or nothing where there is none.
  package static func fetchOne(
    _ database: Database, sql: String, arguments: StatementArguments = []
  ) throws -> Row? {
    try fetchOne(database.statement(sql: sql), arguments: arguments)
  }
}

extension DatabaseValueConvertible {
  /// The first value of the first row; nothing where it is null, or there is no row.
  ///
  /// - Throws: `DatabaseError`, that of a mismatch where the value is of another type.
  package static func fetchOne(_ statement: Statement, arguments: StatementArguments = []) throws -> Self? {
    try Row.fetchOne(statement, arguments: arguments).flatMap(first)
  }

  /// The same of a statement that is executed once.
  package static func fetchOne(
    _ database: Database, sql: String, arguments: StatementArguments = []
  ) throws -> Self? {
    try fetchOne(database.statement(sql: sql), arguments: arguments)
  }

  /// The first value of each row.
  ///
  /// - Throws: `DatabaseError`, that of a mismatch where a value is null or of another type.
  package static func fetchAll(
    _ database: Database, sql: String, arguments: StatementArguments = []
  ) throws -> [Self] {
    try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
      guard let value = try first(row) else { throw DatabaseError(.mismatch, "a value is missing") }
      return value
    }
  }

  private static func first(_ row: Row) throws -> Self? {
    let found = row[0]
    guard found != .null else { return nil }
    guard let value = Self(databaseValue: found) else { throw DatabaseError(.mismatch, "a value has another type") }
    return value
  }
}
