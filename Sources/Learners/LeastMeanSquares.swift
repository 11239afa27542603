// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// Least mean squares on streaming linear regression: w ← w + μ_k u (d − uᵀw), without a factor two.
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, section 2.
///
/// *Randomness*: `data` of the agent at the index of the attempt: M standard normals for the regressor, one for the
/// noise.
package struct LeastMeanSquares: ~Copyable, LearnerBank {
  package typealias Scalar = Double

  package let samplesPerStep = 1
  private let agents: RegressionAgents
  private let noiseDeviation: Column<Double>
  private let regressorDeviation: Column<Double>
  private let correlation: Column<Double>
  private let dataKeys: Column<StreamKey>
  /// M + 1 normals of the step under way; a run steps its agents one after the other.
  private let normals: Column<Double>

  /// The learners of one replication.
  package init(
    _ task: LinearRegressionTask, initial: LearnerSettings.Initial, agents: [EntityKey], seed: UInt64,
    replication: UInt32
  ) {
    self.agents = RegressionAgents(task, initial: initial, agents: agents, seed: seed, replication: replication)
    noiseDeviation = Column(task.noiseVariances.map { $0.squareRoot() })
    regressorDeviation = Column(task.regressorVariances.map { $0.squareRoot() })
    correlation = Column(task.regressorCorrelations)
    let data = StreamFamily(seed: seed, replication: replication, purpose: .data)
    dataKeys = Column(agents.map { data.key($0) })
    normals = Column(repeating: 0, count: task.dimension + 1)
  }

  package var parameterCount: Int { agents.dimension }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    agents.initialise(node, into: parameters)
  }

  package func step(
    _ node: NodeID, attempt: UInt64, at parameters: UnsafePointer<Double>,
    increment: UnsafeMutablePointer<Double>
  ) {
    let dimension = parameterCount
    let regressor = normals.base
    drawSample(node, attempt: attempt)
    let truth = agents.truth(node)
    var error = noiseDeviation[node.index] * regressor[dimension]
    for index in 0..<dimension { error += regressor[index] * (truth[index] - parameters[index]) }
    let gain = agents.stepSize[node.index] * error
    for index in 0..<dimension { increment[index] = gain * regressor[index] }
  }

  /// Draws u with covariance s² ρ^|a−b| (a first-order autoregression along the entries) and a standard normal
  /// behind it for the noise.
  private func drawSample(_ node: NodeID, attempt: UInt64) {
    let dimension = parameterCount
    var draws = Draws(dataKeys[node.index], at: attempt)
    fillStandardNormal(UnsafeMutableBufferPointer(start: normals.base, count: dimension + 1), from: &draws)
    let deviation = regressorDeviation[node.index]
    let rho = correlation[node.index]
    let innovation = deviation * (1 - rho * rho).squareRoot()
    normals[0] *= deviation
    if rho == 0 {
      for index in 1..<max(1, dimension) { normals[index] *= deviation }
    } else {
      for index in 1..<max(1, dimension) { normals[index] = rho * normals[index - 1] + innovation * normals[index] }
    }
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    agents.squaredErrors(node, at: parameters)
  }
}
