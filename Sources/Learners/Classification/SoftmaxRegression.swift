// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Quantities
import Randomness
import Records
import Schema

/// Multinomial logistic regression by stochastic gradients: with p = softmax(W x) of a row x of class y,
/// W ← W − μ_k (mean over a batch of (p − e_y) xᵀ + λ W). Each class has a row of W, the constant last.
///
/// Source: Bishop, "Pattern recognition and machine learning", 2006, section 4.3.4, equation 4.109.
///
/// *Randomness*: `initialParameters` of the agent at index 0; `data` of the agent at the index of the attempt for the rows
/// of the batch, drawn with replacement; `learnerParameters` of the agent at index 0, once per study, for the step size.
package struct SoftmaxRegression: ~Copyable, PlainDescentBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  private let classCount: Int
  private let rowLength: Int
  private let features: Column<Double>
  /// The class of each row.
  private let labels: Column<Int>
  /// The rows to learn from, agent after agent.
  private let rows: Column<Int>
  /// Where the rows of each agent begin, and where those of the last one end.
  private let begins: Column<Int>
  private let testRows: Column<Int>
  private let stepSizes: Column<Double>
  private let dataKeys: Column<StreamKey>
  private let initial: InitialParameters
  private let batchSize: Int
  private let ridge: Double
  /// The probabilities of the classes of one row.
  private let probabilities: Column<Double>

  /// The learners of one replication.
  package init(_ task: ClassificationTask, _ context: LearningContext) {
    func family(_ purpose: Purpose, _ replication: UInt32) -> StreamFamily {
      StreamFamily(seed: context.seed, replication: replication, purpose: purpose)
    }
    let settings = context.settings
    classCount = task.classCount
    rowLength = task.featureCount + 1
    features = Column(task.features)
    labels = Column(task.labels)
    rows = Column(task.rowsOfAgents.flatMap { $0 })
    begins = Column(task.rowsOfAgents.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
    testRows = Column(task.testRows)
    stepSizes = Column(
      settings.stepSize.drawn(for: context.nodes, from: family(.learnerParameters, StreamFamily.study), at: 0))
    let data = family(.data, context.replication)
    dataKeys = Column(context.nodes.map { data.key($0) })
    initial = InitialParameters(
      settings.initial, dimension: task.classCount * (task.featureCount + 1), agents: context.nodes,
      seed: context.seed, replication: context.replication)
    batchSize = settings.arguments.count("batch-size")
    ridge = settings.arguments.number("ridge") ?? 0
    probabilities = Column(repeating: 0, count: task.classCount)
  }

  package var parameterCount: Int { classCount * rowLength }

  package var workPerStep: StepWork { StepWork(samples: UInt64(batchSize)) }

  package var bytesHeld: Int {
    (features.count + labels.count + rows.count + testRows.count) * MemoryLayout<Double>.stride
  }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    initial.write(node, into: parameters)
  }

  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>, increment: UnsafeMutablePointer<Double>
  ) {
    let first = begins[step.node.index]
    let count = UInt32(begins[step.node.index + 1] - first)
    let stepSize = stepSizes[step.node.index]
    for entry in 0..<parameterCount { increment[entry] = -stepSize * ridge * parameters[entry] }
    var draws = Draws(dataKeys[step.node.index], at: step.attempt)
    for _ in 0..<batchSize {
      let row = rows[first + Int(draws.integer(below: count))]
      _ = findProbabilities(of: row, at: parameters)
      let x = features.base + row * rowLength
      for kind in 0..<classCount {
        let excess = probabilities[kind] - (kind == labels[row] ? 1 : 0)
        let gain = -stepSize / Double(batchSize) * excess
        let part = increment + kind * rowLength
        for entry in 0..<rowLength { part[entry] += gain * x[entry] }
      }
    }
  }

  package func measure(
    _ metric: MetricDefinition, at point: Int, of parameters: UnsafePointer<Double>,
    into values: borrowing Column<Double>
  ) {
    for agent in 0..<values.count {
      let own = parameters + agent * parameterCount
      values[agent] = metric.name == MetricDefinition.loss.name ? loss(at: own) : testError(at: own)
    }
  }

  /// The mean cross-entropy over the rows that all agents together learn from, with the penalty λ |W|²/2.
  package func loss(at parameters: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for place in 0..<rows.count { sum += findProbabilities(of: rows[place], at: parameters) }
    var square = 0.0
    for entry in 0..<parameterCount { square += parameters[entry] * parameters[entry] }
    return sum / Double(rows.count) + ridge / 2 * square
  }

  /// The share of the test rows whose most probable class is another one.
  private func testError(at parameters: UnsafePointer<Double>) -> Double {
    let wrong = (0..<testRows.count).count { place in
      _ = findProbabilities(of: testRows[place], at: parameters)
      let best = (0..<classCount).max { probabilities[$0] < probabilities[$1] }
      return best != labels[testRows[place]]
    }
    return Double(wrong) / Double(testRows.count)
  }

  /// Fills in the probabilities of the classes of a row.
  ///
  /// - Returns: −ln of that of its own class.
  private func findProbabilities(of row: Int, at parameters: UnsafePointer<Double>) -> Double {
    let x = features.base + row * rowLength
    var greatest = -Double.infinity
    for kind in 0..<classCount {
      var score = 0.0
      for entry in 0..<rowLength { score += parameters[kind * rowLength + entry] * x[entry] }
      probabilities[kind] = score
      greatest = max(greatest, score)
    }
    let own = probabilities[labels[row]] - greatest
    var sum = 0.0
    for kind in 0..<classCount {
      probabilities[kind] = exp(probabilities[kind] - greatest)
      sum += probabilities[kind]
    }
    for kind in 0..<classCount { probabilities[kind] /= sum }
    return log(sum) - own
  }
}

extension LearnerDefinition {
  /// Softmax regression.
  package static let softmaxRegression = LearnerDefinition(
    name: "softmax-regression", meaning: "multinomial logistic regression by stochastic gradients of the cross-entropy",
    source: "Bishop, Pattern recognition and machine learning, 2006, section 4.3.4",
    parameters: [
      .stepSize, .initial,
      Parameter("batch-size", .count(1...1_000_000), "rows that a step learns from", .otherwise(.count(1))),
      Parameter("ridge", .number(.notNegative), "weight of half the squared norm", .otherwise(.number(0))),
    ], tasks: ["classification"], givesGradients: true, check: { $0.initialFault },
    facts: { plan in
      var facts = LearnerFacts(
        parameterCount: plan.task.facts.parameterCount ?? 0,
        metrics: [.loss, .testError] + MetricDefinition.ofEveryRun)
      if let table: NumberTable = plan.task.arguments.special("data") {
        // The features, as they are drawn and as they are learnt from.
        facts.memory.once = 2 * Double(table.values.count * MemoryLayout<Double>.stride)
      }
      facts.isRandom = true
      facts.startsVary = plan.learner.initial.varies
      facts.startsApart = plan.learner.initial.apart
      facts.samplesPerUpdate = Double(plan.learner.arguments.count("batch-size"))
      facts.matchingObstacle = "has no squared error to match"
      return facts
    },
    make: { context in
      guard let task = context.task as? ClassificationTask else { return nil }
      return .double(StepBank(SoftmaxRegression(task, context)))
    })
}
