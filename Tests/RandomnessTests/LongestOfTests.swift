// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Testing

private func longest(_ law: Distribution, _ factors: [Double], atLeast least: Double = 0) -> Double {
  LongestOf(of: law, times: factors).mean(atLeast: least)
}

/// H_n, the mean of the longest of n exponential numbers of mean one.
@Test(arguments: [1, 2, 7, 100, 10_000]) func theLongestExponentialIsAHarmonicNumber(count: Int) {
  let harmonic = (1...count).reduce(0.0) { $0 + 1 / Double($1) }
  let mean = longest(.exponential(mean: 1), Array(repeating: 3, count: count))
  #expect(abs(mean / (3 * harmonic) - 1) < 1e-9)
}

/// E[max] of two exponential numbers with rates a and b: 1/a + 1/b − 1/(a + b).
@Test func theFactorsNeedNotBeEqual() {
  let mean = longest(.exponential(mean: 1), [2, 0.3])
  let either: Double = 1 / (1 / 2.0 + 1 / 0.3)
  #expect(abs(mean - (2.3 - either)) < 1e-10)
}

/// n uniform numbers: n / (n + 1). What takes no time is never the longest.
@Test func theLongestUniformNumber() {
  let mean = longest(.uniform(lower: 0, upper: 1), [1, 1, 0, 1, 1, 0])
  #expect(abs(mean - 4.0 / 5) < 1e-10)
}

/// Tails count in full: of a Pareto law with shape a the mean of the longest of n is n B(n, 1 − 1/a).
@Test(arguments: [1.2, 1.5, 2.5]) func heavyTailsCountInFull(shape: Double) {
  let count = 20.0
  let rest = 1 - 1 / shape
  let logarithm: Double = lgamma(count + 1) + lgamma(rest) - lgamma(count + rest)
  let exact = exp(logarithm)
  let mean = longest(.pareto(minimum: 1, shape: shape), Array(repeating: 1, count: 20))
  #expect(abs(mean / exact - 1) < 1e-8)
}

@Test func aLawWithoutAMeanHasNone() {
  #expect(longest(.pareto(minimum: 1, shape: 0.9), [1, 1]) == .infinity)
}

/// Constants, and laws with steps.
@Test func stepsOfALawAreMet() {
  #expect(longest(.constant(2), [1, 0.5, 3]) == 6)
  #expect(longest(.constant(2), [1], atLeast: 5) == 5)
  // 1 or 2, each with one half: the longest of three is 1 with one in eight.
  let law = Distribution.mixture(probability: 0.5, slow: .constant(2), fast: .constant(1))
  #expect(abs(longest(law, [1, 1, 1]) - 1.875) < 1e-8)
}

/// None counts as shorter than l: E[max(X, l)] = l + exp(−l) for one exponential number.
@Test(arguments: [0.01, 1, 8]) func noneCountsAsShorterThanABound(least: Double) {
  let exact: Double = least + exp(-least)
  #expect(abs(longest(.exponential(mean: 1), [1], atLeast: least) - exact) < 1e-9)
}

@Test func whereNothingTakesTimeTheBoundIsLeft() {
  #expect(longest(.exponential(mean: 1), [0, 0], atLeast: 0.5) == 0.5)
}
