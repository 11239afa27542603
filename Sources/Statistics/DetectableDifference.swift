// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation

/// Which difference four of five studies like this one would have shown.
///
/// (z(1 - α / 2m) + z(power)) standard errors with normal quantiles z, for one of m tests at the level α / m, which
/// Holm's procedure never falls below. The standard error is read from half of a 95 % interval.
///
/// Source: Lachin, "Introduction to sample size determination and power analysis for clinical trials", 1981.
///
/// - Parameters:
///   - halfWidth: half of a 95 % interval.
///   - tests: how many tests share the level, 1 or more.
///   - power: the share of studies that would show it, above 0 and below 1.
package func detectableDifference(halfWidth: Double, tests: Int, power: Double = 0.8) -> Double {
  precondition(tests > 0 && power > 0 && power < 1, "A difference is detected by a test with some power.")
  _ = numericsPrepared
  let quantile = gsl_cdf_ugaussian_Qinv(0.025 / Double(tests))
  return halfWidth * (quantile + gsl_cdf_ugaussian_Pinv(power)) / gsl_cdf_ugaussian_Qinv(0.025)
}

/// The smallest two-sided p-value that an exact test could give: no resampling and no limit law knows more than that.
package enum SmallestP {
  /// Of pairs whose signs are exchanged at random: 2¹⁻ⁿ.
  ///
  /// Source: Fisher, "The design of experiments", 1935, section 21.
  package static func paired(_ pairs: Int) -> Double { min(1, exp2(1 - Double(pairs))) }

  /// Of runs that are dealt to two arms at random: 2 over the binomial coefficient.
  package static func unpaired(_ first: Int, _ second: Int) -> Double {
    var orders = 1.0
    for index in 0..<min(first, second) { orders *= Double(first + second - index) / Double(index + 1) }
    return min(1, 2 / orders)
  }
}
