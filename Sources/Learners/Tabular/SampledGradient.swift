// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Randomness

/// The gradient of a softmax policy from episodes (REINFORCE), whose mean is ∇V(ρ) but for what lies behind the longest
/// episode:
///
///     ∂V / ∂θ_sb ≈ 1/E Σ_e Σ_t γᵗ G_t [s_t = s] (1[a_t = b] − π(b|s)),   G_t = Σ_{k ≥ t} γᵏ⁻ᵗ r_k
///
/// Source: Williams, "Simple statistical gradient-following algorithms", 1992; with the Monte Carlo gradients of Zeng et
/// al., 2021, section 5.1.
package struct SampledGradient: Sendable {
  /// E.
  package let episodes: Int
  /// After how many steps an episode is cut off.
  package let longest: Int
  private let process: FiniteDecisionProcess
  /// States that are never left and earn nothing: there episodes end.
  private let isEnd: [Bool]

  package init(_ process: FiniteDecisionProcess, episodes: Int, longest: Int) {
    self.process = process
    self.episodes = episodes
    self.longest = longest
    isEnd = (0..<process.stateCount).map { state in
      (0..<process.actionCount).allSatisfy { action in
        process.probability(of: state, from: state, taking: action) == 1
          && process.rewards[state * process.actionCount + action] == 0
      }
    }
  }

  /// Adds the gradient at a policy to one that there is.
  ///
  /// *Randomness*: a number for each first state, then for each action and for each next state.
  ///
  /// - Returns: how many steps were taken.
  package func add(
    of policy: TabularPolicy, to gradient: inout [Double], _ draws: inout Draws
  ) -> Int {
    let (actions, discount) = (process.actionCount, process.discount)
    var taken = 0
    var steps: [(state: Int, action: Int, reward: Double)] = []
    for _ in 0..<episodes {
      steps.removeAll(keepingCapacity: true)
      var state = process.firstState(&draws)
      while steps.count < longest, !isEnd[state] {
        let action = policy.action(in: state, &draws)
        steps.append((state, action, process.rewards[state * actions + action]))
        state = process.nextState(after: state, taking: action, &draws)
      }
      taken += steps.count
      var weights = [Double](repeating: 1 / Double(episodes), count: steps.count)
      for index in steps.indices.dropFirst() { weights[index] = weights[index - 1] * discount }
      var collected = 0.0
      for (index, step) in steps.enumerated().reversed() {
        collected = step.reward + discount * collected
        let first = step.state * actions
        for other in 0..<actions {
          let certain = other == step.action ? 1.0 : 0
          gradient[first + other] += weights[index] * collected * (certain - policy[step.state, other])
        }
      }
    }
    return taken
  }
}
