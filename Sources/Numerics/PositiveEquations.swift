// SPDX-License-Identifier: GPL-3.0-or-later

/// Solves A x = b for a symmetric positive definite matrix in place, by Cholesky factorisation; nothing is allocated, so it
/// suits small systems that are solved again and again.
///
/// *Edge cases*: no equations are solved.
///
/// *Complexity*: n³ / 6 multiplications.
///
/// - Parameters:
///   - matrix: A, row by row, of which the lower half is read; overwritten with its factor.
///   - vector: b, overwritten with x.
/// - Returns: whether the matrix was positive definite to machine precision; where not, x is undefined.
package func solvePositive(
  _ matrix: UnsafeMutablePointer<Double>, _ vector: UnsafeMutablePointer<Double>, count: Int
) -> Bool {
  for row in 0..<count {
    for column in 0...row {
      var sum = matrix[row * count + column]
      for index in 0..<column { sum -= matrix[row * count + index] * matrix[column * count + index] }
      if column < row {
        matrix[row * count + column] = sum / matrix[column * count + column]
        continue
      }
      guard sum > 1e-14 * abs(matrix[row * count + row]), sum.isFinite else { return false }
      matrix[row * count + row] = sum.squareRoot()
    }
  }
  for row in 0..<count {
    for index in 0..<row { vector[row] -= matrix[row * count + index] * vector[index] }
    vector[row] /= matrix[row * count + row]
  }
  for row in (0..<count).reversed() {
    for index in row + 1..<max(count, row + 1) { vector[row] -= matrix[index * count + row] * vector[index] }
    vector[row] /= matrix[row * count + row]
  }
  return true
}
