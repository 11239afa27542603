// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities

/// Transitions that were drawn from a replay, a row for each: what an agent saw, did and got, and what it saw then.
package struct ReplayBatch: ~Copyable {
  package let count: Int
  /// s: rows × observations.
  package let observations: Column<Float>
  /// a: rows × numbers of an action.
  package let actions: Column<Float>
  /// r.
  package let rewards: Column<Float>
  /// s′: rows × observations.
  package let nextObservations: Column<Float>
  /// Whether the task ended the episode in s′, which then has no value. One that was cut off has.
  package let isTerminal: Column<Bool>
  /// t, the steps of the episode before this one.
  package let times: Column<Int32>

  package init(count: Int, observationCount: Int, actionCount: Int) {
    self.count = count
    observations = Column(repeating: 0, count: count * observationCount)
    actions = Column(repeating: 0, count: count * actionCount)
    rewards = Column(repeating: 0, count: count)
    nextObservations = Column(repeating: 0, count: count * observationCount)
    isTerminal = Column(repeating: false, count: count)
    times = Column(repeating: 0, count: count)
  }

  /// About how many bytes such a batch has. In Double, so that no size can overflow.
  static func bytes(count: Int, observationCount: Int, actionCount: Int) -> Double {
    Double(count) * Double(4 * (2 * observationCount + actionCount + 2) + 1)
  }
}
