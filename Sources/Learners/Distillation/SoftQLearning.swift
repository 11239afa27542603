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
package struct SoftQLearning: ~Copyable, LearnerBank {
  package typealias Scalar = Float

  private let core: SoftQCore
  private let tester: PolicyTester
  private let stepJobs: [StepJob]
  private let steps: StepPool

  /// The agents of one replication.
  ///
  /// - Parameters:
  ///   - agents: all nodes of the network.
  ///   - learners: how many of them act; the rest have optimisers only.
  ///   - steps: where their steps are computed.
  package init(
    _ settings: SoftQSettings, task: ControlSettings, agents: [EntityKey], learners: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    let tasks = ControlTasks(task)
    let core = SoftQCore(
      settings, tasks: tasks, agents: agents, learners: learners,
      streams: SoftQStreams(seed: seed, replication: replication))
    self.core = core
    self.steps = steps
    tester = PolicyTester(
      tasks, agents: learners, episodes: testEpisodes, policies: core.networks.policies,
      tests: StreamFamily(seed: seed, replication: replication, purpose: .testEpisode), steps: steps)
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    stepJobs = (0..<learners).map { agent in StepJob { [unowned core] in core.compute(agent) } }
  }

  deinit { for job in stepJobs { steps.withdraw(job) } }

  package static var givesGradients: Bool { true }

  package var parameterCount: Int { core.networks.parameterCount }

  package var layout: StepLayout { core.networks.layout }

  package var bytesHeld: Int { core.bytesHeld }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Float>) {
    core.initialise(node.index, into: parameters)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Float>, increment: UnsafeMutablePointer<Float>
  ) {
    core.begin(step, at: parameters, gradient: increment)
    steps.submit(stepJobs[step.node.index])
  }

  package func work(of node: NodeID) -> StepWork {
    steps.wait(for: stepJobs[node.index])
    return core.work[node.index]
  }

  package func finish(_ node: NodeID) -> StepWork {
    let work = finishGradient(node)
    core.turnSharedIntoIncrement(node.index)
    return work
  }

  package func finishGradient(_ node: NodeID) -> StepWork {
    let work = work(of: node)
    core.commit(node.index)
    core.turnOwnIntoIncrement(node.index)
    return work
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: NodeID) {
    core.turnSharedIntoIncrement(gradient, of: node.index)
  }

  package func abandon(_ node: NodeID) { steps.withdraw(stepJobs[node.index]) }

  package func forget(_ node: NodeID) { core.forget(node.index) }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    for job in stepJobs { steps.wait(for: job) }
    try core.visit(&memory, increments: increments)
  }

  package func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {
    // Whoever computes a step writes beside the transitions that are there.
    if node.index < stepJobs.count { steps.wait(for: stepJobs[node.index]) }
    try core.visit(&memory, of: node.index)
  }

  package func change(_ change: TaskChange, of nodes: [NodeID]) {
    guard case .shift(let places) = change else { preconditionFailure("Agents take other tasks, and nothing else.") }
    core.shift(nodes, by: places)
  }

  package func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Float>,
    into values: borrowing Column<Double>
  ) {
    precondition(metric.name == MetricDefinition.recentSteps.name, "Agents that act measure how long they take.")
    for agent in 0..<values.count { values[agent] = core.experience.life(of: agent).recentSteps }
  }

  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Float>, into returns: borrowing Column<Double>
  ) {
    tester.test(at: point, of: parameters, into: returns, in: core.task)
  }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Float>) -> TaskReturns? {
    tester.testAllTasks(at: point, of: parameters)
  }

  package func taskName(of node: NodeID) -> String? { core.tasks.names[core.task(of: node.index)] }
}

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
      check: { plan in plan.task.control?.environment.faultOfChoices ?? plan.learner.softQ.fault },
      facts: { plan in
        guard let control = plan.task.control else { return LearnerFacts(parameterCount: nil, metrics: []) }
        return plan.learner.softQ.facts(in: ControlTasks(control))
      },
      make: { context in
        guard let task = context.task as? ControlSettings else { return nil }
        return .single(
          StepBank(
            SoftQLearning(
              context.settings.softQ, task: task, agents: context.nodes, learners: context.agentCount,
              testEpisodes: context.testEpisodes, seed: context.seed, replication: context.replication,
              steps: context.steps)))
      })
  }
}

extension SoftQSettings {
  /// What about the values cannot be.
  fileprivate var fault: Fault? {
    guard (1...14).contains(hiddenUnits.count) else { return Fault("hidden-units", "must name 1 to 14 hidden layers") }
    guard replay >= batch else {
      return Fault(
        "replay", "keeps \(counted(replay, "transition")), but a batch has \(batch)", hint: "keep at least \(batch)")
    }
    guard targetSteps <= stepsPerUpdate || targetSteps == 1 else {
      return Fault(
        "n-step",
        "has targets of \(targetSteps) steps, but agents learn from the \(stepsPerUpdate) that they take at once",
        hint: "let steps-per-update be at least \(targetSteps)")
    }
    if case .twoColumns = form, actingSharpness != nil {
      return Fault("acting-sharpness", "is of agents that act on one column", hint: "use columns: 1")
    }
    return nil
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = SoftQNetworks(self, tasks: tasks)
    let float = MemoryLayout<Float>.size
    var facts = LearnerFacts(networks.layout, metrics: MetricDefinition.ofControl)
    facts.furtherMetrics = MetricDefinition.furtherOfLivingAgents
    facts.bytesPerParameter = float
    facts.sizeSaidBy = "learner.hidden-units"
    facts.isRandom = true
    facts.startsVary = true
    if start == .own { facts.startsApart = ("start", "use common") }
    facts.matchingObstacle =
      "has agents that act: final errors are matched where there is an optimum, and they have none"
    facts.mostSamplesPerStep = UInt64(stepsPerUpdate)
    facts.mostGradientSamplesPerStep = UInt64(batch)
    facts.leastPerStep = (samples: Double(stepsPerUpdate), episodes: 0)
    facts.computesElsewhere = true
    facts.policies = networks.policies
    let transitions = Experience.bytesPerAgent(tasks, capacity: replay, stepsAtOnce: stepsPerUpdate)
    facts.memory.perLearner = Double(float * networks.parameterCount) + 1000
    facts.memory.samplesPerLearner = transitions
    facts.memory.perNode = Double(float * SoftQOptimisers.momentsPerNode(self, networks: networks))
    facts.memory.perCheckpoint = transitions
    facts.memory.perStep = bytesPerStep(of: networks)
    return facts
  }
}
