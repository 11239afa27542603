// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// GSL and OpenBLAS, made ready once for this room.
private let numericsPrepared: Void = starling_prepare_numerics()

/// Solves A x = b by LU factorisation with partial pivoting (GSL).
///
/// - Parameter matrix: A, row by row; n × n numbers for the n numbers of b.
/// - Throws: if A is singular to machine precision, or memory does not suffice.
func solution(of matrix: [Double], _ rightSide: [Double]) throws(EnvironmentError) -> [Double] {
  _ = numericsPrepared
  let count = rightSide.count
  precondition(count > 0 && matrix.count == count * count, "A system of equations has a square matrix.")
  guard let permutation = gsl_permutation_alloc(count) else { throw .outOfMemory(numbers: count) }
  defer { gsl_permutation_free(permutation) }
  var factors = matrix
  var solution = rightSide
  let isSolved = factors.withUnsafeMutableBufferPointer { factors in
    solution.withUnsafeMutableBufferPointer { solution in
      var matrixView = gsl_matrix_view_array(factors.baseAddress, count, count)
      var vectorView = gsl_vector_view_array(solution.baseAddress, count)
      var sign: Int32 = 0
      guard Int(gsl_linalg_LU_decomp(&matrixView.matrix, permutation, &sign)) == GSL_SUCCESS else { return false }
      return Int(gsl_linalg_LU_svx(&matrixView.matrix, permutation, &vectorView.vector)) == GSL_SUCCESS
    }
  }
  guard isSolved, solution.allSatisfy(\.isFinite) else { throw .singular }
  return solution
}
