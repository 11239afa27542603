// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

extension Network {
  /// The spectrum from the whole matrix, or nothing if memory does not suffice.
  package func decomposedSpectrum() -> Spectrum? {
    _ = numericsPrepared
    let count = nodeCount
    let matrix = DenseMatrix(self)
    guard let moduli = isSymmetric ? matrix.symmetricModuli() : matrix.eigenvalueModuli() else { return nil }
    guard let singular = isSymmetric ? moduli : matrix.singularValues() else { return nil }
    let perron = matrix.perronVector()
    return spectrum(
      secondSingularValue: count > 1 ? singular[1] : 0, lastSingularValue: singular[count - 1],
      secondEigenvalueModulus: count > 1 ? moduli[1] : 0,
      missing: perron == nil ? Spectrum.inPieces : nil,
      errorBound: Double(count) * .ulpOfOne * max(1, singular[0]), isConverged: true, method: .decomposition,
      perronVector: perron)
  }
}

/// A square matrix in rows, for GSL.
struct DenseMatrix {
  private let count: Int
  /// c_lk at row l and column k.
  private let entries: [Double]

  init(rows: [Double], count: Int) {
    self.count = count
    entries = rows
  }

  init(_ network: Network) {
    count = network.nodeCount
    var entries = [Double](repeating: 0, count: count * count)
    for agent in 0..<count { entries[agent * count + agent] = network.selfWeights[agent] }
    for link in 0..<network.linkCount {
      entries[network.senders[link].index * count + network.receivers[link].index] = network.weights[link]
    }
    self.entries = entries
  }

  /// The moduli of the eigenvalues of a symmetric matrix, largest first.
  func symmetricModuli() -> [Double]? {
    guard let workspace = gsl_eigen_symm_alloc(count) else { return nil }
    defer { gsl_eigen_symm_free(workspace) }
    return values { gsl_eigen_symm($0, $1, workspace) }?.map(abs).sorted(by: >)
  }

  /// The moduli of the eigenvalues, largest first.
  func eigenvalueModuli() -> [Double]? {
    guard let workspace = gsl_eigen_nonsymm_alloc(count) else { return nil }
    defer { gsl_eigen_nonsymm_free(workspace) }
    guard let eigenvalues = gsl_vector_complex_alloc(count) else { return nil }
    defer { gsl_vector_complex_free(eigenvalues) }
    guard values({ matrix, _ in gsl_eigen_nonsymm(matrix, eigenvalues, workspace) }) != nil else { return nil }
    return (0..<count).map { index in
      let pair = gsl_vector_complex_ptr(eigenvalues, index)
      return pair.map { ($0.pointee.dat.0 * $0.pointee.dat.0 + $0.pointee.dat.1 * $0.pointee.dat.1).squareRoot() }
        ?? .nan
    }.sorted(by: >)
  }

  /// The singular values, largest first.
  func singularValues() -> [Double]? {
    guard let right = gsl_matrix_alloc(count, count) else { return nil }
    defer { gsl_matrix_free(right) }
    guard let work = gsl_vector_alloc(count) else { return nil }
    defer { gsl_vector_free(work) }
    return values { gsl_linalg_SV_decomp($0, right, $1, work) }?.sorted(by: >)
  }

  /// Solves (C - 1) p = 0 with the last equation replaced by 1ᵀp = 1, and checks what comes out.
  func perronVector() -> [Double]? {
    guard let permutation = gsl_permutation_alloc(count) else { return nil }
    defer { gsl_permutation_free(permutation) }
    var equations = entries
    for agent in 0..<count { equations[agent * count + agent] -= 1 }
    for agent in 0..<count { equations[(count - 1) * count + agent] = 1 }
    var right = [Double](repeating: 0, count: count)
    right[count - 1] = 1
    var solution = right
    var sign: Int32 = 0
    let status = equations.withUnsafeMutableBufferPointer { equations in
      solution.withUnsafeMutableBufferPointer { solution in
        var matrix = gsl_matrix_view_array(equations.baseAddress, count, count)
        var vector = gsl_vector_view_array(solution.baseAddress, count)
        let factored = gsl_linalg_LU_decomp(&matrix.matrix, permutation, &sign)
        guard Int(factored) == GSL_SUCCESS else { return factored }
        // A multiple eigenvalue leaves a pivot that is zero but for rounding.
        let pivots = (0..<count).map { abs(equations[$0 * count + $0]) }
        guard let least = pivots.min(), least > 1e-13 else { return Int32(GSL_ESING) }
        return gsl_linalg_LU_svx(&matrix.matrix, permutation, &vector.vector)
      }
    }
    return Int(status) == GSL_SUCCESS && solution.allSatisfy { $0 > -1e-9 } ? solution : nil
  }

  /// Lets GSL work on a copy of the matrix and a vector of results.
  private func values(
    _ body: (UnsafeMutablePointer<gsl_matrix>, UnsafeMutablePointer<gsl_vector>) -> Int32
  ) -> [Double]? {
    var matrix = entries
    var results = [Double](repeating: 0, count: count)
    let status = matrix.withUnsafeMutableBufferPointer { matrix in
      results.withUnsafeMutableBufferPointer { results in
        var matrixView = gsl_matrix_view_array(matrix.baseAddress, count, count)
        var vectorView = gsl_vector_view_array(results.baseAddress, count)
        return body(&matrixView.matrix, &vectorView.vector)
      }
    }
    return Int(status) == GSL_SUCCESS ? results : nil
  }
}
