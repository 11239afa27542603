// SPDX-License-Identifier: GPL-3.0-or-later

/// A policy of finitely many actions: π = softmax of the outputs of a network, one output z for each action.
///
/// Losses take log π as `logProbabilities` computes them, and give gradients with respect to z.
package struct CategoricalPolicy<Scalar: NeuralScalar>: Sendable, Hashable, BitwiseCopyable {
  /// How many actions there are.
  package let actionCount: Int

  package init(actionCount: Int) {
    precondition(actionCount > 0, "A policy has actions.")
    self.actionCount = actionCount
  }

  /// log π = z − log Σ exp z of each row, without overflow.
  ///
  /// - Parameters:
  ///   - outputs: z, rows × actions.
  ///   - logProbabilities: log π, rows × actions; may be the outputs themselves.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func logProbabilities(
    _ outputs: UnsafePointer<Scalar>, rows: Int, into logProbabilities: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.logProbabilities(outputs, rows: rows, columns: actionCount, into: logProbabilities)
  }

  /// The entropy −Σ π log π of one row.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func entropy(_ logProbabilities: UnsafePointer<Scalar>) -> Scalar {
    var sum: Scalar = 0
    for action in 0..<actionCount { sum -= Scalar.exponential(logProbabilities[action]) * logProbabilities[action] }
    return sum
  }

  /// The action in whose interval of [0, 1) a uniform number lies, of one row.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func action(_ logProbabilities: UnsafePointer<Scalar>, atUniform uniform: Double) -> Int {
    var above = uniform
    for action in 0..<actionCount {
      above -= Double(Scalar.exponential(logProbabilities[action]))
      if above < 0 { return action }
    }
    // Probabilities may sum to a little less than one; then it is the last action that can happen at all.
    var last = actionCount - 1
    while last > 0, Scalar.exponential(logProbabilities[last]) == 0 { last -= 1 }
    return last
  }

  /// The loss of a policy gradient, to be made small: L = −mean(log π(a) · A + c · H(π)).
  ///
  /// - Parameters:
  ///   - logProbabilities: rows × actions.
  ///   - actions: a, one for each row.
  ///   - advantages: A, one for each row.
  ///   - entropyBonus: c, what a unit of entropy is worth.
  ///   - gradient: rows × actions, overwritten with that of L with respect to z.
  /// - Returns: L.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func loss(
    _ logProbabilities: UnsafePointer<Scalar>, rows: Int, actions: UnsafePointer<Int32>,
    advantages: UnsafePointer<Scalar>, entropyBonus: Scalar, gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      let logarithms = logProbabilities + row * actionCount
      let action = Int(actions[row])
      let entropy = writeGradient(
        logarithms, action: action, weight: advantages[row], entropyBonus: entropyBonus, share: 1 / Scalar(rows),
        into: gradient + row * actionCount)
      sum -= Double(logarithms[action] * advantages[row] + entropyBonus * entropy)
    }
    return sum / Double(rows)
  }

  /// The clipped loss of proximal policy optimisation, to be made small:
  ///
  ///     L = −mean(min(ρ A, clip(ρ, 1 − ε, 1 + ε) A) + c · H(π)),   ρ = π(a) / π_old(a)
  ///
  /// Source: Schulman et al., "Proximal policy optimization algorithms", 2017, equation 7.
  ///
  /// - Parameters:
  ///   - oldLogProbabilities: log π_old(a), one for each row.
  ///   - clip: ε.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func proximalLoss(
    _ logProbabilities: UnsafePointer<Scalar>, rows: Int, actions: UnsafePointer<Int32>,
    advantages: UnsafePointer<Scalar>, oldLogProbabilities: UnsafePointer<Scalar>, clip: Scalar,
    entropyBonus: Scalar, gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    var sum = 0.0
    for row in 0..<rows {
      let logarithms = logProbabilities + row * actionCount
      let action = Int(actions[row])
      let ratio = Scalar.exponential(logarithms[action] - oldLogProbabilities[row])
      let plain = ratio * advantages[row]
      let clipped = min(max(ratio, 1 - clip), 1 + clip) * advantages[row]
      // Where the clipped one is smaller it is flat.
      let entropy = writeGradient(
        logarithms, action: action, weight: plain <= clipped ? plain : 0, entropyBonus: entropyBonus,
        share: 1 / Scalar(rows), into: gradient + row * actionCount)
      sum -= Double(min(plain, clipped) + entropyBonus * entropy)
    }
    return sum / Double(rows)
  }

  /// The relative entropy mean(KL(U ‖ π)) of the uniform policy U, which keeps π from becoming deterministic.
  ///
  ///     KL = −log n − (1/n) Σ log π,   its gradient π − 1/n
  ///
  /// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", eq. 5.
  ///
  /// - Parameter gradient: rows × actions, overwritten.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func relativeEntropy(
    _ logProbabilities: UnsafePointer<Scalar>, rows: Int, gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let share = 1 / Scalar(rows)
    let uniform = 1 / Scalar(actionCount)
    var sum = 0.0
    for row in 0..<rows {
      let logarithms = logProbabilities + row * actionCount
      let gradient = gradient + row * actionCount
      var total: Scalar = 0
      for action in 0..<actionCount {
        total += logarithms[action]
        gradient[action] = share * (Scalar.exponential(logarithms[action]) - uniform)
      }
      sum += Double(Scalar.logarithm(uniform) - uniform * total)
    }
    return sum / Double(rows)
  }

  /// Writes the gradient of −share · (w log π(a) + c H) of one row with respect to z:
  /// share · (w (π − 1[a]) + c π (log π + H)).
  ///
  /// - Returns: the entropy H.
  @inline(__always)
  private func writeGradient(
    _ logarithms: UnsafePointer<Scalar>, action: Int, weight: Scalar, entropyBonus: Scalar, share: Scalar,
    into gradient: UnsafeMutablePointer<Scalar>
  ) -> Scalar {
    precondition(action >= 0 && action < actionCount, "An action is one of the policy's.")
    let entropy = self.entropy(logarithms)
    for index in 0..<actionCount {
      let probability = Scalar.exponential(logarithms[index])
      gradient[index] = share * probability * (weight + entropyBonus * (logarithms[index] + entropy))
    }
    gradient[action] -= share * weight
    return entropy
  }
}
