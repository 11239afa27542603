// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// The mean of a sample with Student's confidence interval.
///
/// One value gives a mean without bounds, as does a sample with a value that is infinite or not a number: its mean is
/// then the plain sum over the count, and its deviation unknown.
package struct TInterval: Sendable, Equatable {
  /// The mean of the sample.
  package let mean: Double
  /// The lower bound; nothing where there is no interval.
  package let low: Double?
  /// The upper bound; nothing where there is no interval.
  package let high: Double?
  /// The standard deviation of the sample, dividing by n - 1; nothing where there is no interval.
  package let standardDeviation: Double?
  /// The number of values, n.
  package let count: Int
  /// The probability with which such intervals cover the mean of normal values.
  package let level: Double

  /// The standard error of the mean; nothing where there is no interval.
  package var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }
  /// Half the width of the interval; nothing where there is no interval.
  package var halfWidth: Double? {
    guard let low, let high else { return nil }
    return (high - low) / 2
  }

  /// The mean and the interval of a sample; nothing for an empty one.
  ///
  /// - Parameters:
  ///   - values: independent values.
  ///   - level: above 0 and below 1.
  package init?(of values: [Double], level: Double = 0.95) {
    precondition(level > 0 && level < 1, "A confidence level lies between 0 and 1.")
    guard !values.isEmpty else { return nil }
    _ = numericsPrepared
    count = values.count
    self.level = level
    guard values.count > 1, values.allSatisfy(\.isFinite) else {
      mean = values.reduce(0, +) / Double(values.count)
      (low, high, standardDeviation) = (nil, nil, nil)
      return
    }
    mean = gsl_stats_mean(values, 1, values.count)
    let deviation = gsl_stats_sd_m(values, 1, values.count, mean)
    let halfWidth =
      gsl_cdf_tdist_Qinv((1 - level) / 2, Double(values.count - 1)) * deviation / Double(values.count).squareRoot()
    standardDeviation = deviation
    low = mean - halfWidth
    high = mean + halfWidth
  }
}
