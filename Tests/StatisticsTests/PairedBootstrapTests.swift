// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Randomness
import Statistics
import Testing

/// Pairs that share a strong common part, the first about 0.8 of the second.
private func pairs(_ count: Int, seed: UInt64) -> (first: [Double], second: [Double]) {
  var draws = Draws(StreamKey(seed: seed, replication: 0, purpose: .data, entity: "pairs"), at: 0)
  let second = (0..<count).map { _ in 1 + 4 * draws.uniform() }
  return (second.map { $0 * (0.75 + 0.1 * draws.uniform()) }, second)
}

@Test func theBootstrapRepeatsFromItsSeedAndName() throws {
  let (first, second) = pairs(20, seed: 1)
  func interval(_ seed: UInt64, _ name: String) -> RatioInterval? {
    PairedBootstrap(seed: seed, name: name, resamples: 500).ratioOfMeans(first, second)
  }
  #expect(interval(1, "msd") == interval(1, "msd"))
  #expect(interval(1, "msd")?.low != interval(2, "msd")?.low)
  #expect(interval(1, "msd")?.low != interval(1, "time")?.low)
}

@Test func anExactProportionHasAnIntervalOfNoWidth() throws {
  // Only pairs keep the ratio: resampling the arms apart would spread it.
  let (_, second) = pairs(20, seed: 2)
  let got = try #require(
    PairedBootstrap(seed: 1, name: "ratio", resamples: 1000).ratioOfMeans(second.map { $0 * 0.5 }, second))
  #expect(got.ratio == 0.5 && got.low == 0.5 && got.high == 0.5 && got.undefinedResamples == 0)
}

@Test func theBootstrapAgreesWithTheDeltaMethod() throws {
  // The standard error of a ratio of means is sd(x - r y) / (ȳ √n) to first order. At n = 200 both half widths agree
  // within 15 %: the error of a bound from 10 000 resamples is about 2 %, of second order 1 %; the seed is fixed.
  let (first, second) = pairs(200, seed: 3)
  let got = try #require(PairedBootstrap(seed: 1, name: "ratio").ratioOfMeans(first, second))
  let ratio = try #require(got.ratio)
  let residual = try #require(TInterval(of: zip(first, second).map { $0 - ratio * $1 }))
  let mean = try #require(TInterval(of: second)).mean
  let expected = try #require(residual.halfWidth) / mean
  let width = try #require(got.high) - (try #require(got.low))
  #expect(abs(width / 2 / expected - 1) < 0.15)
  #expect(got.low.map { $0 < ratio } == true && got.high.map { $0 > ratio } == true)
}

@Test func intervalsCoverTheRatioAboutAsOftenAsTheySay() {
  // True ratio 0.8; n = 20. Nominal 95 %, percentile intervals of n = 20 cover about 92 %. Of 200 sets fewer than 172
  // covered would have probability below 10⁻³ at 92 %; all 200 covered has 10⁻⁷.
  let covered = (UInt64(0)..<200).count { set in
    let (first, second) = pairs(20, seed: 100 + set)
    let got = PairedBootstrap(seed: set, name: "coverage", resamples: 400).ratioOfMeans(first, second)
    guard let low = got?.low, let high = got?.high else { return false }
    return low <= 0.8 && 0.8 <= high
  }
  #expect(covered >= 172 && covered < 200)
}

@Test func mediansAndRestrictedMeansOfPairsAreCompared() throws {
  let slow = (1...15).map { TimeToTarget(Double(2 * $0), isReached: true) }
  let fast = (1...15).map { TimeToTarget(Double($0), isReached: true) }
  let bootstrap = PairedBootstrap(seed: 7, name: "time", resamples: 1000)
  let medians = try #require(bootstrap.ratioOfMedians(slow, fast))
  #expect(medians.ratio == 2 && medians.low == 2 && medians.high == 2)
  let means = try #require(bootstrap.ratioOfRestrictedMeans(slow, fast, upTo: 40))
  #expect(means.ratio == 2 && means.low == 2 && means.high == 2)
  // Stopped at 10, the slow arm is cut short: (2 + 4 + 6 + 8 + 11 × 10) / (1 + ... + 10 + 5 × 10) = 130/105.
  let stopped = try #require(bootstrap.ratioOfRestrictedMeans(slow, fast, upTo: 10))
  #expect(abs(try #require(stopped.ratio) - 130.0 / 105) <= 1e-12)
  let low = try #require(stopped.low)
  let high = try #require(stopped.high)
  #expect(low < 130.0 / 105 && high > 130.0 / 105)
}

@Test func aMedianThatIsNotReachedCountsAsInfinite() throws {
  let reached = (1...10).map { TimeToTarget(Double($0), isReached: true) }
  let never = (1...10).map { _ in TimeToTarget(20, isReached: false) }
  let bootstrap = PairedBootstrap(seed: 7, name: "time", resamples: 200)
  #expect(bootstrap.ratioOfMedians(reached, never)?.ratio == 0)
  #expect(bootstrap.ratioOfMedians(never, reached)?.high == .infinity)
  let neither = try #require(bootstrap.ratioOfMedians(never, never))
  #expect(neither.ratio == nil && neither.undefinedResamples == 200)
  #expect(neither.low == -.infinity && neither.high == .infinity)
}

@Test func onePairHasARatioAndNoInterval() throws {
  let bootstrap = PairedBootstrap(seed: 7, name: "one")
  let got = try #require(bootstrap.ratioOfMeans([3], [2]))
  #expect(got.ratio == 1.5 && got.low == nil && got.high == nil)
  #expect(bootstrap.ratioOfMeans([], []) == nil)
  #expect(bootstrap.ratioOfMeans([0], [0])?.ratio == nil)
  #expect(bootstrap.ratioOfMedians([TimeToTarget(.nan, isReached: true)], [TimeToTarget(1, isReached: true)]) == nil)
}

@Test func theMedianThatIsCountedIsThatOfTheCurve() throws {
  for count in [2, 3, 8, 21] {
    let first = (0..<count).map { TimeToTarget(Double(($0 * 37 + 5) % 17), isReached: true) }
    let second = (0..<count).map { TimeToTarget(1 + Double(($0 * 23 + 2) % 19), isReached: true) }
    let bootstrap = PairedBootstrap(seed: 3, name: "medians", resamples: 500)
    let counted = try #require(bootstrap.ratioOfMedians(first, second))
    let general = try #require(
      bootstrap.estimate(pairs: count) { chosen in
        let upper = KaplanMeier(chosen.map { first[$0] })?.median ?? .nan
        let lower = KaplanMeier(chosen.map { second[$0] })?.median ?? .nan
        return upper / lower
      })
    #expect(counted.ratio == general.estimate && counted.low == general.low && counted.high == general.high)
  }
}
