// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// The tabular actor-critic that Diff-DAC approximates: dual ascent on the linear program of a decision process.
///
///     π(a|s) = d(s,a) / Σ_b d(s,b)        the policy
///     v = (I − γ P_π)⁻¹ r_π              the critic
///     d(s,a) ← [d(s,a) + α A(s,a)]⁺       the actor
///
/// A(s,a) is the advantage, which is the derivative of the Lagrangian by d(s,a). Under π its mean is zero in every
/// state, so each state keeps an action with d > 0; with one best action everywhere the optimum is reached exactly.
///
/// For several tasks the process is their `average`. Its best policy is not the best for the sum of the tasks' values
/// when the tasks move differently.
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, equations 7 and 14 to 17.
package struct DualAscent: Sendable {
  /// The decision process, for several tasks their average.
  package let process: FiniteDecisionProcess
  /// α.
  package let stepSize: Double
  /// d(s,a) at s A + a, never negative.
  package private(set) var dual: [Double]

  /// - Parameter initial: d(s,a) at first, the same for all, above zero.
  package init(_ process: FiniteDecisionProcess, stepSize: Double, initial: Double) {
    precondition(initial > 0, "Dual ascent starts from dual variables above zero.")
    self.process = process
    self.stepSize = stepSize
    dual = Array(repeating: initial, count: process.stateCount * process.actionCount)
  }

  /// π, equation 14. Where all d are zero, all actions are equally probable.
  package var policy: TabularPolicy {
    guard let policy = Self.policy(of: dual, actionCount: process.actionCount) else {
      preconditionFailure("Dual variables are finite, also their sum in each state.")
    }
    return policy
  }

  /// The policy of dual variables, of which those below zero count as zero; nothing where their sum in a state is not
  /// finite.
  static func policy(of dual: [Double], actionCount actions: Int) -> TabularPolicy? {
    var probabilities = dual.map { max(0, $0) }
    for first in stride(from: 0, to: dual.count, by: actions) {
      let row = first..<first + actions
      let sum = probabilities[row].reduce(0, +)
      guard sum.isFinite else { return nil }
      for index in row { probabilities[index] = sum > 0 ? probabilities[index] / sum : 1 / Double(actions) }
    }
    return TabularPolicy(actionCount: actions, probabilities: probabilities)
  }

  /// [d + α A]⁺, where d below zero counts as zero.
  static func stepped(_ dual: Double, advantage: Double, stepSize: Double) -> Double {
    max(0, max(0, dual) + stepSize * advantage)
  }

  /// The critic: the values of the policy, equation 7.
  package func values() throws(EnvironmentError) -> [Double] { try process.values(of: policy) }

  /// One step of the actor, equations 15 and 17.
  package mutating func advance() throws(EnvironmentError) {
    let advantages = process.advantages(try values())
    for index in dual.indices {
      dual[index] = Self.stepped(dual[index], advantage: advantages[index], stepSize: stepSize)
    }
  }
}
