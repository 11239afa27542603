// SPDX-License-Identifier: GPL-3.0-or-later
import NeuralNets

/// Part `sac`: actions of a squashed normal policy with their densities and slopes, and the targets of soft actor-critic.
struct SoftActorCriticGradients: GradientCase {
  static let part = "sac"

  struct Slopes: Decodable, Sendable {
    let mu: [Double]
    let logStd: [Double]
  }

  let mu: [Double]
  let logStd: [Double]
  let eps: [Double]
  let scale: Double
  let kappa: Double
  let gamma: Double
  let action: [Double]
  let logp: [Double]
  let gradSumLogp: Slopes
  let q1: [Double]
  let q2: [Double]
  let vTargetNext: [Double]
  let r: [Double]
  let done: [Double]
  let yQ: [Double]
  let yV: [Double]

  func compare(_ comparison: inout GradientComparison) throws {
    guard scale > 0, kappa >= 0, (0...1).contains(gamma), done.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw ReferenceError(
        "the scale is not above zero, 'kappa' is below zero, 'gamma' is not of 0...1, or an end is neither 0 nor 1.")
    }
    let counts = [logStd.count, eps.count, q1.count, q2.count, vTargetNext.count, r.count, done.count]
    guard !mu.isEmpty, counts.allSatisfy({ $0 == mu.count }) else {
      throw ReferenceError("there are no rows, or not a number of each kind for every one.")
    }
    let policy = SquashedGaussianPolicy<Double>(
      scale: scale, lowestLogDeviation: -.infinity, highestLogDeviation: .infinity)
    let draws = mu.indices.map { policy.draw([mu[$0], logStd[$0]], noise: eps[$0]) }
    comparison.scaled("actions", draws.map(\.action), action)
    comparison.scaled("log densities", draws.map(\.logDensity), logp)
    comparison.gradient("log densities by means", draws.map(\.densityByMean), gradSumLogp.mu)
    comparison.gradient("log densities by deviations", draws.map(\.densityByLogDeviation), gradSumLogp.logStd)
    comparison.scaled(
      "targets of actions",
      r.indices.map {
        SoftCriticTarget.worth(reward: r[$0], isTerminal: done[$0] == 1, nextValue: vTargetNext[$0], discount: gamma)
      }, yQ)
    comparison.scaled(
      "targets of states",
      draws.indices.map {
        SoftCriticTarget.value(q1[$0], q2[$0], logDensity: draws[$0].logDensity, temperature: kappa)
      }, yV)
  }
}
