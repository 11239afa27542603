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
package struct DeepQLearning: ~Copyable, LearnerBank {
  package typealias Scalar = Float

  private let core: DeepQCore
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
    _ settings: DeepQSettings, task: ControlSettings, agents: [EntityKey], learners: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    let tasks = ControlTasks(task)
    let core = DeepQCore(
      settings, tasks: tasks, agents: agents, learners: learners,
      streams: DeepQStreams(seed: seed, replication: replication))
    self.core = core
    self.steps = steps
    tester = PolicyTester(
      tasks, agents: learners, episodes: testEpisodes, policies: settings.policies(in: tasks),
      tests: StreamFamily(seed: seed, replication: replication, purpose: .testEpisode), steps: steps)
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    stepJobs = (0..<learners).map { agent in StepJob { [unowned core] in core.compute(agent) } }
  }

  deinit { for job in stepJobs { steps.withdraw(job) } }

  package static var givesGradients: Bool { true }

  package var parameterCount: Int { core.network.parameterCount }

  package var layout: StepLayout { StepLayout([.shared("q", parameterCount)]) }

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
    core.turnIntoIncrement(node.index)
    return work
  }

  package func finishGradient(_ node: NodeID) -> StepWork {
    let work = work(of: node)
    core.commit(node.index)
    return work
  }

  package func turnIntoIncrement(_ gradient: UnsafeMutablePointer<Float>, of node: NodeID) {
    core.turnIntoIncrement(gradient, of: node.index)
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
  /// Values of actions from replayed transitions.
  package static let deepQLearning = LearnerDefinition(
    name: "dqn", meaning: "deep Q-learning: a neural network learns from replayed transitions what actions are worth",
    source: "Mnih et al., Human-level control through deep reinforcement learning, 2015, algorithm 1",
    parameters: DeepQSettings.parameters, tasks: ["control"], givesGradients: true,
    replacements: [
      "step-size": "use q-step-size", "critic-step-size": "use q-step-size", "actor-step-size": "use q-step-size",
      "episodes-per-step": "use steps-per-update",
    ],
    check: { plan in
      if let fault = plan.task.control?.environment.faultOfChoices { return fault }
      return plan.learner.deepQ.fault
    },
    facts: { plan in
      guard let control = plan.task.control else { return LearnerFacts(parameterCount: nil, metrics: []) }
      return plan.learner.deepQ.facts(in: ControlTasks(control))
    },
    make: { context in
      guard let task = context.task as? ControlSettings else { return nil }
      return .single(
        StepBank(
          DeepQLearning(
            context.settings.deepQ, task: task, agents: context.nodes, learners: context.agentCount,
            testEpisodes: context.testEpisodes, seed: context.seed, replication: context.replication,
            steps: context.steps)))
    })
}

extension DeepQSettings {
  /// What about the values cannot be.
  fileprivate var fault: Fault? {
    guard (1...14).contains(hiddenUnits.count) else { return Fault("hidden-units", "must name 1 to 14 hidden layers") }
    guard replay >= batch else {
      return Fault(
        "replay", "keeps \(counted(replay, "transition")), but a batch has \(batch)", hint: "keep at least \(batch)")
    }
    return nil
  }

  /// The policies of such parameters: greedy ones, and those that explore as in the long run.
  fileprivate func policies(in tasks: ControlTasks) -> PolicyForm {
    let (network, probability) = (network(in: tasks), exploration.end)
    return PolicyForm(parameterCount: network.parameterCount) {
      .greedy(network, at: $0)
    } drawn: {
      .exploring(network, at: $0, probability: probability, noise: $1)
    }
  }

  fileprivate func facts(in tasks: ControlTasks) -> LearnerFacts {
    let network = network(in: tasks)
    let count = network.parameterCount
    let float = MemoryLayout<Float>.size
    var facts = LearnerFacts(StepLayout([.shared("q", count)]), metrics: MetricDefinition.ofControl)
    facts.furtherMetrics = MetricDefinition.furtherOfLivingAgents
    facts.bytesPerParameter = float
    facts.sizeSaidBy = "learner.hidden-units"
    facts.isRandom = true
    facts.startsVary = true
    if start == .own { facts.startsApart = ("start", "use common") }
    facts.matchingObstacle = "has agents that act: final errors are matched where there is a known optimum"
    facts.mostSamplesPerStep = UInt64(stepsPerUpdate)
    facts.mostGradientSamplesPerStep = UInt64(batch)
    facts.leastPerStep = (samples: Double(stepsPerUpdate), episodes: 0)
    facts.computesElsewhere = true
    facts.policies = policies(in: tasks)
    let transitions = Experience.bytesPerAgent(tasks, capacity: replay, stepsAtOnce: stepsPerUpdate)
    let target = targetEvery == nil ? 0 : Double(float * count)
    facts.memory.perLearner = Double(float * count) + target + 1000
    facts.memory.samplesPerLearner = transitions
    facts.memory.perNode = Double(float * optimiser.optimiser(stepSize: stepSize).stateCount(parameters: count))
    facts.memory.perCheckpoint = target + transitions
    facts.memory.perStep = DeepQRoom.bytes(batch: batch, network: network)
    return facts
  }
}
