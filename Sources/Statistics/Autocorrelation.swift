// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// How much a series resembles itself some steps later.
///
/// rₖ = Σ (xᵢ - x̄)(xᵢ₊ₖ - x̄) / Σ (xᵢ - x̄)², the first sum over the n - k pairs there are: biased towards zero, never
/// beyond 1.
///
/// Source: Box, Jenkins and Reinsel, "Time series analysis", 1994, section 2.1.5.
package struct Autocorrelation: Sendable, Equatable {
  /// The coefficients of lags 0 (which is 1), 1, 2, ...; of lags without a pair 0.
  package let coefficients: [Double]

  /// The autocorrelation of a series; nothing if it is empty, if all values are equal, and if one is infinite or not a
  /// number.
  ///
  /// - Parameters:
  ///   - series: values in the order of time.
  ///   - lag: the largest lag, 0 or more.
  /// - Complexity: O(n) for each lag.
  package init?(of series: [Double], upTo lag: Int) {
    precondition(lag >= 0, "A lag is not negative.")
    guard !series.isEmpty, series.allSatisfy(\.isFinite) else { return nil }
    _ = numericsPrepared
    let mean = gsl_stats_mean(series, 1, series.count)
    let deviations = series.map { $0 - mean }
    func sum(_ lag: Int) -> Double {
      var sum = 0.0
      for index in 0..<max(0, series.count - lag) { sum += deviations[index] * deviations[index + lag] }
      return sum
    }
    let squares = sum(0)
    guard squares > 0, squares.isFinite else { return nil }
    coefficients = (0...lag).map { sum($0) / squares }
  }
}
