// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation

/// What a report says about the values of one arm.
///
/// Infinite values keep their place in order statistics and take the bounds from the mean; a sample with a value that
/// is not a number has no order statistics.
package struct SampleSummary: Sendable, Equatable {
  /// The mean with Student's interval.
  package let mean: TInterval
  /// The smallest value.
  package let minimum: Double?
  /// The quantile of one quarter.
  package let firstQuartile: Double?
  /// The value in the middle.
  package let median: Double?
  /// The quantile of three quarters.
  package let thirdQuartile: Double?
  /// The largest value.
  package let maximum: Double?
  /// The mean of the middle half.
  package let interquartileMean: Double?
  /// The median distance from the median, not scaled; nothing where the median is infinite or there is none.
  package let medianAbsoluteDeviation: Double?
  /// m₃ / m₂^(3/2) with central moments that divide by n, positive for a long upper tail; nothing where there is no
  /// interval and where all values are equal.
  package let skewness: Double?

  /// The number of values.
  package var count: Int { mean.count }

  /// Summarises a sample; nothing for an empty one.
  package init?(of values: [Double], level: Double = 0.95) {
    guard let mean = TInterval(of: values, level: level) else { return nil }
    self.mean = mean
    let sorted = SortedSample(values)
    minimum = sorted?.values.first
    firstQuartile = sorted?.quantile(0.25)
    median = sorted?.median
    thirdQuartile = sorted?.quantile(0.75)
    maximum = sorted?.values.last
    interquartileMean = sorted?.interquartileMean
    medianAbsoluteDeviation = median.flatMap { center in SortedSample(values.map { abs($0 - center) })?.median }
    skewness = mean.standardDeviation.flatMap { deviation in
      guard deviation > 0 else { return nil }
      let count = Double(values.count)
      // GSL divides by the deviation with n - 1.
      let skew = gsl_stats_skew_m_sd(values, 1, values.count, mean.mean, deviation)
      return defined(skew * pow(count / (count - 1), 1.5))
    }
  }
}
