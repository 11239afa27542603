// SPDX-License-Identifier: GPL-3.0-or-later
import Environments

/// The two tasks on five cells in a row (`FiveStateGridWorld`), known exactly to the agents that learn them.
package struct FiveStateSettings: Sendable, Equatable {
  /// Which of them agents have.
  package enum Tasks: String, Sendable, CaseIterable {
    /// The left goal and the right goal in turn, by the agents' names in natural order.
    case alternating
    /// All agents the average of both: its transition probabilities and rewards are the means of theirs.
    case average
  }

  /// Up to here, `I − γ P` is far from singular in double precision, whatever the policy.
  package static let greatestDiscount = 0.999999
  /// The number of parameters of a policy, one for each state and action.
  package static let parameterCount = FiveStateGridWorld.stateCount * FiveStateGridWorld.actionCount
  package static let stateCount = FiveStateGridWorld.stateCount

  package var tasks: Tasks
  /// γ, from 0 to `greatestDiscount`. The paper leaves it open; 0.95 is in its authors' code for their larger worlds.
  package var discount: Double
  /// The distribution of the first state, five probabilities.
  package var start: [Double]
  /// p of the modified dynamics; nothing for the original ones.
  package var driftProbability: Double?

  package init(
    tasks: Tasks = .alternating, discount: Double = 0.95, start: [Double] = FiveStateGridWorld.startInMiddle,
    driftProbability: Double? = nil
  ) {
    self.tasks = tasks
    self.discount = discount
    self.start = start
    self.driftProbability = driftProbability
  }
}
