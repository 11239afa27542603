// SPDX-License-Identifier: GPL-3.0-or-later

/// A statistic with its percentile interval over resamples.
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
package struct BootstrapInterval: Sendable, Equatable {
  /// The statistic of the sample itself; nothing where it is undefined.
  package let estimate: Double?
  /// The lower bound; nothing where only one resample is possible, and between -∞ and ∞.
  package let low: Double?
  /// The upper bound; nothing where only one resample is possible, and between -∞ and ∞.
  package let high: Double?
  /// The confidence level.
  package let level: Double
  /// How many resamples were drawn.
  package let resamples: Int
  /// In how many of them the statistic was undefined. They count as -∞ for the lower bound and as ∞ for the upper one,
  /// so that an interval is never narrower than what is known.
  package let undefinedResamples: Int
}
