// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Schema
import Workers

/// Agents that learn softly what actions are worth, each in the environment of its task, which goes on from one local step
/// to the next, and that distil what they do into a policy they share: Distral by soft Q-learning.
///
/// Parameters are those of `SoftQNetworks`. What an agent has of its own is never sent: worths f, its environment, its
/// transitions, and the moments of both optimisers. A step that is given up leaves no trace of any.
///
/// A local step is U steps of the environment and one of each optimiser (`SoftQGradient`); until an agent has taken the
/// uniform steps that come first, it learns nothing. Where another node makes the step of what is shared, the step ends
/// with its gradient, and with the increment of what is the agent's own. The test policy takes the most probable action.
///
/// Source: Teh et al., "Distral: robust multitask reinforcement learning", 2017; Wan, "Multi-task deep reinforcement
/// learning via policy distillation", 2019, algorithm 1.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own), as `SoftQNetworks` says;
/// `episodeStart` of the agent in the attempt, an index for each episode that begins in it; `actionNoise` of the agent at
/// the index of the attempt, a number for each action; `replay` of the agent at the index of the attempt, a number for each
/// transition; `testEpisode` as `PolicyTester` says.
package typealias SoftQLearning = ActingBank<SoftQCore>

extension LearnerDefinition {
  /// Worths of actions that are learnt softly, by each agent for itself.
  package static let softQLearning = definition(
    "soft-q",
    "soft Q-learning: a neural network learns from replayed transitions what actions are worth to an agent that "
      + "is paid for being random", parameters: SoftQSettings.parameters)

  /// The same with a policy that agents share.
  package static let distral = definition(
    "distral",
    "soft Q-learning of agents that distil what they do into a policy that they share, and pay for differing from it: "
      + "Distral", parameters: SoftQSettings.distillationParameters)

  private static func definition(_ name: String, _ meaning: String, parameters: [Parameter]) -> LearnerDefinition {
    LearnerDefinition(
      name: name, meaning: meaning,
      source: "Teh et al., Distral, 2017; Wan, Multi-task deep reinforcement learning via policy distillation, 2019",
      parameters: parameters, tasks: ["control"], givesGradients: true,
      replacements: [
        "step-size": "use task-step-size", "q-step-size": "use task-step-size", "alpha": "use prior-weight",
        "beta": "use sharpness",
      ],
      check: { plan in
        plan.task.control?.environment.faultOfChoices ?? plan.learner.softQ.fault
          ?? plan.task.control.flatMap { plan.learner.softQ.faultOfPrior(in: ControlTasks($0)) }
      },
      facts: { plan in plan.acting { plan.learner.softQ.facts(in: $0) } },
      make: { SoftQLearning.agents($0.settings.softQ, $0) })
  }
}

extension SoftQSettings {
  /// What about the values cannot be.
  fileprivate var fault: Fault? {
    if let fault = Fault.ofHiddenUnits(hiddenUnits) ?? Fault.ofReplay(replay, batch: batch) { return fault }
    guard targetSteps <= stepsPerUpdate || targetSteps == 1 else {
      return Fault(
        "n-step",
        "has targets of \(targetSteps) steps, but agents learn from the \(stepsPerUpdate) that they take at once",
        hint: "let steps-per-update be at least \(targetSteps)")
    }
    if case .twoColumns = form, actingSharpness != nil {
      return Fault("acting-sharpness", "is of agents that act on one column", hint: "use columns: 1")
    }
    if prior == .uniform, priorFrom != nil {
      return Fault("prior-from", "says what a shared policy starts from, but here it is uniform for ever")
    }
    return nil
  }

  /// The same of what a shared policy starts from.
  fileprivate func faultOfPrior(in tasks: ControlTasks) -> Fault? {
    SoftQNetworks(self, tasks: tasks).carried.flatMap {
      Fault.ofPrior(from: priorFrom, isFrozen: prior == .frozen, network: $0)
    }
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = SoftQNetworks(self, tasks: tasks)
    let float = MemoryLayout<Float>.size
    var facts = LearnerFacts.acting(networks.layout, policies: networks.policies, start: start)
    facts.live(stepsAtOnce: stepsPerUpdate, batch: batch, replay: replay, in: tasks)
    if form != .alone {
      // Of each transition of a batch what the shared policy learns from: the observation, the action and γᵗ.
      facts.numbersPerSample = tasks.observationCount + 2
      facts.samplesPerUpload = UInt64(batch)
    }
    facts.carriedPrior = networks.carried
    if prior == .frozen { facts.tellsNothingBy = ("prior", prior?.rawValue ?? "") }
    facts.memory.perLearner = Double(float * networks.parameterCount) + 1000
    facts.memory.perNode = Double(float * BlockOptimisers.momentsPerNode(blocks(of: networks)))
    facts.memory.perStep = bytesPerStep(of: networks)
    return facts
  }
}
