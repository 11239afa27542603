// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Records

/// Two arms compared: over the replications that both have, where the same seed meets the same world in both, else over
/// all runs of each.
package struct Comparison: Sendable, Encodable, Equatable {
  /// A number with its 95 % interval.
  package struct Estimate: Sendable, Codable, Equatable {
    package var value: Double
    /// Nothing where there are too few runs.
    package var interval: Interval?
  }

  /// A mean difference, this arm minus the other, with Student's interval and test, or Welch's without pairs, corrected
  /// for skewness.
  package struct Difference: Sendable, Codable, Equatable {
    package var mean: Double
    package var interval: Interval?
    package var p: Double?
  }

  /// How the arms end: the ratio of mean final values, this arm over the other, where the metric is read in decibels; the
  /// difference of the means of any other, this arm minus the other.
  package struct Final: Sendable, Encodable, Equatable {
    package var metric: String
    let definition: MetricDefinition
    /// Nothing where differences are compared.
    package var ratio: Double?
    /// The 95 % interval, of the test that gives `p`; nothing for a single pair.
    package var interval: Interval?
    package var decibels: Double?
    package var decibelsInterval: Interval?
    /// Whether one of the two ends at zero to rounding, so that the ratio says no more than which; else nothing.
    package var isToRounding: Bool?
    /// Whether nothing in the two arms is random, so that this is a fact and no estimate; else nothing.
    package var isExact: Bool?
    /// The two-sided p-value of no difference: that of `difference`.
    package var p: Double?
    /// The same after Holm, among all tests of the study's family.
    package var adjustedP: Double?
    /// In linear units.
    package var difference: Difference?
    /// The variance of paired differences over that of arms on seeds of their own; below one pairing helped.
    package var varianceRatio: Double?
    /// How probably a run of this arm ends better than a run of the other.
    package var improvement: Estimate?

    private enum CodingKeys: String, CodingKey {
      case metric, ratio, interval, decibels, decibelsInterval, isToRounding, isExact, p, adjustedP, difference
      case varianceRatio, improvement
    }
  }

  /// How many times sooner this arm reaches the target: the other arm's time over this arm's; above one it is sooner.
  package struct Time: Sendable, Codable, Equatable {
    /// Times are compared by their means, in which a run that ended without the target counts with where the first such
    /// run of either arm ended, in seconds, as does every longer one; nothing where all runs reached it.
    package var restrictedTo: Double?
    package var ratio: Double
    /// The 95 % interval, of the test that gives `p`; nothing for a single pair.
    package var interval: Interval?
    /// Whether nothing in the two arms is random, so that this is a fact and no estimate; else nothing.
    package var isExact: Bool?
    /// The two-sided p-value of the ratio being one: Student's paired test, or Welch's, corrected for skewness.
    package var p: Double?
    /// The same after Holm, among all tests of the study's family.
    package var adjustedP: Double?
    /// Pairs in which this arm is sooner, and in which the other one is; a run that never reaches the target loses
    /// to one that does. Nothing without pairs.
    package var soonerPairs: Int?
    package var laterPairs: Int?
    /// Of the same means, in seconds.
    package var difference: Difference?
    /// As of the final error.
    package var varianceRatio: Double?
    /// How probably a run of this arm reaches the target before a run of the other; neither counts one half.
    package var improvement: Estimate?
  }

  /// What the target costs this arm over what it costs the other; below one this arm is cheaper.
  package struct Cost: Sendable, Codable, Equatable {
    /// `episodes` and `updates` (mean per agent), `samples`, `messages`, `bytes` or `joules` (of all agents).
    package var metric: String
    /// The budget to which means are restricted, as those of times are; nothing where all runs reached the target.
    package var restrictedTo: Double?
    package var ratio: Double
    package var interval: Interval?
    /// Two-sided; not in the family of the verdict, so for information only.
    package var p: Double?
  }

  package var arm: String
  package var other: String
  /// Replications that both arms have; zero where arms are not paired.
  package var pairs: Int
  /// Of its tests: pairs less one; without pairs at least runs of the smaller arm less one.
  package var degreesOfFreedom: Int
  /// Nothing if the arms run on one network and share replications; else why they are not paired, as a sentence.
  package var unpaired: String?
  /// Nothing if a mean is zero or not finite.
  package var final: Final?
  /// Nothing if the arms have no common target, or if it was reached at once or never by both.
  package var time: Time?
  /// What the target costs, as far as it can be compared.
  package var costs: [Cost]

  package var isPaired: Bool { unpaired == nil }

  package func cost(_ metric: String) -> Cost? { costs.first { $0.metric == metric } }
}

// MARK: - What is shown

extension Comparison.Final {
  /// Whether the arms differ, when all tests of the study are held against chance together. Where there is no chance
  /// they do if it can be seen.
  package var isShown: Bool { isExact ?? false ? !isEqual : (adjustedP ?? 1) < significanceLevel }
  /// Whether the arms end alike to the digits that are printed.
  var isEqual: Bool { abs(deficit) <= rounding }
  /// Below this a difference prints as zero.
  var rounding: Double { isRatio ? 0.0025 : 0 }
  package var isWorse: Bool { isShown && deficit > 0 }

  /// Whether means are compared by their ratio, in decibels.
  var isRatio: Bool { definition.scale == .decibels }

  /// By how much this arm ends worse than the other, in what people read: decibels, or the units of the metric. Below
  /// zero it ends better.
  var deficit: Double {
    let excess = isRatio ? decibels ?? 0 : difference?.mean ?? 0
    return definition.sense == .more ? -excess : excess
  }

  var deficitInterval: Interval? {
    let excess = isRatio ? decibelsInterval : difference?.interval
    return definition.sense == .more ? excess?.negated : excess
  }
}

extension Comparison.Time {
  /// Whether the arms differ, when all tests of the study are held against chance together. Where there is no chance
  /// they do if it can be seen.
  package var isShown: Bool { isExact ?? false ? !isEqual : (adjustedP ?? 1) < significanceLevel }
  /// Whether the times are alike to the digits that are printed.
  var isEqual: Bool { abs(ratio - 1) < 0.0005 }
  package var isSooner: Bool { isShown && ratio > 1 }
}

// MARK: - From the other side

extension Comparison {
  /// The same comparison seen from the other arm.
  package var reversed: Comparison {
    Comparison(
      arm: other, other: arm, pairs: pairs, degreesOfFreedom: degreesOfFreedom, unpaired: unpaired,
      final: final?.reversed, time: time?.reversed,
      costs: costs.map {
        Cost(
          metric: $0.metric, restrictedTo: $0.restrictedTo, ratio: 1 / $0.ratio, interval: $0.interval?.reciprocal,
          p: $0.p)
      })
  }
}

extension Comparison.Final {
  fileprivate var reversed: Self {
    var reversed = self
    reversed.ratio = ratio.map { 1 / $0 }
    reversed.interval = interval?.reciprocal
    reversed.decibels = decibels.map { -$0 }
    reversed.decibelsInterval = decibelsInterval?.negated
    reversed.difference = difference?.negated
    reversed.improvement = improvement?.complement
    return reversed
  }
}

extension Comparison.Time {
  fileprivate var reversed: Self {
    var reversed = self
    reversed.ratio = 1 / ratio
    reversed.interval = interval?.reciprocal
    (reversed.soonerPairs, reversed.laterPairs) = (laterPairs, soonerPairs)
    reversed.difference = difference?.negated
    reversed.improvement = improvement?.complement
    return reversed
  }
}

extension Comparison.Difference {
  fileprivate var negated: Self { Self(mean: -mean, interval: interval?.negated, p: p) }
}

extension Comparison.Estimate {
  /// The estimate of one minus a probability.
  fileprivate var complement: Self {
    Self(value: 1 - value, interval: interval.map { Interval(lower: 1 - $0.upper, upper: 1 - $0.lower) })
  }
}
