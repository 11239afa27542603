// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records
import Workers

/// Tests policies of agents in episodes that nobody learns from, each agent's on any thread.
///
/// *Randomness*: `testEpisode` of the task at the attempt of the grid point, an index for each episode; so all agents,
/// strategies and learners start from the same states. Where actions are drawn, their numbers come from `testEpisode` of the
/// task's name followed by " actions".
final class PolicyTester: Sendable {
  private let core: TesterCore
  private let jobs: [StepJob]
  private let steps: StepPool

  /// - Parameters:
  ///   - agents: how many there are.
  ///   - policies: what makes the test policies of the agents' parameters.
  init(
    _ tasks: ControlTasks, agents: Int, episodes: Int, policies: PolicyForm, tests: StreamFamily, steps: StepPool
  ) {
    let core = TesterCore(tasks, agents: agents, episodes: episodes, policies: policies, tests: tests)
    self.core = core
    self.steps = steps
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    jobs = (0..<agents).map { agent in StepJob { [unowned core] in core.test(agent) } }
  }

  deinit { for job in jobs { steps.withdraw(job) } }

  /// The mean return of each agent, all of them tested at once.
  ///
  /// - Parameters:
  ///   - point: the number of the grid point.
  ///   - parameters: of all agents, one after the other (N × M).
  ///   - returns: overwritten with a number for each agent.
  ///   - task: the position of an agent's task in the list.
  ///   - byFlight: whether how far episodes lead is measured instead, in metres, with actions drawn as in learning.
  func test(
    at point: Int, of parameters: UnsafePointer<Float>, into returns: borrowing Column<Double>, in task: (Int) -> Int,
    byFlight: Bool = false
  ) {
    core.point = point
    core.measuresFlight = byFlight
    core.parameters = parameters
    for agent in jobs.indices { core.places[agent] = task(agent) }
    for job in jobs { steps.submit(job) }
    for job in jobs { steps.wait(for: job) }
    for agent in jobs.indices { returns[agent] = core.returns[agent] }
  }

  /// The mean return of every agent in every task.
  func testAllTasks(at point: Int, of parameters: UnsafePointer<Float>, byFlight: Bool = false) -> TaskReturns {
    var rows: [[Double]] = Array(repeating: [], count: jobs.count)
    let returns = Column(repeating: 0.0, count: jobs.count)
    for task in 0..<core.tasks.count {
      test(at: point, of: parameters, into: returns, in: { _ in task }, byFlight: byFlight)
      for agent in rows.indices { rows[agent].append(returns[agent]) }
    }
    return TaskReturns(tasks: core.tasks.names, returns: rows)
  }
}

/// What threads read and write that test policies: what is not one agent's stays as it is while they do.
private final class TesterCore: @unchecked Sendable {
  let tasks: ControlTasks
  private let episodes: Int
  private let keys: [StreamKey]
  /// Of drawn actions, by task.
  private let actionKeys: [StreamKey]
  private let policies: PolicyForm
  var point = 0
  var measuresFlight = false
  var parameters: UnsafePointer<Float>?
  let places: Column<Int>
  let returns: Column<Double>

  init(_ tasks: ControlTasks, agents: Int, episodes: Int, policies: PolicyForm, tests: StreamFamily) {
    self.tasks = tasks
    self.episodes = episodes
    self.policies = policies
    keys = tasks.names.map { tests.key(EntityKey($0)) }
    actionKeys = tasks.names.map { tests.key(EntityKey("\($0) actions")) }
    places = Column(repeating: 0, count: agents)
    returns = Column(repeating: 0, count: agents)
  }

  func test(_ agent: Int) {
    guard let parameters else { return }
    let (task, attempt) = (places[agent], UInt32(truncatingIfNeeded: point))
    let own = parameters + agent * policies.parameterCount
    let policy =
      measuresFlight ? policies.drawn(own, actionKeys[task].attempt(attempt)) : policies.test(own)
    let found = tasks.evaluate(policy, in: task, starts: keys[task].attempt(attempt), episodes: episodes)
    returns[agent] =
      (measuresFlight ? found.flights(stepLength: tasks.environment.stepLength) : found.returns).reduce(0, +)
      / Double(episodes)
  }
}
