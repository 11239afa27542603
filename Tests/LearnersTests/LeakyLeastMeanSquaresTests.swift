// SPDX-License-Identifier: GPL-3.0-or-later
import Learners
import Schema
import Testing

private let settings = LinearRegressionSettings(
  dimension: 3, truth: .init(spread: 0.5), noiseVariance: .values([0.3, 0.5]), regressorVariance: .values([1.5, 0.8]),
  regressorCorrelation: .values([0.6, -0.7]))

private func task(samples: Int? = nil) throws -> LinearRegressionTask {
  var settings = settings
  settings.samples = samples
  return try LinearRegressionTask(settings, stepSize: .values([0.2, 0.1]), agents: keys(2), seed: 5, replication: 0)
}

private func leaky(_ task: LinearRegressionTask, _ leakage: Double) -> LeakyLeastMeanSquares {
  LeakyLeastMeanSquares(task, leakage: leakage, initial: .constant(0), agents: keys(2), seed: 5, replication: 3)
}

/// On the same draws w' = (1 − μ γ) w + μ u (d − uᵀw), with fresh samples and with those that come again.
@Test(arguments: [nil, 4], [0, 0.01, 1])
func aLeakyStepIsTheStepOfLMSLessAShareOfTheParameters(samples: Int?, leakage: Double) throws {
  let task = try task(samples: samples)
  let plain = LeastMeanSquares(task, initial: .constant(0), agents: keys(2), seed: 5, replication: 3)
  let bank = leaky(task, leakage)
  let point = [0.5, -1, 2]
  for agent in 0..<2 {
    for attempt in [0, 1, 17, UInt64(1) << 40] {
      let step = plain.increment(agent, attempt: attempt, at: point)
      let increment = bank.increment(agent, attempt: attempt, at: point)
      for entry in 0..<3 {
        let expected = (1 - task.stepSizes[agent] * leakage) * point[entry] + step[entry]
        #expect(abs(point[entry] + increment[entry] - expected) < 1e-14)
      }
    }
  }
}

/// At (R + γ I)⁻¹ R w°, which with white regressors is s² / (s² + γ) w°, the mean increment is zero. With e = w° − w and
/// σ² the noise an entry of it has the variance μ² (s⁴ (|e|² + e_a²) + σ² s²). Bounds of 5 standard errors: 6e-7 for each
/// of 6 entries.
@Test func leakageEndsNearerToZeroThanTheMinimiser() throws {
  var white = settings
  white.regressorCorrelation = .values([0, 0])
  let task = try LinearRegressionTask(
    white, stepSize: .values([0.2, 0.1]), agents: keys(2), seed: 5, replication: 0)
  let leakage = 0.8
  let bank = leaky(task, leakage)
  let samples = 100_000
  for agent in 0..<2 {
    let (power, step) = (task.regressorVariances[agent], task.stepSizes[agent])
    let truth = Array(task.truths[3 * agent..<3 * agent + 3])
    let point = truth.map { power / (power + leakage) * $0 }
    var sums = [0.0, 0, 0]
    for attempt in 0..<UInt64(samples) {
      let increment = bank.increment(agent, attempt: attempt, at: point)
      for entry in 0..<3 { sums[entry] += increment[entry] / step }
    }
    let errors = zip(truth, point).map { $0 - $1 }
    let square = errors.reduce(0) { $0 + $1 * $1 }
    for entry in 0..<3 {
      let variance = power * power * (square + errors[entry] * errors[entry]) + task.noiseVariances[agent] * power
      #expect(abs(sums[entry] / Double(samples)) < 5 * (variance / Double(samples)).squareRoot())
    }
  }
}

@Test func leakageIsFromZeroToOneAndOneHundredthUnlessItIsSaid() throws {
  let leakage = try #require(LearnerDefinition.leakyLeastMeanSquares.parameters.first { $0.name == "leakage" })
  #expect(leakage.kind == .number(.init(0...1)))
  #expect(LearnerSettings(.leakyLeastMeanSquares).arguments.number("leakage") == 0.01)
}

/// The exact recursions are those of learners without leakage.
@Test func noTheoryIsClaimedOfLeakage() {
  let plan = LearningPlan(
    TaskSettings(.linearRegression, Arguments(["dimension": .count(3)])), LearnerSettings(.leakyLeastMeanSquares))
  #expect(!plan.facts.followsTheory && plan.facts.parameterCount == 3 && plan.facts.samplesPerUpdate == 1)
}
