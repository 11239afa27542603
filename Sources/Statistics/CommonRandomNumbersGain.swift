// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// What running two arms on the same seeds gained.
///
/// Source: Law, "Simulation modeling and analysis", 2015, section 11.2.
package struct CommonRandomNumbersGain: Sendable, Equatable {
  /// The correlation of the arms over seeds; nothing if an arm does not vary.
  package let correlation: Double?
  /// var(x - y) / (var x + var y): the variance of a difference, against arms on seeds of their own. Below 1 pairs
  /// helped. Nothing if no arm varies.
  package let varianceRatio: Double?

  /// Compares two arms; nothing for fewer than two pairs, and if a value is infinite or not a number.
  ///
  /// - Parameters:
  ///   - first: the values of one arm.
  ///   - second: those of the other, on the same seeds in the same order.
  package init?(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "Paired values come in equal numbers.")
    guard first.count > 1, (first + second).allSatisfy(\.isFinite) else { return nil }
    _ = numericsPrepared
    func variance(_ values: [Double]) -> Double { gsl_stats_variance(values, 1, values.count) }
    let variances = (variance(first), variance(second))
    correlation =
      variances.0 > 0 && variances.1 > 0 ? defined(gsl_stats_correlation(first, 1, second, 1, first.count)) : nil
    let sum = variances.0 + variances.1
    varianceRatio = sum > 0 && sum.isFinite ? variance(zip(first, second).map { $0 - $1 }) / sum : nil
  }
}
