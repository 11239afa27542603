// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics
import Testing

private func reached(_ times: [Double]) -> [TimeToTarget] { times.map { TimeToTarget($0, isReached: true) } }

@Test func theMedianLiesBetweenTheRanksOfTheBinomialTables() {
  // P(B < k) ≤ 2.5 %: k = 1 for 6 tosses (1.6 %), 2 for 10 (1.1 %), 6 for 20 (2.1 %), none for 5 (3.1 %).
  for (count, rank) in [(6, 1), (10, 2), (20, 6)] {
    let bounds = MedianBounds(reached((1...count).map(Double.init).reversed()))
    #expect(bounds.low == Double(rank) && bounds.high == Double(count + 1 - rank))
  }
  #expect(MedianBounds(reached([1, 2, 3, 4, 5])) == MedianBounds([]))
}

@Test func runsThatEndedLastLeaveTheMedianOpenAbove() {
  // Of ten the ninth in order would be the upper bound: it is censored where three are.
  func ended(_ censored: Int) -> MedianBounds {
    MedianBounds((1...10).map { TimeToTarget(Double(min($0, 11 - censored)), isReached: $0 <= 10 - censored) })
  }
  #expect(ended(1).low == 2 && ended(1).high == 9)
  #expect(ended(3).low == 2 && ended(3).high == nil)
  // With nine censored at 2 the median is at least that.
  #expect(ended(9).low == 2 && ended(9).high == nil)
}

@Test func runsThatEndedEarlyLeaveItToTheCurve() {
  let runs = (1...12).map { TimeToTarget(Double($0), isReached: $0 % 3 != 0) }
  let curve = KaplanMeier(runs)?.medianInterval()
  #expect(MedianBounds(runs).low == curve?.low && MedianBounds(runs).high == curve?.high)
  #expect(curve?.low != nil)
}

@Test func improvementIsTheShareOfAllPairsOfRuns() throws {
  for (seed, arePaired) in [(UInt64(1), true), (2, false), (3, true)] {
    let first = wholeValues(9, below: 6, seed: seed)
    let second = wholeValues(9, below: 6, seed: 50 + seed)
    let estimate = try #require(ImprovementEstimate(first, below: second, arePaired: arePaired))
    let rank = try #require(MannWhitney(second, first))
    #expect(abs(estimate.share - rank.probabilityOfSuperiority) < 1e-12)
    let mirrored = try #require(ImprovementEstimate(second, below: first, arePaired: arePaired))
    #expect(abs(mirrored.share + estimate.share - 1) < 1e-12)
    #expect(abs(try #require(mirrored.low) + (try #require(estimate.high)) - 1) < 1e-12)
  }
}

@Test func runsThatAllAgreeLeaveRoomForOthers() throws {
  // Wilson's interval of six successes of six, with Student's 2.570582 in place of 1.96.
  let sure = try #require(
    ImprovementEstimate([1, 2, 3, 4, 5, 6], below: [7, 8, 9, 10, 11, .infinity], arePaired: true))
  #expect(sure.share == 1 && sure.high == 1)
  let least = 6 / (6 + 2.570582 * 2.570582)
  #expect(abs(try #require(sure.low) - least) < 1e-6)
  #expect(ImprovementEstimate([1], below: [2], arePaired: true)?.low == nil)
  #expect(ImprovementEstimate([.nan], below: [2], arePaired: false) == nil)
}

@Test func theMiddleHalfOfSingleValuesHasTukeysAndMcLaughlinsInterval() throws {
  // 3.4374… by an independent computation with NumPy and SciPy.
  let estimate = try #require(InterquartileMean(clusters: (1...8).map { [Double($0)] }))
  #expect(estimate.mean == 4.5)
  #expect(abs(try #require(estimate.low) - (4.5 - 3.4374348818583087)) < 1e-9)
  #expect(abs(try #require(estimate.high) - (4.5 + 3.4374348818583087)) < 1e-9)
}

@Test func theMiddleHalfOfClustersIsThatOfTheirValues() throws {
  for seed in UInt64(0)..<20 {
    let clusters = (0..<7).map { normalValues(3 + Int(seed % 3), seed: 100 * seed + $0) }
    let estimate = try #require(InterquartileMean(clusters: clusters))
    let plain = try #require(SortedSample(clusters.flatMap { $0 })?.interquartileMean)
    #expect(abs(try #require(estimate.mean) - plain) < 1e-12)
    #expect(try #require(estimate.low) < plain)
    #expect(try #require(estimate.high) > plain)
  }
  // A policy that diverged is among the values that are dropped, and hides no interval.
  let diverged = try #require(InterquartileMean(clusters: [[-.infinity], [1], [2], [3], [4], [5]]))
  #expect(diverged.mean == 2.5 && diverged.low != nil)
  #expect(InterquartileMean(clusters: [[1, 2, 3]])?.low == nil && InterquartileMean(clusters: []) == nil)
}

@Test func leavingOutOneOfEqualPartsIsStudentsTest() throws {
  // Symmetric values: t of their mean over its error.
  let values: [Double] = [0.5, 1, 1.5, 2, -0.5, 1.5, 1, 0.5, 2.5, 0]
  let mean = values.reduce(0, +) / 10
  let leavingOut = values.map { (10 * mean - $0) / 9 }
  let sure = try #require(Confidence.jackknife(mean, leavingOut: leavingOut))
  let difference = try #require(PairedDifference(values, Array(repeating: 0, count: 10)))
  #expect(abs(sure - (1 - (try #require(difference.twoSidedP)) / 2)) < 1e-9)
  #expect(
    Confidence.jackknife(.infinity, leavingOut: [1, 2]) == nil && Confidence.jackknife(1, leavingOut: [1]) == nil)
}

@Test func fewReplicationsMustAgreeMore() {
  // Shares of resamples that make 97.5 %, from normal and Student's quantiles by SciPy.
  for (count, share) in [(6, 0.9975681968253884), (10, 0.9914493609755937), (20, 0.984119170079652)] {
    #expect(abs(Confidence.expanded(share: share, resamples: 10_000, replications: count) - 0.975) < 1e-9)
  }
  #expect(Confidence.expanded(share: 0.5, resamples: 100, replications: 6) == 0.5)
  #expect(Confidence.expanded(share: 1, resamples: 100, replications: 6) < 1)
}

@Test func aShareHasTheBoundsOfTheTables() {
  // Clopper and Pearson's bounds of 5 and 0 of 20.
  let five = BinomialInterval(5, of: 20)
  #expect(abs(five.low - 0.0865715) < 1e-6 && abs(five.high - 0.4910459) < 1e-6)
  let none = BinomialInterval(0, of: 20)
  #expect(none.low == 0 && abs(none.high - (1 - pow(0.025, 1.0 / 20))) < 1e-9)
  #expect(BinomialInterval(20, of: 20).high == 1)
}

@Test func equalValuesShowNothing() {
  // Of six pairs two are equal: four signs are left.
  #expect(SmallestP.paired([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 5, 6]) == 0.125)
  // Twelve values of which eight are equal: all four others are in one arm in 28 of 924 ways, and so on both sides.
  let (first, second): ([Double], [Double]) = ([1, 2, 3, 4, 9, 9], [9, 9, 9, 9, 9, 9])
  #expect(abs(SmallestP.unpaired(first, second) - (28 + 28) / 924.0) < 1e-12)
  #expect(abs(SmallestP.unpaired([1, 2, 3], [4, 5, 6]) - SmallestP.unpaired(3, 3)) < 1e-15)
  #expect(SmallestP.unpaired([1, 1], [1, 1]) == 1)
}
