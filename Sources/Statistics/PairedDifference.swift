// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics

/// The mean difference of two arms that were run on the same seeds, with Student's interval and test.
///
/// One pair, and a difference that is infinite or not a number, give no bounds and no test.
package struct PairedDifference: Sendable, Equatable {
  /// The mean of first minus second, with its interval.
  package let difference: TInterval
  /// The mean difference over its standard error; nothing without an interval, and where all differences are equal.
  package let t: Double?
  /// The probability of a `t` at least this far from zero if the arms do not differ; nothing without `t`.
  package let twoSidedP: Double?

  /// Compares two arms; nothing if there are no pairs.
  ///
  /// - Parameters:
  ///   - first: the values of one arm.
  ///   - second: those of the other, on the same seeds in the same order.
  ///   - level: the confidence level of the interval, above 0 and below 1.
  package init?(_ first: [Double], _ second: [Double], level: Double = 0.95) {
    precondition(first.count == second.count, "Paired values come in equal numbers.")
    guard let difference = TInterval(of: zip(first, second).map { $0 - $1 }, level: level) else { return nil }
    self.difference = difference
    guard let error = difference.standardError, error > 0 else {
      (t, twoSidedP) = (nil, nil)
      return
    }
    let t = difference.mean / error
    self.t = t
    twoSidedP = 2 * gsl_cdf_tdist_Q(abs(t), Double(difference.count - 1))
  }

  /// The degrees of freedom of the test.
  package var degreesOfFreedom: Int { difference.count - 1 }
}
