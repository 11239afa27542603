// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness
import Statistics
import Testing

/// The mean of each resample by the documented stream, written down plainly.
private func resampledMeans(_ columns: [[Double]], seed: UInt64, name: String, resamples: Int) -> [Double] {
  let key = StreamKey(seed: seed, replication: StreamFamily.study, purpose: .bootstrap, entity: name)
  return (0..<resamples).map { resample in
    var draws = Draws(key, at: UInt64(resample))
    let values = columns.flatMap { column in
      column.map { _ in column[Int(draws.integer(below: UInt32(column.count)))] }
    }
    return values.reduce(0, +) / Double(values.count)
  }
}

@Test func pairedResamplesFollowTheDocumentedStream() throws {
  // Published intervals hang on this stream: bit for bit.
  let first = normalValues(20, seed: 1).map { $0 + 5 }
  let ones = Array(repeating: 1.0, count: 20)
  let got = try #require(PairedBootstrap(seed: 3, name: "a/b", resamples: 1000).ratioOfMeans(first, ones))
  let means = try #require(SortedSample(resampledMeans([first], seed: 3, name: "a/b", resamples: 1000)))
  #expect(got.low == means.quantile((1 - 0.95) / 2) && got.high == means.quantile(1 - (1 - 0.95) / 2))
  let any = try #require(
    PairedBootstrap(seed: 3, name: "a/b", resamples: 1000).estimate(pairs: 20) { chosen in
      chosen.reduce(0) { $0 + first[$1] } / 20
    })
  #expect(any.estimate == got.ratio && any.low == got.low && any.high == got.high && any.resamples == 1000)
}

@Test func stratifiedResamplesFollowTheDocumentedStream() throws {
  // Sums are of differences to a score, so they differ from plain ones in the last digits.
  let columns = (0..<4).map { normalValues(7, seed: $0) }
  let got = StratifiedBootstrap(seed: 5, name: "arm", resamples: 2000)
    .interval(.mean, of: try #require(TaskScores(columns: columns)))
  let means = try #require(SortedSample(resampledMeans(columns, seed: 5, name: "arm", resamples: 2000)))
  #expect(abs(try #require(got.low) - (try #require(means.quantile(0.025)))) < 1e-12)
  #expect(abs(try #require(got.high) - (try #require(means.quantile(0.975)))) < 1e-12)
}

@Test func aSingleTaskIsThePlainBootstrap() throws {
  let values = normalValues(15, seed: 9)
  let bootstrap = StratifiedBootstrap(seed: 2, name: "plain", resamples: 500)
  let paired = try #require(
    PairedBootstrap(seed: 2, name: "plain", resamples: 500).estimate(pairs: 15) { chosen in
      SortedSample(chosen.map { values[$0] })?.interquartileMean
    })
  let own = try #require(bootstrap.interval(.interquartileMean, of: values))
  let any = try #require(bootstrap.interval(of: values) { SortedSample($0)?.interquartileMean })
  for (one, other) in [(own, paired), (any, paired)] {
    #expect(abs(try #require(one.low) - (try #require(other.low))) < 1e-12)
    #expect(abs(try #require(one.high) - (try #require(other.high))) < 1e-12)
    #expect(abs(try #require(one.estimate) - (try #require(other.estimate))) < 1e-12)
  }
}

@Test func undefinedStatisticsWidenTheInterval() throws {
  // About a third of the resamples of three values leave out the last one, (2/3)³ = 8/27, and have no statistic then.
  let got = try #require(
    PairedBootstrap(seed: 1, name: "gaps", resamples: 300).estimate(pairs: 3) { $0.contains(2) ? 1 : .nan })
  #expect(got.estimate == 1 && got.low == -.infinity && got.high == .infinity)
  #expect(got.undefinedResamples > 50 && got.undefinedResamples < 130)
  let bootstrap = PairedBootstrap(seed: 1, name: "none")
  #expect(bootstrap.estimate(pairs: 0) { _ in 1 } == nil)
  let one = try #require(bootstrap.estimate(pairs: 1) { _ in 4 })
  #expect(one.estimate == 4 && one.low == nil && one.high == nil && one.resamples == 0)
}

@Test func thePValueOfARatioFollowsItsResamples() throws {
  let bootstrap = PairedBootstrap(seed: 4, name: "p", resamples: 999)
  let ones = Array(repeating: 1.0, count: 12)
  #expect(bootstrap.ratioOfMeans(ones, ones)?.twoSidedP == 1)
  #expect(bootstrap.ratioOfMeans(ones.map { $0 * 2 }, ones)?.twoSidedP == 2.0 / 1000)
  #expect(bootstrap.ratioOfMeans([2], [1])?.twoSidedP == nil)
  #expect(bootstrap.ratioOfMeans(ones.map { $0 * 0 }, ones.map { $0 * 0 })?.twoSidedP == nil)
  // Counted by hand: the share of means at most 1 and at least 1.
  let values = normalValues(12, seed: 8).map { 1.3 + $0 }
  let means = resampledMeans([values], seed: 4, name: "p", resamples: 999)
  let smaller = min(means.count { $0 <= 1 }, means.count { $0 >= 1 })
  #expect(smaller > 10 && smaller < 490)
  #expect(bootstrap.ratioOfMeans(values, ones)?.twoSidedP == 2 * Double(smaller) / 999)
  // What is undefined counts on both sides: here all that is defined is 9.
  func rarely(_ pace: Double) -> [TimeToTarget] {
    (1...10).map { TimeToTarget(pace * Double($0), isReached: $0 <= 5) }
  }
  let open = try #require(bootstrap.ratioOfMedians(rarely(9), rarely(1)))
  #expect(open.ratio == 9 && open.undefinedResamples > 300 && open.undefinedResamples < 450)
  #expect(open.twoSidedP == 2 * Double(open.undefinedResamples) / 999)
}

@Test func aPValueIsSmallJustWhereTheIntervalLeavesOutOne() throws {
  for seed in UInt64(0)..<60 {
    let values = normalValues(15, seed: seed).map { 1.4 + $0 }
    let ones = Array(repeating: 1.0, count: 15)
    let got = try #require(PairedBootstrap(seed: seed, name: "dual", resamples: 400).ratioOfMeans(values, ones))
    let low = try #require(got.low)
    let high = try #require(got.high)
    let p = try #require(got.twoSidedP)
    // The quantile of 0.025 of 400 values lies between the tenth and the eleventh: a p of 0.05 goes either way.
    if p < 0.05 { #expect(low > 1 || high < 1) }
    if p > 0.055 { #expect(low <= 1 && high >= 1) }
  }
}
