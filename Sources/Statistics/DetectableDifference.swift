// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Foundation
import Numerics

/// Which difference four of five studies like this one would have shown.
///
/// (t(1 - α / 2m) + t(power)) standard errors with Student's quantiles t, for one of m tests at the level α / m, which
/// Holm's procedure never falls below. The standard error is read from half of a 95 % interval.
///
/// Source: Lachin, "Introduction to sample size determination and power analysis for clinical trials", 1981.
///
/// - Parameters:
///   - halfWidth: half of a 95 % interval.
///   - degreesOfFreedom: of the interval.
///   - tests: how many tests share the level, 1 or more.
///   - power: the share of studies that would show it, above 0 and below 1.
package func detectableDifference(
  halfWidth: Double, degreesOfFreedom: Double, tests: Int, power: Double = 0.8
) -> Double {
  precondition(tests > 0 && power > 0 && power < 1, "A difference is detected by a test with some power.")
  _ = numericsPrepared
  let quantile = gsl_cdf_tdist_Qinv(0.025 / Double(tests), degreesOfFreedom)
  return halfWidth * (quantile + gsl_cdf_tdist_Pinv(power, degreesOfFreedom))
    / gsl_cdf_tdist_Qinv(0.025, degreesOfFreedom)
}

/// The smallest two-sided p-value that an exact test could give: no limit law knows more than that.
package enum SmallestP {
  /// Of pairs whose signs are exchanged at random: 2¹⁻ⁿ.
  ///
  /// Source: Fisher, "The design of experiments", 1935, section 21.
  package static func paired(_ pairs: Int) -> Double { min(1, exp2(1 - Double(pairs))) }

  /// Of pairs of values whose signs are exchanged at random: equal values say nothing.
  package static func paired(_ first: [Double], _ second: [Double]) -> Double {
    paired(zip(first, second).count { $0 != $1 })
  }

  /// Of runs that are dealt to two arms at random: 2 over the binomial coefficient.
  package static func unpaired(_ first: Int, _ second: Int) -> Double { min(1, 2 / ways(first, of: first + second)) }

  /// The same with equal values, which may be dealt either way: the probability of dealing the smallest or the largest
  /// to the first arm.
  package static func unpaired(_ first: [Double], _ second: [Double]) -> Double {
    let sorted = (first + second).sorted()
    /// How many ways there are to deal the least, or the greatest, to the first arm.
    func extremes(_ sorted: [Double]) -> Double {
      let dealt = sorted.prefix(first.count)
      return ways(dealt.count { $0 == dealt.last }, of: sorted.count { $0 == dealt.last })
    }
    return min(1, (extremes(sorted) + extremes(sorted.reversed())) / ways(first.count, of: sorted.count))
  }

  /// The binomial coefficient.
  private static func ways(_ chosen: Int, of all: Int) -> Double {
    (0..<min(chosen, all - chosen)).reduce(1) { $0 * Double(all - $1) / Double($1 + 1) }
  }
}
