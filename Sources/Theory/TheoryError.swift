// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// Why theory gives no value. The description is a full sentence for a person.
package enum TheoryError: Error, Equatable, CustomStringConvertible {
  /// What grows without bound.
  package enum Divergence: String, Sendable, Equatable {
    /// The mean of the deviation.
    case mean
    /// The mean square of the deviation, though perhaps not its mean.
    case meanSquare = "mean square"
  }

  /// A step size with which the mean recursion of the agent alone would not converge.
  case unstableStep(agent: String, stepSize: Double, limit: Double)
  /// A regressor covariance that is not positive definite.
  case degenerateCovariance(agent: Int)
  /// More work than one is willing to wait for.
  case tooExpensive(operations: Double, limit: Double)
  /// A system of linear equations without a unique solution.
  case singular
  /// Memory that could not be had.
  case outOfMemory(numbers: Int)
  /// A recursion without a stationary state.
  case diverges(Divergence)
  /// Eigenvalues that the iteration did not find.
  case noEigenvalues
  /// A setting outside the theory; the reason is a sentence.
  case noClosedForm(reason: String)

  package var description: String {
    switch self {
    case .unstableStep(let agent, let stepSize, let limit):
      "The fixed point is not reached: the step size \(stepSize) of ‘\(agent)’ is not between 0 and \(limit), "
        + "the limit of mean stability."
    case .degenerateCovariance(let agent):
      "The regressor covariance of the agent of rank \(agent) is not positive definite."
    case .tooExpensive(_, let limit):
      "The exact recursion would take more than \(inMillions(limit)) million multiplications."
    case .singular:
      "The equations have no unique solution."
    case .outOfMemory(let numbers):
      "There is no memory for a matrix of \(numbers) numbers."
    case .diverges(let divergence):
      "There is no steady state: the \(divergence.rawValue) of the deviation does not shrink."
    case .noEigenvalues:
      "The iteration for the eigenvalues did not converge."
    case .noClosedForm(let reason):
      "There is no closed form. \(reason)"
    }
  }
}

extension TheoryError {
  init(_ failure: LinearEquationsFailure) {
    switch failure {
    case .singular: self = .singular
    case .outOfMemory(let numbers): self = .outOfMemory(numbers: numbers)
    }
  }
}

/// Solves A x = b.
///
/// - Throws: if there is no unique solution, or memory does not suffice.
func solution(_ matrix: [Double], _ rightSide: [Double]) throws(TheoryError) -> [Double] {
  try solutions(of: matrix, [rightSide]).mapError(TheoryError.init).get()[0]
}

/// A number in whole millions, at least one.
private func inMillions(_ value: Double) -> String {
  value < 1e15 ? "\(Int(max(1, (value / 1e6).rounded())))" : "too many"
}
