// SPDX-License-Identifier: GPL-3.0-or-later
import Environments
import Quantities
import Randomness
import Records
import Schema

/// The tabular actor-critic that Diff-DAC approximates: every agent ascends in the dual variables d(s,a) of its own
/// process along the advantages of its policy, d ← [d + α_k A(s,a)]⁺ (`DualAscent`). It uses no data.
///
/// Non-cooperative agents each find the best policy of their own task. With diffusion the dual variables are averaged,
/// which the paper does to the weights of the networks that stand in for them. What agents then agree on need not be
/// best for the sum of their tasks' values, and neither is the best policy of the average process where the tasks move
/// differently.
///
/// A combination that adds an older increment, or has negative weights, can leave entries below zero: they count as zero,
/// and the next step brings them back. Parameters that are not finite any more have increments and returns that are not
/// numbers.
///
/// Source: Valcarcel Macua et al., "Diff-DAC: distributed actor-critic for average multitask deep reinforcement
/// learning", 2018, equations 7 and 14 to 17.
///
/// *Randomness*: `initialParameters` of the agent at index 0.
package struct TabularDualAscent: ~Copyable, ImmediateLearnerBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  private let agents: TabularAgents

  /// The learners of one replication.
  ///
  /// - Parameters:
  ///   - initial: above zero, so that every action has a part in the first policy.
  ///   - learners: how many of the agents learn.
  package init(
    _ tasks: FiniteTasks, initial: InitialParameters.Choice, agents: [EntityKey], learners: Int, seed: UInt64,
    replication: UInt32
  ) {
    self.agents = TabularAgents(
      tasks, initial: initial, agents: agents, learners: learners, seed: seed, replication: replication)
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
    let process = agents.tasks.processes[agents.process(of: agent)]
    guard let table = agents.table(at: parameters),
      let policy = DualAscent.policy(of: table, actionCount: process.actionCount)
    else {
      return increment.update(repeating: .nan, count: parameterCount)
    }
    let advantages = process.advantages(solved { () throws(EnvironmentError) in try process.values(of: policy) })
    for index in table.indices {
      let dual = DualAscent.stepped(table[index], advantage: advantages[index], stepSize: agents.stepSize[agent])
      increment[index] = dual - table[index]
    }
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
    agents.ownReturns(at: parameters, into: returns) { DualAscent.policy(of: $0, actionCount: actions) }
  }

  package func taskReturns(at point: Int, of parameters: UnsafePointer<Double>) -> TaskReturns? {
    let actions = agents.tasks.actionCount
    return agents.taskReturns(at: parameters) { DualAscent.policy(of: $0, actionCount: actions) }
  }

  package func taskName(of node: NodeID) -> String? { agents.taskName(of: node.index) }
}

extension LearnerDefinition {
  /// Dual ascent on the linear program of a decision process.
  package static let dualAscent = LearnerDefinition(
    name: "dual-ascent", meaning: "dual ascent on the linear program of the agent's decision process",
    source: "Valcarcel Macua et al., Diff-DAC, 2018, equations 7 and 14 to 17", parameters: [.stepSize, .initial],
    tasks: ["five-state", "grid-world"],
    check: { plan in
      let isAboveZero =
        switch plan.learner.initial {
        case .constant(let value): value > 0
        case .values(let values), .entries(let values): values.allSatisfy { $0 > 0 }
        case .normal: false
        }
      guard isAboveZero else {
        return Fault(
          "initial", "must be above zero with dual-ascent, so that every action has a part in the first policy",
          hint: "such as learner.initial: 0.1")
      }
      return plan.initialFault
    }, facts: { LearnerFacts(tabular: $0) },
    make: { context in
      guard let tasks = context.task as? FiniteTasks else { return nil }
      return .double(
        StepBank(
          TabularDualAscent(
            tasks, initial: context.settings.initial, agents: context.nodes, learners: context.agentCount,
            seed: context.seed, replication: context.replication)))
    })
}
