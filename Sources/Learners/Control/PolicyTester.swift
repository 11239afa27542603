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
  /// What an agent's policy comes to in a task.
  ///
  /// - Parameters:
  ///   - own: the agent's parameters.
  ///   - task: the position of the task.
  ///   - attempt: the number of the grid point, for the streams of the test.
  typealias Score = @Sendable (_ own: UnsafePointer<Float>, _ task: Int, _ attempt: UInt32) -> Double

  private let core: TesterCore
  private let names: [String]
  private let jobs: [StepJob]
  private let steps: StepPool

  /// - Parameters:
  ///   - names: of the tasks.
  ///   - agents: how many there are.
  ///   - parameterCount: of each.
  init(_ names: [String], agents: Int, parameterCount: Int, steps: StepPool) {
    let core = TesterCore(agents: agents, parameterCount: parameterCount)
    self.core = core
    self.names = names
    self.steps = steps
    // The jobs must not keep the core alive: it outlives them, as `deinit` takes them back.
    jobs = (0..<agents).map { agent in StepJob { [unowned core] in core.test(agent) } }
  }

  deinit { for job in jobs { steps.withdraw(job) } }

  /// What each agent comes to, all of them tested at once.
  ///
  /// - Parameters:
  ///   - point: the number of the grid point.
  ///   - parameters: of all agents, one after the other (N × M).
  ///   - scores: overwritten with a number for each agent.
  ///   - task: the position of an agent's task in the list.
  func test(
    at point: Int, of parameters: UnsafePointer<Float>, into scores: borrowing Column<Double>, in task: (Int) -> Int,
    by score: @escaping Score
  ) {
    core.test = (parameters, UInt32(truncatingIfNeeded: point), score)
    for agent in jobs.indices { core.places[agent] = task(agent) }
    for job in jobs { steps.submit(job) }
    for job in jobs { steps.wait(for: job) }
    for agent in jobs.indices { scores[agent] = core.scores[agent] }
  }

  /// What every agent comes to in every task.
  func testAllTasks(at point: Int, of parameters: UnsafePointer<Float>, by score: @escaping Score) -> TaskReturns {
    var rows: [[Double]] = Array(repeating: [], count: jobs.count)
    let scores = Column(repeating: 0.0, count: jobs.count)
    for task in names.indices {
      test(at: point, of: parameters, into: scores, in: { _ in task }, by: score)
      for agent in rows.indices { rows[agent].append(scores[agent]) }
    }
    return TaskReturns(tasks: names, returns: rows)
  }
}

/// What threads read and write that test policies: what is not one agent's stays as it is while they do.
private final class TesterCore: @unchecked Sendable {
  private let parameterCount: Int
  var test: (parameters: UnsafePointer<Float>, attempt: UInt32, score: PolicyTester.Score)?
  let places: Column<Int>
  let scores: Column<Double>

  init(agents: Int, parameterCount: Int) {
    self.parameterCount = parameterCount
    places = Column(repeating: 0, count: agents)
    scores = Column(repeating: 0, count: agents)
  }

  func test(_ agent: Int) {
    guard let test else { return }
    scores[agent] = test.score(test.parameters + agent * parameterCount, places[agent], test.attempt)
  }
}

/// What policies of one player in each task come to: means over the episodes of a test.
struct PolicyScores: Sendable {
  /// The mean return.
  let ofReturns: PolicyTester.Score
  /// The mean of how far episodes lead, in metres, with actions drawn as in learning.
  let ofFlights: PolicyTester.Score

  /// - Parameter policies: what makes the test policies of the agents' parameters.
  init(_ tasks: ControlTasks, episodes: Int, policies: PolicyForm, tests: StreamFamily) {
    let starts = tasks.names.map { tests.key(EntityKey($0)) }
    let actions = tasks.names.map { tests.key(EntityKey("\($0) actions")) }
    ofReturns = { own, task, attempt in
      let found = tasks.evaluate(
        policies.test(own), in: task, starts: starts[task].attempt(attempt), episodes: episodes)
      return found.returns.reduce(0, +) / Double(episodes)
    }
    ofFlights = { own, task, attempt in
      let found = tasks.evaluate(
        policies.drawn(own, actions[task].attempt(attempt)), in: task, starts: starts[task].attempt(attempt),
        episodes: episodes)
      return found.flights(stepLength: tasks.environment.stepLength).reduce(0, +) / Double(episodes)
    }
  }
}
