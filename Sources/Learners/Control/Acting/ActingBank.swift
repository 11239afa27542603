// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets
import Quantities
import Randomness
import Records
import Workers

/// The learning of agents that act: each in its task, with networks in single precision, from a copy of its parameters.
///
/// Steps are computed by whoever has time between `begin` and `finish` (`StepPool`). What and how is the core's.
///
/// *Randomness*: what the core says; `testEpisode` as `PolicyTester` says.
package struct ActingBank<Core: ActingCore>: ~Copyable, LearnerBank {
  package typealias Scalar = Float

  private let core: Core
  private let tester: PolicyTester
  private let scores: PolicyScores
  private let stepJobs: [StepJob]
  private let pool: StepPool

  /// The agents of one replication.
  ///
  /// - Parameters:
  ///   - agents: all nodes of the network.
  ///   - learners: how many of them act; the rest have optimisers only.
  ///   - steps: where their steps are computed.
  package init(
    _ settings: Core.Settings, task: ControlSettings, agents: [EntityKey], learners: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    let tasks = ControlTasks(task)
    let streams = ActingStreams(seed: seed, replication: replication)
    let core = Core(settings, tasks: tasks, agents: agents, learners: learners, streams: streams)
    self.core = core
    pool = steps
    tester = PolicyTester(tasks.names, agents: learners, parameterCount: core.policies.parameterCount, steps: steps)
    scores = PolicyScores(tasks, episodes: testEpisodes, policies: core.policies, tests: streams.tests)
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    stepJobs = (0..<learners).map { agent in StepJob { [unowned core] in core.compute(agent) } }
  }

  deinit { for job in stepJobs { pool.withdraw(job) } }

  /// The agents of a replication, or nothing where the task is not one to act in.
  static func agents(_ settings: Core.Settings, _ context: LearningContext) -> AnyStepBank? {
    guard let task = context.task as? ControlSettings else { return nil }
    return .single(
      StepBank(
        ActingBank(
          settings, task: task, agents: context.nodes, learners: context.agentCount,
          testEpisodes: context.testEpisodes, seed: context.seed, replication: context.replication,
          steps: context.steps)))
  }

  package static var givesGradients: Bool { Core.givesGradients }

  package var parameterCount: Int { core.steps.parameterCount }

  package var layout: StepLayout { core.layout }

  package var bytesHeld: Int { core.bytesHeld }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Float>) {
    core.initialise(node.index, into: parameters)
  }

  // MARK: - Steps

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Float>, increment: UnsafeMutablePointer<Float>
  ) {
    core.steps.begin(step, at: parameters, gradient: increment)
    core.begins(step)
    pool.submit(stepJobs[step.node.index])
  }

  package func work(of node: NodeID) -> StepWork {
    pool.wait(for: stepJobs[node.index])
    return core.steps.work[node.index]
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

  package func abandon(_ node: NodeID) {
    pool.withdraw(stepJobs[node.index])
    core.abandons(node.index)
  }

  package func forget(_ node: NodeID) { core.forget(node.index) }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    for job in stepJobs { pool.wait(for: job) }
    try core.visit(&memory, increments: increments)
  }

  package func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {
    // Whoever computes a step may write beside what is kept.
    if node.index < stepJobs.count { pool.wait(for: stepJobs[node.index]) }
    try core.visit(&memory, of: node.index)
  }

  // MARK: - Tasks and tests

  package func change(_ change: TaskChange, of nodes: [NodeID]) {
    guard case .shift(let places) = change else { preconditionFailure("Agents take other tasks, and nothing else.") }
    core.steps.shift(nodes, by: places)
  }

  package func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Float>,
    into values: borrowing Column<Double>
  ) {
    if metric.name == MetricDefinition.flight.name {
      return tester.test(at: point, of: parameters, into: values, in: core.steps.task, by: scores.ofFlights)
    }
    if metric.name == MetricDefinition.everyTaskFlight.name {
      let flights = tester.testAllTasks(at: point, of: parameters, by: scores.ofFlights).returns
      for agent in flights.indices { values[agent] = flights[agent].reduce(0, +) / Double(flights[agent].count) }
      return
    }
    let isLength = metric.name == MetricDefinition.recentSteps.name
    precondition(
      isLength || metric.name == MetricDefinition.recentReturn.name, "Agents that act measure their latest episodes.")
    for agent in 0..<values.count {
      // Of several copies of an environment the mean.
      let lives = core.lives(of: agent)
      let sum = lives.reduce(0) { $0 + (isLength ? $1.recentSteps : $1.recentReturn) }
      values[agent] = sum / Double(lives.count)
    }
  }

  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Float>, into returns: borrowing Column<Double>
  ) {
    tester.test(at: point, of: parameters, into: returns, in: core.steps.task, by: scores.ofReturns)
  }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Float>) -> TaskReturns? {
    tester.testAllTasks(at: point, of: parameters, by: scores.ofReturns)
  }

  package func taskName(of node: NodeID) -> String? { core.steps.tasks.names[core.steps.task(of: node.index)] }
}
