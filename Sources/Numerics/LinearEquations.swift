// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// Why a system of linear equations is not solved.
package enum LinearEquationsFailure: Error, Equatable {
  /// There is no unique solution, to machine precision.
  case singular
  /// Memory that could not be had.
  case outOfMemory(numbers: Int)
}

/// Solves A x = b for several right sides, by LU factorisation with partial pivoting (GSL).
///
/// - Parameters:
///   - matrix: A, row by row; n × n numbers.
///   - rightSides: each of n numbers.
/// - Returns: one solution for each right side.
package func solutions(
  of matrix: [Double], _ rightSides: [[Double]]
) -> Result<[[Double]], LinearEquationsFailure> {
  _ = numericsPrepared
  guard let count = rightSides.first?.count, count > 0 else { return .success(rightSides) }
  precondition(matrix.count == count * count, "A system of equations has a square matrix.")
  guard let permutation = gsl_permutation_alloc(count) else { return .failure(.outOfMemory(numbers: count)) }
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
  return isSolved ? .success(solutions) : .failure(.singular)
}
