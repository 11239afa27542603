// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Testing

/// E[min(X, x)] = m (1 − e^(−x/m)) of an exponential law; both sums hold it between them within a tenth.
@Test func theTruncatedMeanOfAnExponentialLawLiesBetweenItsBounds() {
  let law = Distribution.exponential(mean: 3)
  let below = TruncatedMean(of: law, .below, upTo: 100)
  let above = TruncatedMean(of: law, .above, upTo: 100)
  for bound in [1e-6, 0.1, 1, 3, 10, 40.0] {
    let exact = -3 * expm1(-bound / 3)
    #expect(below(bound) <= exact * (1 + 1e-9))
    #expect(above(bound) >= exact * (1 - 1e-9))
    #expect(above(bound) - below(bound) < 0.1 * exact)
  }
  #expect(law.mean(within: 1e6) == 3)
}

/// The longest of d exponential draws lasts the harmonic number H_d in the mean, and p-th parts of draws that are missing
/// make of one (1 − p) times its mean.
@Test func theLongestOfSeveralDrawsLastsAsLongAsItsLawSays() {
  let law = Distribution.exponential(mean: 1)
  let longest = TruncatedMean(of: law, .above, longestOf: 4, upTo: 1000)
  #expect(abs(longest(1000) / (1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0) - 1) < 0.06)
  let halved = TruncatedMean(of: law, .above, missing: 0.5, upTo: 1000)
  #expect(abs(halved(1000) / 0.5 - 1) < 0.06)
}

/// A Pareto law of shape 1/2 has no mean, but E[min(X, x)] = 2 √(m x) − m.
@Test func alsoWhatHasNoMeanHasOneWithinABound() {
  let law = Distribution.pareto(minimum: 2, shape: 0.5)
  let exact = 2 * (2.0 * 1e4).squareRoot() - 2
  #expect(abs(law.mean(within: 1e4) / exact - 1) < 0.06)
}

@Test func aConstantIsCutAtTheBound() {
  let law = Distribution.constant(5)
  #expect(law.mean(within: 2) == 2)
  #expect(law.mean(within: 7) == 5)
  #expect(TruncatedMean(of: law, .above, longestOf: 3, missing: 0.5, upTo: 9)(9) == 5 * (1 - 0.125))
}

/// What starts at a rate far below one over the mean is blocked by nothing; at a high rate all wait for the longest, here
/// two seconds at most.
@Test func whatEndsInOrderWaitsForWhatBeganBefore() {
  let law = Distribution.uniform(lower: 0, upper: 2)
  let rare = TruncatedMean(of: law, .above, blockedAt: 1e-4, upTo: 100)
  #expect(abs(rare(100) - 1) < 0.06)
  let dense = TruncatedMean(of: law, .above, blockedAt: 1e4, upTo: 100)
  #expect(abs(dense(100) / 2 - 1) < 0.06)
}
