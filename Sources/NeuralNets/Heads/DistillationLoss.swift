// SPDX-License-Identifier: GPL-3.0-or-later

/// What a shared policy π₀ learns from what agents did, whatever made them do it, as soft Q-learning distils it:
///
///     L₀ = −c Σ w log π₀(a|s),   its gradient with respect to the logits of π₀ is c w (π₀ − 1[a])
///
/// with w = γᵗ, t the time of a step in its episode, and c = (α/β) / m for the mean over a batch of m steps. Each action
/// goes with the state that it was taken in, and with no other.
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, algorithm 1, whose line 21 has the
/// number of the task for t by mistake.
///
/// - Parameters:
///   - logProbabilities: log π₀, rows × actions.
///   - actions: a, one for each row.
///   - weights: w, one for each row.
///   - scale: c.
///   - gradient: rows × actions, overwritten with that of L₀ with respect to the logits.
/// - Returns: L₀.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
@discardableResult
package func distillationLoss<Scalar: NeuralScalar>(
  _ logProbabilities: UnsafePointer<Scalar>, rows: Int, actionCount: Int, actions: UnsafePointer<Int32>,
  weights: UnsafePointer<Scalar>, scale: Scalar, gradient: UnsafeMutablePointer<Scalar>
) -> Double {
  var sum = 0.0
  for row in 0..<rows {
    let first = row * actionCount
    let action = Int(actions[row])
    precondition(action >= 0 && action < actionCount, "An action is one of the policy's.")
    let share = scale * weights[row]
    for index in first..<first + actionCount { gradient[index] = share * Scalar.exponential(logProbabilities[index]) }
    gradient[first + action] -= share
    sum -= Double(share * logProbabilities[first + action])
  }
  return sum
}
