// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Something in a results file does not hold together.
struct RowError: Error {
  let reason: String

  init(_ reason: String = "a row is not whole") { self.reason = reason }
}

extension Row {
  /// A value of a column.
  ///
  /// - Throws: `RowError` where there is none, or its type is another, as in a file with noise.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let value: Value = try optional(column) else { throw RowError("the column \(column) has no value") }
    return value
  }

  /// A value of a column, or nothing where it is null.
  ///
  /// - Throws: `RowError` where its type is another.
  func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    guard let raw = self[column] else { throw RowError("there is no column \(column)") }
    guard raw != .null else { return nil }
    guard let value = Value(databaseValue: raw) else { throw RowError("the column \(column) has another type") }
    return value
  }
}

/// Numbers as IEEE doubles in little-endian order.
func blob(_ numbers: [Double]) -> Data {
  // A key path would be looked up for every number.
  numbers.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
}

/// Numbers from IEEE doubles in little-endian order.
func numbers(_ data: Data) -> [Double] {
  data.withUnsafeBytes { bytes in
    (0..<bytes.count / 8).map {
      Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
    }
  }
}

/// A value as JSON text.
func json(_ value: some Encodable) throws -> String {
  String(decoding: try resultsEncoder().encode(value), as: UTF8.self)
}

/// A value from JSON text.
///
/// - Throws: `RowError` if the text is anything else.
func decoded<Value: Decodable>(_ text: String) throws -> Value {
  do {
    return try resultsDecoder().decode(Value.self, from: Data(text.utf8))
  } catch {
    throw RowError("a value is not what it should be")
  }
}
