// SPDX-License-Identifier: GPL-3.0-or-later

/// What states are worth to an agent that pays for straying from a prior policy and is paid for being random, and how it
/// then acts:
///
///     V(s) = (1/β) log Σ_a π₀(a|s)^α exp(β f(s,a))
///     π(a|s) = π₀(a|s)^α exp(β (f(s,a) − V(s)))
///
/// | symbol | meaning |
/// |---|---|
/// | f | what actions are worth, rows × actions |
/// | π₀ | the prior policy, as log π₀, rows × actions; uniform where none is given |
/// | α | how much of what differs from uniform is charged to the prior, in 0...1: α/β is the price of a nat of relative entropy, (1 − α)/β the worth of a nat of entropy |
/// | β | how sharp the policy is, per unit of return |
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017, section 2; with a uniform prior
/// Haarnoja et al., "Reinforcement learning with deep energy-based policies", 2017.
package struct SoftValue<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// How many actions there are.
  package let actionCount: Int
  /// α.
  package let priorWeight: Scalar
  /// β.
  package let sharpness: Scalar

  package init(actionCount: Int, priorWeight: Scalar, sharpness: Scalar) {
    precondition(actionCount > 0, "A policy has actions.")
    precondition((0...1).contains(priorWeight), "The weight of a prior lies in 0...1.")
    precondition(sharpness > 0 && sharpness.isFinite, "The sharpness of a policy is a finite number above zero.")
    self.actionCount = actionCount
    self.priorWeight = priorWeight
    self.sharpness = sharpness
  }

  /// α/β, what a nat of relative entropy to the prior costs.
  package var divergencePrice: Scalar { priorWeight / sharpness }

  /// A reward with what its action costs and earns: r + (α/β) log π₀(a) − (1/β) log π(a).
  ///
  /// - Parameters:
  ///   - prior: log π₀(a).
  ///   - chosen: log π(a).
  @inline(__always)
  package func regularised(_ reward: Scalar, prior: Scalar, chosen: Scalar) -> Scalar {
    // The prior of an action that it never takes costs nothing where it has no weight.
    let cost = priorWeight == 0 ? 0 : priorWeight * prior
    return reward + (cost - chosen) / sharpness
  }

  /// The policy before it is normalised: z = α log π₀ + β f.
  ///
  /// - Parameters:
  ///   - prior: log π₀, rows × actions; nothing means uniform.
  ///   - worths: f, rows × actions.
  ///   - logits: z, rows × actions; may be either of these.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func logits(
    prior: UnsafePointer<Scalar>?, worths: UnsafePointer<Scalar>, rows: Int, into logits: UnsafeMutablePointer<Scalar>
  ) {
    let uniform = -Scalar.logarithm(Scalar(actionCount))
    for index in 0..<rows * actionCount { logits[index] = logit(prior, uniform, worths, index) }
  }

  /// V of each row, as a logarithm of a sum that cannot overflow.
  ///
  /// - Parameters:
  ///   - prior: log π₀, rows × actions; nothing means uniform.
  ///   - worths: f, rows × actions.
  ///   - values: V, one for each row.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func values(
    prior: UnsafePointer<Scalar>?, worths: UnsafePointer<Scalar>, rows: Int, into values: UnsafeMutablePointer<Scalar>
  ) {
    let uniform = -Scalar.logarithm(Scalar(actionCount))
    for row in 0..<rows {
      let first = row * actionCount
      var greatest = logit(prior, uniform, worths, first)
      for index in first..<first + actionCount { greatest = max(greatest, logit(prior, uniform, worths, index)) }
      var sum: Scalar = 0
      for index in first..<first + actionCount {
        sum += Scalar.exponential(logit(prior, uniform, worths, index) - greatest)
      }
      values[row] = (greatest + Scalar.logarithm(sum)) / sharpness
    }
  }

  /// The same from the policy before it is normalised, of all rows at once.
  ///
  /// - Parameter logits: z of `logits`, rows × actions.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func values(ofLogits logits: UnsafePointer<Scalar>, rows: Int, into values: UnsafeMutablePointer<Scalar>) {
    Scalar.logSums(logits, rows: rows, columns: actionCount, into: values)
    for row in 0..<rows { values[row] /= sharpness }
  }

  /// Without a prior to pay for, one that has no probability does no harm: zero times its logarithm were no number.
  @inline(__always)
  private func logit(
    _ prior: UnsafePointer<Scalar>?, _ uniform: Scalar, _ worths: UnsafePointer<Scalar>, _ index: Int
  ) -> Scalar {
    guard priorWeight > 0 else { return sharpness * worths[index] }
    return priorWeight * (prior.map { $0[index] } ?? uniform) + sharpness * worths[index]
  }
}
