// SPDX-License-Identifier: GPL-3.0-or-later

/// A ratio between two arms with its percentile interval over resampled pairs.
package struct RatioInterval: Sendable, Equatable {
  /// First over second; nothing where it is undefined, as for zero over zero and between two medians never reached.
  package let ratio: Double?
  /// The lower bound; nothing for a single pair.
  package let low: Double?
  /// The upper bound; nothing for a single pair.
  package let high: Double?
  /// The number of pairs.
  package let pairs: Int
  /// The confidence level.
  package let level: Double
  /// How many resamples were drawn.
  package let resamples: Int
  /// How many of them had no ratio. They count as -∞ for the lower bound and as ∞ for the upper one, so that an
  /// interval is never narrower than what is known.
  package let undefinedResamples: Int
  /// How improbable resamples as far as 1 are: twice the smaller of the shares of resamples with a ratio of at most 1
  /// and of at least 1, undefined ones counting on both sides; at least 2 / (resamples + 1) and at most 1. Nothing for
  /// a single pair and for an undefined ratio.
  ///
  /// It inverts the percentile interval: it is small where an interval of that much higher level would still leave out
  /// 1, so it is approximate and somewhat too small for few pairs, just as the interval is somewhat too narrow.
  ///
  /// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, section 15.4 (achieved significance
  /// levels of percentile intervals).
  package let twoSidedP: Double?
}

/// The percentile bootstrap over pairs of runs of the same seed.
///
/// *Randomness*: the resample of number b takes one whole number per pair from index b of its stream, so an interval
/// is a pure function of the data, the seed and the name, and equal names resample equally.
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
package struct PairedBootstrap: Sendable {
  let resampling: Resampling

  /// - Parameters:
  ///   - seed: the seed of the study.
  ///   - name: what is compared.
  ///   - resamples: at least one.
  ///   - level: the confidence level, above 0 and below 1.
  package init(seed: UInt64, name: String, resamples: Int = 10_000, level: Double = 0.95) {
    resampling = Resampling(seed: seed, name: name, resamples: resamples, level: level)
  }

  /// Any statistic of pairs: of all of them, with the percentiles of its values on resampled pairs. Nothing without
  /// pairs; a single pair has no bounds.
  ///
  /// - Parameters:
  ///   - pairs: how many pairs there are.
  ///   - statistic: its value on the pairs of some numbers from 0 on, in any order and with repetitions; nothing, or
  ///     not a number, where it is undefined.
  package func estimate(pairs: Int, statistic: ([Int]) -> Double?) -> BootstrapInterval? {
    guard pairs > 0 else { return nil }
    return resampling.interval(of: [0..<pairs], statistic)
  }

  /// The ratio of two means, averages first. Nothing without pairs.
  ///
  /// Values that are infinite or not a number follow the rules of arithmetic; a ratio that is not a number is undefined.
  package func ratioOfMeans(_ first: [Double], _ second: [Double]) -> RatioInterval? {
    precondition(first.count == second.count, "Paired values come in equal numbers.")
    return ratio(pairs: first.count) { chosen in
      defined(chosen.reduce(0) { $0 + first[$1] } / chosen.reduce(0) { $0 + second[$1] })
    }
  }

  /// The ratio of the Kaplan-Meier medians. Nothing without pairs, and for times that are infinite or not a number.
  ///
  /// A median that is not reached counts as infinite.
  package func ratioOfMedians(_ first: [TimeToTarget], _ second: [TimeToTarget]) -> RatioInterval? {
    guard var upper = ReachedMedian(first), var lower = ReachedMedian(second), first.count == second.count else {
      return ratio(first, second) { $0.median ?? .infinity }
    }
    return ratio(pairs: first.count) { defined(upper.median(of: $0) / lower.median(of: $0)) }
  }

  /// The ratio of the restricted mean times. Nothing without pairs, and for times that are infinite or not a number.
  package func ratioOfRestrictedMeans(
    _ first: [TimeToTarget], _ second: [TimeToTarget], upTo restriction: Double
  ) -> RatioInterval? {
    ratio(first, second) { $0.restrictedMean(upTo: restriction) }
  }

  private func ratio(
    _ first: [TimeToTarget], _ second: [TimeToTarget], of statistic: (KaplanMeier) -> Double
  ) -> RatioInterval? {
    precondition(first.count == second.count, "Paired runs come in equal numbers.")
    guard (first + second).allSatisfy(\.time.isFinite) else { return nil }
    return ratio(pairs: first.count) { chosen in
      guard let upper = KaplanMeier(chosen.map { first[$0] }), let lower = KaplanMeier(chosen.map { second[$0] })
      else { return nil }
      return defined(statistic(upper) / statistic(lower))
    }
  }

  /// The ratio of all pairs, and the percentiles of its values on resamples.
  private func ratio(pairs: Int, statistic: ([Int]) -> Double?) -> RatioInterval? {
    guard pairs > 0 else { return nil }
    let ratio = statistic(Array(0..<pairs))
    guard pairs > 1 else {
      return RatioInterval(
        ratio: ratio, low: nil, high: nil, pairs: 1, level: resampling.level, resamples: 0, undefinedResamples: 0,
        twoSidedP: nil)
    }
    let values = resampling.values(of: [0..<pairs], statistic)
    let bounds = values.percentiles(level: resampling.level)
    return RatioInterval(
      ratio: ratio, low: bounds.low, high: bounds.high, pairs: pairs, level: resampling.level,
      resamples: resampling.resamples, undefinedResamples: values.undefined,
      twoSidedP: ratio == nil ? nil : values.twoSidedP(against: 1))
  }
}

/// The Kaplan-Meier median of resampled runs that all reached their target, found by counting: the first time by which
/// at least half of them have.
private struct ReachedMedian {
  private let times: [Double]
  /// The place of each run in the order of times.
  private var places: [Int]
  /// Room for how often each place was chosen.
  private var counts: [Int]

  /// Nothing without runs, if one never reached its target, and if a time is infinite or not a number.
  init?(_ runs: [TimeToTarget]) {
    guard !runs.isEmpty, runs.allSatisfy({ $0.isReached && $0.time.isFinite }) else { return nil }
    let order = runs.indices.sorted { runs[$0].time < runs[$1].time }
    times = order.map { runs[$0].time }
    places = Array(repeating: 0, count: runs.count)
    counts = places
    for (place, index) in order.enumerated() { places[index] = place }
  }

  mutating func median(of chosen: [Int]) -> Double {
    for place in counts.indices { counts[place] = 0 }
    for index in chosen { counts[places[index]] += 1 }
    var below = 0
    for place in counts.indices {
      below += counts[place]
      if 2 * below >= chosen.count { return times[place] }
    }
    return times[times.count - 1]
  }
}
