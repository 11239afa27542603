// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Randomness

extension SimulationSettings {
  /// Whose minimisers lie elsewhere: their ranks.
  ///
  /// *Randomness*: `choice` of the path of the key; of stragglers what they are drawn from.
  ///
  /// - Parameters:
  ///   - tasks: under which number draws of tasks are keyed.
  ///   - speeds: under which number draws of speeds are.
  func ranks(
    of choice: TruthOffset.Choice, in ground: SelectionGround, tasks: UInt32, speeds: UInt32
  ) throws -> [Int] {
    switch choice {
    case .stragglers:
      return try stragglers(conditions.compute, ground: ground, seed: seed, replication: speeds)
    case .selected(let selector):
      let family = StreamFamily(seed: seed, replication: tasks, purpose: .choice)
      return ground.ranks(selector, ChoiceDraw(family, name: "task.truth.offset"))
    }
  }
}
