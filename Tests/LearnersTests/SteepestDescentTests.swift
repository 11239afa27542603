// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness
import Testing

@Test(arguments: [-0.9, 0, 0.5, 0.99])
func theExactGradientIsTheDenseProduct(correlation: Double) throws {
  for dimension in [1, 2, 7] {
    let settings = LinearRegressionSettings(
      dimension: dimension, truth: .init(spread: 1), regressorVariance: .values([0.7, 1, 2]),
      regressorCorrelation: .law(.constant(correlation)))
    let task = try LinearRegressionTask(
      settings, stepSize: .values([0.1, 0.3, 0.05]), agents: keys(3), seed: 2, replication: 0)
    let bank = SteepestDescent(task, initial: .constant(0), agents: keys(3), seed: 2, replication: 0)
    let point = (0..<dimension).map { 1.5 - Double($0) }
    for agent in 0..<3 {
      let truth = task.truths[agent * dimension..<(agent + 1) * dimension]
      let distance = zip(truth, point).map { $0 - $1 }
      let matrix = covariance(
        dimension: dimension, variance: task.regressorVariances[agent], correlation: correlation)
      let increment = bank.increment(agent, attempt: 9, at: point)
      for row in 0..<dimension {
        let product = zip(matrix[row], distance).map { $0 * $1 }.reduce(0, +)
        #expect(abs(increment[row] - task.stepSizes[agent] * product) < 1e-13 * 20)
      }
    }
  }
}
