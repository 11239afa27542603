// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Networks

extension World {
  /// The agents that move, as they are at the start of a replication; nothing where nobody does.
  ///
  /// - Throws: if they are in several pieces, however often they are drawn, where that is refused.
  package func movingAgents(
    _ settings: SimulationSettings, replication: UInt32
  ) throws(SimulationError) -> MovingAgents? {
    do {
      return try MovingAgents.start(
        settings.network, names: agents.names, keys: agents.keys, seed: settings.seed, replication: replication)
    } catch {
      throw SimulationError("\(error)")
    }
  }

  /// The network of the agents at the start of a replication: where it changes, what there is of it then.
  ///
  /// - Throws: as `movingAgents`.
  package func networkAtStart(
    _ settings: SimulationSettings, replication: UInt32 = 0
  ) throws(SimulationError) -> Network {
    guard let moving = try movingAgents(settings, replication: replication),
      let network = try? Network(
        DrawnGraph(moving.graph(names: agents.names)), settings.network, noiseVariances: task.observationNoise)
    else { return agents }
    return network
  }
}

extension SimulationSettings {
  /// How many agents of a replication join later.
  package func joiners(in world: World, replication: UInt32 = 0) -> Int {
    guard changesMembers else { return 0 }
    return (try? Timeline(self, world: world, replication: replication).joiners.count) ?? 0
  }

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
