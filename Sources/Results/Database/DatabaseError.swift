// SPDX-License-Identifier: GPL-3.0-or-later
import CSQLite

/// What SQLite says where it does not do what it was asked to.
package struct DatabaseError: Error, Sendable, Equatable {
  /// What kind of error it is: SQLite's primary result code.
  package let code: Code
  /// More exactly: SQLite's extended result code.
  package let extendedCode: Code
  /// What happened, in SQLite's words.
  package let message: String

  /// - Parameters:
  ///   - code: an extended or a primary one.
  ///   - message: nothing for what SQLite says of the code alone.
  init(_ code: Code, _ message: String? = nil) {
    self.code = Code(rawValue: code.rawValue & 0xFF)
    extendedCode = code
    self.message = message ?? sqlite3_errstr(code.rawValue).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }

  /// The last error of a connection; it must not have been used since.
  init(_ code: Int32, of connection: OpaquePointer?) {
    self.init(Code(rawValue: code), connection.flatMap(sqlite3_errmsg).map { String(cString: $0) })
  }
}

extension DatabaseError {
  /// A result code of SQLite, of those that results tell apart. Source: https://www.sqlite.org/rescode.html
  package struct Code: Sendable, Equatable {
    package let rawValue: Int32

    package static let error = Code(rawValue: SQLITE_ERROR)
    package static let permission = Code(rawValue: SQLITE_PERM)
    package static let busy = Code(rawValue: SQLITE_BUSY)
    package static let locked = Code(rawValue: SQLITE_LOCKED)
    package static let noMemory = Code(rawValue: SQLITE_NOMEM)
    package static let readOnly = Code(rawValue: SQLITE_READONLY)
    package static let inputOutput = Code(rawValue: SQLITE_IOERR)
    package static let corrupt = Code(rawValue: SQLITE_CORRUPT)
    package static let full = Code(rawValue: SQLITE_FULL)
    package static let cannotOpen = Code(rawValue: SQLITE_CANTOPEN)
    package static let constraint = Code(rawValue: SQLITE_CONSTRAINT)
    package static let mismatch = Code(rawValue: SQLITE_MISMATCH)
    package static let misuse = Code(rawValue: SQLITE_MISUSE)
    package static let notADatabase = Code(rawValue: SQLITE_NOTADB)

    // Extended codes, which Swift does not import.

    /// A transaction that was left unfinished would have to be undone, and the file may only be read.
    package static let readOnlyRollback = Code(rawValue: SQLITE_READONLY | 3 << 8)
    /// A row has a value that another row must not have, too.
    package static let uniqueConstraint = Code(rawValue: SQLITE_CONSTRAINT | 8 << 8)
  }
}
