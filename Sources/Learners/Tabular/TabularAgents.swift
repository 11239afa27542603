// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records

/// What the learners of finite decision processes have in common: tasks, step sizes, initial parameters, and what
/// their policies are worth, exactly.
struct TabularAgents: ~Copyable {
  let tasks: FiniteTasks
  let stepSize: Column<Double>
  private let learners: Int
  /// How many places on from its first task each agent is.
  private let shifts: Column<Int>
  private let initial: InitialParameters

  /// - Parameter learners: how many of the agents learn, the first of them.
  init(
    _ tasks: FiniteTasks, initial: InitialParameters.Choice, agents: [EntityKey], learners: Int, seed: UInt64,
    replication: UInt32
  ) {
    precondition(
      tasks.processes.allSatisfy { $0.discount < 1 }, "Policies have values where the discount is below one.")
    self.tasks = tasks
    self.learners = learners
    shifts = Column(repeating: 0, count: agents.count)
    stepSize = Column(tasks.stepSizes)
    self.initial = InitialParameters(
      initial, dimension: tasks.parameterCount, agents: agents, seed: seed, replication: replication)
  }

  var parameterCount: Int { tasks.parameterCount }

  /// The position of an agent's process.
  func process(of agent: Int) -> Int { tasks.process(of: agent, shiftedBy: shifts[agent]) }

  /// The name of an agent's task.
  func taskName(of agent: Int) -> String { tasks.name(of: agent, shiftedBy: shifts[agent]) }

  func change(_ change: TaskChange, of nodes: [NodeID]) {
    guard case .shift(let places) = change else { preconditionFailure("Agents take other tasks, and nothing else.") }
    for node in nodes { shifts[node.index] += places }
  }

  func visit(_ memory: inout RunMemory) throws(RunMemoryFault) { try memory.column("places of tasks", shifts) }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    initial.write(node, into: parameters)
  }

  /// The parameters of an agent; nothing where one is not finite, as after a divergence.
  func table(at parameters: UnsafePointer<Double>) -> [Double]? {
    let table = Array(UnsafeBufferPointer(start: parameters, count: parameterCount))
    return table.allSatisfy(\.isFinite) ? table : nil
  }

  /// The exact expected return of an agent's policy in a task, or nothing where it has no policy any more.
  private func expectedReturn(
    of agent: Int, in task: Int, _ parameters: UnsafePointer<Double>, _ policy: ([Double]) -> TabularPolicy?
  ) -> Double {
    guard let table = table(at: parameters + agent * parameterCount), let policy = policy(table) else { return .nan }
    let process = tasks.judged[task]
    return solved { () throws(EnvironmentError) in try process.expectedReturn(of: policy) }
  }

  /// The returns of agents, each in its own task.
  ///
  /// - Parameter parameters: of all agents, one after the other.
  func ownReturns(
    at parameters: UnsafePointer<Double>, into returns: borrowing Column<Double>,
    policy: ([Double]) -> TabularPolicy?
  ) {
    for agent in 0..<returns.count {
      returns[agent] = expectedReturn(of: agent, in: process(of: agent), parameters, policy)
    }
  }

  /// The returns of all learners in every task.
  func taskReturns(at parameters: UnsafePointer<Double>, policy: ([Double]) -> TabularPolicy?) -> TaskReturns {
    let returns = (0..<learners).map { agent in
      tasks.names.indices.map { expectedReturn(of: agent, in: $0, parameters, policy) }
    }
    return TaskReturns(tasks: tasks.names, returns: returns)
  }
}

/// What comes out of the equations of a policy. With a discount below one they always have a solution.
func solved<Value>(_ value: () throws(EnvironmentError) -> Value) -> Value {
  do {
    return try value()
  } catch {
    preconditionFailure("A policy has values where the discount is below one: \(error)")
  }
}

extension LearnerFacts {
  /// The facts of learners of finite decision processes.
  init(tabular plan: LearningPlan) {
    self.init(parameterCount: plan.task.facts.parameterCount, metrics: MetricDefinition.ofExactPolicies)
    startsVary = plan.learner.initial.varies
    matchingObstacle = "learns policies, which are judged by their returns: it has no final error to match"
  }
}
