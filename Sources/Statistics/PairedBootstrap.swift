// SPDX-License-Identifier: GPL-3.0-or-later
import Randomness

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
}

/// The percentile bootstrap over pairs of runs of the same seed.
///
/// *Randomness*: the resample of number b takes one whole number per pair from index b of its stream, so an interval
/// is a pure function of the data, the seed and the name, and equal names resample equally.
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
package struct PairedBootstrap: Sendable {
  private let key: StreamKey
  private let resamples: Int
  private let level: Double

  /// - Parameters:
  ///   - seed: the seed of the study.
  ///   - name: what is compared.
  ///   - resamples: at least one.
  ///   - level: the confidence level, above 0 and below 1.
  package init(seed: UInt64, name: String, resamples: Int = 10_000, level: Double = 0.95) {
    precondition(resamples > 0 && level > 0 && level < 1, "A bootstrap needs resamples and a level.")
    key = StreamKey(seed: seed, replication: StreamFamily.study, purpose: .bootstrap, entity: name)
    self.resamples = resamples
    self.level = level
  }

  /// The ratio of two means, averages first. Nothing without pairs.
  ///
  /// Values that are infinite or not a number follow the rules of arithmetic; a ratio that is not a number is undefined.
  package func ratioOfMeans(_ first: [Double], _ second: [Double]) -> RatioInterval? {
    precondition(first.count == second.count, "Paired values come in equal numbers.")
    return interval(pairs: first.count) { chosen in
      defined(chosen.reduce(0) { $0 + first[$1] } / chosen.reduce(0) { $0 + second[$1] })
    }
  }

  /// The ratio of the Kaplan-Meier medians. Nothing without pairs, and for times that are infinite or not a number.
  ///
  /// A median that is not reached counts as infinite.
  package func ratioOfMedians(_ first: [TimeToTarget], _ second: [TimeToTarget]) -> RatioInterval? {
    ratio(first, second) { $0.median ?? .infinity }
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
    return interval(pairs: first.count) { chosen in
      guard let upper = KaplanMeier(chosen.map { first[$0] }), let lower = KaplanMeier(chosen.map { second[$0] })
      else { return nil }
      return defined(statistic(upper) / statistic(lower))
    }
  }

  /// The statistic of all pairs, and the percentiles of its values on resamples.
  private func interval(pairs: Int, statistic: ([Int]) -> Double?) -> RatioInterval? {
    guard pairs > 0 else { return nil }
    var chosen = Array(0..<pairs)
    let estimate = statistic(chosen)
    guard pairs > 1 else {
      return RatioInterval(
        ratio: estimate, low: nil, high: nil, pairs: 1, level: level, resamples: 0, undefinedResamples: 0)
    }
    var values: [Double?] = []
    values.reserveCapacity(resamples)
    for resample in 0..<resamples {
      var draws = Draws(key, at: UInt64(resample))
      for position in 0..<pairs { chosen[position] = Int(draws.integer(below: UInt32(pairs))) }
      values.append(statistic(chosen))
    }
    let tail = (1 - level) / 2
    return RatioInterval(
      ratio: estimate, low: SortedSample(values.map { $0 ?? -.infinity })?.quantile(tail),
      high: SortedSample(values.map { $0 ?? .infinity })?.quantile(1 - tail), pairs: pairs, level: level,
      resamples: resamples, undefinedResamples: values.count { $0 == nil })
  }
}

/// A number, or nothing if it is none.
private func defined(_ value: Double) -> Double? { value.isNaN ? nil : value }
