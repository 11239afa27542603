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
package struct DistralLearning: ~Copyable, LearnerBank {
  package typealias Scalar = Float

  private let core: DistralCore
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
    _ settings: DistralSettings, task: ControlSettings, agents: [EntityKey], learners: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    let tasks = ControlTasks(task)
    let core = DistralCore(
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
    for agent in 0..<values.count { values[agent] = core.recentSteps(of: agent) }
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
      if let fault = plan.task.control?.environment.faultOfChoices { return fault }
      guard !(1...14).contains(plan.learner.distral.hiddenUnits.count) else { return nil }
      return Fault("hidden-units", "must name 1 to 14 hidden layers")
    },
    facts: { plan in
      guard let control = plan.task.control else { return LearnerFacts(parameterCount: nil, metrics: []) }
      return plan.learner.distral.facts(in: ControlTasks(control))
    },
    make: { context in
      guard let task = context.task as? ControlSettings else { return nil }
      return .single(
        StepBank(
          DistralLearning(
            context.settings.distral, task: task, agents: context.nodes, learners: context.agentCount,
            testEpisodes: context.testEpisodes, seed: context.seed, replication: context.replication,
            steps: context.steps)))
    })
}

extension DistralSettings {
  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let networks = DistralNetworks(self, tasks: tasks)
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
    facts.mostSamplesPerStep = UInt64(tasks.timeLimit)
    facts.leastPerStep = (samples: 1, episodes: 1)
    facts.computesElsewhere = true
    facts.policies = networks.policies
    facts.memory.perLearner = Double(float * networks.parameterCount) + 1000
    facts.memory.perNode = Double(float * momentsPerNode(of: networks))
    facts.memory.perStep = DistralRoom.bytes(networks, tasks: tasks)
    return facts
  }
}
