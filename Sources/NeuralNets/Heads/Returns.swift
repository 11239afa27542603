// SPDX-License-Identifier: GPL-3.0-or-later

/// What a stretch of consecutive steps says of the values of its states.
///
/// | symbol | meaning |
/// |---|---|
/// | r_t | reward of step t, of T steps |
/// | e_t | whether an episode ends with step t, so that what comes behind it does not count |
/// | v_t | value of the state before step t; v_T is that of the state behind the last step, zero of Monte Carlo |
/// | γ | discount |
package struct RewardStretch<Scalar: NeuralScalar> {
  let rewards: UnsafeBufferPointer<Scalar>
  let ends: UnsafeBufferPointer<Bool>
  let discount: Scalar

  /// - Parameters:
  ///   - rewards: r, T of them.
  ///   - ends: e, T of them.
  ///   - discount: γ, of 0...1.
  package init(rewards: UnsafeBufferPointer<Scalar>, ends: UnsafeBufferPointer<Bool>, discount: Scalar) {
    precondition(rewards.count == ends.count, "Every step has a reward and may end an episode.")
    precondition((0...1).contains(discount), "A discount lies in 0...1.")
    self.rewards = rewards
    self.ends = ends
    self.discount = discount
  }

  /// Discounted returns: G_t = r_t + γ G_{t+1}, with G_T = v_T, and zero behind the end of an episode.
  ///
  /// - Parameters:
  ///   - lastValue: v_T; zero gives the returns of Monte Carlo.
  ///   - returns: G, T of them.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func returns(lastValue: Scalar = 0, into returns: UnsafeMutableBufferPointer<Scalar>) {
    precondition(returns.count == rewards.count, "Every step has a return.")
    var tail = lastValue
    for step in rewards.indices.reversed() {
      tail = rewards[step] + (ends[step] ? 0 : discount * tail)
      returns[step] = tail
    }
  }

  /// Generalised advantage estimates: A_t = δ_t + γ λ A_{t+1}, δ_t = r_t + γ v_{t+1} − v_t.
  ///
  /// Source: Schulman et al., "High-dimensional continuous control using generalized advantage estimation", 2016,
  /// equation 16.
  ///
  /// - Parameters:
  ///   - values: v, T + 1 of them.
  ///   - decay: λ, of 0...1.
  ///   - advantages: A, T of them; the targets of a critic are A + v.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func advantages(
    values: UnsafeBufferPointer<Scalar>, decay: Scalar, into advantages: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(
      advantages.count == rewards.count && values.count == rewards.count + 1,
      "Every step has an advantage, and a value before it and behind it.")
    var tail: Scalar = 0
    for step in rewards.indices.reversed() {
      let lasting: Scalar = ends[step] ? 0 : discount
      tail = rewards[step] + lasting * values[step + 1] - values[step] + lasting * decay * tail
      advantages[step] = tail
    }
  }

  /// Targets from n steps: r_t + … + γⁿ⁻¹ r_{t+n−1} + γⁿ v_{t+n}, with fewer steps before T and before the end of an
  /// episode.
  ///
  /// - Parameters:
  ///   - steps: n.
  ///   - values: v, T + 1 of them.
  ///   - targets: T of them.
  ///
  /// *Complexity*: n T.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func targets(
    steps: Int, values: UnsafeBufferPointer<Scalar>, into targets: UnsafeMutableBufferPointer<Scalar>
  ) {
    precondition(
      steps > 0 && targets.count == rewards.count && values.count == rewards.count + 1,
      "Every step has a target, and a value before it and behind it.")
    for step in rewards.indices {
      let behind = min(step + steps, rewards.count)
      var target = values[behind]
      for later in (step..<behind).reversed() {
        target = rewards[later] + (ends[later] ? 0 : discount * target)
      }
      targets[step] = target
    }
  }
}
