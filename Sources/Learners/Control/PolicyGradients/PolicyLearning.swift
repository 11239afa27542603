// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Schema

/// Agents that choose among actions and follow the gradient of their policy, with one update for each local step: from a
/// segment of steps in environments that live on (`a2c`), or from whole episodes (`reinforce`).
///
/// Parameters are those of `PolicyNetworks`, all of them shared. What an agent keeps for itself are its environments and the
/// moments of its optimisers, which change when a step is finished; a step that is given up leaves no trace. The test policy
/// takes the most probable action.
///
/// A segment ends with the local step and not with the episode, in which `A3C` begins another one. `a2c` with many agents
/// that send their gradients to a centre which does not wait is A3C.
///
/// Source: Wan, "Multi-task deep reinforcement learning via policy distillation", 2019, sections 2.3 and 2.4; Mnih et al.,
/// "Asynchronous methods for deep reinforcement learning", 2016.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own), as `PolicyNetworks` says;
/// `episodeStart` of the agent in the attempt, for copy k of the environment the indices from k n on, an index for each
/// episode that begins; `actionNoise` of the agent at the index of the attempt, a number for each action, copy after copy;
/// `testEpisode` as `PolicyTester` says.
package typealias PolicyLearning = ActingBank<PolicyCore>

/// The same with several updates for each local step, held near the policy that has acted: proximal policy optimisation.
///
/// Source: Schulman et al., "Proximal policy optimization algorithms", 2017, algorithm 1.
///
/// *Randomness*: beside that of `PolicyLearning`, `replay` of the agent at the index of the attempt, for the order of the
/// steps in each epoch.
package typealias ProximalLearning = ActingBank<ProximalCore>

extension LearnerDefinition {
  /// Segments of steps.
  package static let advantageActorCritic = LearnerDefinition(
    name: "a2c",
    meaning: "an actor that chooses among actions and a critic, which learn from segments of a few steps: advantage "
      + "actor-critic",
    source: "Wan, 2019, section 2.4; Mnih et al., Asynchronous methods for deep reinforcement learning, 2016",
    parameters: PolicySettings.segmentParameters, tasks: ["control"], givesGradients: true,
    replacements: hints(["episodes-per-step": "use n-step and environments"]), check: policyFault, facts: policyFacts,
    make: { PolicyLearning.agents($0.settings.policy, $0) })

  /// Several updates from the same steps.
  package static let proximalPolicy = LearnerDefinition(
    name: "ppo",
    meaning:
      "an actor that chooses among actions and a critic, which learn several times from the same steps, near the "
      + "policy that took them: proximal policy optimisation",
    source: "Schulman et al., Proximal policy optimization algorithms, 2017, algorithm 1",
    parameters: PolicySettings.proximalParameters, tasks: ["control"],
    replacements: hints(["episodes-per-step": "use n-step and environments", "batch": "use minibatches"]),
    check: policyFault, facts: policyFacts, make: { ProximalLearning.agents($0.settings.policy, $0) })

  /// Whole episodes.
  package static let reinforce = LearnerDefinition(
    name: "reinforce",
    meaning:
      "a policy that chooses among actions and learns from the returns of whole episodes, or of segments: REINFORCE",
    source: "Williams, Simple statistical gradient-following algorithms, 1992; Wan, 2019, section 2.3.4",
    parameters: PolicySettings.episodeParameters, tasks: ["control"], givesGradients: true,
    replacements: hints(["n-step": "use segment or episodes-per-step"]),
    check: policyFault, facts: policyFacts, make: { PolicyLearning.agents($0.settings.policy, $0) })

  private static func hints(_ own: [String: String]) -> [String: String] {
    [
      "step-size": "use actor-step-size and critic-step-size", "policy-step-size": "use actor-step-size",
      "value-step-size": "use critic-step-size", "q-step-size": "use actor-step-size and critic-step-size",
      "steps-per-update": "use n-step",
    ].merging(own) { $1 }
  }

  private static let policyFault: @Sendable (LearningPlan) -> Fault? = { plan in
    if plan.learner.policy.playsWholeEpisodes, plan.learner.arguments.count("environments") > 1 {
      return Fault("environments", "belongs to segments", hint: "set segment, or use episodes-per-step")
    }
    return plan.task.control?.environment.faultOfChoices ?? plan.learner.policy.fault
  }

  private static let policyFacts: @Sendable (LearningPlan) -> LearnerFacts = { plan in
    plan.acting { plan.learner.policy.facts(in: $0) }
  }
}

extension PolicySettings {
  /// What about the values cannot be.
  fileprivate var fault: Fault? {
    if let fault = Fault.ofHiddenUnits(hiddenUnits) { return fault }
    if followsReturns, !playsWholeEpisodes, baseline == .none {
      return Fault(
        "baseline", "none leaves nobody who says what lies behind a segment", hint: "use learned, or segment: episodes")
    }
    guard let proximal, case .segments(let steps, let environments) = stretch else { return nil }
    let rows = steps * environments
    guard proximal.minibatches > rows else { return nil }
    return Fault(
      "minibatches", "splits the \(counted(rows, "step")) of a local step into \(proximal.minibatches) parts",
      hint: "ask for at most \(rows)")
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = PolicyNetworks(self, tasks: tasks)
    let float = MemoryLayout<Float>.size
    let rows = mostRows(in: tasks)
    let moments = Double(float * BlockOptimisers.momentsPerNode(networks.blocks(self)))
    var facts = LearnerFacts.acting(networks.layout, policies: networks.policies, start: start)
    facts.furtherMetrics =
      MetricDefinition.furtherOfLivingAgents
      + (tasks.environment.stepLength == nil ? [] : MetricDefinition.ofFlights)
    facts.mostSamplesPerStep = UInt64(rows)
    facts.mostGradientSamplesPerStep = UInt64(rows * (proximal?.epochs ?? 1))
    switch stretch {
    case .segments: facts.leastPerStep = (samples: Double(rows), episodes: 0)
    case .episodes(let count): facts.leastPerStep = (samples: Double(count), episodes: Double(count))
    }
    facts.memory.samplesPerLearner =
      Double(environments)
      * Experience.bytesPerAgent(tasks, capacity: 0, stepsAtOnce: stepsAtOnce(in: tasks))
    facts.memory.perCheckpoint = facts.memory.samplesPerLearner
    facts.memory.perLearner = Double(float * networks.parameterCount) + 1000 * Double(environments)
    // Moments of a step under way are kept beside those that count.
    facts.memory.perNode = (proximal == nil ? 1 : 2) * moments
    facts.memory.perStep = PolicyRoom.bytes(self, networks: networks, rows: rows)
    return facts
  }
}
