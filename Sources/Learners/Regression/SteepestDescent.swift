// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness
import Schema

/// The exact gradient of each agent's mean square error: w ← w + μ_k R_k (w°_k − w). It uses no data, so what is
/// left of the error is due to cooperation and timing alone. With gradient noise of variance σ², μ_k σ z is added with
/// z from N(0, I).
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, section 2 (steepest descent).
///
/// *Randomness*: `gradientNoise` of the agent at the index of the attempt: M standard normals.
package struct SteepestDescent: ~Copyable, PlainDescentBank {
  package typealias Scalar = Double

  private let inPlace = InPlace()
  package var workPerStep: StepWork { StepWork(samples: 0) }
  private let agents: RegressionAgents
  private let regressorVariance: Column<Double>
  private let correlation: Column<Double>
  /// σ, the standard deviation of each entry of the gradient.
  private let noiseDeviation: Double
  private let noiseKeys: Column<StreamKey>
  /// M normals of the step under way.
  private let normals: Column<Double>

  /// The learners of one replication.
  package init(
    _ task: LinearRegressionTask, noiseVariance: Double = 0, initial: InitialParameters.Choice, agents: [EntityKey],
    seed: UInt64, replication: UInt32
  ) {
    self.agents = RegressionAgents(task, initial: initial, agents: agents, seed: seed, replication: replication)
    regressorVariance = Column(task.regressorVariances)
    correlation = Column(task.regressorCorrelations)
    noiseDeviation = noiseVariance.squareRoot()
    let noise = StreamFamily(seed: seed, replication: replication, purpose: .gradientNoise)
    noiseKeys = Column(noiseVariance > 0 ? agents.map { noise.key($0) } : [])
    normals = Column(repeating: 0, count: noiseVariance > 0 ? task.dimension : 0)
  }

  package var parameterCount: Int { agents.dimension }

  package var bytesHeld: Int { agents.bytesHeld }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    agents.initialise(node, into: parameters)
  }

  /// R x for R[a][b] = s² ρ^|a−b| takes two passes: forward sums f_a = x_a + ρ f_{a−1}, backward ones likewise, and
  /// (R x)_a = s² (f_a + b_a − x_a).
  package func begin(
    _ step: LocalStep, at parameters: UnsafePointer<Double>,
    increment: UnsafeMutablePointer<Double>
  ) {
    let node = step.node
    let truth = agents.truth(node)
    let rho = correlation[node.index]
    let gain = agents.stepSize[node.index] * regressorVariance[node.index]
    var forward = 0.0
    for index in 0..<parameterCount {
      forward = truth[index] - parameters[index] + rho * forward
      increment[index] = forward
    }
    var backward = 0.0
    for index in (0..<parameterCount).reversed() {
      let distance = truth[index] - parameters[index]
      increment[index] = gain * (increment[index] + rho * backward)
      backward = distance + rho * backward
    }
    if noiseDeviation > 0 { addNoise(node, attempt: step.attempt, to: increment) }
  }

  private func addNoise(_ node: NodeID, attempt: UInt64, to increment: UnsafeMutablePointer<Double>) {
    var draws = Draws(noiseKeys[node.index], at: attempt)
    fillStandardNormal(UnsafeMutableBufferPointer(start: normals.base, count: parameterCount), from: &draws)
    let scale = agents.stepSize[node.index] * noiseDeviation
    for index in 0..<parameterCount { increment[index] += scale * normals[index] }
  }

  package func count(_ nodes: [NodeID]) { agents.count(nodes) }

  package func change(_ change: TaskChange, of nodes: [NodeID]) {
    guard case .move(let vector) = change else { preconditionFailure("Minimisers move, and nothing else.") }
    agents.move(nodes, by: vector)
  }

  package func visit(
    _ memory: inout RunMemory, increments: UnsafeMutablePointer<Double>
  ) throws(RunMemoryFault) {
    try agents.visit(&memory)
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    agents.squaredErrors(node, at: parameters)
  }
}

extension LearnerDefinition {
  /// The exact gradient of the agent's mean square error.
  package static let steepestDescent = LearnerDefinition(
    name: "steepest-descent",
    meaning: "the exact gradient of the agent's mean square error, perhaps with noise: w <- w + mu R (w° - w); no data",
    parameters: [.stepSize, .initial, gradientNoise], tasks: ["linear-regression"],
    givesGradients: true,
    check: { plan in
      guard plan.task.linearRegression?.samples == nil else {
        return .whole("uses no samples, but task.samples gives them", hint: "leave out task.samples, or use lms")
      }
      return plan.initialFault
    },
    facts: { plan in
      var facts = LearnerFacts(regression: plan, isRandom: plan.learner.gradientNoiseVariance > 0)
      facts.hasExactGradients = true
      return facts
    },
    make: { context in
      guard let task = context.task as? LinearRegressionTask else { return nil }
      return .double(
        StepBank(
          SteepestDescent(
            task, noiseVariance: context.settings.gradientNoiseVariance, initial: context.settings.initial,
            agents: context.nodes, seed: context.seed, replication: context.replication)))
    })

  private static let gradientNoise = Parameter(
    "gradient-noise-variance", .number(.notNegative), "of each entry of the gradient", .otherwise(.number(0)))
}

extension LearnerSettings {
  /// The variance of the normal noise on each entry of the gradient (steepest descent).
  package var gradientNoiseVariance: Double {
    get { arguments.number("gradient-noise-variance") ?? 0 }
    set { arguments["gradient-noise-variance"] = .number(newValue) }
  }
}
