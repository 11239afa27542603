// SPDX-License-Identifier: GPL-3.0-or-later

/// Targets from a stretch of consecutive steps of an agent whose rewards are regularised, and from single steps.
///
/// | symbol | meaning |
/// |---|---|
/// | r_t | reward of step t, of T steps |
/// | ρ_t | the same with what the policy of step t costs and earns: r_t + (α/β) log π₀(a_t\|s_t) − (1/β) log π(a_t\|s_t) |
/// | d_t | whether step t ends the task, so that nothing comes behind it |
/// | e_t | whether the step behind t, if there is one, begins elsewhere: the end of an episode, by the task or by time |
/// | V_t | value of the state that step t leads to |
/// | γ | discount |
package struct RegularisedStretch<Scalar: NeuralScalar> {
  let rewards: UnsafeBufferPointer<Scalar>
  let nextValues: UnsafeBufferPointer<Scalar>
  let isTerminal: UnsafeBufferPointer<Bool>
  let discount: Scalar

  /// - Parameters:
  ///   - rewards: r, T of them.
  ///   - nextValues: V, T of them.
  ///   - isTerminal: d, T of them.
  ///   - discount: γ, of 0...1.
  package init(
    rewards: UnsafeBufferPointer<Scalar>, nextValues: UnsafeBufferPointer<Scalar>,
    isTerminal: UnsafeBufferPointer<Bool>, discount: Scalar
  ) {
    precondition(
      rewards.count == nextValues.count && rewards.count == isTerminal.count,
      "Every step has a reward, leads to a state of some value, and may end the task.")
    precondition((0...1).contains(discount), "A discount lies in 0...1.")
    self.rewards = rewards
    self.nextValues = nextValues
    self.isTerminal = isTerminal
    self.discount = discount
  }

  /// Targets from single steps: r_t + γ (1 − d_t) V_t. Steps may come in any order.
  ///
  /// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, algorithm 1, whose line 14 has the
  /// prior of the state before the step by mistake.
  ///
  /// - Parameter targets: T of them.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func targets(into targets: UnsafeMutableBufferPointer<Scalar>) {
    precondition(targets.count == rewards.count, "Every step has a target.")
    for step in rewards.indices { targets[step] = rewards[step] + lasting(step) * nextValues[step] }
  }

  /// Targets from n steps, r_t + Σ_{1≤k<n} γᵏ ρ_{t+k} + γⁿ V_{t+n−1}, with fewer of them before T and before e: the first
  /// step costs nothing, as its action is given.
  ///
  /// - Parameters:
  ///   - steps: n.
  ///   - regularised: ρ, T of them.
  ///   - isLast: e, T of them; true wherever d is.
  ///   - targets: T of them.
  ///
  /// *Complexity*: n T.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func targets(
    steps: Int, regularised: UnsafeBufferPointer<Scalar>, isLast: UnsafeBufferPointer<Bool>,
    into targets: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(
      steps > 0 && targets.count == rewards.count && regularised.count == rewards.count
        && isLast.count == rewards.count, "Every step has a target, a regularised reward, and may be the last.")
    for first in rewards.indices {
      var last = first
      while last + 1 < min(first + steps, rewards.count), !isLast[last], !isTerminal[last] { last += 1 }
      var behind = lasting(last) * nextValues[last]
      for step in (first..<last).reversed() { behind = discount * (regularised[step + 1] + behind) }
      targets[first] = rewards[first] + behind
    }
  }

  /// γ, or zero where a step ends the task.
  @inline(__always)
  private func lasting(_ step: Int) -> Scalar { isTerminal[step] ? 0 : discount }
}
