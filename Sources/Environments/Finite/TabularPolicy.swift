// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A policy for finitely many states and actions: π(a|s) as a table.
package struct TabularPolicy: Sendable, Equatable {
  /// The number of states, |S|.
  package let stateCount: Int
  /// The number of actions, |A|.
  package let actionCount: Int
  /// π(a|s) in row s and column a, row by row.
  package let probabilities: [Double]

  /// Makes a policy from its table.
  ///
  /// - Parameter probabilities: row by row, each row with a sum of one.
  package init(actionCount: Int, probabilities: [Double]) {
    precondition(
      actionCount > 0 && !probabilities.isEmpty && probabilities.count.isMultiple(of: actionCount),
      "A policy has a probability for every action in every state.")
    self.actionCount = actionCount
    stateCount = probabilities.count / actionCount
    self.probabilities = probabilities
    for state in 0..<stateCount {
      let row = probabilities[state * actionCount..<(state + 1) * actionCount]
      precondition(
        row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) <= 1e-9,
        "The probabilities of a policy are not negative, and sum to one in every state.")
    }
  }

  /// π(a|s) = exp θ_sa / Σ_b exp θ_sb.
  ///
  /// - Parameter parameters: θ, row by row.
  package init(softmax parameters: [Double], actionCount: Int) {
    var probabilities = parameters
    for first in stride(from: 0, to: parameters.count, by: actionCount) {
      let row = first..<first + actionCount
      // Without the largest no exponential overflows.
      let largest = parameters[row].max() ?? 0
      var sum = 0.0
      for index in row {
        probabilities[index] = exp(parameters[index] - largest)
        sum += probabilities[index]
      }
      for index in row { probabilities[index] /= sum }
    }
    self.init(actionCount: actionCount, probabilities: probabilities)
  }

  /// The policy that always takes one action in each state.
  package init(actions: [Int], actionCount: Int) {
    precondition(actions.allSatisfy((0..<actionCount).contains), "A policy takes actions that there are.")
    var probabilities = [Double](repeating: 0, count: actions.count * actionCount)
    for (state, action) in actions.enumerated() { probabilities[state * actionCount + action] = 1 }
    self.init(actionCount: actionCount, probabilities: probabilities)
  }

  /// π(a|s).
  package subscript(state: Int, action: Int) -> Double { probabilities[state * actionCount + action] }

  /// Whether no state leaves anything to chance.
  package var isDeterministic: Bool { probabilities.allSatisfy { $0 == 0 || $0 == 1 } }
}
