// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics
import Testing

/// Chosen subsets of a size of 0..<count.
private func subsets(_ size: Int, of count: Int) -> [[Int]] {
  if size == 0 { return [[]] }
  if size > count { return [] }
  return subsets(size, of: count - 1) + subsets(size - 1, of: count - 1).map { $0 + [count - 1] }
}

@Test func theExactPValueCountsAllOrders() throws {
  for (own, other) in [(1, 1), (1, 4), (3, 3), (4, 5), (2, 6)] {
    let all = subsets(own, of: own + other)
    let us = all.map { chosen in chosen.enumerated().reduce(0) { $0 + $1.element - $1.offset } }
    for (chosen, u) in zip(all, us) {
      let rest = (0..<own + other).filter { !chosen.contains($0) }
      let got = try #require(MannWhitney(chosen.map(Double.init), rest.map(Double.init)))
      #expect(got.u == Double(u))
      let upper = max(u, own * other - u)
      let p = min(1, 2 * Double(us.count { $0 >= upper }) / Double(us.count))
      #expect(abs(try #require(got.exactTwoSidedP) - p) < 1e-14)
    }
  }
}

@Test func theProbabilitiesOfAllOrdersSumToOne() throws {
  // A U and all above it have half of their p; that of the most extreme one is the probability of two orders of all.
  let size = 50
  let low = (0..<size).map(Double.init)
  let high = low.map { $0 + 1000 }
  let extreme = try #require(MannWhitney(low, high)?.exactTwoSidedP)
  let orders = exp(lgamma(Double(2 * size + 1)) - 2 * lgamma(Double(size + 1)))
  #expect(abs(extreme * orders / 2 - 1) < 1e-10)
  // The middle: of an odd number of pairs the halves share all probability.
  let middle = try #require(MannWhitney([1, 4, 5], [2, 3, 6]))
  #expect(middle.u == 4 && middle.exactTwoSidedP == 1)
  #expect(MannWhitney(low + [0.5], high)?.exactTwoSidedP == nil)
  #expect(MannWhitney(low + [0.5], high)?.twoSidedP == MannWhitney(low + [0.5], high)?.normalTwoSidedP)
}

@Test func theRankTestSeesOnlyTheOrder() throws {
  for seed in UInt64(0)..<20 {
    let first = normalValues(12, seed: seed)
    let second = normalValues(9, seed: 100 + seed).map { $0 + 0.5 }
    let got = try #require(MannWhitney(first, second))
    #expect(got == MannWhitney(first.map { exp($0) }, second.map { exp($0) }))
    #expect(got == MannWhitney(first.reversed(), second.reversed()))
    let mirrored = try #require(MannWhitney(second, first))
    #expect(mirrored.u == 108 - got.u && mirrored.normalTwoSidedP == got.normalTwoSidedP)
    #expect(abs(try #require(mirrored.exactTwoSidedP) - (try #require(got.exactTwoSidedP))) < 1e-14)
    // With twelve and nine values the normal distribution is within 0.0084 of the exact one everywhere.
    #expect(abs(try #require(got.normalTwoSidedP) - (try #require(got.exactTwoSidedP))) < 0.0084)
  }
}

@Test func theRankTestOfFewAndEqualAndInfiniteValues() throws {
  #expect(MannWhitney([], [1]) == nil && MannWhitney([1], []) == nil && MannWhitney([1], [.nan]) == nil)
  let equal = try #require(MannWhitney([2, 2], [2, 2, 2]))
  #expect(equal.u == 3 && equal.probabilityOfSuperiority == 0.5 && equal.twoSidedP == nil)
  let infinite = try #require(MannWhitney([.infinity, 3], [-.infinity, 1]))
  #expect(try infinite.u == 4 && abs(#require(infinite.exactTwoSidedP) - 1.0 / 3) < 1e-15)
  #expect(MannWhitney([1], [2])?.twoSidedP == 1)
}

@Test func welchsTestOfEqualVariancesHasAllDegrees() throws {
  let got = try #require(WelchTest([1, 2, 3], [4, 5, 9, 6, 6].map { $0 - 4 }, level: 0.9))
  let mirrored = try #require(WelchTest([4, 5, 9, 6, 6].map { $0 - 4 }, [1, 2, 3], level: 0.9))
  #expect(mirrored.t == got.t.map { -$0 } && mirrored.twoSidedP == got.twoSidedP)
  #expect(mirrored.low == got.high.map { -$0 })
  let equal = try #require(WelchTest([1, 2, 3], [5, 6, 7]))
  #expect(abs(try #require(equal.degreesOfFreedom) - 4) < 1e-12)
  #expect(abs(try #require(equal.t) + 4 / (2.0 / 3).squareRoot()) < 1e-12)
  // Where one arm does not vary the other decides alone.
  let alone = try #require(WelchTest([1, 2, 3, 4], [0, 0]))
  #expect(abs(try #require(alone.degreesOfFreedom) - 3) < 1e-12)
  let single = try #require(TInterval(of: [1, 2, 3, 4]))
  #expect(abs(try #require(alone.low) - (try #require(single.low))) < 1e-12)
  // Units do not matter, however small or large.
  for unit in [1e-100, 1e100] {
    let scaled = try #require(WelchTest([1, 2, 3].map { $0 * unit }, [0, 1, 5, 2, 2].map { $0 * unit }, level: 0.9))
    #expect(abs(try #require(scaled.degreesOfFreedom) - (try #require(got.degreesOfFreedom))) < 1e-9)
    #expect(abs(try #require(scaled.twoSidedP) - (try #require(got.twoSidedP))) < 1e-12)
  }
}

@Test func welchsTestOfFewAndEqualAndInfiniteValues() throws {
  #expect(WelchTest([], [1]) == nil && WelchTest([1], []) == nil)
  let one = try #require(WelchTest([3], [1, 2]))
  #expect(one.difference == 1.5 && one.low == nil && one.t == nil && one.twoSidedP == nil)
  let equal = try #require(WelchTest([3, 3], [1, 1]))
  #expect(equal.difference == 2 && equal.low == 2 && equal.high == 2 && equal.t == nil)
  let infinite = try #require(WelchTest([.infinity, 1], [1, 2]))
  #expect(infinite.difference == .infinity && infinite.low == nil && infinite.twoSidedP == nil)
  #expect(try #require(WelchTest([.nan, 1], [1, 2])).difference.isNaN)
}

@Test func testsOfEqualArmsRejectAboutAsOftenAsTheySay() throws {
  // Of 2000 pairs of arms that do not differ 5 % are rejected (of Mann-Whitney's, whose values come in steps, 4.7 %);
  // a share beyond 0.02 of that has probability below 10⁻⁴. The seeds are fixed.
  var rejected = (welch: 0, ranks: 0, survival: 0)
  for set in UInt64(0)..<2000 {
    let first = normalValues(12, seed: 2 * set)
    let second = normalValues(15, seed: 2 * set + 1)
    if try #require(WelchTest(first, second)?.twoSidedP) < 0.05 { rejected.welch += 1 }
    if try #require(MannWhitney(first, second)?.twoSidedP) < 0.05 { rejected.ranks += 1 }
    func runs(_ values: [Double]) -> [TimeToTarget] {
      values.map { TimeToTarget(min(exp($0), 2), isReached: exp($0) < 2) }
    }
    if try #require(LogRank(runs(first), runs(second))?.p) < 0.05 { rejected.survival += 1 }
  }
  for count in [rejected.welch, rejected.ranks, rejected.survival] {
    #expect(abs(Double(count) / 2000 - 0.05) < 0.02, "\(rejected)")
  }
}

@Test func theLogRankTestByHand() throws {
  func runs(_ times: [Double]) -> [TimeToTarget] { times.map { TimeToTarget($0, isReached: true) } }
  // Expected 1/2 + 1/3 + 1/2, variance 1/4 + 2/9 + 1/4.
  let got = try #require(LogRank(runs([1, 3]), runs([2, 4])))
  #expect(got.observed == 2 && abs(got.expected - 4.0 / 3) < 1e-15 && abs(got.chiSquared - 8.0 / 13) < 1e-14)
  let mirrored = try #require(LogRank(runs([4, 2]), runs([3, 1])))
  #expect(abs(mirrored.chiSquared - got.chiSquared) < 1e-14)
  let same = try #require(LogRank(runs([1, 2, 3]), runs([1, 2, 3])))
  #expect(same.chiSquared < 1e-25 && abs(same.p - 1) < 1e-12 && same.degreesOfFreedom == 1)
}

@Test func theLogRankTestNeedsRunsThatReachTheTarget() {
  func runs(_ times: [Double], _ isReached: Bool) -> [TimeToTarget] {
    times.map { TimeToTarget($0, isReached: isReached) }
  }
  #expect(LogRank([], runs([1], true)) == nil && LogRank(runs([1], true), []) == nil)
  #expect(LogRank(runs([1, 2], false), runs([3], false)) == nil)
  #expect(LogRank(runs([.infinity], true), runs([3], true)) == nil)
  #expect(LogRank(runs([.nan], true), runs([3], true)) == nil)
  // All reach it at once: there was nothing to choose.
  #expect(LogRank(runs([2, 2], true), runs([2], true)) == nil)
  // The only run that reaches it was alone on the way.
  #expect(LogRank(runs([1], false), runs([2], true)) == nil)
}

@Test func effectSizesAreFreeOfUnits() throws {
  // Sums of squares 2 + 2 over two degrees: s = √2; Γ(1)/Γ(1/2) = 1/√π.
  let got = try #require(EffectSize([0, 2], [1, 3]))
  #expect(abs(got.cohenD + 0.5.squareRoot()) < 1e-15)
  #expect(abs(try #require(got.hedgesG) - got.cohenD / Double.pi.squareRoot()) < 1e-15)
  let scaled = try #require(EffectSize([1000, 1200], [1100, 1300]))
  #expect(abs(scaled.cohenD - got.cohenD) < 1e-12)
  #expect(abs(try #require(EffectSize([1, 3], [0, 2])).cohenD + got.cohenD) < 1e-15)
  #expect(EffectSize([], [1, 2, 3]) == nil && EffectSize([1], [2]) == nil && EffectSize([1, 1], [2, 2]) == nil)
  #expect(EffectSize([1, .infinity], [2, 2]) == nil && EffectSize([1, .nan], [2, 2]) == nil)
  #expect(try #require(EffectSize([1], [2, 4])).hedgesG == nil)
}

@Test func commonRandomNumbersGainWhereArmsGoTogether() throws {
  let values = normalValues(30, seed: 1)
  let same = try #require(CommonRandomNumbersGain(values, values.map { $0 + 3 }))
  #expect(try abs(#require(same.correlation) - 1) < 1e-12 && abs(#require(same.varianceRatio)) < 1e-12)
  let against = try #require(CommonRandomNumbersGain(values, values.map { -$0 }))
  #expect(abs(try #require(against.correlation) + 1) < 1e-12)
  #expect(abs(try #require(against.varianceRatio) - 2) < 1e-12)
  let still = try #require(CommonRandomNumbersGain([1, 2, 3], [5, 5, 5]))
  #expect(still.correlation == nil && still.varianceRatio == 1)
  #expect(try #require(CommonRandomNumbersGain([1, 1], [5, 5])).varianceRatio == nil)
  #expect(CommonRandomNumbersGain([], []) == nil && CommonRandomNumbersGain([1], [2]) == nil)
  #expect(CommonRandomNumbersGain([1, .infinity], [2, 3]) == nil)
}
