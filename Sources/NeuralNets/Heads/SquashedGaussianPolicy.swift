// SPDX-License-Identifier: GPL-3.0-or-later

/// A policy of one continuous action that is bounded: a normal number through a hyperbolic tangent, as a function of noise
/// so that gradients go through the action,
///
///     u = μ + σ ε      a = scale · tanh u      log π(a) = log N(u; μ, σ²) − log(scale · (1 − tanh² u))
///
/// with two outputs (μ, log σ) of a network and a standard normal ε.
///
/// Source: Haarnoja et al., "Soft actor-critic", 2018, appendix C.
package struct SquashedGaussianPolicy<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// The largest action.
  package let scale: Scalar
  /// Between what log σ is held; beyond it has no gradient.
  package let lowestLogDeviation: Scalar
  package let highestLogDeviation: Scalar

  package init(scale: Scalar, lowestLogDeviation: Scalar = -20, highestLogDeviation: Scalar = 2) {
    precondition(scale > 0 && lowestLogDeviation < highestLogDeviation, "A policy has a scale and bounds in order.")
    self.scale = scale
    self.lowestLogDeviation = lowestLogDeviation
    self.highestLogDeviation = highestLogDeviation
  }

  /// An action with what is known of it.
  package struct Draw: Sendable, Hashable, BitwiseCopyable {
    package let action: Scalar
    /// log π(a).
    package let logDensity: Scalar
    /// Slopes of log π(a) and of a by μ and by log σ, with ε held.
    package let densityByMean: Scalar
    package let densityByLogDeviation: Scalar
    package let actionByMean: Scalar
    package let actionByLogDeviation: Scalar
  }

  /// What a standard normal number becomes at the two outputs of one row.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func draw(_ outputs: UnsafePointer<Scalar>, noise: Scalar) -> Draw {
    let logDeviation = min(max(outputs[1], lowestLogDeviation), highestLogDeviation)
    let held: Scalar = logDeviation == outputs[1] ? 1 : 0
    let spread = Scalar.exponential(logDeviation) * noise
    let sum = outputs[0] + spread
    let tanh = Scalar.hyperbolicTangent(sum)
    // log(1 − tanh² u) without the difference, which vanishes where u is large.
    let logSlope = 2 * (Scalar.logarithm(2) - sum - softplus(-2 * sum))
    let slope = scale * Scalar.exponential(logSlope)
    let normal = -(noise * noise + Scalar.logarithm(2 * .pi)) / 2 - logDeviation
    return Draw(
      action: scale * tanh, logDensity: normal - Scalar.logarithm(scale) - logSlope, densityByMean: 2 * tanh,
      densityByLogDeviation: held * (2 * tanh * spread - 1), actionByMean: slope,
      actionByLogDeviation: held * slope * spread)
  }

  /// The action in the middle, for tests.
  package func middle(_ outputs: UnsafePointer<Scalar>) -> Scalar { scale * Scalar.hyperbolicTangent(outputs[0]) }

  /// The loss of the actor, to be made small: L = mean(κ log π(a) − Q(s, a)).
  ///
  /// - Parameters:
  ///   - outputs: rows × 2.
  ///   - noise: ε, one for each row.
  ///   - worths: Q(s, a) at the actions of this noise, the smaller of two critics; one for each row.
  ///   - slopes: ∂Q/∂a there.
  ///   - temperature: κ, what a nat of entropy is worth.
  ///   - gradient: rows × 2, overwritten with that of L with respect to the outputs.
  /// - Returns: L.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func loss(
    _ outputs: UnsafePointer<Scalar>, rows: Int, noise: UnsafePointer<Scalar>, worths: UnsafePointer<Scalar>,
    slopes: UnsafePointer<Scalar>, temperature: Scalar, gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let share = 1 / Scalar(rows)
    var sum = 0.0
    for row in 0..<rows {
      let draw = draw(outputs + 2 * row, noise: noise[row])
      sum += Double(temperature * draw.logDensity - worths[row])
      gradient[2 * row] = share * (temperature * draw.densityByMean - slopes[row] * draw.actionByMean)
      gradient[2 * row + 1] =
        share * (temperature * draw.densityByLogDeviation - slopes[row] * draw.actionByLogDeviation)
    }
    return sum / Double(rows)
  }
}

/// What critics of soft actor-critic learn.
///
/// Source: Haarnoja et al., "Soft actor-critic", 2018, section 4.
package enum SoftCriticTarget {
  /// Of what an action is worth: r + γ (1 − d) V(s').
  ///
  /// - Parameter nextValue: of the slow copy of the critic of states.
  @inline(__always)
  package static func worth<Scalar: NeuralScalar>(
    reward: Scalar, isTerminal: Bool, nextValue: Scalar, discount: Scalar
  ) -> Scalar {
    isTerminal ? reward : reward + discount * nextValue
  }

  /// Of what a state is worth: min(Q₁, Q₂) − κ log π(a), at an action of the policy as it is.
  @inline(__always)
  package static func value<Scalar: NeuralScalar>(
    _ firstWorth: Scalar, _ secondWorth: Scalar, logDensity: Scalar, temperature: Scalar
  ) -> Scalar {
    min(firstWorth, secondWorth) - temperature * logDensity
  }
}
