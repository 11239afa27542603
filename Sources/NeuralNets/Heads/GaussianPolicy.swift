// SPDX-License-Identifier: GPL-3.0-or-later

/// A policy of one continuous action, normal with a mean and a variance made of two outputs (o₀, o₁) of a network:
///
///     mean = scale · tanh o₀        variance = log(1 + exp o₁) + floor
///
/// Source: Valcarcel Macua et al., "Diff-DAC", section 6, where the variance has no floor.
package struct GaussianPolicy<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// The largest mean, in the unit of the action.
  package let scale: Scalar
  /// What is added to the variance, in that unit squared; keeps densities finite.
  package let varianceFloor: Scalar

  package init(scale: Scalar, varianceFloor: Scalar = 1e-6) {
    precondition(scale > 0 && varianceFloor >= 0, "A policy has a scale above zero and no floor below it.")
    self.scale = scale
    self.varianceFloor = varianceFloor
  }

  /// The law of the action for the two outputs of one row.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func law(_ outputs: UnsafePointer<Scalar>) -> NormalLaw<Scalar> {
    NormalLaw(
      mean: scale * Scalar.hyperbolicTangent(outputs[0]), variance: softplus(outputs[1]) + varianceFloor)
  }

  /// The loss of the actor, to be made small:
  ///
  ///     L = −mean(log π(a) · A + c · H(π))
  ///
  /// - Parameters:
  ///   - outputs: rows × 2.
  ///   - actions: a, one for each row.
  ///   - advantages: A, one for each row.
  ///   - entropyBonus: c, what a unit of entropy is worth.
  ///   - gradient: rows × 2, overwritten with that of L with respect to the outputs.
  /// - Returns: L.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func loss(
    _ outputs: UnsafePointer<Scalar>, rows: Int, actions: UnsafePointer<Scalar>, advantages: UnsafePointer<Scalar>,
    entropyBonus: Scalar, gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let share = 1 / Scalar(rows)
    var sum = 0.0
    for row in 0..<rows {
      let outputs = outputs + 2 * row
      let tanh = Scalar.hyperbolicTangent(outputs[0])
      let law = NormalLaw(mean: scale * tanh, variance: softplus(outputs[1]) + varianceFloor)
      sum -= Double(law.logDensity(at: actions[row]) * advantages[row] + entropyBonus * law.entropy)
      // How far the action lies from the mean, in variances and in standard deviations squared.
      let pull = (actions[row] - law.mean) / law.variance
      let square = pull * pull * law.variance
      let byMean = advantages[row] * pull
      let byVariance = (advantages[row] * (square - 1) + entropyBonus) / (2 * law.variance)
      gradient[2 * row] = -share * byMean * scale * (1 - tanh * tanh)
      gradient[2 * row + 1] = -share * byVariance * sigmoid(outputs[1])
    }
    return sum / Double(rows)
  }
}

/// A normal law of one number.
package struct NormalLaw<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  package let mean: Scalar
  package let variance: Scalar

  package init(mean: Scalar, variance: Scalar) {
    self.mean = mean
    self.variance = variance
  }

  /// log of the density: −½ (log 2πσ² + (a − μ)² / σ²).
  package func logDensity(at action: Scalar) -> Scalar {
    let distance = action - mean
    return -(Scalar.logarithm(2 * .pi * variance) + distance * distance / variance) / 2
  }

  /// The differential entropy: ½ log 2πeσ².
  package var entropy: Scalar { (Scalar.logarithm(2 * .pi * variance) + 1) / 2 }

  /// What a standard normal number becomes.
  package func value(ofStandardNormal number: Scalar) -> Scalar { mean + variance.squareRoot() * number }
}

/// log(1 + exp x), without overflow.
@inline(__always)
func softplus<Scalar: NeuralScalar>(_ x: Scalar) -> Scalar {
  max(x, 0) + Scalar.logarithmOfOnePlus(Scalar.exponential(-abs(x)))
}

/// 1 / (1 + exp −x), the slope of `softplus`, without overflow.
@inline(__always)
func sigmoid<Scalar: NeuralScalar>(_ x: Scalar) -> Scalar {
  let small = Scalar.exponential(-abs(x))
  return x >= 0 ? 1 / (1 + small) : small / (1 + small)
}
