// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// The difference of the means of two arms that are not paired and may vary differently, with interval and test.
///
/// An arm of one value, and values that are infinite or not a number, leave a difference without bounds and test.
///
/// Source: Welch, "The generalization of 'Student's' problem when several different population variances are
/// involved", 1947; degrees of freedom after Satterthwaite, 1946, not rounded.
package struct WelchTest: Sendable, Equatable {
  /// The mean of the first arm minus that of the second.
  package let difference: Double
  /// The lower bound; nothing where there is no interval.
  package let low: Double?
  /// The upper bound; nothing where there is no interval.
  package let high: Double?
  /// The standard error of the difference: √(s₁²/n₁ + s₂²/n₂); nothing where there is no interval.
  package let standardError: Double?
  /// The difference over its standard error; nothing without an interval, and where no arm varies.
  package let t: Double?
  /// (v₁ + v₂)² / (v₁²/(n₁ - 1) + v₂²/(n₂ - 1)) with v = s²/n; nothing without `t`.
  package let degreesOfFreedom: Double?
  /// The probability of a `t` at least this far from zero if the means do not differ; nothing without `t`.
  package let twoSidedP: Double?
  /// The confidence level of the interval.
  package let level: Double

  /// Compares two arms; nothing if one is empty.
  ///
  /// - Parameters:
  ///   - first: the values of one arm.
  ///   - second: those of the other.
  ///   - level: the confidence level of the interval, above 0 and below 1.
  package init?(_ first: [Double], _ second: [Double], level: Double = 0.95) {
    guard let own = TInterval(of: first, level: level), let other = TInterval(of: second, level: level)
    else { return nil }
    difference = own.mean - other.mean
    self.level = level
    let errors = (own.standardError ?? .nan, other.standardError ?? .nan)
    let error = gsl_hypot(errors.0, errors.1)
    guard difference.isFinite, error.isFinite else {
      (low, high, standardError, t, degreesOfFreedom, twoSidedP) = (nil, nil, nil, nil, nil, nil)
      return
    }
    standardError = error
    guard error > 0 else {
      (low, high) = (difference, difference)
      (t, degreesOfFreedom, twoSidedP) = (nil, nil, nil)
      return
    }
    // In shares of the squared error nothing is too large or too small.
    let shares = (gsl_pow_2(errors.0 / error), gsl_pow_2(errors.1 / error))
    let degrees = 1 / (gsl_pow_2(shares.0) / Double(own.count - 1) + gsl_pow_2(shares.1) / Double(other.count - 1))
    let halfWidth = gsl_cdf_tdist_Qinv((1 - level) / 2, degrees) * error
    low = difference - halfWidth
    high = difference + halfWidth
    t = difference / error
    degreesOfFreedom = degrees
    twoSidedP = 2 * gsl_cdf_tdist_Q(abs(difference / error), degrees)
  }
}
