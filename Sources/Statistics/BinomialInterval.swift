// SPDX-License-Identifier: GPL-3.0-or-later
@preconcurrency import CNumerics
import Numerics

/// A share of independent trials with an interval that covers the true one at least as often as its level says.
///
/// Source: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
/// 1934.
package struct BinomialInterval: Sendable, Equatable {
  package let share: Double
  package let low: Double
  package let high: Double

  /// - Parameters:
  ///   - successes: from 0 to `trials`.
  ///   - trials: at least one.
  ///   - level: the confidence level, above 0 and below 1.
  package init(_ successes: Int, of trials: Int, level: Double = 0.95) {
    precondition(trials > 0 && successes >= 0 && successes <= trials, "Successes are among some trials.")
    precondition(level > 0 && level < 1, "A confidence level lies between 0 and 1.")
    _ = numericsPrepared
    let tail = (1 - level) / 2
    let (hits, misses) = (Double(successes), Double(trials - successes))
    share = hits / Double(trials)
    low = successes == 0 ? 0 : betaQuantile(tail, hits, misses + 1)
    high = successes == trials ? 1 : betaQuantile(1 - tail, hits + 1, misses)
  }
}

/// The quantile of a beta distribution by bisection: GSL's own, by Newton's method, is not a number for some of these.
private func betaQuantile(_ probability: Double, _ first: Double, _ second: Double) -> Double {
  var (low, high) = (0.0, 1.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if gsl_cdf_beta_P(middle, first, second) < probability { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
