// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Schema
import Workers

/// Agents that act with numbers, learn from replay what these are worth, and are paid for being random: soft actor-critic.
/// Each goes on in the environment of its task, keeps its latest transitions and takes a step of its optimisers along the
/// gradients of a batch of them (`SoftActorCriticGradient`).
///
/// The parameters are those of a policy and two critics, all of them shared, so that agents can diffuse them or learn them
/// from a centre. What an agent keeps for itself are its environment, its transitions, its slow critics, its temperature and
/// the moments of all optimisers, all of which change when a step is finished; a step that is given up leaves no trace.
///
/// A local step is U steps of the environment and one update from B transitions; until the agent has taken the uniform
/// steps that come first, it learns nothing. An update begins by moving the slow critics a part of the way to the critics
/// as they are, which is after the update before. The test policy takes the action in the middle.
///
/// Steps are computed by whoever has time between `begin` and `finish` (`StepPool`), from a copy of the parameters.
///
/// Source: Haarnoja et al., "Soft actor-critic algorithms and applications", 2018, algorithm 1.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own), as `SoftActorCriticNetworks`
/// says; `episodeStart` of the agent in the attempt, an index for each episode that begins in it; `actionNoise` of the agent
/// at the index of the attempt, a number for each action; `replay` of the agent at the index of the attempt, a number for
/// each transition and then two normal ones for each; `testEpisode` as `PolicyTester` says.
package typealias SoftActorCriticLearning = ActingBank<SoftActorCriticCore>

extension LearnerDefinition {
  /// Random policies and what their actions are worth, from replayed transitions.
  package static let softActorCritic = LearnerDefinition(
    name: "sac",
    meaning: "soft actor-critic: a random policy and two critics, neural networks that learn from replayed transitions",
    source: "Haarnoja et al., Soft actor-critic algorithms and applications, 2018, algorithm 1",
    parameters: SoftActorCriticSettings.parameters, tasks: ["control"], givesGradients: true,
    replacements: [
      "step-size": "use critic-step-size and actor-step-size", "q-step-size": "use critic-step-size",
      "episodes-per-step": "use steps-per-update", "entropy-bonus": "use temperature", "alpha": "use temperature",
      "target-every": "use target-rate",
    ],
    check: { plan in
      plan.task.control?.environment.faultOfNumbers ?? plan.learner.softActorCritic.fault
        ?? plan.learner.faultOfTargetEntropy
    },
    facts: { plan in plan.acting { plan.learner.softActorCritic.facts(in: $0) } },
    make: { SoftActorCriticLearning.agents($0.settings.softActorCritic, $0) })
}

extension LearnerSettings {
  /// A temperature that is given and an entropy that it is tuned to.
  fileprivate var faultOfTargetEntropy: Fault? {
    guard arguments.number("temperature") != nil, arguments.number("target-entropy") != nil else { return nil }
    return Fault(
      "target-entropy", "is what a tuned temperature is for", hint: "leave it out, or say `temperature: tuned`")
  }
}

extension SoftActorCriticSettings {
  /// How a step changes the policy and both critics.
  func blocks(of networks: SoftActorCriticNetworks) -> [BlockOptimisers.Block] {
    let critic = BlockOptimisers.Block(
      optimiser: optimiser.optimiser(stepSize: criticStepSize), count: networks.critic.parameterCount)
    let policy = BlockOptimisers.Block(
      optimiser: optimiser.optimiser(stepSize: actorStepSize), count: networks.policy.parameterCount)
    return [policy, critic, critic]
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = SoftActorCriticNetworks(self, tasks: tasks)
    let float = Double(MemoryLayout<Float>.size)
    var facts = LearnerFacts.acting(networks.layout, policies: networks.policies, start: start)
    facts.live(stepsAtOnce: stepsPerUpdate, batch: batch, replay: replay, in: tasks)
    let slow = float * Double(networks.criticCount)
    facts.memory.perLearner = float * Double(networks.parameterCount) + slow + 1000
    facts.memory.perNode = float * Double(BlockOptimisers.momentsPerNode(blocks(of: networks)))
    facts.memory.perCheckpoint += slow
    facts.memory.perStep = SoftActorCriticRoom.bytes(batch: batch, networks: networks)
    return facts
  }
}
