// SPDX-License-Identifier: GPL-3.0-or-later
import CKernels
import Quantities

/// The different rows of a batch, bit for bit, in the order in which they first come: a network that is asked about states of
/// which a batch has many several times is asked about each once. Gradients of rows that are the same are summed before they
/// go back through the network, which is linear in them where inputs, and so slopes, are the same.
///
/// Exact but for the order of sums. *Complexity*: a pass over the batch; nothing is allocated after the initialiser.
package struct DistinctRows: ~Copyable {
  /// The different rows, as many as `add` says.
  package let rows: Column<Float>
  /// How many numbers a row has.
  package let columns: Int
  private let table: Column<Int32>

  /// Room for a batch.
  ///
  /// - Parameters:
  ///   - most: the most rows that can be different.
  ///   - columns: the numbers of a row.
  package init(most: Int, columns: Int) {
    precondition(most > 0 && columns > 0, "A batch has rows, and these have numbers.")
    self.columns = columns
    rows = Column(repeating: 0, count: most * columns)
    table = Column(repeating: 0, count: Self.tableSize(most: most))
  }

  /// At most half of the places are taken.
  private static func tableSize(most: Int) -> Int { 1 << (Int.bitWidth - (2 * most - 1).leadingZeroBitCount) }

  /// Bytes of such a room. In Double, so that no size can overflow.
  package static func bytes(most: Int, columns: Int) -> Double {
    4 * (Double(most) * Double(columns) + Double(tableSize(most: most)))
  }

  /// Adds the rows of a batch.
  ///
  /// - Parameters:
  ///   - batch: count × columns.
  ///   - known: how many different rows there are before; 0 begins anew.
  ///   - places: which row each of the batch is, overwritten.
  /// - Returns: how many different rows there are then.
  package func add(
    _ batch: UnsafePointer<Float>, count: Int, known: Int, places: UnsafeMutablePointer<Int32>
  ) -> Int {
    precondition(count >= 0 && (known + count) * columns <= rows.count, "There is room for all rows.")
    return starling_distinct_rows(
      batch, count, columns, rows.base, known, table.base, table.count, places)
  }
}

/// What a batch has of the values of its different rows, `count` × `width`.
package func spread<Value: BitwiseCopyable>(
  _ values: UnsafePointer<Value>, width: Int, to places: UnsafePointer<Int32>, count: Int,
  into spread: UnsafeMutablePointer<Value>
) {
  for row in 0..<count {
    let from = Int(places[row]) * width
    for index in 0..<width { spread[row * width + index] = values[from + index] }
  }
}

/// Of each different row the sum of what a batch has for it, in the order of the batch.
package func gather(
  _ gradients: UnsafePointer<Float>, width: Int, from places: UnsafePointer<Int32>, count: Int, distinct: Int,
  into sums: UnsafeMutablePointer<Float>
) {
  sums.update(repeating: 0, count: distinct * width)
  for row in 0..<count {
    let to = Int(places[row]) * width
    for index in 0..<width { sums[to + index] += gradients[row * width + index] }
  }
}
