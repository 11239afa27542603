// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records
import Schema

/// The exact gradient of each agent's own objective by the table θ of its softmax policy: θ ← θ + α_k ∇L_k(θ), with
/// the relative entropy of `SoftmaxObjective`. It uses no data.
///
/// As a step is taken at frozen parameters, strategy `consensus` in synchronous-global timing is the paper's algorithm
/// (`DecentralizedPolicyGradient`), and non-cooperative its single-agent baseline.
///
/// Parameters that are not finite any more have increments and returns that are not numbers.
///
/// Source: Zeng et al., "A decentralized policy gradient approach to multi-task reinforcement learning", 2021,
/// algorithm 1 and equations 5 to 9.
///
/// *Randomness*: `initialParameters` of the agent at index 0.
package struct TabularPolicyGradient: ~Copyable, ImmediateLearnerBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  private let agents: TabularAgents
  /// Of each task.
  private let objectives: [SoftmaxObjective]

  /// The learners of one replication.
  ///
  /// - Parameter learners: how many of the agents learn.
  package init(
    _ tasks: FiniteTasks, relativeEntropyWeight: Double, initial: InitialParameters.Choice, agents: [EntityKey],
    learners: Int, seed: UInt64, replication: UInt32
  ) {
    self.agents = TabularAgents(
      tasks, initial: initial, agents: agents, learners: learners, seed: seed, replication: replication)
    objectives = tasks.processes.map { SoftmaxObjective($0, relativeEntropyWeight: relativeEntropyWeight) }
  }

  package var parameterCount: Int { agents.parameterCount }

  package var workPerStep: StepWork { StepWork(samples: 0) }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    agents.initialise(node, into: parameters)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>
  ) {
    let agent = step.node.index
    guard let table = agents.table(at: parameters) else {
      return increment.update(repeating: .nan, count: parameterCount)
    }
    let objective = objectives[agents.process(of: agent)]
    let gradient = solved { () throws(EnvironmentError) in try objective.gradient(at: table) }
    for index in gradient.indices { increment[index] = agents.stepSize[agent] * gradient[index] }
  }

  package func change(_ change: TaskChange, of nodes: [NodeID]) { agents.change(change, of: nodes) }

  package func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>
  ) throws(RunMemoryFault) {
    try agents.visit(&memory)
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    SquaredErrors(toNetworkOptimum: .nan, toOwnMinimiser: .nan)
  }

  package func testReturns(
    at point: Int, of parameters: UnsafePointer<Double>, into returns: borrowing Column<Double>
  ) {
    let actions = agents.tasks.actionCount
    agents.ownReturns(at: parameters, into: returns) { TabularPolicy(softmax: $0, actionCount: actions) }
  }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Double>) -> TaskReturns? {
    let actions = agents.tasks.actionCount
    return agents.taskReturns(at: parameters) { TabularPolicy(softmax: $0, actionCount: actions) }
  }

  package func taskName(of node: NodeID) -> String? { agents.taskName(of: node.index) }
}

extension LearnerDefinition {
  /// The exact gradient of a softmax policy.
  package static let policyGradient = LearnerDefinition(
    name: "policy-gradient",
    meaning: "the exact gradient of the agent's softmax policy in its decision process, with a relative entropy",
    source: "Zeng et al., A decentralized policy gradient approach to multi-task reinforcement learning, 2021",
    parameters: [
      .stepSize, .initial,
      Parameter(
        "relative-entropy-weight", .number(.notNegative), "what keeps policies from certainty", .otherwise(.number(0))),
    ], tasks: ["five-state"], check: { $0.initialFault }, facts: { LearnerFacts(tabular: $0) },
    make: { context in
      guard let tasks = context.task as? FiniteTasks else { return nil }
      return .double(
        StepBank(
          TabularPolicyGradient(
            tasks, relativeEntropyWeight: context.settings.relativeEntropyWeight, initial: context.settings.initial,
            agents: context.nodes, learners: context.agentCount, seed: context.seed,
            replication: context.replication)))
    })
}

extension LearnerSettings {
  /// λ, the weight of the relative entropy (policy gradient).
  package var relativeEntropyWeight: Double {
    get { arguments.number("relative-entropy-weight") ?? 0 }
    set { arguments["relative-entropy-weight"] = .number(newValue) }
  }
}
