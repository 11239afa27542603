// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A value as SQLite keeps it.
package enum DatabaseValue: Sendable, Equatable {
  case null
  case integer(Int64)
  /// Never NaN, which SQLite keeps as null.
  case real(Double)
  case text(String)
  case blob(Data)
}

/// What can be kept in a column.
package protocol DatabaseValueConvertible {
  var databaseValue: DatabaseValue { get }

  /// Nothing where the value is of another type.
  init?(databaseValue value: DatabaseValue)
}

extension Int64: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .integer(self) }

  /// A number with a fraction is another type.
  package init?(databaseValue value: DatabaseValue) {
    switch value {
    case .integer(let number): self = number
    case .real(let number): self.init(exactly: number)
    default: return nil
    }
  }
}

extension Int: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .integer(Int64(self)) }

  package init?(databaseValue value: DatabaseValue) {
    guard let number = Int64(databaseValue: value) else { return nil }
    self.init(exactly: number)
  }
}

extension Bool: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .integer(self ? 1 : 0) }

  package init?(databaseValue value: DatabaseValue) {
    guard case .integer(let number) = value else { return nil }
    self = number != 0
  }
}

extension Double: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .real(self) }

  package init?(databaseValue value: DatabaseValue) {
    switch value {
    case .integer(let number): self.init(number)
    case .real(let number): self = number
    default: return nil
    }
  }
}

extension String: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .text(self) }

  package init?(databaseValue value: DatabaseValue) {
    guard case .text(let text) = value else { return nil }
    self = text
  }
}

extension Data: DatabaseValueConvertible {
  package var databaseValue: DatabaseValue { .blob(self) }

  package init?(databaseValue value: DatabaseValue) {
    guard case .blob(let bytes) = value else { return nil }
    self = bytes
  }
}

/// What stands in the place of the question marks of a statement, in their order.
package struct StatementArguments: ExpressibleByArrayLiteral {
  let values: [DatabaseValue]

  package init(arrayLiteral values: (any DatabaseValueConvertible)?...) {
    self.values = values.map { $0?.databaseValue ?? .null }
  }

  init(_ values: some Sequence<DatabaseValue>) { self.values = Array(values) }
}
