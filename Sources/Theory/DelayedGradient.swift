// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Gradient descent with gradients τ steps old, w(t+1) = w(t) - a w(t-τ) + n(t), for a quadratic cost: a is the step
/// size times the curvature.
package struct DelayedGradient: Sendable {
  /// a, the step size times the curvature.
  package let gain: Double
  /// τ in steps.
  package let delay: Int

  /// Makes the recursion.
  package init(gain: Double, delay: Int) {
    precondition(delay >= 0, "Gradients are not from the future.")
    self.gain = gain
    self.delay = delay
  }

  /// The gain below which the recursion is stable, 2 sin(π / (2 (2τ + 1))).
  ///
  /// Source: Levin and May, "A note on difference-delay equations", 1976.
  package static func stabilityLimit(delay: Int) -> Double {
    2 * sin(.pi / (2 * Double(2 * delay + 1)))
  }

  /// The largest modulus of the roots of z^(τ+1) = z^τ - a.
  package func spectralRadius() throws(TheoryError) -> Double {
    try Theory.spectralRadius(companionMatrix, count: delay + 1)
  }

  /// The variance of w in the steady state, for noise of variance one.
  ///
  /// - Throws: `diverges` at and beyond the stability limit.
  package func steadyVariance(operationLimit: Double = 1e10) throws(TheoryError) -> Double {
    let size = delay + 1
    guard gain > 0, gain < Self.stabilityLimit(delay: delay) else { throw .diverges(.mean) }
    var moments = [Double](repeating: 0, count: size * size)
    moments[0] = 1
    try DoublingSum(companionMatrix, size: size, operationLimit: operationLimit).sum(&moments)
    return moments[0]
  }

  /// The matrix of (w(t), …, w(t-τ)), row by row.
  private var companionMatrix: [Double] {
    let size = delay + 1
    var matrix = [Double](repeating: 0, count: size * size)
    matrix[0] = 1
    matrix[delay] -= gain
    for row in 1..<max(1, size) { matrix[row * size + row - 1] = 1 }
    return matrix
  }
}
