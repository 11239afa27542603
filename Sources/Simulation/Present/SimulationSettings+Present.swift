// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks

extension SimulationSettings {
  /// The weights of a network that changes; nothing of one that does not, or whose agents have none.
  ///
  /// - Throws: if values of the rule do not fit the agents.
  func changingWeights(in world: World) throws(SimulationError) -> ChangingWeights? {
    guard changesNetwork, strategy.facts.combinesNeighbourhood else { return nil }
    do {
      return try ChangingWeights(
        network.weights, on: world.agents.names, noiseVariances: world.task.observationNoise)
    } catch {
      throw SimulationError("\(error)")
    }
  }
}
