// SPDX-License-Identifier: GPL-3.0-or-later

/// How much more probable relations make an action than relations drawn anew do, to be made large:
///
///     J = mean(R),   R = log N + log π(a|s,k₀) − log Σₙ π(a|s,kₙ)    n = 1 … N
///
/// a bound from below on the mutual information of action and relations, given the state, where a is drawn with k₀.
///
/// Source: "Multi-task multi-agent reinforcement learning with task-specific relations", equations 4 and 5.
///
/// - Parameters:
///   - logProbabilities: log π, rows × (N + 1) × actions: first that of k₀.
///   - samples: N.
///   - actions: a, one for each row.
///   - scale: of the gradient; −1 for that of −J.
///   - rewards: R of each row, overwritten.
///   - gradient: as the probabilities, overwritten with that of J with respect to the logits of π.
/// - Returns: J.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
@discardableResult
package func mutualInformation<Scalar: NeuralScalar>(
  _ logProbabilities: UnsafePointer<Scalar>, rows: Int, samples: Int, actionCount: Int,
  actions: UnsafePointer<Int32>, scale: Scalar, rewards: UnsafeMutablePointer<Scalar>,
  gradient: UnsafeMutablePointer<Scalar>
) -> Double {
  precondition(rows > 0 && samples > 0, "There are rows, and samples to compare with.")
  let share = scale / Scalar(rows)
  var total = 0.0
  for row in 0..<rows {
    let first = row * (samples + 1) * actionCount
    let action = Int(actions[row])
    precondition(action >= 0 && action < actionCount, "An action is one of the policy's.")
    func logarithm(_ sample: Int) -> Scalar { logProbabilities[first + sample * actionCount + action] }
    var greatest = logarithm(1)
    for sample in 1...samples { greatest = max(greatest, logarithm(sample)) }
    var sum: Scalar = 0
    for sample in 1...samples { sum += Scalar.exponential(logarithm(sample) - greatest) }
    let reward = Scalar.logarithm(Scalar(samples)) + logarithm(0) - greatest - Scalar.logarithm(sum)
    rewards[row] = reward
    total += Double(reward)
    for sample in 0...samples {
      let weight = sample == 0 ? share : -share * Scalar.exponential(logarithm(sample) - greatest) / sum
      let place = first + sample * actionCount
      for index in 0..<actionCount {
        gradient[place + index] = -weight * Scalar.exponential(logProbabilities[place + index])
      }
      gradient[place + action] += weight
    }
  }
  return total / Double(rows)
}
