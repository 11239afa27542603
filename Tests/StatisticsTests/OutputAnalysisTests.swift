// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics
import Testing

/// MSER-5 as its definition says, every candidate from scratch.
private func plainCut(_ series: [Double], batchSize: Int) -> (cut: Int, statistic: Double) {
  let means = (0..<series.count / batchSize).map { batch in
    series[batch * batchSize..<(batch + 1) * batchSize].reduce(0, +) / Double(batchSize)
  }
  let statistics = (0...means.count / 2).map { cut -> Double in
    let kept = means[cut...]
    let mean = kept.reduce(0, +) / Double(kept.count)
    return kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(kept.count * kept.count)
  }
  let least = statistics.min() ?? .nan
  return (statistics.firstIndex(of: least) ?? -1, least)
}

@Test func theWarmUpCutIsTheBestOfAllCandidates() throws {
  for seed in UInt64(0)..<40 {
    let count = 40 + Int(seed) * 7
    let series = normalValues(count, seed: seed).enumerated().map { 8 * exp(-Double($0.offset) / 20) + $0.element }
    let got = try #require(WarmUpCut(of: series))
    let (cut, statistic) = plainCut(series, batchSize: 5)
    #expect(got.cutBatches == cut && abs(got.statistic / statistic - 1) < 1e-10)
    let kept = series[got.cutValues..<got.batches * 5]
    #expect(abs(got.mean - kept.reduce(0, +) / Double(kept.count)) < 1e-12)
    #expect(got.batches == count / 5 && got.isAtLimit == (cut == got.batches / 2))
  }
}

@Test func aSeriesThatNeverSettlesIsAtTheLimit() throws {
  let ramp = try #require(WarmUpCut(of: (0..<200).map(Double.init)))
  #expect(ramp.isAtLimit && ramp.cutBatches == 20)
  let steady = try #require(WarmUpCut(of: Array(repeating: 0.1, count: 52)))
  #expect(steady.cutBatches == 0 && steady.statistic == 0 && steady.mean == 0.1 && !steady.isAtLimit)
  let start = try #require(WarmUpCut(of: Array(repeating: 9, count: 25) + Array(repeating: 1, count: 75)))
  #expect(start.cutValues == 25 && start.mean == 1)
  #expect(try #require(WarmUpCut(of: [1, 2, 3, 4, 5])).isAtLimit)
  #expect(WarmUpCut(of: []) == nil && WarmUpCut(of: [1, 2, 3, 4]) == nil)
  #expect(WarmUpCut(of: [1, 2, 3, 4, .infinity]) == nil && WarmUpCut(of: [1, 2, 3, 4, .nan]) == nil)
}

@Test func batchMeansLeaveOutTheStart() throws {
  let got = try #require(BatchMeans(of: [1000, 1, 3, 5, 7, 2, 4], batches: 3))
  #expect(got.batchSize == 2 && got.batches == 3)
  #expect(got.interval == TInterval(of: [2, 6, 3]))
  // Deviations -5/3, 7/3 and -2/3: (-35 - 14)/9 over (25 + 49 + 4)/9.
  #expect(abs(try #require(got.lag1Autocorrelation) + 49.0 / 78) < 1e-14)
  let equal = try #require(BatchMeans(of: Array(repeating: 0.1, count: 47)))
  #expect(equal.interval.mean == 0.1 && equal.interval.halfWidth == 0 && equal.lag1Autocorrelation == nil)
  #expect(BatchMeans(of: []) == nil && BatchMeans(of: [1], batches: 2) == nil)
  #expect(BatchMeans(of: [1, .infinity], batches: 2) == nil && BatchMeans(of: [1, .nan], batches: 2) == nil)
}

@Test func longBatchesCoverTheMeanOfACorrelatedSeries() throws {
  // x(i) = 0.8 x(i - 1) + noise, 2000 values in 20 batches of 100: almost independent, so intervals of 95 % cover 0 in
  // about 94 % of 1000 series; a share beyond 0.03 of that has probability below 10⁻³. Single values as if they were
  // independent cover less than 60 %. The seeds are fixed.
  var covered = (batches: 0, values: 0)
  for seed in UInt64(0)..<1000 {
    var last = 0.0
    let series = normalValues(2200, seed: seed).map { noise in
      last = 0.8 * last + noise
      return last
    }.suffix(2000)
    func covers(_ interval: TInterval) throws -> Bool {
      let (low, high) = (try #require(interval.low), try #require(interval.high))
      return low <= 0 && 0 <= high
    }
    if try covers(#require(BatchMeans(of: Array(series))).interval) { covered.batches += 1 }
    if try covers(#require(TInterval(of: Array(series)))) { covered.values += 1 }
  }
  #expect(abs(Double(covered.batches) / 1000 - 0.94) < 0.03 && covered.values < 600, "\(covered)")
}

@Test func autocorrelationsFollowTheirDefinition() throws {
  let alternating = (0..<10).map { $0 % 2 == 0 ? 1.0 : -1.0 }
  let got = try #require(Autocorrelation(of: alternating, upTo: 12)).coefficients
  for (lag, coefficient) in got.enumerated() {
    #expect(abs(coefficient - (lag % 2 == 0 ? 1 : -1) * max(0, 1 - Double(lag) / 10)) < 1e-15)
  }
  let series = normalValues(50, seed: 2)
  let plain = try #require(Autocorrelation(of: series, upTo: 5)).coefficients
  let moved = try #require(Autocorrelation(of: series.map { 100 - 3 * $0 }, upTo: 5)).coefficients
  let back = try #require(Autocorrelation(of: series.reversed(), upTo: 5)).coefficients
  for lag in 0...5 { #expect(abs(plain[lag] - moved[lag]) < 1e-12 && abs(plain[lag] - back[lag]) < 1e-12) }
  #expect(Autocorrelation(of: [], upTo: 1) == nil && Autocorrelation(of: [1], upTo: 1) == nil)
  #expect(Autocorrelation(of: [2, 2, 2], upTo: 1) == nil && Autocorrelation(of: [2, .infinity], upTo: 1) == nil)
}

@Test func replicationsStopAtTheFirstPreciseNumber() throws {
  let values = normalValues(200, seed: 4).map { 10 + 2 * $0 }
  var last = 0
  for precision in [0.5, 0.1, 0.05, 0.03] {
    let got = try #require(SequentialReplications(of: values, relativePrecision: precision, minimum: 3))
    let stopped = try #require(got.stoppedAt)
    #expect(stopped >= max(last, 3) && got.interval == TInterval(of: Array(values[..<stopped])))
    let half = try #require(got.interval.halfWidth)
    #expect(half / abs(got.interval.mean) <= precision / (1 + precision))
    #expect(
      (3..<stopped).allSatisfy {
        !SequentialReplications.isPrecise(Array(values[..<$0]), relativePrecision: precision, minimum: 3)
      })
    // A mean below zero is as precise.
    let negative = SequentialReplications(of: values.map { -$0 }, relativePrecision: precision, minimum: 3)
    #expect(negative?.stoppedAt == stopped)
    last = stopped
  }
  let never = try #require(SequentialReplications(of: values, relativePrecision: 1e-6, minimum: 3))
  #expect(never.stoppedAt == nil && never.interval == TInterval(of: values))
}

@Test func replicationsOfFewAndEqualAndInfiniteValues() throws {
  func stop(_ values: [Double], minimum: Int) -> Int? {
    SequentialReplications(of: values, relativePrecision: 0.1, minimum: minimum)?.stoppedAt
  }
  #expect(SequentialReplications(of: [], relativePrecision: 0.1, minimum: 2) == nil)
  #expect(stop([5], minimum: 1) == nil && stop([5, 5, 5], minimum: 0) == 2 && stop([0, 0, 0, 0], minimum: 4) == 4)
  #expect(stop([1, .infinity, 1, 1], minimum: 2) == nil && stop([.nan, 1, 1], minimum: 2) == nil)
  #expect(stop([1, 1], minimum: 3) == nil)
  #expect(!SequentialReplications.isPrecise([], relativePrecision: 0.1, minimum: 0))
  #expect(!SequentialReplications.isPrecise([1, -1], relativePrecision: 0.1, minimum: 2))
}

@Test func streamingQuantilesComeCloseOnLongStreams() throws {
  // Of 100 000 uniform values a quantile has a standard error of at most 0.0016; P² adds less than that on smooth laws.
  let values = uniformValues(100_000, seed: 6)
  for probability in [0.1, 0.5, 0.9] {
    var quantile = StreamingQuantile(probability)
    for value in values { quantile.add(value) }
    #expect(abs(try #require(quantile.estimate) - probability) < 0.01 && quantile.count == 100_000)
  }
}

@Test func streamingQuantilesAreValues() throws {
  var one = StreamingQuantile(0.5)
  #expect(one.estimate == nil && one.count == 0)
  one.add(7)
  #expect(one.estimate == 7)
  for value in [3, 5.0] { one.add(value) }
  #expect(one.estimate == 5 && one.estimate == 5)
  var other = one
  for value in 100...200 { other.add(Double(value)) }
  #expect(one.estimate == 5 && one.count == 3 && other.count == 104 && (other.estimate ?? 0) > 100)
  for value in [Double.infinity, -.infinity, .nan] {
    var broken = one
    broken.add(value)
    broken.add(4)
    #expect(broken.estimate == nil)
  }
  var equal = StreamingQuantile(0.9)
  for _ in 0..<50 { equal.add(0.1) }
  #expect(equal.estimate == 0.1)
}
