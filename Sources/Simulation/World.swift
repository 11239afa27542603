// SPDX-License-Identifier: GPL-3.0-or-later
import Conditions
import Learners
import Networks
import Randomness

/// Why a simulation cannot be run, as a full sentence.
package struct SimulationError: Error, CustomStringConvertible, Equatable {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// What is drawn once per study (or once per replication, where the scenario resamples it): the graph, the tasks and
/// how fast the agents are.
package struct World: Sendable {
  package let network: Network
  /// The network of the agents that learn alone; the same unless there is a fusion centre.
  package let agents: Network
  package let task: any DrawnTask
  /// Seconds that a step of each agent typically takes.
  package let typicalStepDurations: [Double]
  package let latencies: LinkLatencies
  /// What links do, where the world was drawn; else it follows from the settings.
  package let links: LinkPlan?
  /// How many agents learn: all of the network but a fusion centre, which comes behind them.
  package var agentCount: Int { agents.nodeCount }

  /// Draws the world of a replication.
  ///
  /// Parts that `settings.resample` does not name are the same in every replication.
  ///
  /// - Throws: if no connected network is found, or conditions name agents or regions that are not there.
  package init(_ settings: SimulationSettings, replication: UInt32) throws(SimulationError) {
    func number(_ part: SimulationSettings.Resampled) -> UInt32 {
      settings.resample.contains(part) ? replication : StreamFamily.study
    }
    if let obstacle = settings.directedObstacle { throw SimulationError("\(obstacle.reason).") }
    do {
      let drawn = try DrawnGraph(settings.network, seed: settings.seed, replication: number(.network))
      var task = try settings.task.drawn(
        TaskDraw(
          agents: drawn.keys, learner: settings.learner, seed: settings.seed, replication: number(.tasks)))
      agents = try Network(
        drawn, settings.network, noiseVariances: task.observationNoise,
        needsDoublyStochastic: settings.needsDoublyStochastic)
      if var placed = task as? any PlacedTask {
        let ground = settings.ground(of: agents)
        try placed.place { (choice: TruthOffset.Choice) throws -> [Int] in
          try settings.ranks(of: choice, in: ground, tasks: number(.tasks), speeds: number(.speeds))
        }
        task = placed
      }
      self.task = task
      typicalStepDurations = try Conditions.typicalStepDurations(
        settings.conditions.compute, network: agents, ground: settings.ground(of: agents), seed: settings.seed,
        replication: number(.speeds))
      network = settings.strategy.facts.hasCentre ? try agents.starAround(centre: CentreSettings.name) : agents
      let plan = try settings.linkPlan(
        LinkDraw(network: network, seed: settings.seed, replication: number(.network)))
      (links, latencies) = (plan, plan.latencies[0])
    } catch {
      throw SimulationError("\(error)")
    }
    if let flood = ExpectedLoad(settings, in: self, replication: replication).flood(names: network.names) {
      throw SimulationError("\(flood.message). Draw from a law that keeps away from zero, or let the run end sooner.")
    }
  }

  /// The regression tasks, where that is what agents learn.
  package var regression: LinearRegressionTask? { task as? LinearRegressionTask }

  /// A world made of given parts; for reference cases and tests.
  package init(
    network: Network, task: any DrawnTask, typicalStepDurations: [Double], latencies: LinkLatencies
  ) {
    self.network = network
    agents = network
    self.task = task
    self.typicalStepDurations = typicalStepDurations
    self.latencies = latencies
    links = nil
  }
}
