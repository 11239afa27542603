// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// A B for matrices stored row by row (OpenBLAS), written over `result`.
///
/// - Parameters:
///   - left: A, `rows` × `inner`; if `transposesLeft`, A' is stored, `inner` × `rows`.
///   - right: B, `inner` × `columns`; if `transposesRight`, B' is stored, `columns` × `inner`.
///   - adds: whether the product is added to what `result` holds.
func multiply(
  _ left: [Double], _ right: [Double], rows: Int, inner: Int, columns: Int, into result: inout [Double],
  transposesLeft: Bool = false, transposesRight: Bool = false, adds: Bool = false
) {
  _ = numericsPrepared
  precondition(
    left.count == rows * inner && right.count == inner * columns && result.count == rows * columns,
    "The shapes of a product fit.")
  result.withUnsafeMutableBufferPointer { result in
    cblas_dgemm(
      CblasRowMajor, transposesLeft ? CblasTrans : CblasNoTrans, transposesRight ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), 1, left, Int32(transposesLeft ? rows : inner), right,
      Int32(transposesRight ? inner : columns), adds ? 1 : 0, result.baseAddress, Int32(columns))
  }
}

/// About how many multiplications a product of square matrices takes; small ones cost as much as their call.
func productOperations(_ size: Int) -> Double { Double(size) * Double(size) * Double(size) + 5000 }

/// B K B' for square matrices.
func conjugate(_ matrix: [Double], by factor: [Double], size: Int) -> [Double] {
  var half = matrix
  multiply(factor, matrix, rows: size, inner: size, columns: size, into: &half)
  var result = matrix
  multiply(half, factor, rows: size, inner: size, columns: size, into: &result, transposesRight: true)
  return result
}

/// Turns a square matrix over in place.
func transpose(_ matrix: inout [Double], count: Int) {
  precondition(matrix.count == count * count, "A square matrix is turned over in place.")
  matrix.withUnsafeMutableBufferPointer { matrix in
    for row in 0..<count {
      for column in (row + 1)..<max(row + 1, count) {
        matrix.swapAt(row * count + column, column * count + row)
      }
    }
  }
}

/// Replaces a square matrix by (K + K') / 2. Recursions of symmetric matrices need it where rounding would otherwise
/// feed an antisymmetric part that nothing damps.
func symmetrize(_ matrix: inout [Double], count: Int) {
  for row in 0..<count {
    for column in 0..<row {
      let mean = (matrix[row * count + column] + matrix[column * count + row]) / 2
      matrix[row * count + column] = mean
      matrix[column * count + row] = mean
    }
  }
}

/// The sum of the diagonal of a square matrix.
func trace(_ matrix: [Double], count: Int) -> Double {
  (0..<count).reduce(0) { $0 + matrix[$1 * count + $1] }
}
