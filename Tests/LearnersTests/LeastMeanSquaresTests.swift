// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Quantities
import Randomness
import Testing

private let correlated = LinearRegressionSettings(
  dimension: 4, truth: .init(spread: 0.5), noiseVariance: .values([0.3, 0.5]), regressorVariance: .values([1.5, 0.8]),
  regressorCorrelation: .values([0.6, -0.7]))

private func task(_ settings: LinearRegressionSettings = correlated) throws -> LinearRegressionTask {
  try LinearRegressionTask(settings, stepSize: .values([0.2, 0.1]), agents: keys(2), seed: 5, replication: 0)
}

private func bank(_ task: LinearRegressionTask, replication: UInt32 = 3) -> LeastMeanSquares {
  LeastMeanSquares(task, initial: .constant(0), agents: keys(2), seed: 5, replication: replication)
}

@Test func aStepIsTheTextbookStepOnTheSameDraws() throws {
  let task = try task()
  let bank = bank(task)
  let point = [0.5, -1, 2, 0.25]
  for agent in 0..<2 {
    let truth = Array(task.truths[4 * agent..<4 * agent + 4])
    let rho = task.regressorCorrelations[agent]
    let deviation = task.regressorVariances[agent].squareRoot()
    for attempt in [0, 1, 17, UInt64(1) << 40] {
      let family = StreamFamily(seed: 5, replication: 3, purpose: .data)
      var draws = Draws(family.key(keys(2)[agent]), at: attempt)
      var normals = [Double](repeating: 0, count: 5)
      normals.withUnsafeMutableBufferPointer { fillStandardNormal($0, from: &draws) }
      // u_0 = s z_0, u_a = ρ u_(a−1) + s √(1 − ρ²) z_a; d = uᵀw° + v; w' = w + μ u (d − uᵀw).
      var regressor = [deviation * normals[0]]
      for entry in 1..<4 {
        regressor.append(rho * regressor[entry - 1] + deviation * (1 - rho * rho).squareRoot() * normals[entry])
      }
      let noise = task.noiseVariances[agent].squareRoot() * normals[4]
      let observation = zip(regressor, truth).map { $0 * $1 }.reduce(0, +) + noise
      let prediction = zip(regressor, point).map { $0 * $1 }.reduce(0, +)
      let increment = bank.increment(agent, attempt: attempt, at: point)
      for entry in 0..<4 {
        let expected = task.stepSizes[agent] * regressor[entry] * (observation - prediction)
        #expect(abs(increment[entry] - expected) < 1e-13)
      }
    }
  }
}

/// At w = w° − e_b the mean increment is μ R e_b, and each entry of it has the variance
/// μ² (R_aa R_bb + R_ab² + σ² R_aa). Bounds of 5 standard errors: 6e-7 for each of 32 entries, 2e-5 together.
@Test func regressorsHaveTheCovarianceOfAnAutoregression() throws {
  let task = try task()
  let bank = bank(task)
  let samples = 200_000
  for agent in 0..<2 {
    let exact = covariance(
      dimension: 4, variance: task.regressorVariances[agent], correlation: task.regressorCorrelations[agent])
    for column in 0..<4 {
      var point = Array(task.truths[4 * agent..<4 * agent + 4])
      point[column] -= 1
      var sums = [Double](repeating: 0, count: 4)
      for attempt in 0..<samples {
        let increment = bank.increment(agent, attempt: UInt64(attempt), at: point)
        for entry in 0..<4 { sums[entry] += increment[entry] / task.stepSizes[agent] }
      }
      for entry in 0..<4 {
        let (own, other, both) = (exact[entry][entry], exact[column][column], exact[entry][column])
        let variance = own * other + both * both + task.noiseVariances[agent] * own
        #expect(abs(sums[entry] / Double(samples) - both) < 5 * (variance / Double(samples)).squareRoot())
      }
    }
  }
}

/// At w = w° the increment is μ v u, so its square has the mean μ² σ² R_aa and the variance 8 μ⁴ σ⁴ R_aa². Bounds of
/// 5 standard errors: 6e-7 for each of 8 entries.
@Test func noiseHasItsVariance() throws {
  let task = try task()
  let bank = bank(task)
  let samples = 200_000
  for agent in 0..<2 {
    let point = Array(task.truths[4 * agent..<4 * agent + 4])
    var sums = [Double](repeating: 0, count: 4)
    for attempt in 0..<samples {
      let increment = bank.increment(agent, attempt: UInt64(attempt), at: point)
      for entry in 0..<4 { sums[entry] += increment[entry] * increment[entry] }
    }
    let step = task.stepSizes[agent]
    let mean = step * step * task.noiseVariances[agent] * task.regressorVariances[agent]
    for sum in sums { #expect(abs(sum / Double(samples) - mean) < 5 * mean * (8 / Double(samples)).squareRoot()) }
  }
}

@Test func dataDependOnTheAttemptAndTheReplicationAndNotOnTheOrderOfSteps() throws {
  let task = try task()
  let forwards = (0..<20).map { bank(task).increment(0, attempt: $0, at: [0, 0, 0, 0]) }
  let one = bank(task)
  let backwards = (0..<20 as Range<UInt64>).reversed().map { attempt in
    _ = one.increment(1, attempt: attempt, at: [1, 2, 3, 4])
    return one.increment(0, attempt: attempt, at: [0, 0, 0, 0])
  }
  #expect(forwards == backwards.reversed())
  #expect(Set(forwards).count == 20)
  #expect(bank(task, replication: 4).increment(0, attempt: 0, at: [0, 0, 0, 0]) != forwards[0])
}

@Test func oneParameterIsEnough() throws {
  let settings = LinearRegressionSettings(dimension: 1, truth: .init(centre: .values([2])))
  let bank = LeastMeanSquares(
    try LinearRegressionTask(settings, stepSize: .law(.constant(0.1)), agents: keys(1), seed: 1, replication: 0),
    initial: .constant(0), agents: keys(1), seed: 1, replication: 0)
  let increment = bank.increment(0, attempt: 0, at: [2])
  #expect(increment.count == 1 && increment[0].isFinite)
}

/// Samples that are used over and over are those of the first attempts, and come again after the last.
@Test func keptSamplesAreThoseOfTheFirstAttemptsInTurn() throws {
  let fresh = bank(try task())
  var settings = correlated
  settings.samples = 3
  let kept = bank(try task(settings))
  let point = [0.5, -1, 2, 0.25]
  for agent in 0..<2 {
    for attempt in 0..<UInt64(7) {
      let expected = fresh.increment(agent, attempt: attempt % 3, at: point)
      let increment = kept.increment(agent, attempt: attempt, at: point)
      #expect(zip(increment, expected).allSatisfy { abs($0 - $1) < 1e-14 })
    }
    #expect(
      kept.increment(agent, attempt: 1 << 40, at: point) == kept.increment(agent, attempt: (1 << 40) % 3, at: point))
  }
}
