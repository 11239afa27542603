// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

private let aggregates: [Aggregate] = [.mean, .median, .interquartileMean, .optimalityGap(target: 1)]

@Test func scoresComeInFullTables() throws {
  #expect(TaskScores(columns: []) == nil && TaskScores(columns: [[]]) == nil && TaskScores(rows: []) == nil)
  #expect(TaskScores(rows: [[]]) == nil)
  #expect(TaskScores(columns: [[1, 2], [3]]) == nil && TaskScores(rows: [[1, 2], [3]]) == nil)
  #expect(TaskScores(columns: [[1, .nan]]) == nil)
  let scores = try #require(TaskScores(rows: [[1, 2, 3], [4, 5, 6]]))
  #expect(scores.runs == 2 && scores.tasks == 3 && scores == TaskScores(columns: [[1, 4], [2, 5], [3, 6]]))
}

@Test func aggregatesAreThoseOfTheirDefinitions() throws {
  // Task means 2, 5 and 11; sorted 0, 2, 4, 4, 5, 6, 9, 11, 13 without two at each end.
  let scores = try #require(TaskScores(columns: [[0, 4, 2], [5, 6, 4], [9, 11, 13]]))
  #expect(scores.aggregate(.mean) == 6 && scores.aggregate(.median) == 5)
  #expect(scores.aggregate(.interquartileMean) == 28.0 / 5)
  // Short of 5: 5, 1, 3, 0, 0, 1, 0, 0, 0.
  #expect(scores.aggregate(.optimalityGap(target: 5)) == 10.0 / 9)
  let even = try #require(TaskScores(columns: [[1], [2], [7], [10]]))
  #expect(even.aggregate(.median) == 4.5 && even.aggregate(.interquartileMean) == 4.5)
}

@Test(arguments: aggregates) func theOrderOfRunsAndTasksDoesNotMatter(_ aggregate: Aggregate) throws {
  let columns = (UInt64(0)..<6).map { wholeValues(9, below: 8, seed: $0).map { $0 / 4 } }
  let shuffled = [3, 0, 5, 1, 4, 2].map { task in columns[task].reversed() as [Double] }
  let one = try #require(TaskScores(columns: columns)?.aggregate(aggregate))
  #expect(abs(try #require(TaskScores(columns: shuffled)?.aggregate(aggregate)) - one) < 1e-12)
}

@Test func theInterquartileMeanOfATableIsThatOfASortedSample() throws {
  for count in 1...40 {
    let values = wholeValues(count, below: 10, seed: UInt64(count)).map { $0 * 0.1 }
    let expected = try #require(SortedSample(values)?.interquartileMean)
    #expect(abs(try #require(TaskScores(columns: [values])?.aggregate(.interquartileMean)) - expected) < 1e-12)
  }
}

@Test(arguments: aggregates) func equalScoresHaveAnIntervalOfNoWidth(_ aggregate: Aggregate) throws {
  let scores = try #require(TaskScores(columns: Array(repeating: Array(repeating: 0.1, count: 7), count: 3)))
  let got = StratifiedBootstrap(seed: 1, name: "equal", resamples: 200).interval(aggregate, of: scores)
  let expected = if case .optimalityGap = aggregate { 1 - 0.1 } else { 0.1 }
  #expect(got.estimate == expected && got.low == expected && got.high == expected)
}

@Test(arguments: aggregates) func aSingleRunHasNoBounds(_ aggregate: Aggregate) throws {
  let scores = try #require(TaskScores(rows: [[1, 2, 4, 5]]))
  let got = StratifiedBootstrap(seed: 1, name: "one").interval(aggregate, of: scores)
  #expect(got.estimate != nil && got.low == nil && got.high == nil && got.resamples == 0)
  let bootstrap = StratifiedBootstrap(seed: 1, name: "one")
  #expect(bootstrap.interval(aggregate, of: []) == nil && bootstrap.interval(aggregate, of: [1, .nan]) == nil)
  #expect(bootstrap.interval(of: [], statistic: \.first) == nil)
}

@Test func infiniteScoresFollowArithmetic() throws {
  let diverged = try #require(TaskScores(columns: [[1, 2, 3, 4, 5, 6, 7, -.infinity]]))
  #expect(diverged.aggregate(.mean) == -.infinity && diverged.aggregate(.interquartileMean) == 3.5)
  #expect(diverged.aggregate(.optimalityGap(target: 1)) == .infinity)
  let got = StratifiedBootstrap(seed: 1, name: "diverged", resamples: 500).interval(.interquartileMean, of: diverged)
  #expect(got.low == -.infinity && got.high.map { $0 > 3.5 && $0 <= 7 } == true)
  let both = try #require(TaskScores(columns: [[-.infinity, .infinity]]))
  for aggregate in [Aggregate.mean, .median, .interquartileMean] { #expect(both.aggregate(aggregate) == nil) }
  let tasks = try #require(TaskScores(columns: [[1, .infinity], [2, 2], [3, 5]]))
  #expect(tasks.aggregate(.median) == 4)
}

@Test func resamplingKeepsToTheTasks() throws {
  // Every task's runs are equal: nothing can vary unless runs were taken from another task.
  let scores = try #require(TaskScores(columns: (1...5).map { Array(repeating: Double($0), count: 8) }))
  for aggregate in aggregates {
    let got = StratifiedBootstrap(seed: 1, name: "tasks", resamples: 200).interval(aggregate, of: scores)
    #expect(got.low == got.estimate && got.high == got.estimate)
  }
}

@Test func bootstrapIntervalsCoverAboutAsOftenAsDocumented() throws {
  // Normal values, n = 20. A percentile interval of 95 % is about x̄ ± 1.96 s √(19/20)/√n, which covers when |t| of 19
  // degrees is below 1.91: 92.9 %; 300 resamples cost about half a percent. The interquartile mean covers about 94 %.
  // Each share of 2000 sets lies within 0.03 with probability above 1 - 10⁻⁵. The seeds are fixed.
  var covered = (mean: 0, middle: 0, student: 0)
  let sets = 2000
  for set in 0..<sets {
    let values = normalValues(20, seed: UInt64(set))
    let bootstrap = StratifiedBootstrap(seed: UInt64(set), name: "coverage", resamples: 300)
    func covers(_ low: Double?, _ high: Double?) throws -> Bool {
      let (low, high) = (try #require(low), try #require(high))
      return low <= 0 && 0 <= high
    }
    let mean = try #require(bootstrap.interval(.mean, of: values))
    let middle = try #require(bootstrap.interval(.interquartileMean, of: values))
    let student = try #require(TInterval(of: values))
    if try covers(mean.low, mean.high) { covered.mean += 1 }
    if try covers(middle.low, middle.high) { covered.middle += 1 }
    if try covers(student.low, student.high) { covered.student += 1 }
  }
  let shares = [covered.mean, covered.middle, covered.student].map { Double($0) / Double(sets) }
  for (share, expected) in zip(shares, [0.925, 0.935, 0.95]) {
    #expect(abs(share - expected) < 0.03, "\(shares)")
  }
  #expect(shares[0] < shares[2])
}
