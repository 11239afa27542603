// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness
import Testing

private func task(
  _ truth: LinearRegressionSettings.Truth, dimension: Int = 8, agents: Int, seed: UInt64 = 1,
  variance: PerAgent = .law(.constant(1)), correlation: PerAgent = .law(.constant(0))
) throws -> LinearRegressionTask {
  try LinearRegressionTask(
    LinearRegressionSettings(
      dimension: dimension, truth: truth, regressorVariance: variance, regressorCorrelation: correlation),
    stepSize: .law(.constant(0.1)), agents: keys(agents), seed: seed, replication: StreamFamily.study)
}

extension LinearRegressionTask {
  fileprivate func truth(_ agent: Int) -> [Double] { Array(truths[agent * dimension..<(agent + 1) * dimension]) }
}

@Test func withoutSpreadAllAgentsHaveOneMinimiserWhichIsTheNetworks() throws {
  let task = try task(.init(), agents: 5, variance: .law(.uniform(lower: 1, upper: 2)))
  for agent in 0..<5 { #expect(task.truth(agent) == task.networkOptimum) }
  #expect(task.networkOptimum.contains { $0 != 0 })
}

/// ‖z‖² with z from N(0, I/M) has mean 1 and variance 2/M; over 2,000 agents the standard error is 0.011 of the
/// square. Bound of 4.42 standard errors, a false-alarm probability of 1e-5.
@Test func spreadIsTheRootMeanSquareDistanceFromTheCentre() throws {
  let centre = (0..<8).map(Double.init)
  let task = try task(.init(centre: .values(centre), spread: 3), agents: 2000)
  var sum = 0.0
  for agent in 0..<2000 {
    sum += zip(task.truth(agent), centre).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
  }
  #expect(abs(sum / 2000 / 9 - 1) < 4.42 * (2 / 8.0 / 2000).squareRoot())
}

/// The same for the centre, over 2,000 seeds.
@Test func aDrawnCentreHasExpectedSquaredNormOne() throws {
  var sum = 0.0
  for seed in 0..<2000 {
    sum += try task(.init(), agents: 1, seed: UInt64(seed)).networkOptimum.map { $0 * $0 }.reduce(0, +)
  }
  #expect(abs(sum / 2000 - 1) < 4.42 * (2 / 8.0 / 2000).squareRoot())
}

@Test func agentsOfOneClusterShareTheirMinimiser() throws {
  let clustered = try task(.init(spread: 1, clusters: 3), agents: 40)
  #expect(Set((0..<40).map(clustered.truth)).count == 3)
  let own = try task(.init(spread: 1), agents: 40)
  #expect(Set((0..<40).map(own.truth)).count == 40)
}

/// An agent's cluster goes with its name, not with how many others there are.
@Test func moreAgentsMoveNobodyToAnotherCluster() throws {
  let few = try task(.init(spread: 1, clusters: 3), agents: 12)
  let more = try task(.init(spread: 1, clusters: 3), agents: 40)
  #expect((0..<12).map(few.truth) == (0..<12).map(more.truth))
}

/// The sum of all gradients vanishes at the network optimum and nowhere near.
@Test func theNetworkOptimumMinimisesTheAverageCost() throws {
  let task = try task(
    .init(spread: 1), dimension: 3, agents: 4, variance: .values([1, 2, 3, 0.5]),
    correlation: .values([0, 0.5, -0.5, 0.9]))
  func gradient(_ point: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: 3)
    for agent in 0..<4 {
      let matrix = covariance(
        dimension: 3, variance: task.regressorVariances[agent], correlation: task.regressorCorrelations[agent])
      let distance = zip(task.truth(agent), point).map { $0 - $1 }
      for row in 0..<3 { sum[row] += zip(matrix[row], distance).map { $0 * $1 }.reduce(0, +) }
    }
    return sum
  }
  #expect(gradient(task.networkOptimum).allSatisfy { abs($0) < 1e-12 })
  let average = (0..<3).map { entry in (0..<4).map { task.truth($0)[entry] }.reduce(0, +) / 4 }
  #expect(gradient(average).contains { abs($0) > 0.01 })
}

@Test func errorsAreMeasuredFromTheNetworkOptimumAndTheOwnMinimiser() throws {
  let task = try task(.init(spread: 1), dimension: 2, agents: 3, variance: .values([1, 2, 3]))
  let bank = SteepestDescent(task, initial: .constant(0), agents: keys(3), seed: 1, replication: 0)
  for agent in 0..<3 {
    let truth = task.truth(agent)
    #expect(bank.squaredErrors(NodeID(agent), at: truth).toOwnMinimiser == 0)
    #expect(bank.squaredErrors(NodeID(agent), at: task.networkOptimum).toNetworkOptimum == 0)
    let errors = bank.squaredErrors(NodeID(agent), at: [truth[0] + 3, truth[1] - 4])
    #expect(abs(errors.toOwnMinimiser - 25) < 1e-12)
  }
}

@Test func learnersStartWhereTheSettingsSay() throws {
  let task = try task(.init(), dimension: 2, agents: 2)
  func initial(_ initial: InitialParameters.Choice, _ replication: UInt32) -> [Double] {
    let bank = LeastMeanSquares(task, initial: initial, agents: keys(2), seed: 1, replication: replication)
    return bank.initial(0) + bank.initial(1)
  }
  #expect(initial(.constant(-0.25), 0) == [-0.25, -0.25, -0.25, -0.25])
  let drawn = initial(.normal(standardDeviation: 1), 0)
  #expect(Set(drawn).count == 4)
  #expect(initial(.normal(standardDeviation: 4), 0) == drawn.map { $0 * 4 })
  #expect(initial(.normal(standardDeviation: 1), 1) != drawn)
}
