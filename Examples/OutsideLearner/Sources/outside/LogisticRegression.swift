// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import StarlingKit

/// Logistic regression, a fresh point in every step: w ← w + μ_k y x / (1 + exp(y wᵀx)).
///
/// *Randomness*: `data` of the agent at the index of the attempt.
struct LogisticRegression: ~Copyable, ImmediateLearnerBank {
  let parameterCount: Int
  var workPerStep: StepWork { StepWork(samples: 1) }
  private let task: TwoClasses
  /// μ_k.
  private let stepSizes: [Double]
  private let data: [StreamKey]
  /// The point in use (M).
  private let point: Column<Double>

  init(_ context: LearningContext, _ task: TwoClasses) {
    func family(_ purpose: Purpose, _ replication: UInt32) -> StreamFamily {
      StreamFamily(seed: context.seed, replication: replication, purpose: purpose)
    }
    parameterCount = task.dimension
    self.task = task
    stepSizes = context.settings.stepSize.drawn(
      for: context.nodes, from: family(.learnerParameters, StreamFamily.study), at: 0)
    let keys = family(.data, context.replication)
    data = context.nodes.map { keys.key($0) }
    point = Column(repeating: 0, count: task.dimension)
  }

  func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    parameters.update(repeating: 0, count: parameterCount)
  }

  func begin(_ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>) {
    let label = task.point(data[step.node.index], at: step.attempt, into: point)
    let gain = stepSizes[step.node.index] * label / (1 + exp(label * margin(point.base, parameters)))
    for entry in 0..<parameterCount { increment[entry] = gain * point[entry] }
  }

  /// The share of its test points that each agent puts into the wrong class.
  func measure(
    _ metric: MetricDefinition, at number: Int, of parameters: UnsafePointer<Double>,
    into values: borrowing Column<Double>
  ) {
    let count = TwoClasses.testCount
    task.tests.withUnsafeBufferPointer { tests in
      for agent in 0..<values.count {
        var wrong = 0
        for test in agent * count..<(agent + 1) * count {
          let row = tests.baseAddress! + test * (parameterCount + 1)
          if row[parameterCount] * margin(row, parameters + agent * parameterCount) <= 0 { wrong += 1 }
        }
        values[agent] = Double(wrong) / Double(count)
      }
    }
  }

  /// wᵀx.
  private func margin(_ point: UnsafePointer<Double>, _ parameters: UnsafePointer<Double>) -> Double {
    var margin = 0.0
    for entry in 0..<parameterCount { margin += parameters[entry] * point[entry] }
    return margin
  }
}

extension MetricDefinition {
  static let misclassification = MetricDefinition(
    "misclassification", label: "Misclassification", "share of test points that agents put into the wrong class",
    .share, .less, divergesBeyond: .infinity, isKeptPerAgent: true)
  static let worstMisclassification = MetricDefinition(
    "misclassification-worst", label: "Misclassification, worst agent",
    "share of test points that the worst agent puts into the wrong class", .share, .less, by: .maximum)
}

extension LearnerDefinition {
  static let logisticRegression = LearnerDefinition(
    name: "logistic", meaning: "logistic regression on one point a step", parameters: [.stepSize],
    tasks: ["two-classes"],
    facts: { plan in
      var facts = LearnerFacts(
        parameterCount: plan.task.arguments.count("dimension"),
        metrics: [.misclassification] + MetricDefinition.ofEveryRun)
      facts.furtherMetrics = [.worstMisclassification]
      facts.isRandom = true
      facts.samplesPerUpdate = 1
      return facts
    },
    make: { context in
      guard let task = context.task as? TwoClasses else { return nil }
      return .double(StepBank(LogisticRegression(context, task)))
    })
}
