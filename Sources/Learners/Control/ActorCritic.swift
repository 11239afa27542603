// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Schema
import Workers

/// Agents that act: each plays episodes of its task with its policy, and takes a step of its optimiser along the
/// gradients of its critic and its actor. With adapt-then-combine this is Diff-DAC.
///
/// Parameters are those of `ActorCriticNetworks`. What an agent keeps for itself are the moments of its optimisers,
/// which change when a step is finished; episodes are forgotten after the step.
///
/// Steps are computed by whoever has time between `begin` and `finish` (`StepPool`), from a copy of the parameters.
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, algorithm 1.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own); `episodeStart` of the agent
/// in the attempt, an index for each episode; `actionNoise` of the agent at the index of the attempt; `testEpisode` as
/// `PolicyTester` says.
package typealias ActorCritic = ActingBank<ActorCriticCore>

extension LearnerDefinition {
  /// Actor and critic of whole episodes.
  package static let actorCritic = LearnerDefinition(
    name: "actor-critic", meaning: "an actor and a critic, two neural networks, that learn from whole episodes",
    source: "Valcarcel Macua et al., Diff-DAC, 2018, algorithm 1", parameters: ActorCriticSettings.parameters,
    tasks: ["control"], givesGradients: true, replacements: ["step-size": "use critic-step-size and actor-step-size"],
    check: { plan in
      plan.task.control?.environment.faultOfNumbers ?? Fault.ofHiddenUnits(plan.learner.actorCritic.hiddenUnits)
    },
    facts: { plan in plan.acting { plan.learner.actorCritic.facts(in: $0) } },
    make: { ActorCritic.agents($0.settings.actorCritic, $0) })
}

extension ActorCriticSettings {
  /// Both networks at once, or the critic and then the actor.
  func layout(of networks: ActorCriticNetworks) -> StepLayout {
    let blocks: [ParameterBlock] = [
      .shared("critic", networks.critic.parameterCount), .shared("actor", networks.actor.parameterCount),
    ]
    return switch order {
    case .jacobi: StepLayout(blocks)
    case .gaussSeidel: StepLayout(blocks, phases: blocks.map { [$0.name] })
    }
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = ActorCriticNetworks(self, tasks: tasks)
    var facts = LearnerFacts.acting(layout(of: networks), policies: networks.policies, start: start)
    if order == .gaussSeidel { facts.phasesSaidBy = ("order", order.rawValue) }
    facts.matchingObstacle =
      "has agents that act: final errors are matched by one step size, which they do not have"
    facts.mostSamplesPerStep = UInt64(episodesPerStep * tasks.timeLimit)
    facts.leastPerStep = (samples: Double(episodesPerStep), episodes: Double(episodesPerStep))
    // Observation, action and reward.
    facts.numbersPerSample = tasks.observationCount + 2
    facts.memory.perLearner = Double(MemoryLayout<Float>.size * networks.parameterCount)
    facts.memory.perNode = 4 * Double(momentsPerAgent(of: networks))
    facts.memory.perStep = bytesPerStep(in: tasks)
    facts.memory.keepsStep = order == .gaussSeidel
    return facts
  }
}
