// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Test func anEmptySampleGivesNothing() {
  #expect(TInterval(of: []) == nil)
  #expect(SampleSummary(of: []) == nil)
  #expect(SortedSample([]) == nil)
  #expect(KaplanMeier([]) == nil)
  #expect(PairedDifference([], []) == nil)
}

@Test func oneValueHasAMeanAndNoInterval() throws {
  let interval = try #require(TInterval(of: [3.5]))
  #expect(interval.mean == 3.5 && interval.count == 1)
  #expect(interval.low == nil && interval.high == nil && interval.standardDeviation == nil)
  let pair = try #require(PairedDifference([3], [1]))
  #expect(pair.difference.mean == 2 && pair.t == nil && pair.twoSidedP == nil)
  #expect(try #require(SampleSummary(of: [3.5])).thirdQuartile == 3.5)
}

@Test func equalValuesHaveAnIntervalOfNoWidthAndNoTest() throws {
  let interval = try #require(TInterval(of: [2, 2, 2]))
  #expect(interval.low == 2 && interval.high == 2)
  let pair = try #require(PairedDifference([3, 4, 5], [1, 2, 3]))
  #expect(pair.difference.mean == 2 && pair.t == nil)
}

@Test func aDivergedRunTakesTheBoundsAndKeepsTheMedian() throws {
  let summary = try #require(SampleSummary(of: [1, .infinity, 3, 2, 4]))
  #expect(summary.mean.mean == .infinity && summary.mean.low == nil && summary.mean.high == nil)
  #expect(summary.median == 3 && summary.maximum == .infinity && summary.interquartileMean == 3)
  let even = try #require(SortedSample([1, .infinity]))
  #expect(even.median == .infinity && even.quantile(0) == 1 && even.quantile(1) == .infinity)
  #expect(try #require(SortedSample([-.infinity, .infinity])).median == nil)
  #expect(try #require(SortedSample([-.infinity, .infinity])).interquartileMean == nil)
}

@Test func aValueThatIsNoNumberLeavesNoOrder() throws {
  let summary = try #require(SampleSummary(of: [1, .nan, 3]))
  #expect(summary.mean.mean.isNaN && summary.mean.low == nil && summary.median == nil && summary.maximum == nil)
}

@Test func theMedianRestsExactlyOnOneHalf() throws {
  // Half of each even number of runs: a product of rounded fractions is above one half for some of them.
  for pairs in 1...200 {
    let runs = (1...2 * pairs).map { TimeToTarget(Double($0), isReached: $0 <= pairs) }
    let curve = try #require(KaplanMeier(runs))
    #expect(curve.median == Double(pairs))
  }
}

@Test func theMedianIsExactWithRunsThatEndEarly() throws {
  // 9/10 × 7/8 × 5/6 is above one half, and 3/4 of it is 63/128.
  let runs = (1...10).map { TimeToTarget(Double($0), isReached: $0 % 2 == 1) }
  #expect(try #require(KaplanMeier(runs)).median == 7)
  // Six, four and two runs are at risk: 5/6 × 3/4 is above one half, and 1/2 of it below.
  let tied = [(1.0, true), (1, false), (2, true), (3, false), (4, true), (5, false)]
  #expect(try #require(KaplanMeier(tied.map { TimeToTarget($0.0, isReached: $0.1) })).median == 4)
  // Large numbers whose product does not fit a machine word: every second run ends early.
  let many = (1...4000).map { TimeToTarget(Double($0), isReached: $0 % 2 == 1) }
  let median = try #require(KaplanMeier(many)?.median)
  // By symmetry of ends and targets the curve is close to the square root of the share left: about 3/4 of the way.
  #expect(abs(median - 3000) < 10)
}

@Test func aTargetThatFewReachHasNoMedian() throws {
  let curve = try #require(KaplanMeier([1, 2, 3].map { TimeToTarget($0, isReached: $0 == 1) }))
  #expect(curve.median == nil && curve.medianInterval().high == nil)
  #expect(abs(curve.restrictedMean(upTo: 4) - 3) <= 1e-15)
  let never = try #require(KaplanMeier([TimeToTarget(5, isReached: false)]))
  #expect(never.steps.isEmpty && never.median == nil && never.restrictedMean(upTo: 5) == 5)
}

@Test func oneRunHasAMedianAndNoInterval() throws {
  let curve = try #require(KaplanMeier([TimeToTarget(5, isReached: true)]))
  #expect(curve.median == 5 && curve.medianInterval().low == nil && curve.medianInterval().high == nil)
  #expect(curve.steps[0].standardError == nil && curve.restrictedMean(upTo: 9) == 5)
}

@Test func timesThatAreNoNumbersGiveNoCurve() {
  #expect(KaplanMeier([TimeToTarget(.infinity, isReached: false), TimeToTarget(1, isReached: true)]) == nil)
  #expect(KaplanMeier([TimeToTarget(.nan, isReached: true)]) == nil)
}

@Test func spreadAndSkewnessOfAFewValues() throws {
  // Deviations -2, -1, -1, -1 and 5 from the mean.
  let summary = try #require(SampleSummary(of: [1, 2, 2, 2, 8]))
  #expect(summary.medianAbsoluteDeviation == 0)
  let (second, third) = (32.0 / 5, 114.0 / 5)
  #expect(abs(try #require(summary.skewness) - third / (second * second.squareRoot())) < 1e-14)
  let mirrored = try #require(SampleSummary(of: [-1, -2, -2, -2, -8]))
  #expect(abs(try #require(mirrored.skewness) + (try #require(summary.skewness))) < 1e-14)
  #expect(try #require(SampleSummary(of: [1, 2, 4, 9])).medianAbsoluteDeviation == 1.5)
  #expect(try #require(SampleSummary(of: [3, 3])).skewness == nil)
  #expect(try #require(SampleSummary(of: [3])).medianAbsoluteDeviation == 0)
  let diverged = try #require(SampleSummary(of: [1, 2, 3, .infinity, .infinity]))
  #expect(diverged.medianAbsoluteDeviation == 2 && diverged.skewness == nil)
  let lost = try #require(SampleSummary(of: [1, .infinity, .infinity]))
  #expect(lost.median == .infinity && lost.medianAbsoluteDeviation == nil)
  #expect(try #require(SampleSummary(of: [1, .nan])).medianAbsoluteDeviation == nil)
}
