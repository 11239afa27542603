// SPDX-License-Identifier: GPL-3.0-or-later

extension CategoricalPolicy {
  /// The loss of a policy that is judged by what every action is worth, to be made small:
  ///
  ///     L = −mean(Σ_a π(a) Q(a) + c · H(π)),   its gradient −π (Q − Σ π Q) + c π (log π + H), each over the rows
  ///
  /// Its expectation is that of the loss with a drawn action and Q − Σ π Q as its advantage, without the noise of the draw.
  ///
  /// Source: Sutton et al., "Policy gradient methods for reinforcement learning with function approximation", 2000,
  /// theorem 1.
  ///
  /// - Parameters:
  ///   - logProbabilities: log π, rows × actions.
  ///   - worths: Q, rows × actions, which stay as they are.
  ///   - entropyBonus: c.
  ///   - gradient: rows × actions, overwritten with that of L with respect to the logits.
  /// - Returns: L.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  package func allActionsLoss(
    _ logProbabilities: UnsafePointer<Scalar>, rows: Int, worths: UnsafePointer<Scalar>, entropyBonus: Scalar,
    gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let share = 1 / Scalar(rows)
    var sum = 0.0
    for row in 0..<rows {
      let (logarithms, worths) = (logProbabilities + row * actionCount, worths + row * actionCount)
      let gradient = gradient + row * actionCount
      let entropy = self.entropy(logarithms)
      var value: Scalar = 0
      for action in 0..<actionCount { value += Scalar.exponential(logarithms[action]) * worths[action] }
      for action in 0..<actionCount {
        let probability = Scalar.exponential(logarithms[action])
        gradient[action] =
          share * probability * (value - worths[action] + entropyBonus * (logarithms[action] + entropy))
      }
      sum -= Double(value + entropyBonus * entropy)
    }
    return sum / Double(rows)
  }
}
