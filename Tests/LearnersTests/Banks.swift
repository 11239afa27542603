// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness

/// The agents a, b, c, … that tests speak of.
func keys(_ count: Int) -> [EntityKey] { (0..<count).map { EntityKey("agent-\($0)") } }

extension LearnerBank where Self: ~Copyable, Scalar == Double {
  /// The increment of one step.
  func increment(_ node: Int, attempt: UInt64, at parameters: [Double]) -> [Double] {
    var increment = [Double](repeating: .nan, count: parameterCount)
    begin(LocalStep(NodeID(node), attempt: attempt), at: parameters, increment: &increment)
    return increment
  }

  /// The parameters that an agent starts from.
  func initial(_ node: Int) -> [Double] {
    var parameters = [Double](repeating: .nan, count: parameterCount)
    initialise(NodeID(node), into: &parameters)
    return parameters
  }
}

/// R[a][b] = s² ρ^|a−b| as a dense matrix.
func covariance(dimension: Int, variance: Double, correlation: Double) -> [[Double]] {
  (0..<dimension).map { row in
    (0..<dimension).map { column in
      (0..<abs(row - column)).reduce(variance) { product, _ in product * correlation }
    }
  }
}
