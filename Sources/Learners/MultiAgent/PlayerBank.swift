// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records
import Workers

/// The learning of agents each of whom plays all players of a world of its own, and that share what players can do.
///
/// Parameters are those of `PlayerNetworks`. What an agent has for itself is never sent: the steps that it replays, and the
/// moments of its optimisers. A step that is given up leaves no trace of any. As where parameters go within a step depends on
/// moments, no other node can make its moves.
///
/// *Randomness*: `initialParameters` of `network` (or of the agent, where each has its own), an index for each network;
/// `episodeStart` and `actionNoise` of the agent in the attempt, as `WorldPlay` says; `replay` of the agent at the index of
/// the attempt, for transitions, next actions, compared skills and their actions; `testEpisode` of the task at the attempt of
/// the grid point for first states, and at that of the next power of two for skills and actions.
package struct PlayerBank: ~Copyable, LearnerBank {
  package typealias Scalar = Float

  private let core: PlayerCore
  private let tester: PolicyTester
  private let score: PolicyTester.Score
  private let jobs: [StepJob]
  private let pool: StepPool

  /// The agents of one replication.
  ///
  /// - Parameters:
  ///   - agents: all nodes of the network.
  ///   - learners: how many of them act; the rest have optimisers only.
  ///   - steps: where their steps are computed.
  package init(
    _ settings: PlayerSettings, task: ParticleTask, agents: [EntityKey], learners: Int, testEpisodes: Int,
    seed: UInt64, replication: UInt32, steps: StepPool
  ) {
    let streams = ActingStreams(seed: seed, replication: replication)
    let core = PlayerCore(settings, task: task, agents: agents, learners: learners, streams: streams)
    self.core = core
    pool = steps
    tester = PolicyTester(task.names, agents: learners, parameterCount: core.networks.parameterCount, steps: steps)
    let form = PlayersForm(core.networks, in: task)
    let keys = task.names.map { streams.tests.key(EntityKey($0)) }
    score = { own, task, attempt in
      let key = keys[task].attempt(attempt)
      let found = form.returns(
        of: .best(own), in: task, starts: key, noise: key.attempt(1 << 31), episodes: testEpisodes)
      return found.reduce(0, +) / Double(found.count)
    }
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    jobs = (0..<learners).map { agent in StepJob { [unowned core] in core.compute(agent) } }
  }

  deinit { for job in jobs { pool.withdraw(job) } }

  package var parameterCount: Int { core.networks.parameterCount }

  package var layout: StepLayout { core.networks.layout }

  package var bytesHeld: Int { core.bytesHeld }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Float>) {
    core.initialise(node.index, into: parameters)
  }

  // MARK: - Steps

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Float>, increment: UnsafeMutablePointer<Float>
  ) {
    core.begin(step, at: parameters, increment: increment)
    pool.submit(jobs[step.node.index])
  }

  package func work(of node: NodeID) -> StepWork {
    pool.wait(for: jobs[node.index])
    return core.work[node.index]
  }

  package func finish(_ node: NodeID) -> StepWork {
    let work = work(of: node)
    core.commit(node.index)
    return work
  }

  package func abandon(_ node: NodeID) { pool.withdraw(jobs[node.index]) }

  package func forget(_ node: NodeID) { core.forget(node.index) }

  package func visit(_ memory: inout RunMemory, increments: UnsafeMutablePointer<Float>) throws(RunMemoryFault) {
    for job in jobs { pool.wait(for: job) }
    try core.visit(&memory, increments: increments)
  }

  package func visit(_ memory: inout RunMemory, of node: NodeID) throws(RunMemoryFault) {
    // Whoever computes a step may write beside what is kept.
    if node.index < jobs.count { pool.wait(for: jobs[node.index]) }
    try core.visit(&memory, of: node.index)
  }

  // MARK: - Tests

  package func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Float>,
    into values: borrowing Column<Double>
  ) {
    precondition(metric.name == MetricDefinition.recentReturn.name, "Agents that play measure their latest episodes.")
    for agent in 0..<values.count { values[agent] = core.life(of: agent).recentReturn }
  }

  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Float>, into returns: borrowing Column<Double>
  ) {
    tester.test(at: point, of: parameters, into: returns, in: core.task.position(agent:), by: score)
  }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Float>) -> TaskReturns? {
    tester.testAllTasks(at: point, of: parameters, by: score)
  }

  package func taskName(of node: NodeID) -> String? { core.task.names[core.task.position(agent: node.index)] }
}
