// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Test func theDetectableDifferenceOfOneTestIsTheTextbooks() {
  // With many degrees of freedom (1.959964 + 0.841621) / 1.959964 half widths, to 1e-5 of normal quantiles.
  #expect(abs(detectableDifference(halfWidth: 1, degreesOfFreedom: 1e7, tests: 1) - 1.429406) < 1e-5)
  // At the level 0.05 / 12 the first quantile is 2.865; normal tables.
  let twelve = detectableDifference(halfWidth: 1, degreesOfFreedom: 1e7, tests: 12)
  #expect(abs(twelve - (2.8653 + 0.8416) / 1.95996) < 1e-3)
  // Student's quantiles of nine degrees, by SciPy.
  #expect(abs(detectableDifference(halfWidth: 1, degreesOfFreedom: 9, tests: 1) - 1.3905139) < 1e-6)
  #expect(abs(detectableDifference(halfWidth: 1, degreesOfFreedom: 9, tests: 12) - 2.0738092) < 1e-6)
}

@Test func noTestOfSoFewRunsCouldGiveLess() {
  #expect([1, 2, 3, 6, 10].map(SmallestP.paired) == [1, 0.5, 0.25, 1.0 / 32, 1.0 / 512])
  // Of the twenty ways to deal six runs to two arms of three, two are the extreme ones.
  #expect(abs(SmallestP.unpaired(3, 3) - 0.1) < 1e-15)
  #expect(SmallestP.unpaired(1, 1) == 1)
}

private func average(_ values: [Double]) -> Double? { values.reduce(0, +) / Double(values.count) }

@Test func theRatioOfArmsApartIsThatOfTheirStatistics() throws {
  let first = (0..<15).map { 2 + Double($0 % 5) }
  let second = (0..<9).map { 1 + Double($0 % 3) }
  let bootstrap = IndependentBootstrap(seed: 1, name: "a/b", resamples: 2000)
  let ratio = try #require(bootstrap.ratio(first, second, of: average))
  #expect(ratio.estimate == 2)
  let bounds = (try #require(ratio.low), try #require(ratio.high))
  #expect(bounds.0 < 2 && 2 < bounds.1)
  #expect(bootstrap.ratio(first, second, of: average) == ratio)
  #expect(bootstrap.ratio([], second, of: average) == nil)
}

@Test func armsApartVaryMoreThanPairsThatMoveTogether() throws {
  let first = (0..<20).map { 10 + Double($0) }
  let second = first.map { 2 * $0 }
  let apart = try #require(
    IndependentBootstrap(seed: 1, name: "a/b", resamples: 2000).ratio(first, second, of: average))
  let paired = try #require(PairedBootstrap(seed: 1, name: "a/b", resamples: 2000).ratioOfMeans(first, second))
  let widths = (try #require(apart.high) - #require(apart.low), try #require(paired.high) - #require(paired.low))
  #expect(widths.1 < 1e-12 && widths.0 > 0.1)
}
