// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Schema
import Workers

/// Agents that learn what actions are worth: each goes on in the environment of its task, keeps its latest transitions
/// and takes a step of its optimiser along the gradient of a batch of them (`DeepQLoss`).
///
/// The parameters are those of one network, all of them shared, so that agents can diffuse it or learn it from a centre.
/// What an agent keeps for itself are its environment, its transitions, its target network and the moments of its
/// optimiser, all of which change when a step is finished; a step that is given up leaves no trace.
///
/// A local step is U steps of the environment and one update from B transitions; until the agent has taken the uniform
/// steps that come first, it learns nothing. The test policy is greedy.
///
/// Steps are computed by whoever has time between `begin` and `finish` (`StepPool`), from a copy of the parameters.
///
/// Source: Mnih et al., "Human-level control through deep reinforcement learning", 2015, algorithm 1.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own) at index 0; `episodeStart` of
/// the agent in the attempt, an index for each episode that begins in it; `actionNoise` of the agent at the index of the
/// attempt, for each step whether its action is uniform, and which; `replay` of the agent at the index of the attempt, a
/// number for each transition; `testEpisode` as `PolicyTester` says.
package typealias DeepQLearning = ActingBank<DeepQCore>

extension LearnerDefinition {
  /// Values of actions from replayed transitions.
  package static let deepQLearning = LearnerDefinition(
    name: "dqn", meaning: "deep Q-learning: a neural network learns from replayed transitions what actions are worth",
    source: "Mnih et al., Human-level control through deep reinforcement learning, 2015, algorithm 1",
    parameters: DeepQSettings.parameters, tasks: ["control"], givesGradients: true,
    replacements: [
      "step-size": "use q-step-size", "critic-step-size": "use q-step-size", "actor-step-size": "use q-step-size",
      "episodes-per-step": "use steps-per-update",
    ],
    check: { plan in plan.task.control?.environment.faultOfChoices ?? plan.learner.deepQ.fault },
    facts: { plan in plan.acting { plan.learner.deepQ.facts(in: $0) } },
    make: { DeepQLearning.agents($0.settings.deepQ, $0) })
}

extension DeepQSettings {
  /// What about the values cannot be.
  fileprivate var fault: Fault? {
    Fault.ofHiddenUnits(hiddenUnits) ?? Fault.ofReplay(replay, batch: batch)
  }

  /// The policies of such parameters: greedy ones, and those that explore as in the long run.
  func policies(in tasks: ControlTasks) -> PolicyForm {
    let (network, probability) = (network(in: tasks), exploration.end)
    return PolicyForm(parameterCount: network.parameterCount) {
      .greedy(network, at: $0)
    } drawn: {
      .exploring(network, at: $0, probability: probability, noise: $1)
    }
  }

  /// How a step changes the network.
  func blocks(of network: Perceptron<Float>) -> [BlockOptimisers.Block] {
    [BlockOptimisers.Block(optimiser: optimiser.optimiser(stepSize: stepSize), count: network.parameterCount)]
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let network = network(in: tasks)
    let vector = Double(MemoryLayout<Float>.size * network.parameterCount)
    var facts = LearnerFacts.acting(
      StepLayout([.shared("q", network.parameterCount)]), policies: policies(in: tasks), start: start)
    facts.live(stepsAtOnce: stepsPerUpdate, batch: batch, replay: replay, in: tasks)
    let target = targetEvery == nil ? 0 : vector
    facts.memory.perLearner = vector + target + 1000
    facts.memory.perNode = Double(
      MemoryLayout<Float>.size * BlockOptimisers.momentsPerNode(blocks(of: network)))
    facts.memory.perCheckpoint += target
    facts.memory.perStep = DeepQRoom.bytes(batch: batch, network: network)
    return facts
  }
}
