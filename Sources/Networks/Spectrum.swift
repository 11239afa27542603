// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// How fast a combination matrix mixes: what repeated combining leaves of a disagreement, and on what the agents agree.
package struct Spectrum: Sendable, Equatable {
  /// How the values were found.
  package enum Method: Sendable, Equatable {
    /// All eigenvalues and singular values of the whole matrix.
    case decomposition
    /// Lanczos iteration on the links, with so many steps.
    case iteration(steps: Int)
  }

  /// The second largest singular value of C. For a doubly stochastic matrix it is the factor by which one combination
  /// shrinks the worst disagreement; one for such a network in pieces, zero for a single agent and when one
  /// combination suffices.
  package let secondSingularValue: Double
  /// The smallest singular value of C; nothing where only the links were iterated on.
  package let lastSingularValue: Double?
  /// The second largest modulus among the eigenvalues of C, the factor by which each of many combinations shrinks a
  /// disagreement. Nothing where it was not found; `missing` then says why.
  package let secondEigenvalueModulus: Double?
  /// Why there is no second eigenvalue or no Perron vector, as a full sentence.
  package let missing: String?
  /// How far the second singular value can be from a singular value of the matrix; where it is an estimate, how far it
  /// presumably is at most.
  package let errorBound: Double
  /// Whether the error bound met the tolerance. If not, the true second singular value is the one given or larger.
  package let isConverged: Bool
  /// Whether the error bound is an estimate itself, as on large networks, where products take long.
  package let isEstimate: Bool
  /// How the values were found.
  package let method: Method
  /// How much each agent counts for in what all agree on: C p = p, 1ᵀp = 1. Nothing where it is not unique or was not
  /// found.
  package let perronVector: [Double]?
  /// The sum of the weights that agents give to themselves, which is the sum of the eigenvalues.
  package let trace: Double
  /// The largest difference of a column's sum from one.
  package let largestColumnError: Double
  /// The largest difference of a row's sum from one.
  package let largestRowError: Double

  /// Why there is no Perron vector where pieces do not hear each other.
  static let inPieces = "The network is in pieces that agree each on a mean of their own."

  /// Whether rows sum to one as columns do, so that all agents count for the same.
  package var isDoublyStochastic: Bool { largestRowError <= CombinationWeights.tolerance }
  /// One minus the second largest modulus among the eigenvalues of C.
  package var gap: Double? { secondEigenvalueModulus.map { 1 - $0 } }
}

extension Network {
  /// The most agents for which the whole matrix is decomposed.
  static let largestDecomposition = 500

  /// The spectrum of the combination matrix, on large networks as good as it is to be had in a second or two: the second
  /// singular value to three decimals, or none. For people who read it, not for what is computed from it.
  package func quickSpectrum() -> Spectrum {
    guard nodeCount + linkCount > Self.largestThorough else { return spectrum(workLimit: 1_000_000_000) }
    _ = numericsPrepared
    return iteratedSpectrum(workLimit: 450_000_000, estimate: 5e-4)
  }

  /// Agents and links together up to which spectra are iterated on until residuals are small.
  private static let largestThorough = 1_000_000

  /// The spectrum of the combination matrix.
  ///
  /// - Parameter workLimit: how many products of a weight and a number an iteration may take. The default is a few
  ///   seconds on one core: enough for 10⁵ agents with some ten neighbours each.
  package func spectrum(workLimit: Int = 10_000_000_000) -> Spectrum {
    _ = numericsPrepared
    if nodeCount <= Self.largestDecomposition, let spectrum = decomposedSpectrum() { return spectrum }
    return iteratedSpectrum(workLimit: workLimit)
  }

  /// Whether every link has the weight of its reverse, so that C is symmetric and its singular values are the moduli
  /// of its eigenvalues.
  package var isSymmetric: Bool {
    (0..<linkCount).allSatisfy { reverse[$0] != Network.noLink && weights[reverse[$0].index] == weights[$0] }
  }

  /// The largest differences of the sums of columns, and of rows, from one.
  package var stochasticErrors: (columns: Double, rows: Double) {
    var rows = selfWeights
    var columns = selfWeights
    for link in 0..<linkCount {
      rows[senders[link].index] += weights[link]
      columns[receivers[link].index] += weights[link]
    }
    func worst(_ sums: [Double]) -> Double { sums.reduce(0) { max($0, abs($1 - 1)) } }
    return (worst(columns), worst(rows))
  }

  /// Whether rows of the combination matrix sum to one as columns do, so that all agents count for the same.
  package var isDoublyStochastic: Bool { stochasticErrors.rows <= CombinationWeights.tolerance }

  func spectrum(
    secondSingularValue: Double, lastSingularValue: Double?, secondEigenvalueModulus: Double?, missing: String? = nil,
    errorBound: Double, isConverged: Bool, isEstimate: Bool = false, method: Spectrum.Method,
    perronVector: [Double]?
  ) -> Spectrum {
    let errors = stochasticErrors
    return Spectrum(
      secondSingularValue: secondSingularValue, lastSingularValue: lastSingularValue,
      secondEigenvalueModulus: secondEigenvalueModulus, missing: missing, errorBound: errorBound,
      isConverged: isConverged, isEstimate: isEstimate, method: method, perronVector: perronVector,
      trace: selfWeights.reduce(0, +), largestColumnError: errors.columns, largestRowError: errors.rows)
  }
}
