// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

/// The share of pairs by comparing each, ties counting one half, averaged over tasks.
private func plainShare(_ first: [[Double]], _ second: [[Double]]) -> Double {
  let shares = zip(first, second).map { own, other in
    own.reduce(0) { sum, x in sum + other.reduce(0) { $0 + (x > $1 ? 1 : x == $1 ? 0.5 : 0) } }
      / Double(own.count * other.count)
  }
  return shares.reduce(0, +) / Double(shares.count)
}

@Test func theProbabilityOfImprovementComparesEachPair() throws {
  for seed in UInt64(0)..<20 {
    let first = (0..<3).map { wholeValues(6, below: 5, seed: 10 * seed + $0) }
    let second = (0..<3).map { wholeValues(9, below: 6, seed: 1000 + 10 * seed + $0) }
    let own = try #require(TaskScores(columns: first))
    let other = try #require(TaskScores(columns: second))
    let bootstrap = StratifiedBootstrap(seed: seed, name: "wins", resamples: 100)
    let got = try #require(bootstrap.probabilityOfImprovement(own, over: other))
    let reversed = try #require(bootstrap.probabilityOfImprovement(other, over: own))
    let estimate = try #require(got.estimate)
    #expect(abs(estimate - plainShare(first, second)) < 1e-15)
    #expect(abs(estimate + (try #require(reversed.estimate)) - 1) < 1e-15)
    #expect(try #require(got.low) <= estimate && estimate <= (try #require(got.high)))
  }
}

@Test func armsOfDifferentTasksAreNotCompared() throws {
  let bootstrap = StratifiedBootstrap(seed: 1, name: "wins", resamples: 100)
  let one = try #require(TaskScores(columns: [[1, 2]]))
  let two = try #require(TaskScores(columns: [[1, 2], [3, 4]]))
  #expect(bootstrap.probabilityOfImprovement(one, over: two) == nil)
  // Every run of one arm beats every run of the other, infinite ones included.
  let better = try #require(TaskScores(columns: [[5, .infinity], [9, 8]]))
  let sure = try #require(bootstrap.probabilityOfImprovement(better, over: two))
  #expect(sure.estimate == 1 && sure.low == 1 && sure.high == 1)
  let single = try #require(TaskScores(columns: [[1]]))
  #expect(bootstrap.probabilityOfImprovement(single, over: single)?.low == nil)
  #expect(bootstrap.probabilityOfImprovement(single, over: single)?.estimate == 0.5)
}

@Test func aProfileCountsWhatLiesStrictlyAbove() throws {
  let columns = (UInt64(0)..<5).map { wholeValues(6, below: 6, seed: $0) }
  let scores = try #require(TaskScores(columns: columns))
  let thresholds = [3, -1, 0, 5, 2.5, .nan, .infinity, -.infinity]
  let all = columns.flatMap { $0 }
  let means = columns.map { $0.reduce(0, +) / 6 }
  let runs = PerformanceProfile(.runs, of: scores, thresholds: thresholds)
  let tasks = PerformanceProfile(.taskMeans, of: scores, thresholds: thresholds)
  for (index, threshold) in thresholds.enumerated() {
    #expect(runs.shares[index] == Double(all.count { $0 > threshold }) / 30)
    #expect(tasks.shares[index] == Double(means.count { $0 > threshold }) / 5)
  }
  #expect(runs.low == nil && runs.high == nil && runs.level == nil)
  let equal = try #require(TaskScores(columns: [Array(repeating: 0.1, count: 7)]))
  #expect(PerformanceProfile(.taskMeans, of: equal, thresholds: [0.1]).shares == [0])
  #expect(PerformanceProfile(.runs, of: equal, thresholds: []).shares.isEmpty)
}

@Test func theBandOfAProfileHasTheWidthOfItsShares() throws {
  // On one task of 100 runs the share above 0 is a proportion q with standard error √(q (1 - q)/100): half the width of
  // the band is 1.96 of these within 15 % (steps of 1/100 and resampling make about 8 %). The seed is fixed.
  let scores = try #require(TaskScores(columns: [normalValues(100, seed: 3)]))
  let got = StratifiedBootstrap(seed: 1, name: "profile", resamples: 2000)
    .profile(.runs, of: scores, thresholds: [-10, 0, 10])
  #expect(got.shares == PerformanceProfile(.runs, of: scores, thresholds: [-10, 0, 10]).shares)
  let low = try #require(got.low)
  let high = try #require(got.high)
  #expect(low[0] == 1 && high[0] == 1 && low[2] == 0 && high[2] == 0)
  let share = got.shares[1]
  let width = try #require(high[1]) - (try #require(low[1]))
  #expect(abs(width / 2 / (1.96 * (share * (1 - share) / 100).squareRoot()) - 1) < 0.15)
  let averages = StratifiedBootstrap(seed: 1, name: "profile", resamples: 200)
    .profile(.taskMeans, of: scores, thresholds: [-1, 0, 1])
  #expect(averages.low?.first == 1 && averages.high?.last == 0 && averages.level == 0.95)
  let single = try #require(TaskScores(columns: [[1], [2]]))
  #expect(StratifiedBootstrap(seed: 1, name: "one").profile(.runs, of: single, thresholds: [1]).low == nil)
}
