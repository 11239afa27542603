// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// GSL and OpenBLAS, made ready once for this room.
let numericsPrepared: Void = starling_prepare_numerics()

/// Solves A x = b for several right sides, by LU factorisation with partial pivoting (GSL).
///
/// - Parameters:
///   - matrix: A, row by row; n × n numbers.
///   - rightSides: each of n numbers.
/// - Returns: one solution for each right side.
/// - Throws: if A is singular to machine precision, or memory does not suffice.
func solve(_ matrix: [Double], _ rightSides: [[Double]]) throws(TheoryError) -> [[Double]] {
  _ = numericsPrepared
  guard let count = rightSides.first?.count, count > 0 else { return rightSides }
  precondition(matrix.count == count * count, "A system of equations has a square matrix.")
  guard let permutation = gsl_permutation_alloc(count) else { throw .outOfMemory(numbers: count) }
  defer { gsl_permutation_free(permutation) }
  var factors = matrix
  var solutions = rightSides
  let isSolved = factors.withUnsafeMutableBufferPointer { factors in
    var view = gsl_matrix_view_array(factors.baseAddress, count, count)
    var sign: Int32 = 0
    guard Int(gsl_linalg_LU_decomp(&view.matrix, permutation, &sign)) == GSL_SUCCESS else { return false }
    for index in solutions.indices {
      let status = solutions[index].withUnsafeMutableBufferPointer { solution in
        var vector = gsl_vector_view_array(solution.baseAddress, count)
        return gsl_linalg_LU_svx(&view.matrix, permutation, &vector.vector)
      }
      guard Int(status) == GSL_SUCCESS, solutions[index].allSatisfy(\.isFinite) else { return false }
    }
    return true
  }
  guard isSolved else { throw .singular }
  return solutions
}
