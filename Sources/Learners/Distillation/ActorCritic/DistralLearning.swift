// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Schema
import Workers

/// Agents with critics that play whole episodes, each of its task, and distil what they do into a policy they share:
/// Distral with actors and critics, in all its variants (`DistralVariant`).
///
/// Parameters are those of `DistralNetworks`. What an agent has of its own is never sent: f, V, and the moments of all
/// optimisers. A local step is one episode and one step of each optimiser (`DistralGradient`). Where another node makes the
/// step of what is shared, the step ends with its gradient, and with the increments of what is the agent's own. The test
/// policy takes the most probable action.
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017, table 1; Wan, "Multi-task deep
/// reinforcement learning via policy distillation", 2019, algorithm 2.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own), as `DistralNetworks` says;
/// `episodeStart` of the agent in the attempt; `actionNoise` of the agent at the index of the attempt, a number for each
/// action; `testEpisode` as `PolicyTester` says.
package typealias DistralLearning = ActingBank<DistralCore>

extension LearnerDefinition {
  /// Actors and critics that distil what they do.
  package static let distralActorCritic = LearnerDefinition(
    name: "distral-actor-critic",
    meaning:
      "actors and critics of agents that learn from whole episodes and distil what they do into a policy that they "
      + "share: Distral", source: "Teh et al., Distral, 2017, table 1; Wan, 2019, algorithm 2",
    parameters: DistralSettings.parameters, tasks: ["control"], givesGradients: true,
    replacements: [
      "step-size": "use prior-step-size, task-step-size and critic-step-size", "actor-step-size": "use task-step-size",
      "alpha": "use prior-weight", "beta": "use sharpness",
    ],
    check: { plan in
      plan.task.control?.environment.faultOfChoices ?? Fault.ofHiddenUnits(plan.learner.distral.hiddenUnits)
        ?? plan.task.control.flatMap { plan.learner.distral.faultOfPrior(in: ControlTasks($0)) }
    },
    facts: { plan in plan.acting { plan.learner.distral.facts(in: $0) } },
    make: { DistralLearning.agents($0.settings.distral, $0) })
}

extension DistralSettings {
  /// What about the shared policy cannot be.
  fileprivate func faultOfPrior(in tasks: ControlTasks) -> Fault? {
    guard let network = DistralNetworks(self, tasks: tasks).carried else {
      let key = prior == .frozen ? "prior" : priorFrom == nil ? nil : "prior-from"
      return key.map { Fault($0, "is of a shared policy, but variant \(variant.rawValue) has none") }
    }
    if prior == .frozen, variant == .sharedActor {
      return Fault("prior", "is frozen, but agents of variant \(variant.rawValue) have no other policy to learn")
    }
    return Fault.ofPrior(from: priorFrom, isFrozen: prior == .frozen, network: network)
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = DistralNetworks(self, tasks: tasks)
    let float = MemoryLayout<Float>.size
    var facts = LearnerFacts.acting(networks.layout, policies: networks.policies, start: start)
    facts.furtherMetrics = MetricDefinition.furtherOfLivingAgents
    facts.carriedPrior = networks.carried
    if prior == .frozen { facts.tellsNothingBy = ("prior", prior.rawValue) }
    facts.mostSamplesPerStep = UInt64(tasks.timeLimit)
    facts.leastPerStep = (samples: 1, episodes: 1)
    facts.memory.perLearner = Double(float * networks.parameterCount) + 1000
    facts.memory.perNode = Double(float * BlockOptimisers.momentsPerNode(blocks(of: networks)))
    facts.memory.perStep = DistralRoom.bytes(networks, tasks: tasks)
    return facts
  }
}
