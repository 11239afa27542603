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
package struct ActorCritic: ~Copyable, LearnerBank {
  package typealias Scalar = Float

  private let core: ActorCriticCore
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
    _ settings: ActorCriticSettings, task: ControlSettings, agents: [EntityKey], learners: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    let tasks = ControlTasks(task)
    let streams = ActorCriticStreams(seed: seed, replication: replication)
    let core = ActorCriticCore(settings, tasks: tasks, agents: agents, learners: learners, streams: streams)
    self.core = core
    self.steps = steps
    tester = PolicyTester(
      tasks, agents: learners, episodes: testEpisodes, policies: core.networks.policies, tests: streams.tests,
      steps: steps)
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    stepJobs = (0..<learners).map { agent in StepJob { [unowned core] in core.compute(agent) } }
  }

  deinit { for job in stepJobs { steps.withdraw(job) } }

  package static var givesGradients: Bool { true }

  package var parameterCount: Int { core.networks.parameterCount }

  package var bytesHeld: Int { core.bytesHeld }

  package var layout: StepLayout { core.settings.layout(of: core.networks) }

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
    let work = work(of: node)
    core.turnIntoIncrement(node.index, phase: core.underWay[node.index].phase)
    return work
  }

  package func finishGradient(_ node: NodeID) -> StepWork { work(of: node) }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: NodeID) {
    core.turnIntoIncrement(gradient, of: node.index, phase: 0)
  }

  package func abandon(_ node: NodeID) {
    steps.withdraw(stepJobs[node.index])
    core.hasEpisodes[node.index] = false
  }

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

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Float>) -> SquaredErrors {
    SquaredErrors(toNetworkOptimum: .nan, toOwnMinimiser: .nan)
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
  /// Actor and critic of whole episodes.
  package static let actorCritic = LearnerDefinition(
    name: "actor-critic", meaning: "an actor and a critic, two neural networks, that learn from whole episodes",
    source: "Valcarcel Macua et al., Diff-DAC, 2018, algorithm 1", parameters: ActorCriticSettings.parameters,
    tasks: ["control"], givesGradients: true, replacements: ["step-size": "use critic-step-size and actor-step-size"],
    check: { plan in
      if let fault = plan.task.control?.environment.faultOfNumbers { return fault }
      guard !(1...14).contains(plan.learner.actorCritic.hiddenUnits.count) else { return nil }
      return Fault("hidden-units", "must name 1 to 14 hidden layers")
    },
    facts: { plan in
      guard let control = plan.task.control else { return LearnerFacts(parameterCount: nil, metrics: []) }
      return plan.learner.actorCritic.facts(in: ControlTasks(control))
    },
    make: { context in
      guard let task = context.task as? ControlSettings else { return nil }
      return .single(
        StepBank(
          ActorCritic(
            context.settings.actorCritic, task: task, agents: context.nodes, learners: context.agentCount,
            testEpisodes: context.testEpisodes, seed: context.seed, replication: context.replication,
            steps: context.steps)))
    })
}

extension ActorCriticSettings {
  /// Both networks at once, or the critic and then the actor.
  fileprivate func layout(of networks: ActorCriticNetworks) -> StepLayout {
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
    var facts = LearnerFacts(layout(of: networks), metrics: MetricDefinition.ofControl)
    facts.bytesPerParameter = MemoryLayout<Float>.size
    facts.sizeSaidBy = "learner.hidden-units"
    if order == .gaussSeidel { facts.phasesSaidBy = ("order", order.rawValue) }
    facts.isRandom = true
    facts.startsVary = true
    if start == .own { facts.startsApart = ("start", "use common") }
    facts.matchingObstacle =
      "has agents that act: final errors are matched by one step size, which they do not have"
    facts.mostSamplesPerStep = UInt64(episodesPerStep * tasks.timeLimit)
    facts.leastPerStep = (samples: Double(episodesPerStep), episodes: Double(episodesPerStep))
    // Observation, action and reward.
    facts.numbersPerSample = tasks.observationCount + 2
    facts.computesElsewhere = true
    facts.policies = networks.policies
    facts.memory.perLearner = Double(MemoryLayout<Float>.size * networks.parameterCount)
    facts.memory.perNode = 4 * Double(momentsPerAgent(of: networks))
    facts.memory.perStep = bytesPerStep(in: tasks)
    facts.memory.keepsStep = order == .gaussSeidel
    return facts
  }
}
