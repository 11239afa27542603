// SPDX-License-Identifier: GPL-3.0-or-later
import Numerics

/// What a policy is worth, exactly: each is one system of linear equations.
extension FiniteDecisionProcess {
  /// The value of each state under a policy, v = (I − γ P_π)⁻¹ r_π.
  ///
  /// - Throws: if memory does not suffice.
  /// - Complexity: O(S³ + S² A).
  package func values(of policy: TabularPolicy) throws(EnvironmentError) -> [Double] {
    checkShape(of: policy)
    var rewards = [Double](repeating: 0, count: stateCount)
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        rewards[state] += policy[state, action] * self.rewards[state * actionCount + action]
      }
    }
    return try solution(policy, isTransposed: false, rewards)
  }

  /// The expected discounted return of a policy from the start distribution, ρ'v.
  package func expectedReturn(of policy: TabularPolicy) throws(EnvironmentError) -> Double {
    mean(try values(of: policy))
  }

  /// ρ'v: the mean of values over the first state.
  package func mean(_ values: [Double]) -> Double { zip(start, values).reduce(0) { $0 + $1.0 * $1.1 } }

  /// q(s,a) = r(s,a) + γ Σ_s' P(s'|s,a) v(s'), at s A + a.
  package func actionValues(_ values: [Double]) -> [Double] {
    var result = rewards
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        result[state * actionCount + action] += discount * expectation(of: values, from: state, taking: action)
      }
    }
    return result
  }

  /// A(s,a) = q(s,a) − v(s), at s A + a.
  package func advantages(_ values: [Double]) -> [Double] {
    var result = actionValues(values)
    for index in result.indices { result[index] -= values[index / actionCount] }
    return result
  }

  /// How often a policy is in each state, discounted: d = (1 − γ) (I − γ P_π')⁻¹ ρ, which sums to one.
  ///
  /// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
  /// section 3.
  package func visitation(of policy: TabularPolicy) throws(EnvironmentError) -> [Double] {
    checkShape(of: policy)
    return try solution(policy, isTransposed: true, start.map { (1 - discount) * $0 })
  }

  /// The values of the best policy and one such policy, by value iteration.
  ///
  /// - Parameter tolerance: how far the values may be from the best at most, above zero.
  /// - Complexity: O(S² A log(tolerance) / log γ).
  /// - Postcondition: of equally good actions the policy takes the first.
  package func optimum(tolerance: Double = 1e-12) -> (values: [Double], policy: TabularPolicy) {
    precondition(tolerance > 0, "Value iteration needs a tolerance above zero.")
    var values = [Double](repeating: 0, count: stateCount)
    // Iterates shrink by γ until rounding keeps them where they are; then they are as good as they get.
    var last = Double.infinity
    while true {
      let better = bestActionValues(values)
      let change = zip(better, values).reduce(0) { max($0, abs($1.0 - $1.1)) }
      values = better
      if change * discount <= tolerance * (1 - discount) || change >= last { break }
      last = change
    }
    let worth = actionValues(values)
    let actions = (0..<stateCount).map { state in
      (0..<actionCount).reduce(0) { best, action in
        worth[state * actionCount + action] > worth[state * actionCount + best] ? action : best
      }
    }
    return (values, TabularPolicy(actions: actions, actionCount: actionCount))
  }

  private func bestActionValues(_ values: [Double]) -> [Double] {
    let worth = actionValues(values)
    return (0..<stateCount).map { state in
      worth[state * actionCount..<(state + 1) * actionCount].reduce(-.infinity, max)
    }
  }

  /// The solution of (I − γ P_π) x = b, or of the transposed equations.
  private func solution(
    _ policy: TabularPolicy, isTransposed: Bool, _ rightSide: [Double]
  ) throws(EnvironmentError) -> [Double] {
    try solutions(of: remainder(of: policy, isTransposed: isTransposed), [rightSide])
      .mapError(EnvironmentError.init).get()[0]
  }

  /// I − γ P_π, or its transpose, row by row.
  private func remainder(of policy: TabularPolicy, isTransposed: Bool) -> [Double] {
    var matrix = [Double](repeating: 0, count: stateCount * stateCount)
    for state in 0..<stateCount {
      for action in 0..<actionCount {
        let weight = discount * policy[state, action]
        let row = (state * actionCount + action) * stateCount
        for next in 0..<stateCount {
          let entry = isTransposed ? next * stateCount + state : state * stateCount + next
          matrix[entry] -= weight * transitions[row + next]
        }
      }
      matrix[state * stateCount + state] += 1
    }
    return matrix
  }

  private func checkShape(of policy: TabularPolicy) {
    precondition(
      policy.stateCount == stateCount && policy.actionCount == actionCount,
      "A policy is for the states and actions of its process.")
  }
}
