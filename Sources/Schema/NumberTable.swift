// SPDX-License-Identifier: GPL-3.0-or-later

/// The numbers of a CSV file, and the file that they come from.
public struct NumberTable: SpecialValue {
  /// As the scenario names it.
  public let file: String
  /// The names of the columns; empty where the file has no line of them.
  public let names: [String]
  /// How many numbers a row has.
  public let columnCount: Int
  /// Row after row; empty where the numbers are not at hand and only their checksum is known.
  public let values: [Double]
  /// Changes with any of the numbers and with their order: 16 hexadecimal digits.
  public let checksum: String

  /// The table of a file that has been read.
  package init(file: String, names: [String], columnCount: Int, values: [Double]) {
    precondition(columnCount > 0 && values.count.isMultiple(of: columnCount), "All rows are of one length.")
    self.file = file
    self.names = names
    self.columnCount = columnCount
    self.values = values
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for bits in [UInt64(columnCount)] + values.map({ ($0 + 0.0).bitPattern }) {
      for byte in 0..<8 { sum = (sum ^ (bits >> (8 * byte) & 0xFF)) &* 0x100_0000_01B3 }
    }
    let digits = String(sum, radix: 16)
    checksum = String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// A stand-in for numbers that are not read, to be told from others by their checksum.
  package init(remembering file: String, checksum: String) {
    (self.file, self.checksum) = (file, checksum)
    (names, columnCount, values) = ([], 1, [])
  }

  /// How many rows there are.
  public var rowCount: Int { values.count / columnCount }

  /// A number by its row and column.
  public subscript(row: Int, column: Int) -> Double { values[row * columnCount + column] }

  /// By file and checksum, as a stand-in has nothing else.
  public static func == (left: NumberTable, right: NumberTable) -> Bool {
    left.file == right.file && left.checksum == right.checksum
  }
}
