// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// GSL and OpenBLAS, made ready once for this room.
let numericsPrepared: Void = starling_prepare_numerics()

/// How fast a combination matrix mixes: what repeated combining leaves of a disagreement.
///
/// The values hold for the symmetric, doubly stochastic matrices that the Metropolis rule makes. Their singular values
/// are the moduli of their eigenvalues, so both second values are one number.
package struct Spectrum: Sendable, Equatable {
  /// How the values were found.
  package enum Method: Sendable, Equatable {
    /// All eigenvalues of the whole matrix.
    case decomposition
    /// Lanczos iteration on the links, with so many steps.
    case iteration(steps: Int)
  }

  /// The largest singular value of C - 11'/N: the factor by which one combination shrinks the worst disagreement.
  /// One for a network in pieces; zero for a single agent and when one combination suffices.
  package let secondSingularValue: Double
  /// The smallest singular value of C; nothing where only the links were iterated on.
  package let lastSingularValue: Double?
  /// How far the second singular value can be from a singular value of the matrix.
  package let errorBound: Double
  /// Whether the error bound met the tolerance. If not, the true second singular value is the one given or larger.
  package let isConverged: Bool
  /// How the values were found.
  package let method: Method

  /// The second largest modulus among the eigenvalues of C.
  package var secondEigenvalueModulus: Double { secondSingularValue }
  /// One minus the second largest modulus among the eigenvalues of C.
  package var gap: Double { 1 - secondEigenvalueModulus }
}

extension Network {
  /// The most agents for which the whole matrix is decomposed.
  static let largestDecomposition = 500

  /// The spectrum of the combination matrix, which must be symmetric.
  ///
  /// - Parameter workLimit: how many products of a weight and a number an iteration may take. The default is a few
  ///   seconds on one core: enough for 10⁵ agents with some ten neighbours each.
  package func spectrum(workLimit: Int = 10_000_000_000) -> Spectrum {
    _ = numericsPrepared
    if agentCount <= Self.largestDecomposition, let spectrum = decomposedSpectrum() { return spectrum }
    return iteratedSpectrum(workLimit: workLimit)
  }

  /// The spectrum from all eigenvalues of the whole matrix, or nothing if memory does not suffice.
  package func decomposedSpectrum() -> Spectrum? {
    _ = numericsPrepared
    let count = agentCount
    guard let workspace = gsl_eigen_symm_alloc(count) else { return nil }
    defer { gsl_eigen_symm_free(workspace) }
    var matrix = [Double](repeating: 0, count: count * count)
    for agent in 0..<count { matrix[agent * count + agent] = selfWeights[agent] }
    for link in 0..<linkCount { matrix[senders[link].index * count + receivers[link].index] = weights[link] }
    var eigenvalues = [Double](repeating: 0, count: count)
    let status = matrix.withUnsafeMutableBufferPointer { matrix in
      eigenvalues.withUnsafeMutableBufferPointer { eigenvalues in
        var matrixView = gsl_matrix_view_array(matrix.baseAddress, count, count)
        var vectorView = gsl_vector_view_array(eigenvalues.baseAddress, count)
        return gsl_eigen_symm(&matrixView.matrix, &vectorView.vector, workspace)
      }
    }
    guard Int(status) == GSL_SUCCESS else { return nil }
    // The largest eigenvalue is the one of the constant vector, 1.
    let moduli = eigenvalues.sorted().dropLast().map(abs)
    return Spectrum(
      secondSingularValue: moduli.max() ?? 0, lastSingularValue: eigenvalues.map(abs).min(),
      errorBound: Double(count) * .ulpOfOne, isConverged: true, method: .decomposition)
  }
}
