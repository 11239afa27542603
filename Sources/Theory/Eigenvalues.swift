// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import Numerics

/// The moduli of all eigenvalues of a square matrix, largest first (GSL, Hessenberg form and Francis steps).
///
/// - Parameters:
///   - matrix: row by row; `count` × `count` numbers, not necessarily symmetric.
///   - operationLimit: the most multiplications; the work is about 25 `count`³.
func eigenvalueModuli(
  _ matrix: [Double], count: Int, operationLimit: Double = 1e10
) throws(TheoryError) -> [Double] {
  _ = numericsPrepared
  precondition(count > 0 && matrix.count == count * count, "Eigenvalues are of a square matrix.")
  let operations = 25 * Double(count) * Double(count) * Double(count)
  guard operations <= operationLimit else { throw .tooExpensive(operations: operations, limit: operationLimit) }
  guard matrix.allSatisfy(\.isFinite) else { throw .singular }
  guard let workspace = gsl_eigen_nonsymm_alloc(count) else { throw .outOfMemory(numbers: count * count) }
  defer { gsl_eigen_nonsymm_free(workspace) }
  // Balancing keeps the small eigenvalues of badly scaled matrices accurate.
  gsl_eigen_nonsymm_params(0, 1, workspace)
  var matrix = matrix
  var parts = [Double](repeating: 0, count: 2 * count)
  let status = matrix.withUnsafeMutableBufferPointer { matrix in
    parts.withUnsafeMutableBufferPointer { parts in
      var matrixView = gsl_matrix_view_array(matrix.baseAddress, count, count)
      var vectorView = gsl_vector_complex_view_array(parts.baseAddress, count)
      return gsl_eigen_nonsymm(&matrixView.matrix, &vectorView.vector, workspace)
    }
  }
  guard Int(status) == GSL_SUCCESS else { throw .noEigenvalues }
  return (0..<count).map { hypot(parts[2 * $0], parts[2 * $0 + 1]) }.sorted(by: >)
}

/// The largest modulus among the eigenvalues.
func spectralRadius(_ matrix: [Double], count: Int, operationLimit: Double = 1e10) throws(TheoryError) -> Double {
  try eigenvalueModuli(matrix, count: count, operationLimit: operationLimit)[0]
}

/// All eigenvalues of a symmetric matrix, largest first (GSL).
///
/// - Parameter matrix: row by row; `count` × `count` numbers.
func symmetricEigenvalues(_ matrix: [Double], count: Int) throws(TheoryError) -> [Double] {
  _ = numericsPrepared
  guard let workspace = gsl_eigen_symm_alloc(count) else { throw .outOfMemory(numbers: count * count) }
  defer { gsl_eigen_symm_free(workspace) }
  var matrix = matrix
  var eigenvalues = [Double](repeating: 0, count: count)
  let status = matrix.withUnsafeMutableBufferPointer { matrix in
    eigenvalues.withUnsafeMutableBufferPointer { eigenvalues in
      var matrixView = gsl_matrix_view_array(matrix.baseAddress, count, count)
      var vectorView = gsl_vector_view_array(eigenvalues.baseAddress, count)
      return gsl_eigen_symm(&matrixView.matrix, &vectorView.vector, workspace)
    }
  }
  guard Int(status) == GSL_SUCCESS else { throw .noEigenvalues }
  return eigenvalues.sorted(by: >)
}

/// The smallest and the largest eigenvalue of a symmetric matrix.
///
/// - Parameter matrix: row by row; `count` × `count` numbers.
func extremeEigenvalues(_ matrix: [Double], count: Int) throws(TheoryError) -> (smallest: Double, largest: Double) {
  let eigenvalues = try symmetricEigenvalues(matrix, count: count)
  guard let largest = eigenvalues.first, let smallest = eigenvalues.last else { throw .noEigenvalues }
  return (smallest, largest)
}
