// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// How tables are written as text.
package enum TableFormat: String, CaseIterable, Sendable {
  /// Comma-separated values with a line of column names; what holds a comma, a quotation mark or a line break stands
  /// in quotation marks, which are doubled inside. Lines end with a line feed, and nothing is an empty value.
  ///
  /// Source: RFC 4180, apart from the carriage return before each line feed.
  case csv
  /// JSON Lines: an object for each row, and null for nothing.
  case jsonl
}

/// A value in a table.
package enum TableCell {
  case text(String)
  /// Written with as many digits as it takes to read the same bits back, or `inf`, `-inf`, `nan`.
  case number(Double)
  case count(UInt64)
  case nothing

  /// A number, or nothing.
  static func optional(_ value: Double?) -> TableCell { value.map(TableCell.number) ?? .nothing }

  /// A count, or nothing.
  static func optional(_ value: UInt64?) -> TableCell { value.map(TableCell.count) ?? .nothing }
}

/// Rows of a table as bytes, taken away now and then by whoever writes them.
package struct TableLines {
  private let format: TableFormat
  /// What stands before each value: the separator and, in JSON, the name of the column.
  private let openings: [[UInt8]]
  package private(set) var bytes: [UInt8] = []

  package init(format: TableFormat, columns: [String]) {
    self.format = format
    switch format {
    case .csv:
      openings = columns.indices.map { $0 == 0 ? [] : [UInt8(ascii: ",")] }
      for (index, column) in columns.enumerated() {
        bytes += openings[index]
        append(.text(column), to: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    case .jsonl:
      openings = columns.enumerated().map { index, column in
        Array((index == 0 ? "{" : ",").utf8) + jsonText(column) + [UInt8(ascii: ":")]
      }
    }
  }

  /// Some cells of a row as bytes, for rows that share them.
  ///
  /// - Parameter first: the column of the first of them; from the right where it is negative.
  func encoded(_ cells: [TableCell], from first: Int = 0) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      bytes += openings[(first < 0 ? openings.count : 0) + first + index]
      append(cell, to: &bytes)
    }
    return bytes
  }

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - parts: the bytes of its first cells.
  ///   - last: its last cell.
  mutating func add(_ parts: [UInt8]..., last: TableCell) {
    for part in parts { bytes += part }
    bytes += openings[openings.count - 1]
    append(last, to: &bytes)
    end()
  }

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - leading: the bytes of its first cells.
  ///   - cells: the last ones; together there is one for each column.
  package mutating func add(_ leading: [UInt8] = [], _ cells: [TableCell]) {
    bytes += leading
    bytes += encoded(cells, from: -cells.count)
    end()
  }

  private mutating func end() {
    if format == .jsonl { bytes.append(UInt8(ascii: "}")) }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Hands over what there is so far.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private func append(_ cell: TableCell, to bytes: inout [UInt8]) {
    switch (cell, format) {
    case (.nothing, .csv): break
    case (.nothing, .jsonl): bytes += "null".utf8
    case (.count(let count), _): bytes += "\(count)".utf8
    case (.number(let number), .jsonl) where !number.isFinite: bytes += "\"\(plain(number))\"".utf8
    case (.number(let number), _): bytes += plain(number).utf8
    case (.text(let text), .csv): bytes += csvText(text)
    case (.text(let text), .jsonl): bytes += jsonText(text)
    }
  }
}

/// The shortest text that reads as the same bits.
private func plain(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }

private func csvText(_ original: String) -> [UInt8] {
  let text = visible(original, keepingLines: true)
  guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return Array(text.utf8) }
  return Array("\"".utf8) + text.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] } + Array("\"".utf8)
}

private func jsonText(_ text: String) -> [UInt8] {
  var bytes = [UInt8(ascii: "\"")]
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case 0..<0x20:
      let digits = String(byte, radix: 16)
      bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
    default: bytes.append(byte)
    }
  }
  bytes.append(UInt8(ascii: "\""))
  return text.utf8.contains { $0 >= 0x7F } ? Array(visibleJSON(String(decoding: bytes, as: UTF8.self)).utf8) : bytes
}
