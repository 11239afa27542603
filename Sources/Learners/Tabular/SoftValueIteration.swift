// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import NeuralNets

/// The best that an agent can do in a finite task where it pays for straying from a prior policy (`SoftValue`): the fixed
/// point of
///
///     Q(s,a) = r(s,a) + γ Σ_s' P(s'|s,a) V(s')      V(s) = (1/β) log Σ_a π₀(a|s)^α exp(β Q(s,a))
///
/// with V = 0 in states where the task is over. Each sweep brings both γ times as near.
///
/// Source: Haarnoja et al., "Reinforcement learning with deep energy-based policies", 2017, theorem 3; with a prior Teh et
/// al., "Distral", 2017.
package struct SoftValueIteration: Sendable {
  private let process: FiniteDecisionProcess
  private let isOver: [Bool]
  private let soft: SoftValue<Double>
  private let prior: [Double]

  /// V so far, zero at first.
  package private(set) var values: [Double]
  /// Q of these values, at s A + a.
  package private(set) var worths: [Double]

  /// - Parameters:
  ///   - isOver: for each state whether the task is over there.
  ///   - prior: log π₀, at s A + a.
  package init(_ process: FiniteDecisionProcess, isOver: [Bool], soft: SoftValue<Double>, prior: [Double]) {
    let count = process.stateCount * process.actionCount
    precondition(
      isOver.count == process.stateCount && soft.actionCount == process.actionCount && prior.count == count,
      "Every state may be over, and has a prior for every action.")
    self.process = process
    self.isOver = isOver
    self.soft = soft
    self.prior = prior
    values = Array(repeating: 0, count: process.stateCount)
    worths = process.rewards
  }

  /// One sweep over all states.
  ///
  /// - Returns: the largest change of a value.
  package mutating func sweep() -> Double {
    let actions = process.actionCount
    for state in 0..<process.stateCount {
      for action in 0..<actions {
        let index = state * actions + action
        worths[index] =
          process.rewards[index] + process.discount * process.expectation(of: values, from: state, taking: action)
      }
    }
    let before = values
    soft.values(prior: prior, worths: worths, rows: process.stateCount, into: &values)
    for state in isOver.indices where isOver[state] { values[state] = 0 }
    return zip(before, values).reduce(0) { worst, pair in max(worst, abs(pair.0 - pair.1)) }
  }

  /// π of Q, at s A + a.
  package var policy: TabularPolicy {
    var logits = worths
    soft.logits(prior: prior, worths: worths, rows: process.stateCount, into: &logits)
    return TabularPolicy(softmax: logits, actionCount: process.actionCount)
  }
}
