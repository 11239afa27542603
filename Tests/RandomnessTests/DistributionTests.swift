// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Testing

private let laws: [Distribution] = [
  .uniform(lower: 0, upper: 1), .uniform(lower: 2, upper: 5), .exponential(mean: 0.3),
  .lognormal(median: 2, sigma: 0.6), .lognormal(median: 0.1, sigma: 2), .gamma(mean: 3, shape: 0.3),
  .gamma(mean: 1, shape: 1), .gamma(mean: 0.04, shape: 4), .gamma(mean: 2, shape: 100),
]

private let samples = 100_000

/// Kolmogorov-Smirnov: P(√n D > x) = 2 exp(−2x²). The bound 2.58 has a false-alarm probability of 3.3e-6; nine laws
/// drawn in two ways make 6e-5 together.
@Test(arguments: laws)
func drawsFollowTheirLaw(law: Distribution) {
  let along = (0..<samples).map { law.sample(key("agent-1"), at: UInt64($0)) }
  #expect(greatestDistance(along, from: law) * Double(samples).squareRoot() < 2.58)
  let across = (0..<samples).map { law.sample(key("agent-\($0)"), at: 0) }
  #expect(greatestDistance(across, from: law) * Double(samples).squareRoot() < 2.58)
}

private func key(_ entity: String) -> StreamKey {
  StreamKey(seed: 11, replication: 2, purpose: .latency, entity: entity)
}

/// The greatest distance between the empirical distribution function and that of the law.
private func greatestDistance(_ values: [Double], from law: Distribution) -> Double {
  let sorted = values.sorted()
  var greatest = 0.0
  for (rank, value) in sorted.enumerated() {
    let probability = law.cumulativeProbability(value)
    let (below, above) = (Double(rank) / Double(values.count), Double(rank + 1) / Double(values.count))
    greatest = max(greatest, abs(probability - below), abs(above - probability))
  }
  return greatest
}

@Test func aConstantIsAlwaysTheSame() {
  for index in 0..<100 { #expect(Distribution.constant(0.1).sample(key("a"), at: UInt64(index)) == 0.1) }
}

/// The mean of n draws lies within 5 standard errors (6e-7 for each law) of the mean that the law states.
@Test(arguments: laws)
func theStatedMeanAndVarianceAreThoseOfTheDraws(law: Distribution) {
  let values = (0..<samples).map { law.sample(key("agent-2"), at: UInt64($0)) }
  let mean = values.reduce(0, +) / Double(samples)
  let variance = law.secondMoment - law.mean * law.mean
  if law.squaredCoefficientOfVariation < 10 {
    #expect(abs(mean - law.mean) < 5 * (variance / Double(samples)).squareRoot())
  }
  // E[F(X)] = 1/2 with variance 1/12 says the same of a law whose tail is too heavy for a normal mean.
  let ranks = values.map(law.cumulativeProbability).reduce(0, +) / Double(samples)
  #expect(abs(ranks - 0.5) < 5 * (1 / 12.0 / Double(samples)).squareRoot())
}

@Test func multiplyingTheUnitByAPowerOfTwoMultipliesEveryDraw() {
  let pairs: [(Distribution, Distribution)] = [
    (.constant(0.3), .constant(0.3 * 1024)),
    (.uniform(lower: 0.1, upper: 0.7), .uniform(lower: 0.1 * 1024, upper: 0.7 * 1024)),
    (.exponential(mean: 0.3), .exponential(mean: 0.3 * 1024)),
    (.lognormal(median: 0.3, sigma: 0.7), .lognormal(median: 0.3 * 1024, sigma: 0.7)),
    (.gamma(mean: 0.3, shape: 0.7), .gamma(mean: 0.3 * 1024, shape: 0.7)),
    (.gamma(mean: 0.3, shape: 7), .gamma(mean: 0.3 * 1024, shape: 7)),
  ]
  for (small, large) in pairs {
    for index in 0..<1000 {
      let draw = small.sample(key("a"), at: UInt64(index))
      #expect(large.sample(key("a"), at: UInt64(index)) == draw * 1024)
    }
  }
}

@Test func drawsAreFiniteAndNeverNegative() {
  for law in laws {
    for index in 0..<samples {
      let draw = law.sample(key("b"), at: UInt64(index))
      #expect(draw >= 0 && draw.isFinite)
    }
  }
}
