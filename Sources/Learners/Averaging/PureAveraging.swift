// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Records
import Schema

/// No learning at all: agents combine what they start from, and the network optimum is the mean of it.
///
/// *Randomness*: `initialParameters` of the agent at index 0.
package struct PureAveraging: ~Copyable, ImmediateLearnerBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  package static var adapts: Bool { false }
  package var workPerStep: StepWork { StepWork(samples: 0) }
  package let parameterCount: Int
  private let initial: InitialParameters
  /// The mean of all initial parameters (M).
  private let mean: Column<Double>
  /// The initial parameters of all agents (N × M), which count as their own minimisers.
  private let starts: Column<Double>

  /// The agents of one replication.
  package init(
    _ settings: AveragingSettings, initial: InitialParameters.Choice, agents: [EntityKey], seed: UInt64,
    replication: UInt32
  ) {
    parameterCount = settings.dimension
    self.initial = InitialParameters(
      initial, dimension: settings.dimension, agents: agents, seed: seed, replication: replication)
    mean = Column(repeating: 0, count: settings.dimension)
    starts = Column(repeating: 0, count: agents.count * settings.dimension)
    for rank in agents.indices {
      let start = starts.base + rank * parameterCount
      self.initial.write(NodeID(rank), into: start)
      // A running mean: equal starts have exactly themselves as their mean.
      for entry in 0..<parameterCount { mean[entry] += (start[entry] - mean[entry]) / Double(rank + 1) }
    }
  }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    initial.write(node, into: parameters)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>,
    increment: UnsafeMutablePointer<Double>
  ) {
    increment.update(repeating: 0, count: parameterCount)
  }

  package func count(_ nodes: [NodeID]) {
    mean.base.update(repeating: 0, count: parameterCount)
    for (number, node) in nodes.enumerated() {
      for entry in 0..<parameterCount {
        mean[entry] += (starts[node.index * parameterCount + entry] - mean[entry]) / Double(number + 1)
      }
    }
  }

  package func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>
  ) throws(RunMemoryFault) { try memory.column("mean of the agents", mean) }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    let start = starts.base + node.index * parameterCount
    var errors = SquaredErrors()
    for entry in 0..<parameterCount {
      let toMean = mean[entry] - parameters[entry]
      let toStart = start[entry] - parameters[entry]
      errors.toNetworkOptimum += toMean * toMean
      errors.toOwnMinimiser += toStart * toStart
    }
    return errors
  }
}

extension LearnerDefinition {
  /// No learning.
  package static let none = LearnerDefinition(
    name: "none", meaning: "no gradient: agents only combine",
    parameters: [
      .initial,
      Parameter(
        "step-size", Parameter.stepSize.kind, "of nothing: it is read so that arms with and without steps can share it",
        .otherwise(.number(0))),
    ], tasks: ["averaging"],
    check: { $0.initialFault },
    facts: { plan in
      var facts = LearnerFacts(
        parameterCount: plan.task.facts.parameterCount, metrics: MetricDefinition.ofEstimation)
      facts.furtherMetrics = MetricDefinition.furtherOfEstimation
      facts.adapts = false
      facts.followsTheory = true
      facts.startsVary = plan.learner.initial.varies
      facts.matchingObstacle = "takes no steps, so there is no step size to match"
      facts.sizeSaidBy = "task.dimension"
      return facts
    },
    make: { context in
      guard let task = context.task as? AveragingSettings else { return nil }
      return .double(
        StepBank(
          PureAveraging(
            task, initial: context.settings.initial, agents: context.nodes, seed: context.seed,
            replication: context.replication)))
    })
}
