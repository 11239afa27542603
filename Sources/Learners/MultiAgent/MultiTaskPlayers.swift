// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Records
import Schema

extension LearnerDefinition {
  /// Players of several roles whose skills and relations depend on the task, learnt over several tasks.
  package static let multiTaskPlayers = LearnerDefinition(
    name: "multi-task-marl",
    meaning:
      "players of one policy and critic for each role, who look at each other as a skill says that they draw for "
      + "their task: multi-task multi-agent learning",
    source: "Multi-task multi-agent reinforcement learning, algorithm 1", parameters: PlayerSettings.parameters,
    tasks: ["particles"],
    replacements: ["step-size": "use network-step-size", "hidden-units": "use head-units"],
    check: { plan in
      let settings = plan.learner.players
      return .ofReplay(settings.replay, batch: settings.batch)
    },
    facts: { plan in
      guard let task = plan.task.particles else { return LearnerFacts(parameterCount: nil, metrics: []) }
      return plan.learner.players.facts(in: task)
    },
    make: { context in
      guard let task = context.task as? ParticleTask else { return nil }
      return .single(
        StepBank(
          PlayerBank(
            context.settings.players, task: task, agents: context.nodes, learners: context.agentCount,
            testEpisodes: context.testEpisodes, seed: context.seed, replication: context.replication,
            steps: context.steps)))
    })
}

extension PlayerSettings {
  fileprivate func facts(in task: ParticleTask) -> LearnerFacts {
    let networks = networks(of: task)
    let float = Double(MemoryLayout<Float>.size)
    let stepsAtOnce = environments * task.timeLimit
    let form = PolicyForm(PlayersForm(networks, in: task))
    var facts = LearnerFacts.acting(networks.layout, policies: form, start: start)
    facts.sizeSaidBy = "learner.head-units"
    facts.furtherMetrics = [.recentReturn]
    facts.mostSamplesPerStep = UInt64(stepsAtOnce)
    facts.mostGradientSamplesPerStep = UInt64(batch * updates * task.roles.count)
    facts.leastPerStep = (samples: Double(stepsAtOnce), episodes: Double(environments))
    facts.memory.samplesPerLearner = PlayerReplay.bytesPerAgent(
      task, capacity: replay, stepsAtOnce: stepsAtOnce, skills: sizes.skills)
    facts.memory.perCheckpoint = facts.memory.samplesPerLearner
    facts.memory.perLearner = float * Double(networks.parameterCount) + 1000
    facts.memory.perNode = 2 * float * Double(BlockOptimisers.momentsPerNode(blocks(of: networks)))
    facts.memory.perStep = bytesPerStep(of: task)
    return facts
  }
}
