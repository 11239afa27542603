// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Randomness

/// The exact gradient of each agent's mean square error: w ← w + μ_k R_k (w°_k − w). It uses no data, so what is
/// left of the error is due to cooperation and timing alone.
///
/// Source: Sayed, "Adaptation, learning, and optimization over networks", 2014, section 2 (steepest descent).
package struct SteepestDescent: ~Copyable, LearnerBank {
  package typealias Scalar = Double

  package let samplesPerStep = 0
  private let agents: RegressionAgents
  private let regressorVariance: Column<Double>
  private let correlation: Column<Double>

  /// The learners of one replication.
  package init(
    _ task: LinearRegressionTask, initial: LearnerSettings.Initial, agents: [EntityKey], seed: UInt64,
    replication: UInt32
  ) {
    self.agents = RegressionAgents(task, initial: initial, agents: agents, seed: seed, replication: replication)
    regressorVariance = Column(task.regressorVariances)
    correlation = Column(task.regressorCorrelations)
  }

  package var parameterCount: Int { agents.dimension }

  package func initialise(_ node: NodeID, into parameters: UnsafeMutablePointer<Double>) {
    agents.initialise(node, into: parameters)
  }

  /// R x for R[a][b] = s² ρ^|a−b| takes two passes: forward sums f_a = x_a + ρ f_{a−1}, backward ones likewise, and
  /// (R x)_a = s² (f_a + b_a − x_a).
  package func step(
    _ node: NodeID, attempt: UInt64, at parameters: UnsafePointer<Double>,
    increment: UnsafeMutablePointer<Double>
  ) {
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
  }

  package func squaredErrors(_ node: NodeID, at parameters: UnsafePointer<Double>) -> SquaredErrors {
    agents.squaredErrors(node, at: parameters)
  }
}
