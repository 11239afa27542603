// SPDX-License-Identifier: GPL-3.0-or-later
import Files

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
  /// The greatest number of each column; empty where the numbers are not at hand.
  public let maxima: [Double]
  /// Changes with any of the numbers and with their order: 16 hexadecimal digits.
  public let checksum: String

  /// The table of a file that has been read.
  package init(file: String, names: [String], columnCount: Int, values: [Double]) {
    precondition(columnCount > 0 && values.count.isMultiple(of: columnCount), "All rows are of one length.")
    self.file = file
    self.names = names
    self.columnCount = columnCount
    self.values = values
    var digest = Digest()
    digest.add(UInt64(columnCount))
    // Zero has two signs and one meaning.
    for value in values { digest.add((value + 0.0).bitPattern) }
    checksum = hexadecimal(digest.value)
    maxima = (0..<columnCount).map { column in
      stride(from: column, to: values.count, by: columnCount).reduce(-.infinity) { max($0, values[$1]) }
    }
  }

  /// A stand-in for numbers that are not read, to be told from others by their checksum.
  package init(remembering file: String, checksum: String) {
    (self.file, self.checksum) = (file, checksum)
    (names, columnCount, values, maxima) = ([], 1, [], [])
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
