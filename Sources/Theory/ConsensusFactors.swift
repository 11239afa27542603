// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

extension CombinationMatrix {
  /// The second largest modulus among the eigenvalues of C, ρ(C - p 1'): the factor by which repeated combining shrinks
  /// a disagreement in the long run. Zero for one agent, one for a network in pieces.
  package func secondEigenvalueModulus(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    guard count > 1 else { return 0 }
    return try eigenvalueModuli(values, count: count, operationLimit: operationLimit)[1]
  }

  /// All singular values of C, largest first. Those of a matrix that is not symmetric differ from the moduli of its
  /// eigenvalues.
  package func singularValues(operationLimit: Double = 1e10) throws(TheoryError) -> [Double] {
    _ = numericsPrepared
    // One-sided Jacobi rotations: some ten sweeps.
    let operations = 40 * Double(count) * Double(count) * Double(count)
    guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
    var left = values
    var right = values
    var singular = [Double](repeating: 0, count: count)
    let status = left.withUnsafeMutableBufferPointer { left in
      right.withUnsafeMutableBufferPointer { right in
        singular.withUnsafeMutableBufferPointer { singular in
          var leftView = gsl_matrix_view_array(left.baseAddress, count, count)
          var rightView = gsl_matrix_view_array(right.baseAddress, count, count)
          var vectorView = gsl_vector_view_array(singular.baseAddress, count)
          return gsl_linalg_SV_decomp_jacobi(&leftView.matrix, &rightView.matrix, &vectorView.vector)
        }
      }
    }
    guard Int(status) == GSL_SUCCESS else { throw .noEigenvalues }
    return singular
  }
}
