// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// Least mean squares with leakage: w ← (1 − μ_k γ) w + μ_k u (d − uᵀw). Data are those of `LeastMeanSquares`, draw by
/// draw, so that with γ = 0 it is that learner.
///
/// In the mean it descends on half the mean square error plus γ |w|² / 2: alone, an agent ends near
/// (R + γ I)⁻¹ R w° and not at its minimiser w°.
///
/// Source: Mayyas and Aboulnasr, "Leaky LMS algorithm: MSE analysis for Gaussian data", IEEE Transactions on Signal
/// Processing 45 (1997).
///
/// *Randomness*: that of `LeastMeanSquares`.
package struct LeakyLeastMeanSquares: ~Copyable, PlainDescentBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  private let plain: LeastMeanSquares
  /// μ_k γ of each agent.
  private let shrinkage: Column<Double>

  /// The learners of one replication.
  package init(
    _ task: LinearRegressionTask, leakage: Double, initial: InitialParameters.Choice, agents: [EntityKey],
    seed: UInt64, replication: UInt32
  ) {
    plain = LeastMeanSquares(task, initial: initial, agents: agents, seed: seed, replication: replication)
    shrinkage = Column(task.stepSizes.map { $0 * leakage })
  }

  package var parameterCount: Int { plain.parameterCount }

  package var workPerStep: StepWork { plain.workPerStep }

  package var bytesHeld: Int { plain.bytesHeld }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    plain.initialise(node, into: parameters)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>
  ) {
    plain.begin(step, at: parameters, increment: increment)
    let share = shrinkage[step.node.index]
    for index in 0..<parameterCount { increment[index] -= share * parameters[index] }
  }

  package func count(_ nodes: [NodeID]) { plain.count(nodes) }

  package func change(_ change: TaskChange, of nodes: [NodeID]) { plain.change(change, of: nodes) }

  package func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>
  ) throws(RunMemoryFault) {
    try plain.visit(&memory, increments: increments)
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    plain.squaredErrors(node, at: parameters)
  }
}

extension LearnerDefinition {
  /// Least mean squares on one sample a step, with leakage.
  package static let leakyLeastMeanSquares = LearnerDefinition(
    name: "leaky-lms",
    meaning: "lms that forgets a little in each step: w <- (1 - mu leakage) w + mu u (d - u'w), biased towards zero",
    source: "Mayyas and Aboulnasr, Leaky LMS algorithm: MSE analysis for Gaussian data, IEEE Transactions on Signal "
      + "Processing 45 (1997)",
    parameters: [.stepSize, .initial, leakage], tasks: ["linear-regression"], givesGradients: true,
    check: { $0.initialFault },
    facts: { plan in
      var facts = LearnerDefinition.leastMeanSquares.facts(plan)
      // Nobody's minimiser is where it ends, and the recursions know no leakage.
      facts.followsTheory = false
      facts.isBiased = true
      return facts
    },
    make: { context in
      guard let task = context.task as? LinearRegressionTask else { return nil }
      return .double(
        StepBank(
          LeakyLeastMeanSquares(
            task, leakage: context.settings.arguments.number("leakage") ?? 0, initial: context.settings.initial,
            agents: context.nodes, seed: context.seed, replication: context.replication)))
    })

  private static let leakage = Parameter(
    "leakage", .number(Bounds(0...1)), "share of the parameters that a step loses, over its step size",
    .otherwise(.number(0.01)))
}
